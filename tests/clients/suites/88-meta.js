import assert from 'node:assert/strict';
import { createHmac, randomBytes, randomInt } from 'node:crypto';

import { deliver, itemsOf, newNumber, record, replay, sideBySide, statsOf } from '../harness/deliveries.js';
import { createSource, customerWith, keptEvents } from '../harness/sources.js';

const ACCOUNT = '102290129340398';
const PAGE = '682498171943165';
const seconds = (time) => String(Math.floor(time / 1000));
const wamid = () => `wamid.${randomBytes(12).toString('base64url')}`;

/** JSON as Meta writes it: nothing but ASCII, and slashes escaped. */
function asMeta(body) {
  return JSON.stringify(body).replaceAll('/', '\\/').replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const change = (value, field = 'messages') => ({ field, value: { messaging_product: 'whatsapp', metadata: { display_phone_number: '15550783881', phone_number_id: '106540352242922' }, ...value } });
const whatsapp = (...changes) => ({ object: 'whatsapp_business_account', entry: [{ id: ACCOUNT, changes }] });
const messaging = (...events) => ({ object: 'page', entry: [{ id: PAGE, time: Date.now(), messaging: events }] });

/** Meta's three: signed by Node's crypto, for no SDK of Meta's signs. */
export const suite = {
  name: 'Meta: WhatsApp, Messenger, Instagram',
  packages: [],
  async run({ server, check }) {
    const appSecret = randomBytes(16).toString('hex');
    const make = () => createSource(server, 'META', { providerSecret: appSecret, verifyToken: 'to+ken ä' });
    const source = await make();
    const sign = (bytes, algorithm = 'sha256', secret = appSecret) => `${algorithm}=${createHmac(algorithm, secret).update(bytes).digest('hex')}`;
    const send = (body, { to = source, bytes = typeof body === 'string' ? body : asMeta(body), headers = { 'x-hub-signature-256': sign(bytes) } } = {}) =>
      deliver(to.url, bytes, { 'content-type': 'application/json', 'user-agent': 'facebookexternalua', ...headers });
    const taken = async (body, how) => {
      const { status, text } = await send(body, how);
      assert.equal(status, 200, text);
    };
    const itemsWith = async (ids, from = source) => (await itemsOf(server, from, { kinds: ['MESSAGE'] })).filter(({ sourceId }) => [ids].flat().includes(sourceId));
    const newId = () => String(randomInt(1e12, 1e14));

    await check('the GET that subscribes is answered with the challenge, and only to who knows the token', async () => {
      const ask = (fields, to = source) => deliver(`${to.url}?${new URLSearchParams(fields)}`, '', {}, 'GET');
      const all = { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': 'to+ken ä' };
      const { status, type, text } = await ask(all);
      assert.deepEqual([status, type.split(';')[0], text], [200, 'text/plain', '1158201444']);
      for (const wrong of [{ 'hub.verify_token': 'token' }, { 'hub.verify_token': '' }, { 'hub.mode': 'unsubscribe' }]) {
        const refused = await ask({ ...all, ...wrong });
        assert.equal(refused.status, 403, JSON.stringify(wrong));
        assert.ok(!refused.text.includes('1158201444'));
      }
      assert.equal((await ask({})).status, 403);
      assert.equal((await ask(all, { url: `${source.url}x` })).status, 404);
    });

    await check('a WhatsApp message, escaped as Meta does, is signed by its bytes; number and id are one person', async () => {
      const [number, id, userId] = [newNumber(), wamid(), `US.${newId()}`];
      const at = Date.now() - 90_000;
      const contacts = [{ profile: { name: 'Jürgen Groß' }, wa_id: number.slice(1), user_id: userId }];
      const message = { from: number.slice(1), from_user_id: userId, id, timestamp: seconds(at), type: 'text', text: { body: 'Grüße! https://x.example/a 😀' } };
      await taken(whatsapp(change({ contacts, messages: [message] })));
      const [item] = await itemsWith(id);
      assert.deepEqual([item.text, item.channel, item.direction, Date.parse(item.occurredAt)], ['Grüße! https://x.example/a 😀', 'WHATSAPP', 'INBOUND', Math.floor(at / 1000) * 1000]);
      assert.equal(item.identity.verification, 'VERIFIED');
      const [byNumber, byId] = [await customerWith(server, 'WHATSAPP', number), await customerWith(server, 'WHATSAPP', userId)];
      assert.deepEqual([byNumber.name, byNumber.id], ['Jürgen Groß', byId.id]);
      const later = wamid();
      await taken(whatsapp(change({ contacts: [{ user_id: userId }], messages: [{ from_user_id: userId, id: later, timestamp: seconds(at), type: 'button', button: { text: 'Yes' } }] })));
      assert.deepEqual((await itemsWith(later)).map(({ text, customer }) => [text, customer.id]), [['Yes', byNumber.id]]);
    });

    await check('a signature of other bytes, another secret, the SHA-1 alone, or none: 401, and nothing is stored', async () => {
      const own = await make();
      const body = whatsapp(change({ messages: [{ from: newNumber().slice(1), id: wamid(), timestamp: seconds(Date.now()), type: 'text', text: { body: 'Grüße/' } }] }));
      const bytes = asMeta(body);
      const again = JSON.stringify(JSON.parse(bytes));
      const tries = [
        { 'x-hub-signature-256': sign(again) },
        { 'x-hub-signature-256': sign(bytes, 'sha256', 'another') },
        { 'x-hub-signature-256': sign(bytes).toUpperCase() },
        { 'x-hub-signature-256': sign(bytes).slice('sha256='.length) },
        { 'x-hub-signature': sign(bytes, 'sha1') },
        {},
      ];
      for (const [n, headers] of tries.entries()) {
        assert.equal((await send(body, { to: own, headers })).status, 401, JSON.stringify(headers));
        const { lastRefusal } = await statsOf(server, own, ({ refused }) => refused === n + 1);
        assert.match(lastRefusal.reason, /X-Hub-Signature-256/);
      }
      assert.deepEqual([await itemsOf(server, own), await keptEvents(server, own)], [[], []]);
      await taken(body, { to: own, headers: { 'x-hub-signature': sign(bytes, 'sha1'), 'x-hub-signature-256': sign(bytes) } });
      assert.equal((await itemsOf(server, own)).length, 1);
    });

    await check('statuses before the message, out of order: the highest stays; the text comes in, from an echo or a program', async () => {
      const [number, echoed, told] = [newNumber(), wamid(), wamid()];
      const state = (id, status) => change({ statuses: [{ id, status, timestamp: seconds(Date.now()), recipient_id: number.slice(1) }] });
      for (const status of ['read', 'sent', 'delivered']) {
        await taken(whatsapp(state(echoed, status), state(told, status)));
      }
      await taken(whatsapp(state(wamid(), 'failed')));
      const before = await itemsWith([echoed, told]);
      assert.deepEqual(before.map(({ text, deliveryState, direction, identity }) => [text, deliveryState, direction, identity.value]), Array(2).fill([null, 'READ', 'OUTBOUND', number]));
      const echo = { from: '15550783881', to: number.slice(1), id: echoed, timestamp: seconds(Date.now()), type: 'text', text: { body: 'from the phone' } };
      await taken(whatsapp(change({ message_echoes: [echo] }, 'smb_message_echoes')));
      await record(server, [{ customer: { identity: { kind: 'WHATSAPP', value: number } }, channel: 'WHATSAPP', direction: 'OUTBOUND', source: source.name, sourceId: told, body: { message: { text: 'from a program', deliveryState: 'SENT' } } }]);
      const after = (await itemsWith([echoed, told])).map(({ sourceId, text, deliveryState }) => [sourceId, text, deliveryState]);
      assert.deepEqual(after.sort(), [[echoed, 'from the phone', 'READ'], [told, 'from a program', 'READ']].sort());
    });

    await check('the same delivery, with all its states, ten times side by side is each once', async () => {
      const number = newNumber();
      const ids = Array.from({ length: 20 }, wamid);
      const out = wamid();
      const messages = ids.map((id, n) => ({ from: number.slice(1), id, timestamp: seconds(Date.now() - 60_000 + n * 1000), type: 'text', text: { body: `message ${n}` } }));
      const statuses = ['sent', 'delivered'].map((status) => ({ id: out, status, timestamp: seconds(Date.now()), recipient_id: number.slice(1) }));
      const body = whatsapp(change({ contacts: [{ profile: { name: 'Ada' }, wa_id: number.slice(1) }], messages }), change({ statuses }));
      const answers = await sideBySide(10, () => send(body));
      assert.deepEqual(answers.map(({ status }) => status), Array(10).fill(200));
      const items = await itemsWith(ids);
      assert.deepEqual(items.map(({ text }) => text), ids.map((_, n) => `message ${n}`));
      assert.deepEqual((await itemsWith(out)).map(({ deliveryState }) => deliveryState), ['DELIVERED']);
      assert.equal(new Set(items.map(({ customer }) => customer.id)).size, 1);
    });

    await check('Messenger: watermarks move what was sent to that person up to then, and nothing later', async () => {
      const [ada, bob] = [newId(), newId()];
      const begin = Date.now() - 600_000;
      const mids = Array.from({ length: 4 }, (_, n) => `m_${ada}_${n}`);
      const echo = (to, mid, n) => ({ sender: { id: PAGE }, recipient: { id: to }, timestamp: begin + n * 1000, message: { is_echo: true, app_id: 1, mid, text: mid } });
      const inbound = { sender: { id: ada }, recipient: { id: PAGE }, timestamp: begin + 500, message: { mid: `m_${ada}_in`, text: 'Hallo' } };
      await taken(messaging(inbound, ...mids.map((mid, n) => echo(ada, mid, n)), echo(bob, `m_${bob}`, 1)));
      const states = async () => (await itemsWith([...mids, `m_${bob}`])).map(({ sourceId, deliveryState }) => [sourceId, deliveryState]).sort();
      const at = (...reached) => [...mids, `m_${bob}`].map((mid, n) => [mid, reached[n]]).sort();
      assert.deepEqual(await states(), at('SENT', 'SENT', 'SENT', 'SENT', 'SENT'));
      const says = (what) => taken(messaging({ sender: { id: ada }, recipient: { id: PAGE }, timestamp: Date.now(), ...what }));
      await says({ delivery: { mids: [mids[3]], watermark: begin + 1000 } });
      assert.deepEqual(await states(), at('DELIVERED', 'DELIVERED', 'SENT', 'DELIVERED', 'SENT'));
      await says({ read: { watermark: begin + 2500 } });
      await says({ delivery: { watermark: begin + 2500 } });
      assert.deepEqual(await states(), at('READ', 'READ', 'READ', 'DELIVERED', 'SENT'));
      const [item] = await itemsWith(`m_${ada}_in`);
      assert.deepEqual([item.direction, item.deliveryState, item.identity.kind], ['INBOUND', null, 'FACEBOOK']);
    });

    await check('Messenger: a delivery before its echo waits for the text', async () => {
      const [ada, mid] = [newId(), `m_${newId()}`];
      const at = Date.now() - 5000;
      await taken(messaging({ sender: { id: ada }, recipient: { id: PAGE }, timestamp: at + 900, delivery: { mids: [mid], watermark: at + 500 } }));
      await taken(messaging({ sender: { id: PAGE }, recipient: { id: ada }, timestamp: at, message: { is_echo: true, mid, text: 'It costs 5 €' } }));
      assert.deepEqual((await itemsWith(mid)).map(({ text, deliveryState, identity }) => [text, deliveryState, identity.value]), [['It costs 5 €', 'DELIVERED', ada]]);
    });

    await check('Instagram: pictures are parts, a read message is read, a deleted one is none', async () => {
      const [ada, own, mid] = [newId(), '17841400000000001', `aWd${newId()}`];
      const events = (list) => ({ object: 'instagram', entry: [{ id: own, time: Date.now(), messaging: list }] });
      const at = Date.now() - 5000;
      const image = { type: 'image', payload: { url: 'https://cdn.example/v/photo.jpg?x=1' } };
      await taken(events([
        { sender: { id: ada }, recipient: { id: own }, timestamp: at, message: { mid, attachments: [image] } },
        { sender: { id: own }, recipient: { id: ada }, timestamp: at, message: { mid: `${mid}out`, is_echo: true, text: 'Nice' } },
        { sender: { id: ada }, recipient: { id: own }, timestamp: at, message: { mid: `${mid}gone`, is_deleted: true } },
        { sender: { id: ada }, recipient: { id: own }, timestamp: at, read: { mid: `${mid}out` } },
      ]));
      const told = (await itemsWith([mid, `${mid}out`, `${mid}gone`])).map(({ sourceId, identity, deliveryState, parts }) => [sourceId, identity.kind, deliveryState, parts[0].__typename]);
      assert.deepEqual(told.sort(), [[mid, 'INSTAGRAM', null, 'ImagePart'], [`${mid}out`, 'INSTAGRAM', 'READ', 'TextPart']].sort());
    });

    await check('an unknown field is kept whole and costs no neighbour; tried again it stays, and is kept once', async () => {
      const own = await make();
      const number = newNumber();
      const text = (said) => ({ from: number.slice(1), id: wamid(), timestamp: seconds(Date.now()), type: 'text', text: { body: said } });
      const unknown = change({ event: 'APPROVED', message_template_id: 594425479261596 }, 'message_template_status_update');
      const strange = { from: number.slice(1), id: wamid(), timestamp: seconds(Date.now()), type: 'hologram', hologram: { id: '1' } };
      const body = whatsapp(change({ messages: [text('before'), strange, text('after')] }), unknown);
      await taken(body, { to: own });
      await taken(body, { to: own });
      const texts = (await itemsOf(server, own)).map(({ text: said }) => said);
      assert.deepEqual(texts.sort(), ['after', 'before']);
      const kept = await keptEvents(server, own);
      assert.deepEqual(kept.map(({ outcome }) => outcome), ['UNKNOWN', 'UNKNOWN']);
      const field = kept.find(({ type }) => type.includes('message_template_status_update'));
      assert.equal(field.payload.entry[0].changes[0].value.message_template_id, 594425479261596);
      const message = kept.find(({ externalId }) => externalId === strange.id);
      assert.ok(message.type.includes('hologram'), message.type);
      assert.deepEqual(message.payload.entry[0].changes[0].value.messages, [strange]);
      assert.deepEqual(await replay(server, own), { replayed: 2, settled: 0 });
      assert.equal((await keptEvents(server, own)).length, 2);
      assert.equal((await itemsOf(server, own)).length, 2);
    });

    await check('what is no JSON is 400 though it is signed; half an emoji costs nothing', async () => {
      const own = await make();
      for (const body of ['', 'hello', '[]', '{"object":"page"}']) {
        assert.equal((await send(body, { to: own })).status, 400, body);
      }
      const message = { from: newNumber().slice(1), id: wamid(), timestamp: seconds(Date.now()), type: 'text', text: { body: 'cut HALF' } };
      await taken(asMeta(whatsapp(change({ messages: [message] }))).replace('HALF', '\\ud83d'), { to: own });
      assert.deepEqual((await itemsOf(server, own)).map(({ text }) => text), ['cut \ufffd']);
    });
  },
};
