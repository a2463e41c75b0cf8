// `npm run differential -- --seed 7 --count 20000`: the differential test alone, with as many documents as you like.

import { parseArgs } from 'node:util';

import { startServer } from '../harness/server.js';
import { differential } from './differential.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '2000' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const server = await startServer();
try {
  const [seed, count, only] = [values.seed, values.count, values.only].map(Number);
  const summary = await differential(server, { seed, ...(values.only ? { from: only, count: 1 } : { count }) });
  console.log(values.json ? JSON.stringify(summary, undefined, 2) : String(summary));
  process.exitCode = summary.deviations.length === 0 ? 0 : 1;
} finally {
  await server.stop();
}
