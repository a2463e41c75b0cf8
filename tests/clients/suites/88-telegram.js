import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';

import { deliver, itemsOf, newNumber, replay, rotateSecret, sideBySide, statsOf } from '../harness/deliveries.js';
import { createSource, customerWith, keptEvents } from '../harness/sources.js';

/** Updates of a bot, with the secret that `setWebhook` was told. */
export const suite = {
  name: 'Telegram',
  packages: [],
  async run({ server, check }) {
    const source = await createSource(server, 'TELEGRAM');
    const send = (update, { to = source, secret = to.secret } = {}) =>
      deliver(to.url, typeof update === 'string' ? update : JSON.stringify(update), { 'content-type': 'application/json', ...(secret !== null && { 'x-telegram-bot-api-secret-token': secret }) });
    const taken = async (update, how) => {
      const { status, text } = await send(update, how);
      assert.equal(status, 200, text);
    };
    const person = (name = 'Ada') => {
      const id = randomInt(1e9, 1e11);
      return { from: { id, is_bot: false, first_name: name, last_name: 'Lovelace', username: 'ada_l' }, chat: { id, first_name: name, type: 'private' } };
    };
    const update = (more) => ({ update_id: randomInt(1e9), ...more });
    const date = Math.floor(Date.now() / 1000) - 120;
    const items = async ({ chat }, from = source) => (await itemsOf(server, from, { channels: ['TELEGRAM'] })).filter(({ sourceId }) => sourceId.startsWith(`${chat.id}:`));

    await check('the secret is one that Telegram takes', async () => {
      assert.match(source.secret, /^[A-Za-z0-9_-]{1,256}$/);
    });

    await check('a message is one of its sender, with the name, ten times side by side or not', async () => {
      const ada = person();
      const message = update({ message: { message_id: 41, ...ada, date, text: 'Is the DeLorean ready? 🚗' } });
      const answers = await sideBySide(10, () => send(message));
      assert.deepEqual(answers.map(({ status }) => status), Array(10).fill(200));
      const told = (await items(ada)).map(({ text, direction, sourceId, occurredAt, identity }) => [text, direction, sourceId, Date.parse(occurredAt), identity]);
      assert.deepEqual(told, [['Is the DeLorean ready? 🚗', 'INBOUND', `${ada.chat.id}:41`, date * 1000, { kind: 'TELEGRAM', value: String(ada.from.id), verification: 'VERIFIED' }]]);
      assert.equal((await customerWith(server, 'TELEGRAM', String(ada.from.id))).name, 'Ada Lovelace');
    });

    await check('an edited message has its later words, also where the edit comes twice or the message again', async () => {
      const ada = person();
      const first = update({ message: { message_id: 1, ...ada, date, text: 'first' } });
      const second = update({ edited_message: { message_id: 1, ...ada, date, edit_date: date + 30, text: 'second' } });
      for (const said of [first, second, second, first]) {
        await taken(said);
      }
      assert.deepEqual((await items(ada)).map(({ text }) => text), ['second']);
    });

    await check('the own contact links the number; somebody else\'s does not', async () => {
      const ada = person();
      const [own, others] = [newNumber(), newNumber()];
      const contact = (id, phone_number, user_id) => update({ message: { message_id: id, ...ada, date, contact: { phone_number, first_name: 'Ada', user_id } } });
      await taken(contact(1, others, ada.from.id + 1));
      assert.equal(await customerWith(server, 'PHONE', others), null);
      await taken(contact(2, own.slice(1), ada.from.id));
      const [byChat, byNumber] = [await customerWith(server, 'TELEGRAM', String(ada.from.id)), await customerWith(server, 'PHONE', own)];
      assert.equal(byChat.id, byNumber.id);
      assert.deepEqual(byChat.identities.map(({ kind, value }) => [kind, value]).sort(), [['PHONE', own], ['TELEGRAM', String(ada.from.id)]]);
      assert.equal((await items(ada)).length, 2);
    });

    await check('a photo and a document are parts, behind no token of the bot', async () => {
      const ada = person();
      const photo = [90, 1280, 320].map((width) => ({ file_id: `F${width}`, file_unique_id: `U${width}`, width, height: width }));
      await taken(update({ message: { message_id: 1, ...ada, date, photo, caption: 'The dent' } }));
      await taken(update({ message: { message_id: 2, ...ada, date: date + 1, document: { file_id: 'D1', file_unique_id: 'UD1', file_name: 'offer.pdf', mime_type: 'application/pdf' } } }));
      const [first, second] = await items(ada);
      const parts = ({ parts: all }) => all.filter(({ __typename }) => __typename !== 'TextPart');
      assert.deepEqual([first.text, parts(first).map(({ __typename }) => __typename)], ['The dent', ['ImagePart']]);
      assert.deepEqual(parts(second).map(({ __typename, name, contentType }) => [__typename, name, contentType]), [['FilePart', 'offer.pdf', 'application/pdf']]);
      for (const { url } of [...parts(first), ...parts(second)]) {
        assert.ok(url.startsWith(`${server.origin}/files/`), url);
      }
    });

    await check('a group, a poll and an unknown update are kept, answered 200, and stay when tried again', async () => {
      const own = await createSource(server, 'TELEGRAM');
      const ada = person();
      await taken(update({ message: { message_id: 1, ...ada, chat: { id: -100123, title: 'Owners', type: 'supergroup' }, date, text: 'Anyone?' } }), { to: own });
      await taken(update({ poll: { id: '1', question: 'Tea?' } }), { to: own });
      await taken(update({ telepathy: { thought: 'tea' } }), { to: own });
      assert.deepEqual(await itemsOf(server, own), []);
      const kept = await keptEvents(server, own);
      assert.deepEqual(kept.map(({ outcome, type }) => [outcome, type]).sort(), [['UNKNOWN', 'message'], ['UNKNOWN', 'poll'], ['UNKNOWN', 'telepathy']]);
      assert.equal(kept.find(({ type }) => type === 'telepathy').payload.telepathy.thought, 'tea');
      assert.deepEqual(await replay(server, own), { replayed: 3, settled: 0 });
      assert.equal((await keptEvents(server, own)).length, 3);
    });

    await check('a wrong secret, or none, is 401; the former one opens after a rotation; no JSON is 400', async () => {
      const own = await createSource(server, 'TELEGRAM');
      const ada = person();
      const message = (id) => update({ message: { message_id: id, ...ada, date, text: `message ${id}` } });
      for (const [n, secret] of ['guessed', '', null].entries()) {
        assert.equal((await send(message(1), { to: own, secret })).status, 401);
        const { lastRefusal } = await statsOf(server, own, ({ refused }) => refused === n + 1);
        assert.match(lastRefusal.reason, /X-Telegram-Bot-Api-Secret-Token/i);
      }
      assert.deepEqual([await itemsOf(server, own), await keptEvents(server, own)], [[], []]);
      const fresh = await rotateSecret(server, own);
      await taken(message(2), { to: own });
      await taken(message(3), { to: own, secret: fresh });
      assert.deepEqual((await items(ada, own)).map(({ text }) => text).sort(), ['message 2', 'message 3']);
      for (const body of ['', 'hello', '[]']) {
        assert.equal((await send(body, { to: own })).status, 400, body);
      }
    });
  },
};
