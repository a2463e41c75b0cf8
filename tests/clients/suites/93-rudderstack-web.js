import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { openPage, withBrowser } from '../harness/browser.js';
import { createSource, customerWith, keptEvents, openSite, reviewsOf, until } from '../harness/sources.js';

const SDK = new URL('../node_modules/@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js', import.meta.url);
const PAGE = '<!doctype html><title>All cars</title><script src="/sdk.js"></script>';

/** RudderStack's SDK for websites, on a website of another origin: sourceConfig, CORS, single calls and beacons. */
export const suite = {
  name: 'RudderStack, @rudderstack/analytics-js in Chromium',
  packages: ['@rudderstack/analytics-js', 'playwright-core'],
  async run({ server, check }) {
    const source = await createSource(server, 'SEGMENT');
    const site = await openSite((path) => (path === '/sdk.js' ? { type: 'text/javascript', body: readFileSync(SDK) } : { body: PAGE }));
    const inBrowser = (visit) =>
      withBrowser(async (context) => {
        const { page, complaints } = await openPage(context);
        const done = [];
        page.on('response', (response) => done.push(`${response.request().method()} ${new URL(response.url()).pathname} ${response.status()}`));
        await page.goto(`${site.origin}/cars/42`);
        await page.evaluate(
          ({ writeKey, origin }) => {
            window.begin = async (more = {}) => {
              const analytics = new window.rudderanalytics.RudderAnalytics();
              analytics.load(writeKey, origin, { configUrl: origin, ...more });
              await new Promise((ready) => analytics.ready(ready));
              return analytics;
            };
          },
          { writeKey: source.writeKey, origin: server.origin },
        );
        await visit({ page, done });
        assert.deepEqual(complaints, []);
      });
    const answered = (done, path, count) => until(`${count} answers of ${path}`, () => done.filter((line) => line === `POST ${path} 200`).length >= count);

    try {
      await check('its source is found; the views before a login are the person\'s', async () => {
        const userId = `user-${randomUUID()}`;
        await inBrowser(async ({ page, done }) => {
          await page.evaluate(async (userId) => {
            const analytics = await window.begin();
            analytics.page();
            analytics.track('Car Viewed', { car: 'roadster' });
            analytics.identify(userId, { name: 'Ada Lovelace', email: `${userId}@shop.example`, plan: 'pro' });
            analytics.track('Car Bought');
            analytics.group('g-1', { name: 'Analytical Engines' });
          }, userId);
          await answered(done, '/v1/track', 2);
          await answered(done, '/v1/group', 1);
          assert.ok(done.includes('GET /sourceConfig/ 200'), done.join());
        });
        const customer = await customerWith(server, 'USER_ID', userId);
        assert.equal(customer.name, 'Ada Lovelace');
        assert.equal(customer.primaryEmail, `${userId}@shop.example`);
        assert.deepEqual(customer.traits, { plan: 'pro' });
        const items = customer.items.filter(({ kind }) => kind !== 'IDENTITY');
        assert.deepEqual(items.map(({ url, text }) => url ?? text).sort(), ['Analytical Engines', 'Car Bought', 'Car Viewed', `${site.origin}/cars/42`]);
        const view = items.find(({ url }) => url);
        assert.equal(view.channel, 'WEB');
        assert.match(view.sessionId, /^\d+$/);
      }, 60);

      await check('beacons, when the page is left', async () => {
        const userId = `user-${randomUUID()}`;
        await inBrowser(async ({ page }) => {
          await page.evaluate(async (userId) => {
            const analytics = await window.begin({ useBeacon: true, beaconQueue: { flushQueueInterval: 3_600_000 } });
            analytics.identify(userId);
            for (let n = 0; n < 5; n += 1) {
              analytics.track(`event ${n}`);
            }
          }, userId);
          await page.goto('about:blank');
          const customer = await until('the beacon', async () => {
            const customer = await customerWith(server, 'USER_ID', userId);
            return customer?.items.filter(({ kind }) => kind === 'RECORD').length === 5 && customer;
          });
          assert.ok(customer);
        });
      }, 60);

      await check('two people at one browser are two customers, with one review', async () => {
        const [first, second] = [`user-${randomUUID()}`, `user-${randomUUID()}`];
        await inBrowser(async ({ page, done }) => {
          await page.evaluate(
            async ([first, second]) => {
              const analytics = await window.begin();
              analytics.identify(first, { name: 'Ada Lovelace' });
              analytics.track('of the first');
              analytics.identify(second, { name: 'Grace Hopper' });
              analytics.track('of the second');
            },
            [first, second],
          );
          await answered(done, '/v1/track', 2);
        });
        const [ada, grace] = [await customerWith(server, 'USER_ID', first), await customerWith(server, 'USER_ID', second)];
        assert.notEqual(ada.id, grace.id);
        assert.deepEqual([ada.name, grace.name], ['Ada Lovelace', 'Grace Hopper']);
        const events = ({ items }) => items.filter(({ kind }) => kind === 'RECORD').map(({ text }) => text);
        assert.deepEqual([events(ada), events(grace)], [['of the first'], ['of the second']]);
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
