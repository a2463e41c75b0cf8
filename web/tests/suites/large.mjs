import assert from 'node:assert/strict';

import { identify, message, record } from '../kit/data.mjs';
import { browser } from '../kit/stage.mjs';

const ITEMS = Number(process.env.RAPPORT_LARGE ?? 100_000);
const BATCH = 1000;

/** The longest task of the page's main thread while `body` runs: by the clock, and in time that it had the processor. */
async function longestTask(page, body) {
  const session = await (await browser()).newBrowserCDPSession();
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'] } });
  await body();
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  const threads = new Set(events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = events.filter(({ name, pid, tid, dur }) => name.endsWith('RunTask') && dur && threads.has(`${pid} ${tid}`));
  return { clock: Math.max(...tasks.map(({ dur }) => dur)) / 1000, processor: Math.max(...tasks.map(({ tdur }) => tdur ?? 0)) / 1000 };
}

/** A history of 100,000 items: the page stays small, whatever the depth. */
export const suite = {
  about: `${ITEMS} items: bounded nodes, heap and tasks while scrolling`,
  server: { env: { RAPPORT_RATE_PER_SECOND: '0' } },
  async run({ stage, check }) {
    const { rapport } = stage;
    const id = await identify(rapport, { email: 'many@example.com', name: 'Many Items' });
    const began = Date.now();
    const start = Date.now() - ITEMS * 60_000;
    for (let at = 0; at < ITEMS; at += BATCH) {
      const inputs = Array.from({ length: Math.min(BATCH, ITEMS - at) }, (_, index) => ({
        ...message('many@example.com', `item ${at + index}${' and what else there is to say'.repeat((at + index) % 7)}`),
        occurredAt: new Date(start + (at + index) * 60_000).toISOString(),
      }));
      await record(rapport, ...inputs);
    }
    console.log(`  recorded in ${Math.round((Date.now() - began) / 1000)} s`);

    await check('scrolling down through all of it', async () => {
      const page = await stage.open(`/app/customers/${id}`);
      await page.locator('ol.rows > li').nth(10).waitFor();
      const session = await page.context().newCDPSession(page);
      await session.send('Performance.enable');
      const look = async () => {
        const bounds = await page.evaluate(() => ({
          rows: document.querySelectorAll('ol.rows > li').length,
          nodes: document.querySelectorAll('*').length,
          depth: Number(document.querySelector('ol.rows > li')?.getAttribute('aria-posinset') ?? 0),
          size: document.querySelector('ol.rows > li')?.getAttribute('aria-setsize'),
        }));
        await session.send('HeapProfiler.collectGarbage');
        const { metrics } = await session.send('Performance.getMetrics');
        bounds.heap = metrics.find(({ name }) => name === 'JSHeapUsedSize').value / 1e6;
        return bounds;
      };
      const worst = { rows: 0, nodes: 0, heap: 0 };
      const from = Date.now();
      let depth = 0;
      for (let turn = 0; depth < ITEMS - 60 && Date.now() - from < 280_000; turn += 1) {
        // As fast as pages come: always to the end of what is there.
        await page.evaluate(() => scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' }));
        await page.waitForFunction(
          ([known, last]) => {
            const rows = document.querySelectorAll('ol.rows > li');
            const at = Number(rows[rows.length - 1]?.getAttribute('aria-posinset'));
            return at > known || at >= last;
          },
          [depth, ITEMS],
          { polling: 16 },
        );
        depth = await page.evaluate(() => Number([...document.querySelectorAll('ol.rows > li')].at(-1)?.getAttribute('aria-posinset')));
        if (turn % 40 === 0 || depth >= ITEMS - 60) {
          const now = await look();
          assert.equal(now.size, String(ITEMS));
          for (const name of Object.keys(worst)) worst[name] = Math.max(worst[name], now[name]);
        }
      }
      console.log(`  depth ${depth}, ${worst.rows} list items, ${worst.nodes} nodes, ${worst.heap.toFixed(1)} MB, ${Math.round((Date.now() - from) / 1000)} s`);
      assert.ok(depth >= ITEMS - 60, `reached ${depth}`);
      assert.ok(worst.rows <= 300 && worst.nodes <= 5000 && worst.heap <= 60, JSON.stringify(worst));
      // And up again: what was let go comes back in order.
      const texts = [];
      for (let turn = 0; turn < 12; turn += 1) {
        await page.evaluate(() => scrollBy({ top: -4000, behavior: 'instant' }));
        await page.waitForTimeout(150);
        texts.push(await page.evaluate(() => [...document.querySelectorAll('ol.rows > li .text')].map((text) => Number(text.textContent.match(/item (\d+)/)[1]))));
      }
      for (const numbers of texts) {
        assert.ok(numbers.every((n, at) => at === 0 || numbers[at - 1] === n + 1), `not in order: ${numbers.slice(0, 8)}`);
      }
      assert.ok(texts.at(-1)[0] > texts[0][0]);
      const task = await longestTask(page, async () => {
        await page.mouse.move(720, 600);
        for (let turn = 0; turn < 120; turn += 1) {
          await page.mouse.wheel(0, turn < 60 ? -1500 : 1500);
          await page.waitForTimeout(50);
        }
      });
      console.log(`  longest task while scrolling: ${Math.round(task.processor)} ms of the processor, ${Math.round(task.clock)} ms by the clock`);
      assert.ok(task.processor > 0 && task.processor <= 200, JSON.stringify(task));
      await record(rapport, message('many@example.com', 'item 999999'));
      await page.getByRole('button', { name: '1 new item' }).click();
      await page.getByText('item 999999').waitFor();
    }, 400_000);

    await check('search inside and a jump to a date', async () => {
      const page = await stage.open(`/app/customers/${id}`);
      await page.locator('ol.rows > li').nth(10).waitFor();
      await page.getByRole('searchbox', { name: 'Search this history' }).fill('item 4321');
      await page.locator('ol.rows').getByText('item 4321', { exact: false }).first().waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).click();
      const day = new Date(start + 10_000 * 60_000).toLocaleDateString('sv', { timeZone: 'Europe/Berlin' });
      await page.getByLabel('Jump to date').fill(day);
      await page.waitForFunction((wanted) => document.querySelector('ol.rows time')?.getAttribute('datetime').slice(0, 10) <= wanted, day);
    });
  },
};
