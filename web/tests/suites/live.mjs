import assert from 'node:assert/strict';

import { identify, message, people, record } from '../kit/data.mjs';

/** Live without loss, as a person sees it. */
export const suite = {
  about: 'new items, the place that is read, a killed server, a cut and a silent line',
  async run({ stage, check }) {
    const { rapport, line } = stage;
    const { ada } = await people(rapport);
    const rows = (page) => page.locator('ol.rows > li');
    const texts = (page) => page.locator('ol.rows > li .text').allInnerTexts();
    const live = (page) => page.getByRole('status', { name: 'Connection' }).getByText('Live').waitFor({ timeout: 40_000 });
    const open = async (path = `/app/customers/${ada}`) => {
      const page = await stage.open(path, { expectTrouble: true });
      await rows(page).first().waitFor();
      await live(page);
      return page;
    };
    const say = (text, minutes = 0) => record(rapport, message('ada@example.com', text, minutes));
    /** What was said under a name, as it stands on the page from the newest on. */
    const told = async (page, name) => (await texts(page)).filter((text) => text.startsWith(name));

    await check('a new item is on the screen within 250 ms of the write, at the top, and is announced', async () => {
      const page = await open();
      await say('warm up');
      await page.getByText('warm up').waitFor();
      await page.evaluate(() => {
        new MutationObserver(() => {
          if (!window.seenAt && document.querySelector('ol.rows')?.textContent.includes('right now')) window.seenAt = Date.now();
        }).observe(document.body, { childList: true, subtree: true, characterData: true });
      });
      await say('right now');
      const written = Date.now();
      await page.waitForFunction(() => window.seenAt);
      const late = (await page.evaluate(() => window.seenAt)) - written;
      assert.ok(late <= 250, `${late} ms after the write`);
      assert.match(await rows(page).first().innerText(), /right now/);
      await page.getByRole('status', { name: 'Announcements' }).getByText(/New: Message|2 new items/).waitFor();
      const feed = await open('/app/feed');
      await say('in the feed');
      await feed.getByRole('list', { name: 'Live feed' }).getByText('in the feed').waitFor();
      assert.match(await rows(feed).first().innerText(), /Ada Lovelace/);
    });

    await check('what is read stays within 2 px while new items come; a button leads up', async () => {
      const name = 'Busy';
      const id = await identify(rapport, { email: 'busy@example.com', name });
      await record(rapport, ...Array.from({ length: 120 }, (_, index) => message('busy@example.com', `line ${index}${' and more'.repeat(index % 40)}`, index + 10)));
      const page = await open(`/app/customers/${id}`);
      await page.mouse.move(720, 600);
      for (let turn = 0; turn < 6; turn += 1) {
        await page.mouse.wheel(0, 400);
        await page.waitForTimeout(60);
      }
      const place = () =>
        page.evaluate(() => {
          const row = [...document.querySelectorAll('ol.rows > li')].find((li) => li.getBoundingClientRect().top > 250);
          return { id: row.dataset.row, top: row.getBoundingClientRect().top };
        });
      await page.waitForTimeout(300);
      const before = await place();
      await record(rapport, ...[1, 2, 3].map((n) => message('busy@example.com', `newer ${n}${' and more'.repeat(n * 9)}`)));
      const button = page.getByRole('button', { name: '3 new items' });
      await button.waitFor();
      await page.waitForTimeout(1200);
      const top = await page.evaluate((row) => document.querySelector(`li[data-row="${row}"]`).getBoundingClientRect().top, before.id);
      assert.ok(Math.abs(top - before.top) <= 2, `moved by ${top - before.top} px`);
      await button.click();
      await page.getByText('newer 3').waitFor();
      assert.equal(await page.evaluate(() => scrollY), 0);
      await button.waitFor({ state: 'detached' });
    });

    await check('an old item comes to its place, a known one is updated in place', async () => {
      const page = await open();
      await say('four days ago', 4 * 1440 + 55);
      await page.getByText('four days ago').waitFor();
      const all = await texts(page);
      const at = all.findIndex((text) => text === 'four days ago');
      assert.ok(all[at - 1].includes('day 4'), all.slice(at - 2, at + 2).join(' | '));
      const source = { source: 'shop', sourceId: 'edit-1' };
      await record(rapport, message('ada@example.com', 'before the edit', 2, source));
      await page.getByText('before the edit').waitFor();
      await record(rapport, message('ada@example.com', 'after the edit', 1, source));
      await page.getByText('after the edit').waitFor();
      assert.equal(await page.getByText('before the edit').count(), 0);
    });

    await check('the server is killed and comes back: nothing is lost, nothing twice, in order, no reload', async () => {
      const page = await open();
      await page.evaluate(() => (window.here = true));
      for (let turn = 0; turn < 3; turn += 1) await say(`kill ${turn}`);
      await page.getByText('kill 2').waitFor();
      await rapport.kill();
      await page.getByRole('status', { name: 'Connection' }).getByText('Reconnecting…').waitFor();
      await rapport.run();
      for (let turn = 3; turn < 8; turn += 1) await say(`kill ${turn}`);
      await page.getByText('kill 7').waitFor({ timeout: 15_000 });
      assert.deepEqual(await told(page, 'kill'), [7, 6, 5, 4, 3, 2, 1, 0].map((turn) => `kill ${turn}`));
      await live(page);
      assert.ok(await page.evaluate(() => window.here), 'the page was loaded again');
    });

    await check('the line is cut while things happen: the same', async () => {
      const page = await open();
      const feed = await open('/app/feed');
      await say('cut 0');
      await page.getByText('cut 0').waitFor();
      line.cut();
      for (let turn = 1; turn < 6; turn += 1) await say(`cut ${turn}`);
      await page.getByRole('status', { name: 'Connection' }).getByText('Reconnecting…').waitFor();
      line.mend();
      await page.getByText('cut 5').waitFor({ timeout: 15_000 });
      await feed.getByText('cut 5').waitFor({ timeout: 15_000 });
      const wanted = [5, 4, 3, 2, 1, 0].map((turn) => `cut ${turn}`);
      assert.deepEqual(await told(page, 'cut'), wanted);
      assert.deepEqual(await told(feed, 'cut'), wanted);
    });

    await check('a line that says nothing any more is noticed within 30 s', async () => {
      const page = await open();
      line.freeze();
      const began = Date.now();
      await say('silent 1');
      await page.getByRole('status', { name: 'Connection' }).getByText('Reconnecting…').waitFor({ timeout: 35_000 });
      const took = Date.now() - began;
      assert.ok(took <= 30_000, `noticed after ${took} ms`);
      line.thaw();
      await page.getByText('silent 1').waitFor({ timeout: 20_000 });
      assert.equal((await told(page, 'silent')).length, 1);
    }, 80_000);

    await check('a page that was never loaded through loads when the server is back', async () => {
      const page = await stage.open('/app', { expectTrouble: true });
      await live(page);
      line.cut();
      await page.getByRole('link', { name: 'Live feed' }).click();
      await page.getByRole('alert').waitFor();
      line.mend();
      await page.getByRole('list', { name: 'Live feed' }).waitFor({ timeout: 20_000 });
    });

    await check('a merge elsewhere is followed: the page is read again, the stream goes on', async () => {
      const other = await identify(rapport, { email: 'other@example.com', name: 'Other' });
      await record(rapport, message('other@example.com', 'said by the other'));
      const page = await open();
      await rapport.ask('mutation($ids: [ID!]!) { mergeCustomers(input: {customerIds: $ids}) { userErrors { message } } }', { ids: [ada, other] });
      await page.locator('ol.rows').getByText('said by the other').waitFor();
      await page.getByRole('button', { name: 'Why linked: other@example.com' }).waitFor();
      await record(rapport, message('other@example.com', 'after the merge'));
      await page.locator('ol.rows').getByText('after the merge').waitFor();
      assert.equal(await page.locator('ol.rows').getByText('said by the other').count(), 1);
    });
  },
};
