import assert from 'node:assert/strict';

import { message, people, record } from '../kit/data.mjs';

/** Signing in, a token that ends, signing out, the worker. */
export const suite = {
  about: 'sign-in, ended and wrong tokens, sign-out in all tabs, limits, the shell offline',
  async run({ stage, check }) {
    const { rapport, line } = stage;
    const { ada } = await people(rapport);
    const rows = (page) => page.locator('ol.rows > li');

    await check('sign-in: the server says what is wrong, then the page is there under the same address', async () => {
      const page = await stage.open(`/app/customers/${ada}`, { token: null, expectTrouble: true });
      await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
      await page.getByLabel('Token').fill('not-a-token');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
      assert.ok((await page.getByRole('alert').innerText()).trim().length > 10);
      await page.getByLabel('Token').fill(rapport.agent);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { level: 1, name: 'Ada Lovelace' }).waitFor();
      assert.equal(await page.evaluate(() => localStorage.getItem('rapport.token')), null);
      await page.reload();
      await page.getByRole('heading', { level: 1, name: 'Ada Lovelace' }).waitFor();
    });

    await check('Keep me signed in here: another tab needs no token; sign-out empties both', async () => {
      const page = await stage.open('/app', { token: null, expectTrouble: true });
      await page.getByLabel('Token').fill(rapport.agent);
      await page.getByRole('checkbox', { name: 'Keep me signed in here' }).check();
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('Ada Lovelace').waitFor();
      const second = await stage.tab(page.context(), `/app/customers/${ada}`, { token: null, expectTrouble: true });
      await second.getByRole('heading', { level: 1, name: 'Ada Lovelace' }).waitFor();
      await page.getByRole('button', { name: 'Account' }).click();
      await page.getByRole('button', { name: 'Sign out' }).click();
      for (const tab of [page, second]) {
        await tab.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
        assert.equal(await tab.getByText('Ada Lovelace').count(), 0, 'data stays after the sign-out');
        assert.equal(await tab.evaluate(() => [localStorage.getItem('rapport.token'), sessionStorage.getItem('rapport.token')].join('')), '');
      }
    });

    await check('a token that ends: sign-in over the page, the draft is kept, then on in place', async () => {
      const page = await stage.open(`/app/customers/${ada}`, { token: rapport.token('agent', { expiresIn: '12s' }), expectTrouble: true });
      await rows(page).first().waitFor();
      await page.getByRole('button', { name: 'Merge with…' }).waitFor();
      await rows(page).first().focus();
      await page.keyboard.press('c');
      await page.keyboard.type('half a thought');
      await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor({ timeout: 35_000 });
      await record(rapport, message('ada@example.com', 'while signed out'));
      await page.getByLabel('Token').fill(rapport.agent);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('while signed out').waitFor();
      assert.equal(await page.getByRole('textbox', { name: 'Comment' }).inputValue(), 'half a thought');
      assert.equal(await page.title(), 'Ada Lovelace · rapport');
      assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Comment', 'the focus is elsewhere');
      await page.getByRole('status', { name: 'Connection' }).getByText('Live').waitFor();
    });

    await check('a token pasted into the address of an open page', async () => {
      const page = await stage.open('/app', { token: rapport.agent });
      await page.getByText('Ada Lovelace').waitFor();
      assert.equal(await page.getByRole('link', { name: 'Settings' }).count(), 0);
      await page.evaluate((token) => {
        location.hash = `token=${token}`;
      }, rapport.admin);
      await page.getByRole('link', { name: 'Settings' }).waitFor();
      assert.equal(new URL(page.url()).hash, '');
    });

    await check('a token of the role ingest reads nothing', async () => {
      const page = await stage.open('/app', { token: rapport.token('ingest'), expectTrouble: true });
      await page.getByRole('heading', { level: 1, name: 'This token records only' }).waitFor();
    });

    await check('RATE_LIMITED is waited for', async () => {
      const page = await stage.open('/app', { expectTrouble: true });
      await page.getByText('Ada Lovelace').waitFor();
      let refused = 0;
      await page.route('**/graphql', async (route) => {
        if (route.request().postData()?.startsWith('{"query":"query CustomerPage') && refused < 1) {
          refused += 1;
          await route.fulfill({ status: 429, headers: { 'retry-after': '1', 'x-request-id': 'abc' }, json: { errors: [{ message: 'too much', extensions: { code: 'RATE_LIMITED' } }] } });
        } else {
          await route.continue();
        }
      });
      await page.getByText('Ada Lovelace').click();
      await page.getByRole('region', { name: 'Profile' }).waitFor();
      assert.equal(refused, 1);
    });

    await check('an error is told with Try again and the id of the request', async () => {
      const page = await stage.open('/app', { expectTrouble: true });
      await page.getByText('Ada Lovelace').waitFor();
      let broken = true;
      await page.route('**/graphql', async (route) => {
        if (broken && route.request().postData()?.includes('query Reviews')) {
          await route.fulfill({ status: 500, headers: { 'x-request-id': 'req-77' }, json: { errors: [{ message: 'internal error', extensions: { code: 'INTERNAL' } }] } });
        } else {
          await route.continue();
        }
      });
      await page.getByRole('link', { name: 'Reviews' }).click();
      await page.getByRole('alert').getByText('req-77').waitFor();
      broken = false;
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('Nothing to decide').waitFor();
    });

    await check('the worker keeps the shell, and no answer of the API', async () => {
      const page = await stage.open('/app', { serviceWorkers: 'allow', expectTrouble: true });
      await page.getByText('Ada Lovelace').waitFor();
      await page.evaluate(() => navigator.serviceWorker.ready);
      const kept = await page.evaluate(async () => {
        const all = [];
        for (const name of await caches.keys()) all.push(...(await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname));
        return all.sort();
      });
      assert.ok(kept.includes('/app') && kept.some((name) => name.endsWith('.js')) && kept.every((name) => name.startsWith('/app')), kept.join());
      line.cut();
      await page.reload();
      await page.getByRole('navigation', { name: 'Main' }).waitFor();
      await page.getByRole('alert').getByText('cannot be reached').waitFor();
      line.mend();
      await page.getByText('Ada Lovelace').waitFor({ timeout: 20_000 });
    });

    await check('the browser is offline: it says so, what is there stays', async () => {
      const page = await stage.open('/app', { expectTrouble: true });
      await page.getByText('Ada Lovelace').waitFor();
      await page.getByRole('status', { name: 'Connection' }).getByText('Live').waitFor();
      await page.context().setOffline(true);
      await page.getByRole('status', { name: 'Connection' }).getByText('Offline').waitFor();
      await page.getByText('Ada Lovelace').waitFor();
      await page.context().setOffline(false);
      await page.getByRole('status', { name: 'Connection' }).getByText('Live').waitFor();
    });
  },
};
