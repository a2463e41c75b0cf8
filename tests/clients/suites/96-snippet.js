import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { openPage, withBrowser } from '../harness/browser.js';
import { createSource, customerWith, keptEvents, openSite, reviewsOf, until } from '../harness/sources.js';

/** The snippet `/rapport.js`, on a website of another origin. */
export const suite = {
  name: 'Website snippet in Chromium',
  packages: ['playwright-core'],
  async run({ server, check }) {
    const source = await createSource(server, 'SEGMENT');
    const tag = `<script async src="${server.origin}/rapport.js" data-key="${source.writeKey}"></script>`;
    const page = (title, script = tag, more = '') => `<!doctype html><title>${title}</title>${script}${more}`;
    const early = (userId) => `<script>(window.rapport = window.rapport || []).push(['identify', '${userId}', { name: 'Early Bird' }]);</script>`;
    const policy = (connect) => ({
      'content-security-policy': `default-src 'none'; script-src ${server.origin}; connect-src ${connect}`,
    });
    const site = await openSite((path) => {
      const pages = {
        '/cars': { body: page('All cars') },
        '/twice': { body: page('Twice', tag + tag) },
        '/early': { body: page('Early', early('early-bird-of-all') + tag) },
        '/strict': { body: page('Strict'), headers: policy(server.origin) },
        '/stricter': { body: page('Stricter'), headers: policy("'none'") },
        '/sandbox': { body: page('Sandbox'), headers: { 'content-security-policy': 'sandbox allow-scripts' } },
        '/manual': { body: page('Manual', tag.replace('data-key', 'data-pages="manual" data-key')) },
        '/keyless': { body: page('Keyless', `<script src="${server.origin}/rapport.js"></script>`) },
      };
      return pages[path];
    });
    const visit = (path, act, options) =>
      withBrowser(async (context) => {
        const { page, complaints } = await openPage(context);
        const sent = [];
        page.on('request', (request) => request.url().startsWith(`${server.origin}/v1/`) && sent.push(request));
        if (options?.before) {
          await context.addInitScript(options.before);
        }
        await page.goto(`${site.origin}${path}`);
        await page.waitForFunction(() => window.rapport && window.rapport.version);
        const value = await act({ page, sent, complaints, context });
        if (!options?.complains) {
          assert.deepEqual(complaints, []);
        }
        return value;
      });
    const viewsOf = ({ items }) => items.filter(({ kind }) => kind === 'PAGE_VIEW').map(({ url, title }) => [url.replace(site.origin, ''), title]).reverse();
    const eventsOf = ({ items }) => items.filter(({ kind }) => kind === 'RECORD').map(({ text }) => text).reverse();
    const personWith = (kind, value, ready) =>
      until(`what ${value} did`, async () => {
        const customer = await customerWith(server, kind, value);
        return customer && ready(customer) && customer;
      });
    const anonymous = (page) => page.evaluate(() => JSON.parse(localStorage.getItem('rapport')).anonymousId);
    const newUser = () => `user-${randomUUID()}`;

    try {
      await check('it is served under 12 KB, for a while, to every origin', async () => {
        const answer = await fetch(`${server.origin}/rapport.js`, { headers: { origin: site.origin } });
        assert.equal(answer.status, 200);
        assert.match(answer.headers.get('content-type'), /^text\/javascript/);
        assert.match(answer.headers.get('cache-control'), /max-age=\d{3,}/);
        assert.equal(answer.headers.get('access-control-allow-origin'), '*');
        assert.ok((await answer.arrayBuffer()).byteLength < 12 * 1024);
      });

      await check('a page view at load, pushState, replaceState and back; once for each address', async () => {
        const id = await visit('/cars?sort=price', async ({ page }) => {
          await page.evaluate(async () => {
            const moved = (title) => {
              document.title = title;
            };
            history.replaceState({ scroll: 1 }, '', location.href);
            history.pushState({}, '', '/cars/42');
            moved('Roadster');
            await new Promise((next) => setTimeout(next, 400));
            history.pushState({}, '', '/cars/42#photos');
            history.replaceState({}, '', '/cars/43');
            moved('Coupé');
            // Nobody goes back in the very turn in which a page came.
            await new Promise((next) => setTimeout(next, 50));
            const popped = new Promise((next) => addEventListener('popstate', next, { once: true }));
            history.back();
            await popped;
            moved('Roadster');
          });
          const id = await anonymous(page);
          await personWith('ANONYMOUS_ID', id, (customer) => viewsOf(customer).length === 4);
          return id;
        });
        const customer = await customerWith(server, 'ANONYMOUS_ID', id);
        assert.deepEqual(viewsOf(customer), [
          ['/cars?sort=price', 'All cars'],
          ['/cars/42', 'Roadster'],
          ['/cars/43', 'Coupé'],
          ['/cars/42', 'Roadster'],
        ]);
      }, 60);

      await check('login and logout: what came before belongs to the person, what comes after to somebody else', async () => {
        const userId = newUser();
        const [before, after] = await visit('/cars', async ({ page }) => {
          const before = await anonymous(page);
          await page.evaluate((userId) => {
            window.rapport.identify(userId, { name: 'Ada Lovelace', email: `${userId}@shop.example`, plan: 'pro' });
            window.rapport.track('Car Saved', { car: 'roadster' });
          }, userId);
          await page.reload();
          await page.waitForFunction(() => window.rapport && window.rapport.version);
          await page.evaluate(() => {
            window.rapport.page('Checkout', { url: 'https://shop.example/checkout', title: 'Checkout' });
            window.rapport.reset();
            window.rapport.track('After the logout');
          });
          const after = await anonymous(page);
          await personWith('ANONYMOUS_ID', after, (customer) => eventsOf(customer).length === 1);
          return [before, after];
        });
        const ada = await customerWith(server, 'USER_ID', userId);
        assert.equal((await customerWith(server, 'ANONYMOUS_ID', before)).id, ada.id);
        assert.deepEqual([ada.name, ada.primaryEmail, ada.traits], ['Ada Lovelace', `${userId}@shop.example`, { plan: 'pro' }]);
        assert.deepEqual(viewsOf(ada), [['/cars', 'All cars'], ['/cars', 'All cars'], ['https://shop.example/checkout', 'Checkout']]);
        assert.deepEqual(eventsOf(ada), ['Car Saved']);
        const other = await customerWith(server, 'ANONYMOUS_ID', after);
        assert.notEqual(other.id, ada.id);
        assert.deepEqual(eventsOf(other), ['After the logout']);
      }, 60);

      await check('two people at one browser without reset() are two customers, with one review', async () => {
        const [first, second] = [newUser(), newUser()];
        await visit('/cars', async ({ page }) => {
          await page.evaluate(
            ([first, second]) => {
              window.rapport.identify(first, { name: 'Ada Lovelace' });
              window.rapport.track('of the first');
              window.rapport.identify(second, { name: 'Grace Hopper' });
              window.rapport.track('of the second');
              window.rapport.track('of the second');
            },
            [first, second],
          );
          await personWith('USER_ID', second, (customer) => eventsOf(customer).length === 2);
        });
        const [ada, grace] = [await customerWith(server, 'USER_ID', first), await customerWith(server, 'USER_ID', second)];
        assert.notEqual(ada.id, grace.id);
        assert.deepEqual([ada.name, grace.name], ['Ada Lovelace', 'Grace Hopper']);
        assert.deepEqual([eventsOf(ada), viewsOf(ada)], [['of the first'], [['/cars', 'All cars']]]);
        assert.deepEqual([eventsOf(grace), viewsOf(grace)], [['of the second', 'of the second'], []]);
        assert.equal((await reviewsOf(server, grace)).length, 1);
      }, 60);

      await check('calls before it is there are made, in order', async () => {
        await visit('/early', ({ page }) =>
          personWith('USER_ID', 'early-bird-of-all', (customer) => viewsOf(customer).length === 1 && customer.name === 'Early Bird'),
        );
      });

      await check('included twice, it counts once', async () => {
        await visit('/twice', async ({ page, sent }) => {
          await page.evaluate(() => history.pushState({}, '', '/twice/on'));
          const customer = await personWith('ANONYMOUS_ID', await anonymous(page), (customer) => viewsOf(customer).length >= 2);
          assert.deepEqual(viewsOf(customer), [['/twice', 'Twice'], ['/twice/on', 'Twice']]);
          const events = sent.flatMap((request) => JSON.parse(request.postData()).batch);
          assert.equal(events.length, 2);
        });
      });

      const countOf = async (userId) => (await customerWith(server, 'USER_ID', userId))?.stats.byKind.find(({ kind }) => kind === 'RECORD')?.count;
      const leaving = (page, userId, count) =>
        page.evaluate(
          ([userId, count]) => {
            window.rapport.identify(userId);
            for (let n = 0; n < count; n += 1) {
              window.rapport.track(`event ${n}`, { text: 'x'.repeat(400) });
            }
            location.href = 'about:blank';
          },
          [userId, count],
        );

      await check('what was said last is sent when the page is left', async () => {
        const userId = newUser();
        await visit('/cars', async ({ page, sent }) => {
          await leaving(page, userId, 40);
          await page.waitForURL('about:blank');
          await until('40 events', async () => (await countOf(userId)) === 40);
          assert.ok(sent.some((request) => request.resourceType() === 'ping'), sent.map((request) => request.resourceType()).join());
        });
      }, 60);

      await check('what is too much for that waits for the next page, and arrives once', async () => {
        const userId = newUser();
        await visit('/cars', async ({ page }) => {
          await leaving(page, userId, 150);
          await page.waitForURL('about:blank');
          const first = await until('the first events', () => countOf(userId));
          assert.ok(first < 150, `${first} events`);
          await page.goto(`${site.origin}/cars`);
          await until('150 events', async () => (await countOf(userId)) === 150);
        });
      }, 60);

      await check('where storage is blocked, it remembers for as long as the page lasts', async () => {
        const userId = newUser();
        const before = () => Object.defineProperty(window, 'localStorage', { get: () => { throw new DOMException('blocked', 'SecurityError'); } });
        await visit('/cars', async ({ page }) => {
          await page.evaluate((userId) => window.rapport.identify(userId), userId);
          await page.evaluate(() => history.pushState({}, '', '/cars/1'));
          const customer = await personWith('USER_ID', userId, (customer) => viewsOf(customer).length === 2);
          assert.deepEqual(viewsOf(customer).map(([url]) => url), ['/cars', '/cars/1']);
        }, { before });
      });

      await check('in a sandboxed page of no origin', async () => {
        const userId = newUser();
        await visit('/sandbox', async ({ page }) => {
          await page.evaluate((userId) => window.rapport.identify(userId), userId);
          await personWith('USER_ID', userId, (customer) => viewsOf(customer).length === 1);
        });
      });

      await check('under a Content-Security-Policy that names the server', async () => {
        await visit('/strict', async ({ page }) => {
          await personWith('ANONYMOUS_ID', await anonymous(page), (customer) => viewsOf(customer).length === 1);
        });
      });

      await check('under one that forbids it, the page lives on, and the console says why', async () => {
        await visit('/stricter', async ({ page, complaints, sent }) => {
          await until('a word in the console', () => complaints.some((text) => text.includes('connect-src must allow it')));
          await page.evaluate(() => {
            window.rapport.track('never seen');
            history.pushState({}, '', '/stricter/on');
          });
          assert.equal(await page.evaluate(() => location.pathname), '/stricter/on');
          assert.deepEqual(sent.filter((request) => request.failure() === null && request.timing().responseEnd > 0), []);
        }, { complains: true });
      });

      await check('while the server is away, events wait; then they arrive once', async () => {
        const userId = newUser();
        await visit('/cars', async ({ page, context }) => {
          await personWith('ANONYMOUS_ID', await anonymous(page), (customer) => viewsOf(customer).length === 1);
          let refused = 0;
          await context.route('**/v1/batch', (route) => {
            refused += 1;
            return refused <= 2 ? route.fulfill({ status: refused === 1 ? 503 : 429, headers: { 'access-control-allow-origin': '*' } }) : route.continue();
          });
          await page.evaluate((userId) => {
            window.rapport.identify(userId);
            window.rapport.track('patient');
          }, userId);
          const customer = await personWith('USER_ID', userId, (customer) => eventsOf(customer).length > 0);
          assert.deepEqual(eventsOf(customer), ['patient']);
          assert.equal(refused, 3);
        }, { complains: true });
      }, 60);

      await check('bad calls break nothing, and are named in the console', async () => {
        const userId = newUser();
        await visit('/manual', async ({ page, complaints }) => {
          await page.evaluate((userId) => {
            const circle = {};
            circle.circle = circle;
            window.rapport.track('round', circle);
            window.rapport.push(['fly', 'away']);
            window.rapport.push('__proto__');
            window.rapport.push(null);
            window.rapport.identify(null);
            window.rapport.identify(userId, 'no traits');
            window.rapport.track('whole', { a: 1 });
          }, userId);
          const customer = await personWith('USER_ID', userId, (customer) => eventsOf(customer).length > 0);
          assert.deepEqual([eventsOf(customer), viewsOf(customer)], [['whole'], []]);
          assert.ok(complaints.every((text) => text.startsWith('rapport: ')), complaints.join());
        }, { complains: true });
        await visit('/keyless', async ({ page, complaints, sent }) => {
          await page.evaluate(() => window.rapport.track('nowhere'));
          assert.deepEqual(complaints, ['rapport: the script needs its src and a data-key']);
          assert.deepEqual(sent, []);
        }, { complains: true });
      }, 60);

      await check('nothing was kept as refused', async () => {
        assert.deepEqual(await keptEvents(server, source), []);
      });
    } finally {
      await site.close();
    }
  },
};
