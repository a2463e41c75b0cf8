import assert from 'node:assert/strict';

import { call, heldLink, identify, message, people, record, updateCall } from '../kit/data.mjs';
import { axe, sizes } from '../kit/stage.mjs';

/** axe-core computes for long on a busy machine. */
const SLOW = 150_000;

/** axe-core on every screen and dialog, at both widths, light and dark; and nothing scrolls sideways. */
export const suite = {
  about: 'axe-core (WCAG 2.2 AA and best practice) on every screen and dialog',
  async run({ stage, check }) {
    const { rapport } = stage;
    const { ada, grace, bob } = await people(rapport);
    await identify(rapport, { email: 'a.da@gmail.com', name: 'Dotted' });
    await identify(rapport, { email: 'ada@gmail.com', name: 'Undotted' });
    await heldLink(rapport, 'nina');
    await rapport.ask('mutation($ids: [ID!]!) { mergeCustomers(input: {customerIds: $ids, reason: "told us"}) { userErrors { message } } }', { ids: [ada, bob] });
    const [first] = await record(rapport, message('ada@example.com', 'مرحبا، هل السيارة متاحة؟'));
    await rapport.ask('mutation($id: ID!) { addComment(input: {itemId: $id, text: "see https://help.example/1"}) { userErrors { message } } }', { id: first });

    const clean = async (page, where) => {
      stage.at = where;
      assert.deepEqual(await axe(page), [], where);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      const { width } = page.viewportSize();
      assert.ok(wide <= width, `${where} is ${wide} px wide`);
    };
    const screens = {
      customers: ['/app', (page) => page.getByRole('list', { name: 'Customers' }).waitFor()],
      'customers, nobody': ['/app?stage=LEAD', (page) => page.getByText('Nobody matches').waitFor()],
      search: ['/app/search?q=roadster', (page) => page.getByRole('list', { name: 'Search results' }).waitFor()],
      'search, empty': ['/app/search', (page) => page.getByText('Find a person, or words of a history').waitFor()],
      customer: [`/app/customers/${ada}`, (page) => page.getByRole('list', { name: 'History' }).waitFor()],
      'customer, no history': [`/app/customers/${grace}?q=zzz`, (page) => page.getByText('No items match').waitFor()],
      feed: ['/app/feed', (page) => page.getByRole('list', { name: 'Live feed' }).waitFor()],
      reviews: ['/app/reviews', (page) => page.getByRole('button', { name: 'Join' }).waitFor()],
      settings: ['/app/settings', (page) => page.getByRole('button', { name: 'Save settings' }).waitFor()],
      'audit log': ['/app/audit', (page) => page.getByRole('table', { name: 'Audit log' }).getByRole('row').nth(1).waitFor()],
      'not found': ['/app/nothing', (page) => page.getByRole('heading', { name: 'Not found' }).waitFor()],
    };
    const actions = async (page, name) => {
      const toggle = page.getByRole('button', { name: 'Actions' });
      if (await toggle.isVisible()) await toggle.click();
      await page.getByRole('button', { name }).click();
    };
    const details = async (page) => {
      const toggle = page.getByRole('button', { name: 'Addresses, merges and activity' });
      if (await toggle.isVisible()) await toggle.click();
    };
    const dialogs = {
      'Why linked': async (page) => {
        await page.getByRole('button', { name: /^Why linked/ }).first().click();
        await page.getByRole('list', { name: 'Evidence' }).getByRole('listitem').first().waitFor();
      },
      Merge: async (page) => {
        await actions(page, 'Merge with…');
        await page.getByRole('combobox', { name: 'Find the other person' }).fill('grace');
        await page.getByRole('dialog').getByRole('option').first().click();
        await page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).waitFor();
      },
      Split: (page) => actions(page, 'Split…'),
      Erase: async (page) => {
        await actions(page, 'Erase…');
        await page.getByRole('dialog').getByRole('table').waitFor();
      },
      'Undo merge': (page) => page.getByRole('region', { name: 'Merges' }).getByRole('button', { name: 'Undo merge' }).click(),
      'Edit profile': (page) => page.getByRole('region', { name: 'Profile' }).getByRole('button', { name: 'Edit' }).click(),
      'Keyboard shortcuts': (page) => page.keyboard.press('?'),
    };
    for (const [width, size] of Object.entries(sizes)) {
      for (const scheme of ['light', 'dark']) {
        await check(`screens: ${width}, ${scheme}`, async () => {
          const page = await stage.open('/app', { size, scheme });
          for (const [name, [path, ready]] of Object.entries(screens)) {
            stage.at = `on the way to ${name}`;
            await page.goto(stage.origin + path);
            await ready(page);
            await clean(page, name);
          }
        }, SLOW);
        await check(`dialogs and pop-ups: ${width}, ${scheme}`, async () => {
          const page = await stage.open(`/app/customers/${ada}`, { size, scheme });
          await page.getByRole('list', { name: 'History' }).waitFor();
          await page.getByRole('heading', { level: 1 }).waitFor();
          await details(page);
          for (const [name, open] of Object.entries(dialogs)) {
            stage.at = `on the way to ${name}`;
            await open(page);
            const dialog = page.getByRole('dialog', { name, exact: true });
            await dialog.waitFor();
            await clean(page, name);
            await dialog.getByRole('button', { name: 'Close' }).click();
            await dialog.waitFor({ state: 'detached' });
          }
          await page.getByRole('button', { name: 'Account' }).click();
          await page.getByRole('button', { name: 'Sign out' }).waitFor();
          await clean(page, 'account');
          await page.keyboard.press('Escape');
          await page.getByRole('combobox', { name: 'Search people' }).fill('a');
          await page.getByRole('option').first().waitFor();
          await clean(page, 'search results');
          await page.getByRole('combobox', { name: 'Search people' }).fill('zzzzqq');
          await page.getByText('Nobody found').waitFor();
          await clean(page, 'nobody found');
          await page.getByRole('combobox', { name: 'Search people' }).fill('');
          const row = page.locator('ol.rows > li').first();
          await row.getByRole('button', { name: 'Comment' }).click();
          await row.getByRole('textbox', { name: 'Comment' }).fill('so far');
          await clean(page, 'composer');
          const id = `ring-${width}-${scheme}`;
          await record(rapport, call('ada@example.com', id));
          await page.getByRole('dialog', { name: 'Incoming call' }).waitFor();
          await clean(page, 'call');
          await updateCall(rapport, id, 'MISSED');
          await page.getByRole('dialog', { name: 'Incoming call' }).waitFor({ state: 'detached' });
        }, SLOW);
      }
    }
    await check('sign-in and admins only, both widths', async () => {
      for (const size of Object.values(sizes)) {
        const page = await stage.open('/app', { token: null, size, expectTrouble: true });
        await page.getByRole('heading', { name: 'Sign in' }).waitFor();
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('alert').waitFor();
        await clean(page, 'sign-in');
        const agent = await stage.open('/app/audit', { token: rapport.agent, size });
        await agent.getByRole('heading', { name: 'Admins only' }).waitFor();
        await clean(agent, 'admins only');
      }
    });
  },
};
