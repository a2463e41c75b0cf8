import assert from 'node:assert/strict';

import { heldLink, people } from '../kit/data.mjs';

/** The main paths of each screen, by role and name. */
export const suite = {
  about: 'frame, customers, search, reviews, settings, audit log',
  async run({ stage, check }) {
    const { ada } = await people(stage.rapport);

    await check('the frame: skip link first, navigation, statuses, account', async () => {
      const page = await stage.open('/app');
      await page.getByRole('status', { name: 'Connection' }).getByText('Live').waitFor();
      assert.equal(new URL(page.url()).hash, '', 'the token stays in the address');
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to content');
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate(() => document.activeElement.tagName), 'MAIN');
      const nav = page.getByRole('navigation', { name: 'Main' });
      assert.deepEqual(await nav.getByRole('link').allInnerTexts(), ['Customers', 'Live feed', 'Reviews', 'Settings', 'Audit log']);
      await page.getByRole('status', { name: 'Announcements' }).waitFor({ state: 'attached' });
      await page.getByRole('button', { name: 'Account' }).click();
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Sign out' }).waitFor({ state: 'detached' });
    });

    await check('customers: list, order, filter in the address, open, Back', async () => {
      const page = await stage.open('/app');
      const list = page.getByRole('list', { name: 'Customers' });
      await list.getByRole('listitem').nth(3).waitFor();
      await page.getByRole('combobox', { name: 'Order' }).selectOption('NAME_ASC');
      await page.waitForURL(/order=NAME_ASC/);
      await list.getByRole('listitem').nth(1).getByText('Ada Lovelace').waitFor();
      await page.getByRole('combobox', { name: 'Stage' }).selectOption('LEAD');
      await page.getByText('Nobody matches').waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await list.getByText('Ada Lovelace').click();
      await page.getByRole('heading', { level: 1, name: 'Ada Lovelace' }).waitFor();
      assert.equal(await page.title(), 'Ada Lovelace · rapport');
      await page.goBack();
      await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
      assert.match(page.url(), /order=NAME_ASC/);
      await page.waitForFunction(() => document.activeElement.textContent.includes('Ada Lovelace'));
      await page.keyboard.press('j');
      await page.keyboard.press('k');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Ada Lovelace' }).waitFor();
    });

    await check('search: people while typing, nobody found, the page of results', async () => {
      const page = await stage.open('/app');
      const box = page.getByRole('combobox', { name: 'Search people' });
      await box.fill('0100');
      const options = page.getByRole('listbox', { name: 'Search results' }).getByRole('option');
      await options.first().waitFor();
      assert.match(await options.first().innerText(), /^Ada Lovelace/);
      await box.fill('qqqqzzzz');
      await page.getByText('Nobody found').waitFor();
      await box.fill('hopper');
      await options.first().getByText('Grace Hopper').waitFor();
      await box.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Grace Hopper' }).waitFor();
      await page.goto(`${stage.origin}/app/search?q=stainless`);
      await page.getByRole('heading', { level: 1, name: 'Search' }).waitFor();
      await page.getByRole('list', { name: 'Search results' }).getByText('stainless').waitFor();
    });

    await check('search: a late answer never wins', async () => {
      const page = await stage.open('/app');
      await page.getByRole('status', { name: 'Connection' }).getByText('Live').waitFor();
      let held;
      await page.route('**/graphql', async (route) => {
        if (route.request().postData()?.includes('"ad"')) {
          held = route;
        } else {
          await route.continue();
        }
      });
      const box = page.getByRole('combobox', { name: 'Search people' });
      await box.fill('ad');
      await page.waitForTimeout(120);
      await box.fill('grace');
      await page.getByRole('option').first().getByText('Grace Hopper').waitFor();
      await held?.continue().catch(() => {});
      await page.waitForTimeout(200);
      assert.match(await page.getByRole('option').first().innerText(), /^Grace Hopper/);
    });

    await check('not found: a person, a page', async () => {
      const page = await stage.open('/app/customers/QwAAnope');
      await page.getByRole('heading', { level: 1, name: 'Not found' }).waitFor();
      await page.goto(`${stage.origin}/app/no/such/page`);
      await page.getByRole('heading', { level: 1, name: 'Not found' }).waitFor();
    });

    await check('reviews: join and undo, keep apart and undo', async () => {
      await heldLink(stage.rapport, 'nina');
      await heldLink(stage.rapport, 'otto');
      const page = await stage.open('/app/reviews');
      const list = page.getByRole('list', { name: 'Held links' });
      await list.getByRole('button', { name: 'Join' }).nth(1).waitFor();
      const first = list.locator(':scope > li').nth(0);
      await first.getByRole('button', { name: 'Join' }).click();
      await first.getByRole('status').getByText('Joined').waitFor();
      await first.getByRole('button', { name: 'Undo' }).click();
      await first.getByText('Taken back').waitFor();
      const second = list.locator(':scope > li').nth(1);
      await second.getByRole('button', { name: 'Keep apart' }).click();
      await second.getByRole('status').getByText('Kept apart').waitFor();
      await second.getByRole('button', { name: 'Undo' }).click();
      await second.getByText('Taken back').waitFor();
      const { linkReviews } = await stage.rapport.ask('{ linkReviews { nodes { id } } }');
      assert.equal(linkReviews.nodes.length, 0);
    });

    await check('settings: save, wrong value, conflict with what changed', async () => {
      const page = await stage.open('/app/settings');
      await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
      await page.getByRole('spinbutton', { name: 'Values per kind' }).fill('90');
      await page.getByRole('checkbox', { name: 'Verified only' }).check();
      await page.getByRole('button', { name: 'Save settings' }).click();
      await page.getByRole('status').getByText('Saved', { exact: true }).first().waitFor();
      const { tenantSettings } = await stage.rapport.ask('{ tenantSettings { version guards { maxValuesPerKind verifiedOnly } } }');
      assert.deepEqual(tenantSettings.guards, { maxValuesPerKind: 90, verifiedOnly: true });
      await page.getByLabel('Region').fill('ZZ');
      await page.getByRole('button', { name: 'Save settings' }).click();
      await page.getByRole('alert').waitFor();
      await page.getByLabel('Region').fill('DE');
      await stage.rapport.ask('mutation { updateTenantSettings(input: { guards: { maxContacts: 1500, verifiedOnly: false } }) { userErrors { message } } }');
      await page.getByRole('button', { name: 'Save settings' }).click();
      await page.getByRole('alert').getByText('2,000 → 1,500').or(page.getByRole('alert').getByText('2000 → 1500')).waitFor();
      assert.equal(await page.getByLabel('Region').inputValue(), 'DE', 'what was typed is lost');
      assert.equal(await page.getByRole('spinbutton', { name: 'Contacts per customer' }).inputValue(), '1500');
      await Promise.all([page.waitForResponse((answer) => answer.request().postData()?.includes('SaveSettings') ?? false), page.getByRole('button', { name: 'Save settings' }).click()]);
      const after = await stage.rapport.ask('{ tenantSettings { region guards { maxContacts } } }');
      assert.deepEqual(after.tenantSettings, { region: 'DE', guards: { maxContacts: 1500 } });
      await stage.rapport.ask('mutation { updateTenantSettings(input: { region: "US" }) { userErrors { message } } }');
    });

    await check('settings: blocked values and rules for pages', async () => {
      const page = await stage.open('/app/settings');
      await page.getByRole('button', { name: 'Add a value' }).click();
      await page.getByRole('textbox', { name: 'Value' }).fill('office@shop.example');
      await page.getByRole('textbox', { name: 'Reason' }).fill('our own');
      await page.getByRole('button', { name: 'Add a rule' }).click();
      await page.getByRole('textbox', { name: 'Pattern' }).fill('/cars/:object');
      await page.getByRole('spinbutton', { name: 'Days that history is kept' }).fill('900');
      await page.getByRole('button', { name: 'Save settings' }).click();
      await page.getByRole('status').getByText('Saved', { exact: true }).first().waitFor();
      const { tenantSettings } = await stage.rapport.ask('{ tenantSettings { historyDays blocked { value reason } pageRules { rules { pattern } } } }');
      assert.deepEqual(tenantSettings, { historyDays: 900, blocked: [{ value: 'office@shop.example', reason: 'our own' }], pageRules: { rules: [{ pattern: '/cars/:object' }] } });
    });

    await check('audit log: a table that tells what was done', async () => {
      const page = await stage.open('/app/audit');
      await page.getByRole('heading', { level: 1, name: 'Audit log' }).waitFor();
      await page.getByRole('table', { name: 'Audit log' }).getByText('Changed settings').first().waitFor();
    });

    await check('the admins’ screens come with the first of them, and one that does not come says so', async () => {
      const page = await stage.open('/app/customers', { expectTrouble: true });
      const asked = [];
      page.on('request', (request) => request.url().endsWith('.admin.js') && asked.push(request.url()));
      const main = page.getByRole('navigation', { name: 'Main' });
      await main.getByRole('link', { name: 'Settings' }).waitFor();
      assert.equal(asked.length, 0, 'the page brings the screens of admins along');
      await main.getByRole('link', { name: 'Settings' }).click();
      await page.getByRole('button', { name: 'Save settings' }).waitFor();
      await main.getByRole('link', { name: 'Audit log' }).click();
      await page.getByRole('table', { name: 'Audit log' }).waitFor();
      assert.equal(asked.length, 1, asked.join());
      const file = await page.request.get(asked[0]);
      assert.match(file.headers()['cache-control'], /immutable/);
      assert.match(file.headers()['content-security-policy'], /script-src 'self'/);
      let broken = true;
      await page.route('**/*.admin.js', (route) => (broken ? route.abort() : route.fallback()));
      await page.goto(`${stage.origin}/app/feed`);
      await page.reload();
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
      await page.getByText('This page could not be loaded').waitFor();
      broken = false;
      await page.getByRole('button', { name: 'Load again' }).click();
      await page.getByRole('button', { name: 'Save settings' }).waitFor();
    });

    await check('others see neither settings nor audit log, and a viewer writes nothing', async () => {
      const agent = await stage.open('/app/settings', { token: stage.rapport.agent });
      await agent.getByRole('heading', { level: 1, name: 'Admins only' }).waitFor();
      assert.deepEqual(await agent.getByRole('navigation', { name: 'Main' }).getByRole('link').allInnerTexts(), ['Customers', 'Live feed', 'Reviews']);
      await agent.goto(`${stage.origin}/app/audit`);
      await agent.getByRole('heading', { level: 1, name: 'Admins only' }).waitFor();
      await agent.goto(`${stage.origin}/app/customers/${ada}`);
      await agent.getByRole('button', { name: 'Merge with…' }).waitFor();
      assert.equal(await agent.getByRole('button', { name: 'Erase…' }).count(), 0);
      const viewer = await stage.open(`/app/customers/${ada}`, { token: stage.rapport.token('viewer') });
      await viewer.getByRole('region', { name: 'History' }).getByRole('listitem').first().waitFor();
      assert.equal(await viewer.getByRole('button', { name: /Merge with|Split|Comment|Edit/ }).count(), 0);
    });
  },
};
