// Measures the goals that are no matter of pass or fail: the cold load on a slow machine, and a keystroke's answer.

import { readFileSync } from 'node:fs';

import { message, people, record } from './kit/data.mjs';
import { closeBrowser, sizes, Stage } from './kit/stage.mjs';

const RUNS = 5;
const middle = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const show = (name, numbers) => console.log(`${name}: ${numbers.map(Math.round).join(', ')} ms; in the middle ${Math.round(middle(numbers))} ms`);

const stage = await Stage.up();
const { ada } = await people(stage.rapport);

for (const name of ['app.js.gz', 'app.core.js.gz', 'app.css.gz']) {
  console.log(`${name}: ${readFileSync(new URL(`../dist/${name}`, import.meta.url)).length} bytes`);
}

for (const [size, path] of [['desk', `/app/customers/${ada}`], ['phone', `/app/customers/${ada}`]]) {
  const times = [];
  for (let run = 0; run < RUNS; run += 1) {
    const page = await stage.open('/app/nothing', { size: sizes[size] });
    const session = await page.context().newCDPSession(page);
    await session.send('Network.clearBrowserCache');
    await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await page.addInitScript(() => {
      new MutationObserver(() => {
        if (!window.firstItem && document.querySelector('ol.rows > li')) {
          requestAnimationFrame(() => requestAnimationFrame(() => (window.firstItem ??= performance.now())));
        }
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(`${stage.origin}${path}`);
    await page.waitForFunction(() => window.firstItem);
    times.push(await page.evaluate(() => window.firstItem));
    await page.context().close();
  }
  stage.contexts = [];
  show(`cold load to the first item, CPU four times slower, ${size}`, times);
}

{
  const page = await stage.open('/app');
  await page.getByRole('list', { name: 'Customers' }).waitFor();
  const box = page.getByRole('combobox', { name: 'Search people' });
  const times = [];
  for (const text of ['ada', 'grace', 'bob', 'mallory', 'lovel', 'hopper', '0101', '0100']) {
    await box.fill('');
    times.push(
      await page.evaluate(
        (typed) =>
          new Promise((resolve) => {
            const field = document.querySelector('#search-people');
            const before = performance.now();
            const observer = new MutationObserver(() => {
              if (document.querySelector('[role="option"]')) {
                observer.disconnect();
                resolve(performance.now() - before);
              }
            });
            observer.observe(document.body, { childList: true, subtree: true });
            field.focus();
            Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, typed);
            field.dispatchEvent(new InputEvent('input', { bubbles: true }));
          }),
        text,
      ),
    );
  }
  show('keystroke to result, with the debounce', times);
}

{
  const page = await stage.open(`/app/customers/${ada}`);
  await page.getByRole('status', { name: 'Connection' }).getByText('Live').waitFor();
  await page.locator('ol.rows > li').first().waitFor();
  const times = [];
  for (let run = 0; run < 8; run += 1) {
    await page.evaluate((wanted) => {
      window.seenAt = 0;
      new MutationObserver((_, observer) => {
        if (document.querySelector('ol.rows')?.textContent.includes(wanted)) {
          window.seenAt = Date.now();
          observer.disconnect();
        }
      }).observe(document.body, { childList: true, subtree: true });
    }, `measured ${run}.`);
    await record(stage.rapport, message('ada@example.com', `measured ${run}.`));
    const written = Date.now();
    await page.waitForFunction(() => window.seenAt);
    times.push(Math.max(0, (await page.evaluate(() => window.seenAt)) - written));
  }
  show('live item, from the answer of the write to the screen', times);
}
await stage.down();
await closeBrowser();
