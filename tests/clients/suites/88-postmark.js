import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';

import { deliver, itemsOf, record, replay, rotateSecret, sideBySide, statsOf } from '../harness/deliveries.js';
import { createSource, customerWith, keptEvents } from '../harness/sources.js';

const OURS = 'support@acme.example';

/** Mail that Postmark received, and what became of mail that it sent. */
export const suite = {
  name: 'Postmark',
  packages: [],
  async run({ server, check }) {
    const make = () => createSource(server, 'POSTMARK', { addresses: [OURS, '@acme.example'] });
    const source = await make();
    const basic = (secret, user = 'rapport') => ({ authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}` });
    const send = (body, { to = source, headers = basic(to.secret) } = {}) =>
      deliver(to.url, typeof body === 'string' ? body : JSON.stringify(body), { 'content-type': 'application/json', 'user-agent': 'Postmark', ...headers });
    const taken = async (body, how) => {
      const { status, text } = await send(body, how);
      assert.equal(status, 200, text);
    };
    const newMailId = () => `${randomUUID()}@doe.example`;
    const newSender = () => ({ Email: `${randomUUID()}@doe.example`, Name: 'Jane Doe', MailboxHash: '' });
    const full = (email) => ({ Email: email, Name: '', MailboxHash: '' });
    const mail = (from, id, { headers = {}, to = [OURS], ...more } = {}) => ({
      FromName: from.Name, MessageStream: 'inbound', From: from.Email, FromFull: from, To: to.join(', '), ToFull: to.map(full), CcFull: [], BccFull: [],
      Subject: 'Where is my order?', MessageID: randomUUID(), Date: 'Wed, 25 Nov 2026 11:00:00 +0100', TextBody: 'Hello', HtmlBody: '<p>Hello</p>', Tag: '',
      Headers: Object.entries({ 'Message-ID': `<${id}>`, ...headers }).map(([Name, Value]) => ({ Name, Value })), Attachments: [], ...more,
    });
    const itemsWith = async (ids, from = source) => (await itemsOf(server, from, { kinds: ['EMAIL'] })).filter(({ sourceId }) => [ids].flat().includes(sourceId));

    await check('a mail is one of its sender, with subject, text and thread, ten times side by side or not', async () => {
      const [jane, first, second] = [newSender(), newMailId(), newMailId()];
      const answers = await sideBySide(10, () => send(mail(jane, first)));
      assert.deepEqual(answers.map(({ status }) => status), Array(10).fill(200));
      await taken(mail(jane, second, { headers: { References: `<${first}>`, 'In-Reply-To': `<${first}>` }, Subject: 'Re: Where is my order?' }));
      const told = (await itemsWith([first, second])).map(({ sourceId, subject, text, direction, occurredAt, messageId, threadId }) => [sourceId, subject, text, direction, Date.parse(occurredAt), messageId, threadId]);
      const at = Date.parse('2026-11-25T10:00:00Z');
      assert.deepEqual(told.sort(), [[first, 'Where is my order?', 'Hello', 'INBOUND', at, first, first], [second, 'Re: Where is my order?', 'Hello', 'INBOUND', at, second, first]].sort());
      assert.equal((await customerWith(server, 'EMAIL', jane.Email)).name, 'Jane Doe');
    });

    await check('files are kept byte for byte, and given only to tokens of the tenant', async () => {
      const [jane, id] = [newSender(), newMailId()];
      const bytes = randomBytes(100_000);
      const file = (Name, content, ContentType) => ({ Name, Content: content.toString('base64'), ContentType, ContentLength: content.length });
      await taken(mail(jane, id, { Attachments: [file('data.bin', bytes, 'application/octet-stream'), file('note.txt', Buffer.from([0x4a, 0xe4, 0x6e]), 'text/plain; charset=us-ascii')] }));
      const [{ parts }] = await itemsWith(id);
      const files = parts.filter(({ __typename }) => __typename === 'FilePart');
      assert.deepEqual(files.map(({ name }) => name), ['data.bin', 'note.txt']);
      const read = await fetch(files[0].url, { headers: server.headers });
      const digest = (content) => createHash('sha256').update(content).digest('hex');
      assert.equal(digest(Buffer.from(await read.arrayBuffer())), digest(bytes));
      assert.match(read.headers.get('content-disposition'), /^attachment/);
      assert.equal(read.headers.get('x-content-type-options'), 'nosniff');
      const other = await fetch(files[1].url, { headers: server.headers });
      assert.deepEqual([...Buffer.from(await other.arrayBuffer())], [0x4a, 0xe4, 0x6e]);
      assert.equal((await fetch(files[0].url, { headers: { authorization: 'Bearer not.a.token' } })).status, 401);
    });

    await check('mail of the company\'s own is outbound, once for each recipient outside', async () => {
      const id = newMailId();
      const [jane, john] = [newSender().Email, newSender().Email];
      await taken(mail({ Email: 'eve@acme.example', Name: 'Eve' }, id, { to: [jane, OURS, john] }));
      const items = (await itemsOf(server, source, { kinds: ['EMAIL'] })).filter(({ messageId }) => messageId === id);
      const told = items.map(({ sourceId, direction, emailState, identity }) => [sourceId, direction, emailState, identity.value]);
      assert.deepEqual(told.sort(), [[id, 'OUTBOUND', 'SENT', jane], [`${id} ${john}`, 'OUTBOUND', 'SENT', john]].sort());
      assert.equal(await customerWith(server, 'EMAIL', 'eve@acme.example'), null);
    });

    await check('states out of order: the highest stays', async () => {
      const [sent, jane] = [randomUUID(), newSender().Email];
      const outbound = { customer: { identity: { kind: 'EMAIL', value: jane } }, channel: 'EMAIL', direction: 'OUTBOUND', source: source.name, sourceId: sent, body: { email: { subject: 'Your order', text: 'On its way', state: 'SENT' } } };
      await record(server, [outbound]);
      const state = (RecordType, more = {}) => taken({ RecordType, MessageStream: 'outbound', MessageID: sent, Recipient: jane, ...more });
      await state('Open', { FirstOpen: true, ReceivedAt: new Date().toISOString() });
      await state('Delivery', { DeliveredAt: new Date().toISOString() });
      assert.deepEqual((await itemsWith(sent)).map(({ emailState, text }) => [emailState, text]), [['OPENED', 'On its way']]);
      await state('SpamComplaint', { Type: 'SpamComplaint', BouncedAt: new Date().toISOString() });
      assert.equal((await itemsWith(sent))[0].emailState, 'SPAM');
    });

    await check('a state before its mail is kept, and settled once the mail is there', async () => {
      const own = await make();
      const [sent, jane] = [randomUUID(), newSender().Email];
      await taken({ RecordType: 'Bounce', Type: 'HardBounce', MessageID: sent, Email: jane, BouncedAt: new Date().toISOString() }, { to: own });
      await taken({ RecordType: 'Click', MessageID: sent, Recipient: jane, OriginalLink: 'https://x.example' }, { to: own });
      const kept = await keptEvents(server, own);
      assert.deepEqual(kept.map(({ outcome, type, externalId }) => [outcome, type, externalId]).sort(), [['UNKNOWN', 'Bounce', sent], ['UNKNOWN', 'Click', sent]]);
      assert.deepEqual(await replay(server, own), { replayed: 2, settled: 0 });
      await record(server, [{ customer: { identity: { kind: 'EMAIL', value: jane } }, channel: 'EMAIL', direction: 'OUTBOUND', source: own.name, sourceId: sent, body: { email: { subject: 'Your order', text: 'On its way', state: 'SENT' } } }]);
      assert.deepEqual(await replay(server, own), { replayed: 2, settled: 1 });
      assert.deepEqual((await itemsWith(sent, own)).map(({ emailState }) => emailState), ['BOUNCED']);
      assert.deepEqual((await keptEvents(server, own)).map(({ type }) => type), ['Click']);
    });

    await check('a mail without a usable sender is kept whole; no mail at all is 400', async () => {
      const own = await make();
      await taken(mail({ Email: '', Name: 'Nobody' }, newMailId(), { From: '', FromName: 'Nobody' }), { to: own });
      const kept = await keptEvents(server, own);
      assert.deepEqual(kept.map(({ outcome, type, errors }) => [outcome, type, errors[0].path.length > 0]), [['REJECTED', 'Inbound', true]]);
      assert.equal(kept[0].payload.TextBody, 'Hello');
      for (const body of ['', 'hello', '[]', '7']) {
        assert.equal((await send(body, { to: own })).status, 400, body);
      }
    });

    await check('the secret is the password, whoever the user; a wrong one is 401 and never 403', async () => {
      const own = await make();
      const jane = newSender();
      for (const [n, headers] of [basic('guessed'), basic(''), {}, { authorization: `Bearer ${own.secret}` }].entries()) {
        assert.equal((await send(mail(jane, newMailId()), { to: own, headers })).status, 401);
        const { lastRefusal } = await statsOf(server, own, ({ refused }) => refused === n + 1);
        assert.ok(lastRefusal.reason.length > 10 && !lastRefusal.reason.includes(own.secret), lastRefusal.reason);
      }
      assert.deepEqual([await itemsOf(server, own), await keptEvents(server, own)], [[], []]);
      const fresh = await rotateSecret(server, own);
      for (const headers of [basic(own.secret), basic(fresh, ''), basic(fresh, 'somebody')]) {
        await taken(mail(jane, newMailId()), { to: own, headers });
      }
      assert.equal((await itemsOf(server, own)).length, 3);
    });
  },
};
