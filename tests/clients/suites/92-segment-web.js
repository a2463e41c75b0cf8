import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

import { openPage, withBrowser } from '../harness/browser.js';
import { createSource, customerWith, keptEvents, openSite, reviewsOf, until } from '../harness/sources.js';

const SDK = new URL('../node_modules/@segment/analytics-next/dist/umd/', import.meta.url);
const PAGE = '<!doctype html><title>All cars</title><script src="/sdk/index.js"></script>';

/** Segment's SDK for websites, on a website of another origin: settings, CORS, single calls and batches. */
export const suite = {
  name: 'Segment, @segment/analytics-next in Chromium',
  packages: ['@segment/analytics-next', 'playwright-core'],
  async run({ server, check }) {
    const source = await createSource(server, 'SEGMENT');
    const site = await openSite((path) =>
      path.startsWith('/sdk/') ? { type: 'text/javascript', body: readFileSync(new URL(basename(path), SDK)) } : { body: PAGE },
    );
    const inBrowser = (visit) =>
      withBrowser(async (context) => {
        const { page, complaints } = await openPage(context);
        const asked = [];
        page.on('request', (request) => asked.push(request.url()));
        await page.goto(`${site.origin}/cars?sort=price`);
        await page.evaluate(
          async ({ writeKey, cdnURL }) => {
            window.begin = (more) => window.AnalyticsNext.AnalyticsBrowser.load({ writeKey, cdnURL }, more);
          },
          { writeKey: source.writeKey, cdnURL: server.origin },
        );
        await visit({ page, asked });
        const strangers = asked.map((url) => new URL(url).origin).filter((origin) => ![server.origin, site.origin].includes(origin));
        assert.deepEqual([...new Set(strangers)], [], 'other origins were asked');
        assert.deepEqual(complaints, []);
      });

    try {
      await check('settings send the SDK here; the views before a login are the person\'s', async () => {
        const userId = `user-${randomUUID()}`;
        await inBrowser(async ({ page, asked }) => {
          await page.evaluate(async (userId) => {
            const analytics = window.begin();
            await analytics.page();
            await analytics.track('Car Viewed', { car: 'roadster' });
            await analytics.identify(userId, { name: 'Ada Lovelace', email: `${userId}@shop.example`, plan: 'pro' });
            await analytics.track('Car Bought');
            await analytics.group('g-1', { name: 'Analytical Engines' });
          }, userId);
          assert.ok(asked.includes(`${server.origin}/v1/projects/${source.writeKey}/settings`), asked.join());
          assert.ok(asked.includes(`${server.origin}/v1/p`), asked.join());
        });
        const customer = await customerWith(server, 'USER_ID', userId);
        assert.equal(customer.name, 'Ada Lovelace');
        assert.equal(customer.primaryEmail, `${userId}@shop.example`);
        assert.deepEqual(customer.traits, { plan: 'pro' });
        const items = customer.items.filter(({ kind }) => kind !== 'IDENTITY');
        assert.deepEqual(items.map(({ url, text }) => url ?? text).sort(), ['Analytical Engines', 'Car Bought', 'Car Viewed', `${site.origin}/cars?sort=price`]);
        assert.equal(items.find(({ url }) => url).title, 'All cars');
      }, 60);

      await check('1,000 events in batches are 1,000 items', async () => {
        const userId = `user-${randomUUID()}`;
        await inBrowser(async ({ page, asked }) => {
          await page.evaluate(async (userId) => {
            const config = { size: 50, timeout: 500 };
            const analytics = window.begin({ integrations: { 'Segment.io': { deliveryStrategy: { strategy: 'batching', config } } } });
            await analytics.identify(userId);
            await Promise.all(Array.from({ length: 1000 }, (_, n) => analytics.track(`event ${n}`)));
          }, userId);
          // What is left over, the SDK sends by its clock.
          let count;
          await until('1,000 items', async () => (count = await countOf(server, userId)) === 1000).catch((problem) => {
            throw new Error(`${problem.message}, ${count} came`);
          });
          assert.ok(asked.includes(`${server.origin}/v1/b`), asked.join());
        });
        const { items } = await customerWith(server, 'USER_ID', userId, 200);
        const events = items.filter(({ kind }) => kind === 'RECORD').map(({ text }) => text);
        assert.equal(new Set(events).size, events.length);
      }, 300);

      await check('two people at one browser are two customers', async () => {
        const [first, second] = [`user-${randomUUID()}`, `user-${randomUUID()}`];
        await inBrowser(async ({ page }) => {
          await page.evaluate(
            async ([first, second]) => {
              const analytics = window.begin();
              await analytics.page();
              await analytics.identify(first, { name: 'Ada Lovelace' });
              const { anonymousId } = await analytics.track('of the first').then(({ event }) => event);
              await analytics.identify(second, { name: 'Grace Hopper' });
              // Without reset(), as old versions of it go on.
              await analytics.setAnonymousId(anonymousId);
              await analytics.track('of the second');
              await analytics.track('of the second');
            },
            [first, second],
          );
        });
        const [ada, grace] = [await customerWith(server, 'USER_ID', first), await customerWith(server, 'USER_ID', second)];
        assert.notEqual(ada.id, grace.id);
        assert.deepEqual([ada.name, grace.name], ['Ada Lovelace', 'Grace Hopper']);
        const events = ({ items }) => items.filter(({ kind }) => kind === 'RECORD').map(({ text }) => text);
        assert.deepEqual(events(ada), ['of the first']);
        assert.deepEqual(events(grace), ['of the second', 'of the second']);
        assert.equal((await reviewsOf(server, grace)).length, 1);
      }, 60);

      await check('nothing was kept as refused', async () => {
        assert.deepEqual(await keptEvents(server, source), []);
      });
    } finally {
      await site.close();
    }
  },
};

/** How many records the customer has. */
async function countOf(server, userId) {
  const customer = await customerWith(server, 'USER_ID', userId);
  return customer?.stats.byKind.find(({ kind }) => kind === 'RECORD')?.count ?? 0;
}
