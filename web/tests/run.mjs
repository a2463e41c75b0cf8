// Runs the browser tests: `npm run browser -- live calls` runs the suites whose file is named. The suite `large` has to be
// named: it records 100,000 items first.

import { mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { closeBrowser, Stage } from './kit/stage.mjs';

const wanted = process.argv.slice(2);
const names = readdirSync(new URL('suites/', import.meta.url)).map((file) => file.replace('.mjs', '')).sort();
const chosen = names.filter((name) => (wanted.length > 0 ? wanted.includes(name) : name !== 'large'));
if (chosen.length === 0) {
  console.error(`no such suite; there are: ${names.join(' ')}`);
  process.exit(2);
}
const PICTURES = fileURLToPath(new URL('../.work', import.meta.url));
const LONGEST = 60_000;
const began = Date.now();
let passed = 0;
const failed = [];

for (const name of chosen) {
  const { suite } = await import(`./suites/${name}.mjs`);
  console.log(`\n${name}: ${suite.about}`);
  let stage;
  const check = async (what, body, limit = LONGEST) => {
    const start = Date.now();
    let timer;
    try {
      await Promise.race([
        body(),
        new Promise((_, reject) => {
          timer = setTimeout(() => reject(new Error(`not within ${limit / 1000} s${stage.at ? `: ${stage.at}` : ''}`)), limit);
        }),
      ]);
      const complaints = stage.complaintsNow();
      if (complaints.length > 0) throw new Error(complaints.slice(0, 5).join('\n    '));
      passed += 1;
      console.log(`  ok      ${what} (${Date.now() - start} ms)`);
    } catch (problem) {
      failed.push(`${name}: ${what}`);
      console.log(`  FAILED  ${what}\n    ${String(problem.stack ?? problem).split('\n').slice(0, 14).join('\n    ')}`);
      const complaints = stage.complaintsNow();
      if (complaints.length > 0) console.log(`    complaints: ${complaints.slice(0, 5).join('\n    ')}`);
      mkdirSync(PICTURES, { recursive: true });
      for (const [index, page] of stage.contexts.flatMap((context) => context.pages()).entries()) {
        await page.screenshot({ path: `${PICTURES}/${name}-${what.replace(/\W+/g, '-')}-${index}.png` }).catch(() => {});
      }
    } finally {
      clearTimeout(timer);
      for (const context of stage.contexts.splice(0)) await context.close().catch(() => {});
    }
  };
  try {
    stage = await Stage.up(suite.server ?? {});
    await suite.run({ stage, check });
  } catch (problem) {
    failed.push(`${name}: ${problem.message}`);
    console.log(`  FAILED  ${problem.stack}`);
  } finally {
    await stage?.down();
  }
}
await closeBrowser();
console.log(`\n${passed} passed, ${failed.length} failed, ${Math.round((Date.now() - began) / 1000)} s`);
failed.forEach((name) => console.log(`  failed: ${name}`));
process.exit(failed.length === 0 && passed > 0 ? 0 : 1);
