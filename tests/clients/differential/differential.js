// The differential test: many documents grown with one seed, each held against the oracle.

import { broken } from './break.js';
import { Examiner } from './examine.js';
import { Grower } from './grow.js';
import { Oracle } from './oracle.js';
import { Random } from './random.js';
import { Summary } from './summary.js';
import { collectWorld } from './world.js';

/** Requests in flight. */
const WORKERS = 6;
const WRITERS = 2;
const BROKEN = 0.35;

/** The request of a number: grown, or grown and broken. Nothing but the seed and the world decides about it. */
export function requestOf(seed, number, world, schema) {
  const random = new Random(seed, number);
  const request = new Grower(random, world, schema).request();
  return random.chance(BROKEN) ? { ...broken(request, random), number } : { ...request, number };
}

/** Examines `count` documents; mutations come last, so that what they write disturbs no comparison. */
export async function differential(server, { seed, count, from = 0 }) {
  const oracle = new Oracle(server.schemaText);
  const examiner = new Examiner(server, oracle);
  const world = await collectWorld(server);
  const summary = new Summary(seed);
  const mutations = [];
  const examine = async (request) => summary.add(request, await examiner.examine(request, { seed: request.number }));
  await inFlight(WORKERS, numbers(from, count), async (number) => {
    const request = requestOf(seed, number, world, oracle.schema);
    if (request.kind === 'mutation') {
      mutations.push(request);
    } else {
      await examine(request);
    }
  });
  await inFlight(WRITERS, mutations.values(), examine);
  await summary.shrink(examiner);
  return summary;
}

/** Works through the values, so many at a time. */
async function inFlight(workers, values, work) {
  const worker = async () => {
    for (const value of values) {
      await work(value);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
}

function* numbers(from, count) {
  for (let number = from; number < from + count; number += 1) {
    yield number;
  }
}
