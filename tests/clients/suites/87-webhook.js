import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

import { deliver, itemsOf, newNumber, rotateSecret, sideBySide, statsOf, updateSource } from '../harness/deliveries.js';
import { createSource, customerWith, keptEvents } from '../harness/sources.js';

const MINUTE = 60_000;

/** An adapter that signs with the reference library of Standard Webhooks. */
export const suite = {
  name: 'Signed webhooks, standardwebhooks',
  packages: ['standardwebhooks'],
  async run({ server, check }) {
    const source = await createSource(server, 'WEBHOOK');

    /** Delivers; `signer` and `signedBody` say by whom and what is signed, where that is another than what is sent. */
    const send = async (to, lists, { id = randomUUID(), at = new Date(), secrets = [to.secret], without, signedBody } = {}) => {
      const body = typeof lists === 'string' ? lists : JSON.stringify(lists);
      const headers = {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at / 1000)),
        'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, signedBody ?? body)).join(' '),
      };
      delete headers[without];
      const answer = await deliver(to.url, body, headers);
      return { ...answer, counts: answer.status === 200 ? JSON.parse(answer.text) : undefined };
    };
    const counts = (recorded, duplicates = 0, rejected = 0, unknown = 0) => ({ recorded, duplicates, rejected, unknown });
    const phone = (value) => ({ identity: { kind: 'PHONE', value } });
    const text = (number, said, more = {}) => ({ customer: phone(number), channel: 'SMS', direction: 'INBOUND', body: { message: { text: said } }, ...more });
    const itemsOfPhone = async (number, from = source) => (await itemsOf(server, from)).filter(({ identity }) => identity?.value === number);

    await check('the secret is one of the library, and its own check accepts what is sent', async () => {
      assert.match(source.secret, /^whsec_[A-Za-z0-9+/]+=*$/);
      const at = new Date();
      const signature = new Webhook(source.secret).sign('msg_1', at, '{}');
      new Webhook(source.secret).verify('{}', { 'webhook-id': 'msg_1', 'webhook-timestamp': String(Math.floor(at / 1000)), 'webhook-signature': signature });
    });

    await check('three lists become a person, engagements and page views, the person first', async () => {
      const number = newNumber();
      const email = `${randomUUID()}@example.org`;
      const id = randomUUID();
      const { counts: said } = await send(source, {
        pageViews: [{ customer: { identity: { kind: 'EMAIL', value: email } }, url: 'https://shop.example/cars/88', title: 'DeLorean' }],
        engagements: [
          text(number, 'Hello', { occurredAt: '2026-01-02T03:04:05Z' }),
          { customer: phone(number), channel: 'FIELD', sourceId: `visit-${id}`, source: 'somebody else', body: { record: { recordType: 'visit', recordId: 'V-1', text: 'At the workshop' } } },
          { customer: phone(number), channel: 'VOICE', direction: 'INBOUND', body: { call: { state: 'COMPLETED', durationSeconds: 31 } } },
        ],
        identify: [{ email, phoneNumber: number, name: 'Ada Lovelace', traits: { city: 'London' } }],
      }, { id });
      assert.deepEqual(said, counts(5));
      const customer = await customerWith(server, 'EMAIL', email);
      assert.deepEqual([customer.name, customer.traits], ['Ada Lovelace', { city: 'London' }]);
      assert.equal((await customerWith(server, 'PHONE', number)).id, customer.id);
      const items = customer.items.filter(({ kind }) => kind !== 'IDENTITY').map(({ kind, source: from, sourceId }) => [kind, from, sourceId]);
      assert.deepEqual(items.sort(), [
        ['CALL', source.name, `${id}:engagements:2`],
        ['MESSAGE', source.name, `${id}:engagements:0`],
        ['PAGE_VIEW', source.name, `${id}:pageViews:0`],
        ['RECORD', source.name, `visit-${id}`],
      ]);
      const message = customer.items.find(({ kind }) => kind === 'MESSAGE');
      assert.equal(Date.parse(message.occurredAt), Date.parse('2026-01-02T03:04:05Z'));
    });

    await check('one delivery again, later and side by side, is recorded once', async () => {
      const [number, id] = [newNumber(), randomUUID()];
      const lists = { engagements: [text(number, 'one'), text(number, 'two')], pageViews: [{ customer: phone(number), url: '/cars' }] };
      const answers = await sideBySide(8, (n) => send(source, lists, { id, at: new Date(Date.now() - n * 1000) }));
      assert.equal(answers.reduce((sum, { counts: said }) => sum + said.recorded, 0), 3);
      assert.equal(answers.reduce((sum, { counts: said }) => sum + said.duplicates, 0), 21);
      assert.deepEqual((await send(source, lists, { id })).counts, counts(0, 3));
      assert.equal((await itemsOfPhone(number)).length, 3);
      assert.deepEqual((await send(source, lists)).counts, counts(3), 'another id is another delivery');
    });

    await check('after a rotation the old secret opens beside the new one, and either of two signatures', async () => {
      const own = await createSource(server, 'WEBHOOK');
      const number = newNumber();
      const fresh = await rotateSecret(server, own);
      assert.match(fresh, /^whsec_/);
      assert.notEqual(fresh, own.secret);
      const stranger = `whsec_${Buffer.from(randomUUID()).toString('base64')}`;
      const tries = [[[own.secret], 200], [[fresh], 200], [[stranger, fresh], 200], [[own.secret, stranger], 200], [[stranger], 401]];
      for (const [n, [secrets, status]] of tries.entries()) {
        assert.equal((await send(own, { engagements: [text(number, `try ${n}`)] }, { secrets })).status, status, `try ${n}`);
      }
      assert.deepEqual((await itemsOfPhone(number, own)).map((item) => item.text), ['try 0', 'try 1', 'try 2', 'try 3']);
    });

    await check('what was signed over five minutes ago, or ahead, is refused, genuine or not', async () => {
      const own = await createSource(server, 'WEBHOOK');
      const number = newNumber();
      const tries = [[-6 * MINUTE, 401], [-4 * MINUTE, 200], [4 * MINUTE, 200], [6 * MINUTE, 401], [-24 * 60 * MINUTE, 401]];
      for (const [off, status] of tries) {
        const answer = await send(own, { engagements: [text(number, String(off))] }, { at: new Date(Date.now() + off) });
        assert.equal(answer.status, status, `${off} ms: ${answer.text}`);
      }
      assert.deepEqual((await itemsOfPhone(number, own)).map((item) => item.text), ['-240000', '240000']);
      const { lastRefusal } = await statsOf(server, own, ({ refused }) => refused === 3);
      assert.match(lastRefusal.reason, /webhook-timestamp/);
    });

    await check('another body, another id, another secret, a missing header: 401, and nothing is stored', async () => {
      const own = await createSource(server, 'WEBHOOK');
      const lists = { engagements: [text(newNumber(), 'forged')] };
      const tries = [
        { signedBody: JSON.stringify({ engagements: [] }) },
        { secrets: [source.secret] },
        { without: 'webhook-id' },
        { without: 'webhook-timestamp' },
        { without: 'webhook-signature' },
      ];
      for (const [n, how] of tries.entries()) {
        assert.equal((await send(own, lists, how)).status, 401, JSON.stringify(how));
        const { lastRefusal } = await statsOf(server, own, ({ refused }) => refused === n + 1);
        assert.match(lastRefusal.reason, new RegExp(how.without ?? 'webhook-signature'));
      }
      assert.deepEqual([await itemsOf(server, own), await keptEvents(server, own)], [[], []]);
    });

    await check('one bad entry costs no neighbour, and is kept with its path', async () => {
      const own = await createSource(server, 'WEBHOOK');
      const [number, id] = [newNumber(), randomUUID()];
      const { counts: said } = await send(own, {
        identify: [{ phoneNumber: number, name: 'Grace' }, { colour: 'red' }, 7],
        engagements: [text(number, 'before'), text(number, 'wrong', { channel: 'FAX' }), text('no number', 'nobody'), null, text(number, 'after')],
        pageViews: [{ customer: phone(number) }, { customer: phone(number), url: '/cars' }],
        invoices: [{ total: 12 }],
      }, { id });
      assert.deepEqual(said, counts(4, 0, 6, 1));
      const items = await itemsOfPhone(number, own);
      assert.deepEqual(items.map(({ kind, text: body, url }) => [kind, body ?? url]).sort(), [['MESSAGE', 'after'], ['MESSAGE', 'before'], ['PAGE_VIEW', '/cars']]);
      const kept = (await keptEvents(server, own)).map(({ outcome, type, externalId, errors }) => [outcome, type, externalId, errors[0].path.join('.')]);
      assert.equal(kept.length, 7);
      for (const expected of [
        ['REJECTED', 'engagements', `${id}:engagements:1`, 'channel'],
        ['REJECTED', 'pageViews', `${id}:pageViews:0`, 'url'],
        ['UNKNOWN', 'invoices', id, ''],
      ]) {
        assert.ok(kept.some((one) => JSON.stringify(one) === JSON.stringify(expected)), `${expected} in ${JSON.stringify(kept)}`);
      }
    });

    await check('what is no list or no JSON is 400, what is too large 413, and what is not here 404', async () => {
      const own = await createSource(server, 'WEBHOOK');
      const entry = text(newNumber(), 'first');
      for (const body of ['', 'hello', '[]', '7', '{"engagements":{}}', `{"engagements":[${JSON.stringify(entry)}],"identify":7}`]) {
        assert.equal((await send(own, body)).status, 400, body);
      }
      assert.equal((await send(own, { engagements: [text(newNumber(), 'x'.repeat(2_150_000))] })).status, 413);
      assert.deepEqual([await itemsOf(server, own), await keptEvents(server, own)], [[], []]);
      assert.equal((await send({ ...own, url: `${own.url}x` }, {})).status, 404);
      await updateSource(server, own, { enabled: false });
      assert.equal((await send(own, {})).status, 404);
      await updateSource(server, own, { enabled: true });
      assert.deepEqual((await send(own, {})).counts, counts(0));
    });

    await check('half an emoji and a number beyond all bounds cost no neighbour', async () => {
      const own = await createSource(server, 'WEBHOOK');
      const number = newNumber();
      const good = (said) => JSON.stringify(text(number, said));
      const half = good('half HALF').replace('HALF', '\\ud83d');
      const beyond = good('beyond').replace('"SMS"', '"SMS","occurredAt":1e999');
      const { status, counts: said } = await send(own, `{"engagements":[${good('before')},${half},${beyond},${good('after')}]}`);
      assert.deepEqual([status, said], [200, counts(3, 0, 1)]);
      assert.deepEqual((await itemsOfPhone(number, own)).map((item) => item.text), ['before', 'half \ufffd', 'after']);
    });

    await check('the counts of the source are those of its entries', async () => {
      const own = await createSource(server, 'WEBHOOK');
      const [number, id] = [newNumber(), randomUUID()];
      const lists = { engagements: [text(number, 'one'), text(number, 'two'), 7], others: [] };
      await send(own, lists, { id });
      await send(own, lists, { id });
      const stats = await statsOf(server, own, ({ received }) => received === 8);
      assert.deepEqual([stats.recorded, stats.duplicates, stats.rejected, stats.unknown, stats.refused], [2, 2, 2, 2, 0]);
    });
  },
};
