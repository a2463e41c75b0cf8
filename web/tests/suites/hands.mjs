import assert from 'node:assert/strict';

import { call, heldLink, people, record, updateCall } from '../kit/data.mjs';
import { sizes } from '../kit/stage.mjs';

/** With the keyboard alone, and with a thumb. */
export const suite = {
  about: 'the keyboard alone; a phone',
  async run({ stage, check }) {
    const { rapport } = stage;
    const { ada } = await people(rapport);
    const focused = (page) => page.evaluate(() => document.activeElement.closest('li[data-row]')?.getAttribute('aria-posinset') ?? document.activeElement.tagName);
    /** Presses Tab until the focused element has the name; no mouse. */
    const tabTo = async (page, name, most = 60) => {
      for (let turn = 0; turn < most; turn += 1) {
        const at = await page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent);
        if (typeof name === 'string' ? at === name : name.test(at)) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`Tab does not lead to ${name}`);
    };

    await check('search and open; walk with j and k; comment, with all that is typed right after c', async () => {
      const page = await stage.open('/app');
      await page.getByRole('list', { name: 'Customers' }).waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('lovel');
      await page.getByRole('option').first().getByText('Ada Lovelace').waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Ada Lovelace' }).waitFor();
      await page.locator('ol.rows > li').nth(5).waitFor();
      assert.equal(await focused(page), 'MAIN');
      await page.keyboard.press('j');
      assert.equal(await focused(page), '1');
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.keyboard.press('k');
      assert.equal(await focused(page), '2');
      await page.keyboard.press('c');
      await page.keyboard.type('gc jk?/i');
      assert.equal(await page.getByRole('textbox', { name: 'Comment' }).inputValue(), 'gc jk?/i');
      await page.keyboard.press('Control+Enter');
      await page.locator('ol.rows > li').nth(1).getByRole('list', { name: 'Comments' }).getByText('gc jk?/i').waitFor();
      assert.equal(await focused(page), '2');
    });

    await check('filter, why linked, merge and undo', async () => {
      const page = await stage.open(`/app/customers/${ada}`);
      await page.locator('ol.rows > li').nth(5).waitFor();
      await page.getByRole('button', { name: 'Merge with…' }).waitFor();
      await tabTo(page, 'Calls');
      await page.keyboard.press('Space');
      await page.waitForURL(/kinds=CALL/);
      await page.keyboard.press('Shift+Tab');
      await page.evaluate(() => document.activeElement.blur());
      await page.locator('main').focus();
      await tabTo(page, /^Why linked: ada@/);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: 'Why linked' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.locator('main').focus();
      await tabTo(page, 'Merge with…');
      await page.keyboard.press('Enter');
      await page.getByRole('combobox', { name: 'Find the other person' }).waitFor();
      await page.keyboard.type('hopper');
      await page.getByRole('dialog').getByRole('option').first().waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('region', { name: 'Preview' }).getByText('grace@example.com').waitFor();
      await tabTo(page, 'Merge');
      await page.keyboard.press('Enter');
      await page.getByText(/^Merged into/).waitFor();
      await tabTo(page, 'Undo', 120);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: 'Undo merge' }).waitFor();
      await tabTo(page, 'Undo merge');
      await page.keyboard.press('Enter');
      await page.getByRole('region', { name: 'Merges' }).getByText('Undone', { exact: true }).waitFor();
    });

    await check('g and a letter, the list of keys, single keys switched off', async () => {
      await heldLink(rapport, 'nina');
      const page = await stage.open('/app');
      await page.getByRole('link', { name: 'Settings' }).waitFor();
      for (const [key, name] of [['f', 'Live feed'], ['r', 'Reviews'], ['s', 'Settings'], ['a', 'Audit log'], ['c', 'Customers']]) {
        await page.keyboard.press('g');
        await page.keyboard.press(key);
        await page.getByRole('heading', { level: 1, name }).waitFor();
      }
      await page.keyboard.press('g');
      await page.keyboard.press('r');
      await page.getByRole('button', { name: 'Join' }).waitFor();
      await tabTo(page, 'Keep apart');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Undo' }).waitFor();
      assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Undo');
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Account' }).click();
      await page.getByRole('checkbox', { name: 'Single-key shortcuts' }).uncheck();
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      assert.equal(await page.getByRole('dialog').count(), 0);
      await page.keyboard.press('Control+k');
      assert.equal(await page.evaluate(() => document.activeElement.id), 'search-people');
    });

    await check('Back returns to the item that was read', async () => {
      await record(rapport, ...Array.from({ length: 150 }, (_, index) => ({ customer: { identity: { kind: 'EMAIL', value: 'bob@example.com' } }, channel: 'SMS', direction: 'INBOUND', occurredAt: new Date(Date.now() - index * 60_000).toISOString(), body: { message: { text: `row ${index}` } } })));
      const page = await stage.open('/app/feed');
      await page.locator('ol.rows > li').nth(5).waitFor();
      await page.mouse.move(720, 600);
      for (let turn = 0; turn < 5; turn += 1) {
        await page.mouse.wheel(0, 500);
        await page.waitForTimeout(80);
      }
      await page.waitForTimeout(200);
      const before = await page.evaluate(() => {
        const row = [...document.querySelectorAll('ol.rows > li')].find((li) => li.getBoundingClientRect().top > 300);
        return { id: row.dataset.row, top: row.getBoundingClientRect().top };
      });
      await page.locator(`li[data-row="${before.id}"]`).getByRole('link').first().click();
      await page.getByRole('heading', { level: 1, name: /Bob|Ada/ }).waitFor();
      await page.goBack();
      await page.getByRole('heading', { level: 1, name: 'Live feed' }).waitFor();
      await page.locator(`li[data-row="${before.id}"]`).waitFor();
      await page.waitForTimeout(300);
      const top = await page.evaluate((id) => document.querySelector(`li[data-row="${id}"]`).getBoundingClientRect().top, before.id);
      assert.ok(Math.abs(top - before.top) <= 2, `moved by ${top - before.top} px`);
    });

    await check('a phone: one column, name, two lines, history; targets of 44 px; a menu Actions; the bar below', async () => {
      const page = await stage.open(`/app/customers/${ada}`, { size: sizes.phone });
      await page.locator('ol.rows > li').nth(2).waitFor();
      const [title, history] = await Promise.all([
        page.getByRole('heading', { level: 1 }).boundingBox(),
        page.getByRole('region', { name: 'History' }).boundingBox(),
      ]);
      assert.ok(history.y - title.y < 200, `the history begins ${history.y - title.y} px below the name`);
      assert.ok(await page.getByRole('button', { name: 'Merge with…' }).isHidden());
      await page.getByRole('button', { name: 'Actions' }).tap();
      await page.getByRole('button', { name: 'Merge with…' }).waitFor();
      await page.getByRole('button', { name: 'Actions' }).tap();
      await page.getByRole('button', { name: 'Addresses, merges and activity' }).tap();
      await page.getByRole('region', { name: 'Identities' }).waitFor();
      await page.getByRole('region', { name: 'Activity' }).waitFor();
      const small = await page.evaluate(() =>
        [...document.querySelectorAll('button, select, input, nav a, .details-toggle')]
          .filter((element) => element.checkVisibility() && element.type !== 'checkbox')
          .map((element) => [element.getBoundingClientRect(), element.getAttribute('aria-label') ?? element.textContent])
          .filter(([{ height, width }]) => height < 43.5 || width < 43.5)
          .map(([{ width, height }, name]) => `${name} ${Math.round(width)}x${Math.round(height)}`),
      );
      assert.deepEqual(small, []);
      const bar = await page.getByRole('navigation', { name: 'Main' }).boundingBox();
      assert.ok(bar.y + bar.height >= 843 && bar.width >= 389, JSON.stringify(bar));
      await page.getByRole('link', { name: 'Live feed' }).tap();
      await page.getByRole('list', { name: 'Live feed' }).waitFor();
      await record(rapport, call('grace@example.com', 'phone-call'));
      await page.getByRole('dialog', { name: 'Incoming call' }).getByRole('link', { name: 'Open customer' }).tap();
      await page.getByRole('heading', { level: 1 }).getByText(/Grace|Ada/).waitFor();
      await updateCall(rapport, 'phone-call', 'MISSED');
    });

    await check('colours and direction are switched, and stay', async () => {
      const page = await stage.open('/app');
      await page.getByRole('button', { name: 'Account' }).click();
      await page.getByRole('combobox', { name: 'Colours' }).selectOption('dark');
      await page.getByRole('combobox', { name: 'Text direction' }).selectOption('rtl');
      await page.reload();
      await page.getByRole('list', { name: 'Customers' }).waitFor();
      const look = await page.evaluate(() => [getComputedStyle(document.documentElement).colorScheme, document.documentElement.dir, document.documentElement.lang]);
      assert.deepEqual(look, ['dark', 'rtl', 'en']);
    });
  },
};
