import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import twilio from 'twilio';

import { deliver, itemsOf, newNumber, record, sideBySide, statsOf, updateSource } from '../harness/deliveries.js';
import { startOwnServer } from '../harness/server.js';
import { createSource, customerWith, keptEvents } from '../harness/sources.js';
import { Account, EMPTY, sid, sms, status } from '../harness/twilio.js';

/** Messages, and what opens the door: requests signed by Twilio's own SDK. */
export const suite = {
  name: 'Twilio, messages and signatures',
  packages: ['twilio'],
  async run({ server, check }) {
    const token = randomBytes(16).toString('hex');
    const account = new Account(token);
    const make = (at) => createSource(at, 'TWILIO', { providerSecret: token });
    const source = await make(server);
    const items = (filter, from = source) => itemsOf(server, from, filter);
    const itemOf = async (id, filter) => (await items(filter)).filter(({ sourceId }) => sourceId === id);
    const taken = async (fields) => {
      const { status: code, type, text } = await account.form(source.url, fields);
      assert.deepEqual([code, type, text], [200, 'text/xml', EMPTY]);
      return fields.MessageSid ?? fields.CallSid;
    };

    await check('an SMS becomes a message of its number, and the answer says nothing', async () => {
      const number = newNumber();
      const begun = Date.now();
      const id = await taken(sms(number, 'Grüße, was kostet das? 😀'));
      const [item, ...more] = await itemOf(id, { channels: ['SMS'] });
      assert.deepEqual(more, []);
      assert.deepEqual([item.kind, item.direction, item.text, item.parts.length], ['MESSAGE', 'INBOUND', 'Grüße, was kostet das? 😀', 1]);
      assert.deepEqual(item.identity, { kind: 'PHONE', value: number, verification: 'VERIFIED' });
      const at = Date.parse(item.occurredAt);
      assert.ok(at >= begun && at <= Date.now(), item.occurredAt);
    });

    await check('the same SMS ten times side by side is one message', async () => {
      const fields = sms(newNumber(), 'once');
      const answers = await sideBySide(10, () => account.form(source.url, fields));
      assert.deepEqual(answers.map(({ status: code, text }) => [code, text]), Array(10).fill([200, EMPTY]));
      assert.equal((await itemOf(fields.MessageSid, { channels: ['SMS'] })).length, 1);
    });

    await check('fields that nobody knows, empty ones and several of one name are signed as the SDK does', async () => {
      const fields = sms(newNumber(), 'signed', { Zukünftig: 'ä&=+ %', Empty: '', Several: ['b', 'a', 'b'], several: 'z', AddOns: '{"status":"successful"}' });
      await taken(fields);
      assert.equal((await itemOf(fields.MessageSid, { channels: ['SMS'] })).length, 1);
    });

    await check('WhatsApp with media: name, number and id are one person; images and files are parts', async () => {
      const number = newNumber();
      const whatsappId = `US.${randomBytes(8).toString('hex')}`;
      const media = { NumMedia: '2', MediaUrl0: 'https://api.twilio.com/2010-04-01/Media/ME1', MediaContentType0: 'image/jpeg', MediaUrl1: 'https://api.twilio.com/2010-04-01/Media/ME2', MediaContentType1: 'application/pdf' };
      const id = await taken(sms(`whatsapp:${number}`, 'See this', { ProfileName: 'Ada Lovelace', WaId: number.slice(1), ExternalUserId: `whatsapp:${whatsappId}`, ...media }));
      const [item] = await itemOf(id, { channels: ['WHATSAPP'] });
      assert.deepEqual([item.text, item.direction, item.identity.kind, item.identity.verification], ['See this', 'INBOUND', 'WHATSAPP', 'VERIFIED']);
      const parts = item.parts.filter(({ __typename }) => __typename !== 'TextPart').map(({ __typename, url, contentType }) => [__typename, url, contentType]);
      assert.deepEqual(parts, [['ImagePart', media.MediaUrl0, undefined], ['FilePart', media.MediaUrl1, 'application/pdf']]);
      const [byNumber, byId] = [await customerWith(server, 'WHATSAPP', number), await customerWith(server, 'WHATSAPP', whatsappId)];
      assert.deepEqual([byNumber.name, byNumber.id], ['Ada Lovelace', byId.id]);
      // Later the number is hidden: the same person.
      const later = await taken(sms(`whatsapp:${whatsappId}`, 'It is me', { WaId: '', ExternalUserId: `whatsapp:${whatsappId}` }));
      assert.equal((await itemOf(later, { channels: ['WHATSAPP'] }))[0].customer.id, byNumber.id);
    });

    await check('a sender that is a name is kept as rejected', async () => {
      const id = await taken(sms('ACMEBANK', 'Your code is 123456'));
      const kept = (await keptEvents(server, source)).filter(({ externalId }) => externalId === id);
      assert.deepEqual(kept.map(({ outcome, errors }) => [outcome, errors[0].path]), [['REJECTED', ['From']]]);
      assert.equal(kept[0].payload.Body, 'Your code is 123456');
      assert.deepEqual(await itemOf(id), []);
    });

    await check('statuses before the message and out of order: the highest stays, and the text comes in', async () => {
      const [id, number] = [sid('SM'), newNumber()];
      for (const state of ['delivered', 'sent', 'read', 'queued', 'delivered']) {
        await taken(status(id, `whatsapp:${number}`, state));
      }
      const [before] = await itemOf(id, { channels: ['WHATSAPP'] });
      assert.deepEqual([before.direction, before.deliveryState, before.text, before.identity.value], ['OUTBOUND', 'READ', null, number]);
      const told = { channel: 'WHATSAPP', direction: 'OUTBOUND', source: source.name, sourceId: id };
      const by = { identity: { kind: 'WHATSAPP', value: number } };
      await record(server, [{ ...told, customer: by, body: { message: { text: 'Your order is ready', deliveryState: 'SENT' } } }]);
      await taken(status(id, `whatsapp:${number}`, 'sent'));
      const after = await itemOf(id, { channels: ['WHATSAPP'] });
      assert.deepEqual(after.map(({ text, deliveryState, customer }) => [text, deliveryState, customer.id]), [['Your order is ready', 'READ', before.customer.id]]);
    });

    await check('all states of one message side by side are one message', async () => {
      const [id, number] = [sid('SM'), newNumber()];
      const states = ['queued', 'sending', 'sent', 'delivered'];
      await Promise.all([...states, ...states].map((state) => taken(status(id, number, state))));
      const found = await itemOf(id, { channels: ['SMS'] });
      assert.deepEqual(found.map(({ deliveryState }) => deliveryState), ['DELIVERED']);
      const failed = await taken(status(sid('SM'), number, 'undelivered', { ErrorCode: '30003' }));
      assert.equal((await itemOf(failed, { channels: ['SMS'] }))[0].deliveryState, 'FAILED');
    });

    await check('a signature that is missing, wrong, or over another address is 401, and the source names the address', async () => {
      const watched = await make(server);
      const fields = sms(newNumber(), 'forged');
      const signed = account.signature(watched.url, fields);
      const other = 'https://acme.example/hooks';
      const refusals = [
        ['missing', fields, { signature: null }, null],
        ['empty', fields, { signature: '' }, watched.url],
        ['by another token', fields, { signature: new Account('0'.repeat(32)).signature(watched.url, fields) }, watched.url],
        ['over another address', fields, { signed: other }, watched.url],
        ['over other fields', { ...fields, Body: 'changed' }, { signature: signed }, watched.url],
        ['with a field more', { ...fields, Extra: '' }, { signature: signed }, watched.url],
      ];
      for (const [n, [what, sent, how, named]] of refusals.entries()) {
        const answer = await account.form(watched.url, sent, how);
        assert.equal(answer.status, 401, what);
        const { lastRefusal } = await statsOf(server, watched, ({ refused }) => refused === n + 1);
        assert.match(lastRefusal.reason, /X-Twilio-Signature/, what);
        assert.ok(!named || lastRefusal.reason.includes(named), `${what}: ${lastRefusal.reason}`);
        assert.ok(!lastRefusal.reason.includes(token) && !lastRefusal.reason.includes(signed), 'no secret is told');
      }
      assert.deepEqual([await items({}, watched), await keptEvents(server, watched)], [[], []]);
      assert.equal((await account.form(watched.url, fields)).status, 200);
      assert.equal((await items({}, watched)).length, 1);
    });

    await check('the query is signed as it came, and a port may be in the signed address or not', async () => {
      const bare = source.url.replace(/:\d+\//, '/');
      for (const query of ['', "?foo=1&bar=2", "?a=b%20c&d=e+f&g=%C3%A4'(x)*&h"]) {
        for (const base of [source.url, bare]) {
          const fields = sms(newNumber(), query);
          const answer = await account.form(source.url + query, fields, { signed: base + query });
          assert.equal(answer.status, 200, `${base}${query}: ${answer.text}`);
        }
      }
      const fields = sms(newNumber(), 'written anew');
      assert.equal((await account.form(`${source.url}?a=b%20c`, fields, { signed: `${source.url}?a=b+c` })).status, 401);
    });

    await check('JSON is signed by its digest; without it, or with another, it is refused', async () => {
      const number = newNumber();
      const body = JSON.stringify(sms(number, 'as JSON — ä'));
      const id = JSON.parse(body).MessageSid;
      const refused = [
        [{ digest: createHash('sha256').update('another').digest('hex') }, /bodySHA256/],
        [{ name: 'other' }, /bodySHA256/],
      ];
      for (const [how, why] of refused) {
        const answer = await account.json(source.url, body, how);
        assert.deepEqual([answer.status, why.test(answer.text)], [401, true], answer.text);
      }
      assert.deepEqual(await itemOf(id), []);
      const answer = await account.json(source.url, body);
      assert.deepEqual([answer.status, answer.text], [200, EMPTY]);
      const found = await itemOf(id, { channels: ['SMS'] });
      assert.deepEqual(found.map(({ text, identity }) => [text, identity.value]), [['as JSON — ä', number]]);
    });

    await check('an unknown address, one of another channel, and a source that is off are 404; the former token is refused', async () => {
      const fields = sms(newNumber(), 'nowhere');
      const own = await make(server);
      for (const url of [own.url.replace(/[^/]+$/, 'nobody-knows-this-key-0'), own.url.replace('/twilio/', '/meta/'), own.url.replace('/twilio/', '/fax/')]) {
        assert.equal((await account.form(url, fields)).status, 404, url);
      }
      await updateSource(server, own, { providerSecret: 'another-token' });
      assert.equal((await account.form(own.url, fields)).status, 401);
      assert.equal((await new Account('another-token').form(own.url, fields)).status, 200);
      await updateSource(server, own, { enabled: false });
      assert.equal((await new Account('another-token').form(own.url, fields)).status, 404);
    });

    await check('behind RAPPORT_PUBLIC_URL with a prefix and a port, that address is the signed one', async () => {
      const publicUrl = 'https://calls.acme.example:8443/crm/in';
      const behind = await startOwnServer({ RAPPORT_PUBLIC_URL: publicUrl });
      try {
        const own = await make(behind);
        assert.ok(own.url.startsWith(`${publicUrl}/hooks/twilio/`), own.url);
        const inner = own.url.replace(publicUrl, behind.origin);
        const bare = own.url.replace(':8443', '');
        for (const [signed, code] of [[own.url, 200], [bare, 200], [inner, 401], [own.url.replace('https', 'http'), 401], [own.url.replace('/crm/in', ''), 401]]) {
          const answer = await account.form(inner, sms(newNumber(), signed), { signed });
          assert.equal(answer.status, code, `${signed}: ${answer.text}`);
        }
        const { lastRefusal } = await statsOf(behind, own, ({ refused }) => refused === 3);
        assert.ok(lastRefusal.reason.includes(own.url), lastRefusal.reason);
        assert.equal((await itemsOf(behind, own)).length, 2);
        const body = JSON.stringify(sms(newNumber(), 'JSON behind a prefix'));
        const query = `?bodySHA256=${twilio.getExpectedBodyHash(body)}`;
        const headers = { 'content-type': 'application/json', 'x-twilio-signature': account.signature(own.url + query, {}) };
        assert.equal((await deliver(inner + query, body, headers)).status, 200);
        assert.equal((await itemsOf(behind, own)).length, 3);
      } finally {
        await behind.stop();
      }
    }, 60);
  },
};
