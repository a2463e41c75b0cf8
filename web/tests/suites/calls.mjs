import assert from 'node:assert/strict';

import { call, people, record, updateCall } from '../kit/data.mjs';

/** Calls that ring: a card, from the first ring to the end of the call. */
export const suite = {
  about: 'the card of a call, in time; taken, gone, dismissed; found again after a lost line',
  async run({ stage, check }) {
    const { rapport, line } = stage;
    await people(rapport);
    const open = async (options) => {
      const page = await stage.open('/app', { expectTrouble: true, ...options });
      await page.getByRole('status', { name: 'Connection' }).getByText('Live').waitFor();
      await page.getByRole('list', { name: 'Customers' }).waitFor();
      return page;
    };
    const card = (page) => page.getByRole('dialog', { name: 'Incoming call' });

    await check('a card within 250 ms, with name, history and title; gone within 250 ms of the end', async () => {
      const page = await open();
      await record(rapport, call('ada@example.com', 'warm'));
      await card(page).waitFor();
      await updateCall(rapport, 'warm', 'MISSED');
      await card(page).waitFor({ state: 'detached' });
      await page.evaluate(() => {
        new MutationObserver(() => {
          const there = document.querySelector('[role="dialog"][aria-label="Incoming call"]');
          if (there && !window.cameAt) window.cameAt = Date.now();
          if (!there && window.cameAt && !window.wentAt) window.wentAt = Date.now();
        }).observe(document.body, { childList: true, subtree: true });
      });
      const focus = await page.evaluate(() => document.activeElement.tagName);
      await record(rapport, call('ada@example.com', 'c1'));
      const rang = Date.now();
      await card(page).getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
      assert.equal(await card(page).getByRole('list', { name: 'Recent history' }).getByRole('listitem').count(), 5);
      assert.equal(await card(page).getByRole('link', { name: 'Open customer' }).count(), 1);
      assert.equal(await page.evaluate(() => document.activeElement.tagName), focus, 'the card took the focus');
      assert.match(await page.title(), /^\(1\) /);
      await updateCall(rapport, 'c1', 'IN_PROGRESS');
      await card(page).getByText('In progress').waitFor();
      assert.doesNotMatch(await page.title(), /^\(/);
      await updateCall(rapport, 'c1', 'COMPLETED');
      const ended = Date.now();
      await card(page).waitFor({ state: 'detached' });
      const { cameAt, wentAt } = await page.evaluate(() => ({ cameAt: window.cameAt, wentAt: window.wentAt }));
      assert.ok(cameAt - rang <= 250, `came after ${cameAt - rang} ms`);
      assert.ok(wentAt - ended <= 250, `went after ${wentAt - ended} ms`);
    });

    await check('a withheld number is an unknown caller', async () => {
      const page = await open();
      await record(rapport, call(null, 'secret'));
      await card(page).getByRole('heading', { name: 'Unknown caller' }).waitFor();
      assert.equal(await card(page).getByRole('link').count(), 0);
      await updateCall(rapport, 'secret', 'MISSED');
      await card(page).waitFor({ state: 'detached' });
    });

    await check('keyboard: i leads in, Escape dismisses and gives the focus back, and it does not come again', async () => {
      const page = await open();
      await record(rapport, call('grace@example.com', 'c2'));
      await card(page).waitFor();
      const link = page.getByRole('list', { name: 'Customers' }).getByRole('link').first();
      await link.focus();
      await page.keyboard.press('i');
      assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Open customer');
      await page.keyboard.press('Escape');
      await card(page).waitFor({ state: 'detached' });
      assert.ok(await link.evaluate((element) => element === document.activeElement), 'the focus did not come back');
      line.cut();
      await page.getByRole('status', { name: 'Connection' }).getByText('Reconnecting…').waitFor();
      line.mend();
      await page.getByRole('status', { name: 'Connection' }).getByText('Live').waitFor();
      await page.waitForTimeout(500);
      assert.equal(await card(page).count(), 0);
      await updateCall(rapport, 'c2', 'MISSED');
    });

    await check('what rang or ended while the line was cut', async () => {
      const page = await open();
      await record(rapport, call('ada@example.com', 'c3'));
      await card(page).waitFor();
      line.cut();
      await updateCall(rapport, 'c3', 'COMPLETED').catch(() => {});
      await record(rapport, call('bob@example.com', 'c4'));
      await page.getByRole('status', { name: 'Connection' }).getByText('Reconnecting…').waitFor();
      line.mend();
      await card(page).getByRole('heading', { name: 'Bob' }).waitFor({ timeout: 15_000 });
      await page.waitForFunction(() => document.querySelectorAll('[aria-label="Incoming call"]').length === 1);
      await card(page).getByRole('link', { name: 'Open customer' }).click();
      await page.getByRole('heading', { level: 1, name: 'Bob' }).waitFor();
      await updateCall(rapport, 'c4', 'MISSED');
      await card(page).waitFor({ state: 'detached' });
    });

    await check('a notification by one tab, closed with the call', async () => {
      const page = await open({ serviceWorkers: 'allow', permissions: ['notifications'] });
      const second = await stage.tab(page.context(), '/app', { expectTrouble: true });
      await second.getByRole('list', { name: 'Customers' }).waitFor();
      await page.evaluate(() => navigator.serviceWorker.ready);
      const shown = (tab) => tab.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(({ body, tag }) => [body, tag]));
      await second.evaluate(() => navigator.serviceWorker.ready);
      await page.waitForTimeout(300);
      const [id] = await record(rapport, call('ada@example.com', 'c5'));
      await card(page).waitFor();
      await page.waitForTimeout(400);
      assert.deepEqual(await shown(page), [['Ada Lovelace', id]]);
      await updateCall(rapport, 'c5', 'MISSED');
      await card(page).waitFor({ state: 'detached' });
      await page.waitForTimeout(300);
      assert.deepEqual(await shown(page), []);
    });
  },
};
