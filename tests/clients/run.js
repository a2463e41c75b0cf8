// Runs every suite against one server and writes REPORT.md. `npm test -- urql relay` runs the suites whose file is named.

import { readdirSync, writeFileSync } from 'node:fs';

import { Score } from './harness/score.js';
import { startServer } from './harness/server.js';

const wanted = process.argv.slice(2);
const files = readdirSync(new URL('suites/', import.meta.url)).filter((file) => file.endsWith('.js')).sort();
const chosen = files.filter((file) => wanted.length === 0 || wanted.includes(file.replace(/^\d+-|\.js$/g, '')));
if (chosen.length === 0) {
  console.error(`no such suite; there are: ${files.map((file) => file.replace(/^\d+-|\.js$/g, '')).join(' ')}`);
  process.exit(2);
}

// Apollo Client leaves its own abort of a stream unhandled. Anything else that nobody catches is a failure.
let current;
process.on('unhandledRejection', (problem) => {
  if (problem?.name !== 'AbortError') {
    if (!current) {
      throw problem;
    }
    current.fail('nothing is left uncaught', problem);
  }
});

const server = await startServer().catch((problem) => {
  console.error(`${problem.message}\n\n0 passed, 1 failed`);
  process.exit(1);
});
const scores = [];
try {
  for (const file of chosen) {
    const { suite } = await import(`./suites/${file}`);
    const score = new Score(suite);
    current = score;
    console.log(`\n${score.title()}`);
    await score.run(server);
    scores.push(score);
  }
} finally {
  await server.stop();
}

const passed = scores.reduce((sum, score) => sum + score.passed, 0);
const failed = scores.reduce((sum, score) => sum + score.failed.length, 0);
if (wanted.length === 0) {
  writeFileSync(new URL('REPORT.md', import.meta.url), report(scores));
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

function report(scores) {
  const rows = scores.map((score) => `| ${score.suite.name} | ${score.versions()} | ${score.passed}/${score.total} |`);
  const misses = scores.flatMap((score) => score.failed.map(({ name, why }) => `- ${score.suite.name}: ${name}: ${why}`));
  return [
    '# Clients against rapport',
    '',
    'Written by `npm test` in this folder: real clients and tools against a running `rapport serve --demo`.',
    '',
    '| suite | with | passed |',
    '| --- | --- | --- |',
    ...rows,
    '',
    ...(misses.length > 0 ? ['Failed:', '', ...misses, ''] : []),
  ].join('\n');
}
