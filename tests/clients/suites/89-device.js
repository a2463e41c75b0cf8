import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { deliver, itemsOf, newNumber, rotateSecret, sideBySide, statsOf } from '../harness/deliveries.js';
import { iso, MOST_EVENTS, Phone } from '../harness/phone.js';
import { freePort, startOwnServer } from '../harness/server.js';
import { createSource, keptEvents, lossyWay } from '../harness/sources.js';

const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];

/** A phone with SMS and calls that were offline, delivered by `{deviceId, sentAt, events}`. */
export const suite = {
  name: 'An Android phone, simulated',
  packages: [],
  async run({ server, check }) {
    const source = await createSource(server, 'DEVICE');
    const phone = (more = {}) => new Phone({ ...source, ...more });
    const itemsOfPhone = async ({ id }, from = source) => (await itemsOf(server, from, { channels: ['SMS', 'VOICE'] })).filter(({ sourceId }) => sourceId.startsWith(`${id}:`));
    const outcomes = ({ results }) => results.map(({ outcome }) => outcome);

    for (const [what, clockOff] of [['ahead', 2 * HOUR], ['behind', -2 * HOUR]]) {
      await check(`a clock two hours ${what}, five hours offline: each item stands where it happened`, async () => {
        const own = phone({ clockOff });
        const number = newNumber();
        const now = Date.now();
        const times = [now - 5 * HOUR, now - 5 * HOUR + 1234, now - 3 * HOUR, now - 10 * SECOND];
        times.forEach((time, n) => own.sms(number, `message ${n}`, time));
        const begun = Date.now();
        assert.ok(await own.upload());
        const ended = Date.now();
        const items = await itemsOfPhone(own);
        assert.deepEqual(items.map(({ text }) => text), times.map((_, n) => `message ${n}`));
        const moved = items.map(({ occurredAt }, n) => Date.parse(occurredAt) - times[n]);
        assert.equal(new Set(moved).size, 1, `all by as much: ${moved}`);
        // The correction holds the way of the request as well: no longer than it took.
        assert.ok(moved[0] >= 0 && moved[0] <= ended - begun, `moved by ${moved[0]} ms in a request of ${ended - begun} ms`);
      });
    }

    await check('a clock off by 40 seconds is taken as right; nothing is later than its arrival', async () => {
      const number = newNumber();
      for (const [clockOff, shown] of [[-40 * SECOND, (time) => time - 40 * SECOND], [40 * SECOND, undefined]]) {
        const own = phone({ clockOff });
        const [long, now] = [Date.now() - HOUR, Date.now()];
        own.sms(number, 'long ago', long);
        own.sms(number, 'just now', now);
        await own.upload();
        const [first, second] = (await itemsOfPhone(own)).map(({ occurredAt }) => Date.parse(occurredAt));
        assert.equal(first, long + clockOff);
        if (shown) {
          assert.equal(second, shown(now));
        } else {
          assert.ok(second >= now && second <= Date.now(), iso(second));
        }
      }
    });

    await check('without sentAt nothing is corrected; without a readable time it happened when it arrived', async () => {
      const own = phone();
      const number = newNumber();
      const at = Date.now() - 3 * HOUR;
      const event = (id, more) => ({ id, type: 'sms', direction: 'inbound', number, text: id, ...more });
      const begun = Date.now();
      const body = { deviceId: own.id, events: [event('said', { at: iso(at) }), event('number', { at: at + 1 }), event('unreadable', { at: 'yesterday' }), event('none', {})] };
      const { status } = await deliver(own.url, JSON.stringify(body), { authorization: `Bearer ${own.secret}` });
      assert.equal(status, 200);
      const when = Object.fromEntries((await itemsOfPhone(own)).map(({ text, occurredAt }) => [text, Date.parse(occurredAt)]));
      assert.deepEqual([when.said, when.number], [at, at + 1]);
      for (const name of ['unreadable', 'none']) {
        assert.ok(when[name] >= begun && when[name] <= Date.now(), name);
      }
    });

    await check('answers are lost, uploads repeated: 1,200 events are 1,200 items', async () => {
      const way = await lossyWay(server, 2);
      const own = phone({ url: source.url.replace(server.origin, way.origin), clockOff: -2 * HOUR });
      const people = Array.from({ length: 6 }, newNumber);
      const begin = Date.now() - 8 * HOUR;
      for (let n = 0; n < 1200; n += 1) {
        own.sms(people[n % 6], `text ${n}`, begin + n * SECOND);
      }
      try {
        while (own.queue.length > 0) {
          await own.upload();
          assert.ok(own.uploads < 20, 'the queue becomes empty');
        }
      } finally {
        await way.close();
      }
      assert.ok(way.lost >= 2, `${way.lost} of ${way.count} answers were lost`);
      const items = await itemsOfPhone(own);
      assert.deepEqual(items.map(({ text }) => text), Array.from({ length: 1200 }, (_, n) => `text ${n}`));
      assert.equal(new Set(items.map(({ customer }) => customer.id)).size, 6);
    }, 120);

    await check('the same upload eight times side by side: one item each, and one RECORDED each', async () => {
      const own = phone();
      const number = newNumber();
      for (let n = 0; n < 50; n += 1) {
        own.sms(number, `text ${n}`, Date.now() - MINUTE + n);
      }
      const events = [...own.queue];
      const answers = await sideBySide(8, () => own.send(events));
      assert.deepEqual(answers.map(({ status }) => status), Array(8).fill(200));
      const all = answers.flatMap(({ text }) => outcomes(JSON.parse(text)));
      assert.equal(all.filter((outcome) => outcome === 'RECORDED').length, 50);
      assert.equal(all.filter((outcome) => outcome === 'DUPLICATE').length, 350);
      const items = await itemsOfPhone(own);
      assert.deepEqual(items.map(({ text }) => text), Array.from({ length: 50 }, (_, n) => `text ${n}`));
      assert.equal(new Set(items.map(({ customer }) => customer.id)).size, 1);
    });

    await check('the server is killed in the middle of uploads, five times: each event is one item', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'rapport-killed-'));
      const settings = { DATABASE_URL: `sqlite://${join(folder, 'rapport.db')}`, RAPPORT_LISTEN: `127.0.0.1:${await freePort()}` };
      let killed = await startOwnServer(settings);
      try {
        const watched = await createSource(killed, 'DEVICE');
        const phones = Array.from({ length: 4 }, () => phone(watched));
        const people = Array.from({ length: 3 }, newNumber);
        const begin = Date.now() - HOUR;
        let [noted, cut] = [0, 0];
        const uploads = () => phones.map((own) => own.upload().catch((problem) => {
          assert.ok(['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(problem.code), problem);
          cut += 1;
        }));
        for (let round = 0; round < 5; round += 1) {
          for (let n = 0; n < 100; n += 1, noted += 1) {
            phones.forEach((own) => own.sms(people[n % 3], `text ${noted}`, begin + noted * SECOND));
          }
          const sent = uploads();
          // One has its answer: the others are being written.
          await Promise.race(sent);
          await killed.stop('SIGKILL');
          await Promise.all(sent);
          killed = await startOwnServer(settings);
        }
        assert.ok(cut > 0, 'uploads were cut off');
        while (phones.some(({ queue }) => queue.length > 0)) {
          assert.ok((await Promise.all(uploads())).every(Boolean));
        }
        const items = await itemsOf(killed, watched, { channels: ['SMS'] });
        for (const own of phones) {
          const texts = items.filter(({ sourceId }) => sourceId.startsWith(`${own.id}:`)).map(({ text }) => text);
          assert.deepEqual(texts, Array.from({ length: noted }, (_, n) => `text ${n}`));
        }
        assert.equal(new Set(items.map(({ customer }) => customer.id)).size, 3);
      } finally {
        await killed.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    }, 300);

    await check('a call that rings, is taken and ends under one id is one item; what comes late moves nothing back', async () => {
      const own = phone();
      const [number, other] = [newNumber(), newNumber()];
      const start = Date.now() - 10 * MINUTE;
      const id = own.call('ringing', { number }, start);
      await own.upload();
      own.call('in_progress', { id, number }, start + 8 * SECOND);
      own.call('completed', { id, number, durationSeconds: 95 }, start + 103 * SECOND);
      await own.upload();
      const missed = own.call('missed', { number: other }, start + 200 * SECOND);
      own.call('ringing', { id: missed, number: other }, start + 180 * SECOND);
      own.call('ringing', { id, number }, start);
      await own.upload();
      const items = await itemsOfPhone(own);
      const told = items.map(({ kind, sourceId, callState, durationSeconds, identity }) => [kind, sourceId, callState, durationSeconds, identity.value]);
      assert.deepEqual(told, [
        ['CALL', `${own.id}:${id}`, 'COMPLETED', 95, number],
        ['CALL', `${own.id}:${missed}`, 'MISSED', null, other],
      ]);
      assert.equal(Date.parse(items[0].occurredAt), start);
    });

    await check('a withheld number is a call of nobody', async () => {
      const own = phone();
      for (const number of [undefined, null, '', '-1', '-2', 'anonymous']) {
        own.call('missed', { number }, Date.now() - MINUTE);
      }
      await own.upload();
      assert.deepEqual(outcomes(own), Array(6).fill('RECORDED'));
      const items = await itemsOfPhone(own);
      assert.deepEqual(items.map(({ customer, identity, callState }) => [customer, identity, callState]), Array(6).fill([null, null, 'MISSED']));
    });

    await check('an SMS without a number is rejected, an unknown type is kept, and neither costs a neighbour', async () => {
      const own = phone();
      const number = newNumber();
      own.sms(number, 'before');
      const without = own.sms(null, 'of nobody');
      const fax = own.note({ type: 'fax', direction: 'inbound', number });
      own.call('sleeping', { number });
      own.sms(number, 'after');
      await own.upload();
      assert.deepEqual(outcomes(own), ['RECORDED', 'REJECTED', 'UNKNOWN', 'REJECTED', 'RECORDED']);
      assert.match(own.results[1].error, /^number: /);
      assert.match(own.results[3].error, /^state: /);
      assert.deepEqual([own.results[0].error, own.queue], [null, []]);
      assert.deepEqual((await itemsOfPhone(own)).map(({ text }) => text), ['before', 'after']);
      const kept = (await keptEvents(server, source)).filter(({ payload }) => payload.deviceId === own.id);
      const of = (id) => kept.find(({ externalId }) => externalId === id);
      assert.equal(kept.length, 3);
      assert.deepEqual([of(without).outcome, of(without).type, of(without).errors[0].path], ['REJECTED', 'sms', ['number']]);
      assert.deepEqual([of(fax).outcome, of(fax).type], ['UNKNOWN', 'fax']);
      assert.equal(of(without).payload.events[0].text, 'of nobody');
    });

    await check('500 events are taken, 501 are refused whole', async () => {
      const own = phone();
      const number = newNumber();
      for (let n = 0; n <= MOST_EVENTS; n += 1) {
        own.sms(number, `text ${n}`, Date.now() - MINUTE + n);
      }
      const refused = await own.send(own.queue);
      assert.equal(refused.status, 400);
      assert.match(refused.text, /500/);
      assert.deepEqual(await itemsOfPhone(own), []);
      assert.ok(await own.upload() && await own.upload());
      assert.equal((await itemsOfPhone(own)).length, 501);
    }, 60);

    await check('a wrong secret, or none, is 401: nothing is stored, the queue stays, and the source says why', async () => {
      const watched = await createSource(server, 'DEVICE');
      const own = phone({ ...watched, secret: 'guessed' });
      own.sms(newNumber(), 'kept in the queue');
      assert.equal(await own.upload(), false);
      const none = await deliver(own.url, own.body(own.queue), { 'content-type': 'application/json' });
      assert.equal(none.status, 401);
      assert.equal(own.queue.length, 1);
      assert.deepEqual([await itemsOfPhone(own, watched), await keptEvents(server, watched)], [[], []]);
      const stats = await statsOf(server, watched, ({ refused }) => refused === 2);
      assert.match(stats.lastRefusal.reason, /Authorization/);
      assert.equal(stats.received, 0);
      own.secret = watched.secret;
      assert.ok(await own.upload());
      assert.equal((await itemsOfPhone(own, watched)).length, 1);
    });

    await check('after a rotation the former secret opens beside the new one', async () => {
      const rotated = await createSource(server, 'DEVICE');
      const fresh = await rotateSecret(server, rotated);
      assert.notEqual(fresh, rotated.secret);
      const own = phone(rotated);
      for (const secret of [rotated.secret, fresh]) {
        own.sms(newNumber(), 'hello');
        assert.equal((await own.send(own.queue.splice(0), secret)).status, 200);
      }
      assert.equal((await itemsOfPhone(own, rotated)).length, 2);
    });

    await check('two phones may have the same ids', async () => {
      const [first, second] = [phone(), phone()];
      const number = newNumber();
      for (const own of [first, second]) {
        own.note({ id: '1', type: 'sms', direction: 'outbound', number, text: `of ${own.id}`, state: 'sent' });
        await own.upload();
        assert.deepEqual(outcomes(own), ['RECORDED']);
        const [{ text, direction, deliveryState }] = await itemsOfPhone(own);
        assert.deepEqual([text, direction, deliveryState], [`of ${own.id}`, 'OUTBOUND', 'SENT']);
      }
    });

    await check('the counts of the source are those of its events', async () => {
      const counted = await createSource(server, 'DEVICE');
      const own = phone(counted);
      own.sms(newNumber(), 'one');
      own.sms(newNumber(), 'two');
      own.sms(null, 'nobody');
      own.note({ type: 'fax' });
      const events = [...own.queue];
      await own.send(events);
      await own.send(events);
      const stats = await statsOf(server, counted, ({ received }) => received === 8);
      assert.deepEqual([stats.recorded, stats.duplicates, stats.rejected, stats.unknown, stats.refused], [2, 2, 2, 2, 0]);
    });
  },
};
