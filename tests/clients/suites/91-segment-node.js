import { Analytics } from '@segment/analytics-node';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { createSource, customerWith, keptEvents, lossyWay, reviewsOf } from '../harness/sources.js';

/** Segment's SDK for servers, against `/v1/batch`. */
export const suite = {
  name: 'Segment, @segment/analytics-node',
  packages: ['@segment/analytics-node'],
  async run({ server, check }) {
    const source = await createSource(server, 'SEGMENT');
    const problems = [];
    const analytics = (host, more = {}) => {
      const client = new Analytics({ writeKey: source.writeKey, host, flushInterval: 100, ...more });
      client.on('error', (problem) => problems.push(problem));
      return client;
    };
    const through = async (use) => {
      const client = analytics(server.origin);
      use(client);
      await client.closeAndFlush({ timeout: 20_000 });
    };
    const newUser = () => `user-${randomUUID()}`;

    await check('identify, track, page, screen, group and alias become a person and a history', async () => {
      const [userId, anonymousId] = [newUser(), randomUUID()];
      const email = `${userId}@shop.example`;
      await through((client) => {
        client.page({ anonymousId, name: 'Cars', properties: { url: 'https://shop.example/cars', title: 'All cars' } });
        client.identify({ userId, anonymousId, traits: { name: 'Ada Lovelace', email, plan: 'pro' } });
        client.track({ userId, event: 'Order Completed', properties: { total: 12.5 } });
        client.screen({ userId, name: 'Cart' });
        client.group({ userId, groupId: 'g-1', traits: { name: 'Analytical Engines' } });
        client.alias({ userId, previousId: `before-${anonymousId}` });
      });
      const customer = await customerWith(server, 'USER_ID', userId);
      assert.equal(customer.name, 'Ada Lovelace');
      assert.equal(customer.primaryEmail, email);
      assert.deepEqual(customer.traits, { plan: 'pro' });
      assert.deepEqual(customer.identities.map(({ kind }) => kind).sort(), ['ANONYMOUS_ID', 'ANONYMOUS_ID', 'EMAIL', 'USER_ID']);
      const items = customer.items.filter(({ kind }) => kind !== 'IDENTITY');
      const told = items.map(({ kind, channel, url, title, recordType, recordId, text }) => [kind, channel, url ?? recordType, title ?? recordId ?? null, text ?? null]);
      assert.deepEqual(told.sort(), [
        ['PAGE_VIEW', 'APP', '/Cart', 'Cart', null],
        ['PAGE_VIEW', 'WEB', 'https://shop.example/cars', 'All cars', null],
        ['RECORD', 'WEB', 'event', null, 'Order Completed'],
        ['RECORD', 'WEB', 'group', 'g-1', 'Analytical Engines'],
      ]);
      const event = items.find(({ recordType }) => recordType === 'event');
      assert.deepEqual(event.data, { event: 'Order Completed', properties: { total: 12.5 } });
      assert.equal(event.source, source.name);
    });

    await check('1,000 events are 1,000 items, though every third answer is lost', async () => {
      const people = Array.from({ length: 10 }, newUser);
      const way = await lossyWay(server, 3);
      try {
        const client = analytics(way.origin, { flushAt: 50, maxRetries: 10 });
        for (let n = 0; n < 1000; n += 1) {
          client.track({ userId: people[n % 10], event: `event ${n}` });
        }
        await client.closeAndFlush({ timeout: 90_000 });
      } finally {
        await way.close();
      }
      assert.ok(way.lost >= 5, `${way.lost} of ${way.count} answers were lost`);
      const said = new Set();
      for (const userId of people) {
        const customer = await customerWith(server, 'USER_ID', userId, 200);
        const events = customer.items.filter(({ kind }) => kind === 'RECORD');
        assert.equal(events.length, 100, userId);
        events.forEach(({ text }) => said.add(text));
      }
      assert.equal(said.size, 1000);
    }, 120);

    await check('an event that cannot be taken is kept with its reason, and costs no neighbour', async () => {
      const userId = newUser();
      await through((client) => {
        client.track({ userId, event: 'before' });
        client.page({ userId });
        client.track({ userId, event: 'after' });
      });
      const customer = await customerWith(server, 'USER_ID', userId);
      const texts = customer.items.filter(({ kind }) => kind === 'RECORD').map(({ text }) => text);
      assert.deepEqual(texts.sort(), ['after', 'before']);
      const kept = await keptEvents(server, source);
      assert.deepEqual(kept.map(({ outcome, type, errors }) => [outcome, type, errors[0].code]), [['REJECTED', 'page', 'INVALID']]);
      assert.equal(kept[0].payload.userId, userId);
      assert.equal(kept[0].externalId, kept[0].payload.messageId);
      assert.deepEqual(kept[0].errors[0].path, ['properties', 'url']);
    });

    await check('two people at one browser are two customers, with one review', async () => {
      const [first, second, anonymousId] = [newUser(), newUser(), randomUUID()];
      await through((client) => {
        client.page({ anonymousId, name: 'Before' });
        client.identify({ userId: first, anonymousId, traits: { name: 'Ada Lovelace' } });
        client.track({ userId: first, anonymousId, event: 'of the first' });
        client.identify({ userId: second, anonymousId, traits: { name: 'Grace Hopper' } });
        for (let n = 0; n < 5; n += 1) {
          client.track({ userId: second, anonymousId, event: 'of the second' });
        }
      });
      const [ada, grace] = [await customerWith(server, 'USER_ID', first), await customerWith(server, 'USER_ID', second)];
      assert.notEqual(ada.id, grace.id);
      assert.deepEqual([ada.name, grace.name], ['Ada Lovelace', 'Grace Hopper']);
      const said = ({ items }) => items.filter(({ kind }) => kind !== 'IDENTITY').map(({ text, title }) => text ?? title);
      assert.deepEqual(said(ada).sort(), ['Before', 'of the first']);
      assert.deepEqual(said(grace), Array(5).fill('of the second'));
      assert.equal((await reviewsOf(server, grace)).length, 1);
    });

    await check('a wrong write key is refused, and the SDK says so', async () => {
      const client = new Analytics({ writeKey: 'nobody', host: server.origin, flushInterval: 100, maxRetries: 0 });
      const refused = new Promise((done) => client.on('error', done));
      client.track({ userId: newUser(), event: 'lost' });
      const problem = await refused;
      assert.match(String(problem.reason), /401/);
      await client.closeAndFlush();
    });

    await check('no event was given up', async () => {
      assert.deepEqual(problems, []);
    });
  },
};
