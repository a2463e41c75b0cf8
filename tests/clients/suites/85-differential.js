import assert from 'node:assert/strict';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

import { deviations } from '../differential/deviations.js';
import { differential, requestOf } from '../differential/differential.js';
import { introspections } from '../differential/introspection.js';
import { kinds } from '../differential/kinds.js';
import { Oracle } from '../differential/oracle.js';
import { collectWorld } from '../differential/world.js';

const SEED = Number(process.env.RAPPORT_DIFFERENTIAL_SEED ?? 1);
const COUNT = Number(process.env.RAPPORT_DIFFERENTIAL_COUNT ?? 2000);
/** For all of them, and for making examples smaller where something is wrong. */
const SECONDS = 900;
/** Subscriptions that are tried over a WebSocket as well. */
const SOCKETS = 12;
const SILENT_MS = 400;

/** Documents grown from the schema: verdicts, answers and errors, as graphql-js and the specification have them. */
export const suite = {
  name: 'Differential test, graphql-js as the oracle',
  packages: ['graphql'],
  async run({ server, check }) {
    const world = await collectWorld(server);
    for (const { section, says, run, wants } of deviations) {
      await check(`${section} ${says}`, async () => wants(await run(server, world)));
    }

    const [told, wanted] = (await check('introspection is answered with all its options', () => introspections(server))) ?? [{}, {}];
    for (const part of Object.keys(wanted)) {
      await check(`introspection tells the ${part} of schema.graphql`, async () => assert.deepEqual(told[part], wanted[part]));
    }

    await check(`${SOCKETS} subscriptions over a WebSocket are taken and refused as the oracle says`, () => sockets(server, world));

    const run = () => differential(server, { seed: SEED, count: COUNT });
    const summary = await check(`${COUNT} documents grow from the seed ${SEED}`, run, SECONDS);
    if (!summary) {
      return;
    }
    if (summary.deviations.length > 0) {
      console.log(String(summary));
    }
    await check('most documents are answered and few are over a limit', async () => {
      const { documents, refused, answered, failed, limited, reworded } = summary;
      assert.ok(limited < documents * 0.02, `${limited} over a limit`);
      assert.ok(answered > (documents - refused) * 0.8, `${answered} of ${documents - refused} answered`);
      assert.ok(failed < answered * 0.4, `${failed} of ${answered} with errors`);
      assert.ok(reworded > answered * 0.95, `${reworded} of ${answered} reworded`);
    });
    for (const { id, section, title } of kinds) {
      await check(`${section} ${title}`, async () => {
        const { count, example } = summary.found.get(id);
        assert.equal(count, 0, `${count} times ${id}, as in ${JSON.stringify(example)}`);
        assert.ok(summary.tried(id) > 0, 'no document tried this');
      });
    }
  },
};

async function sockets(server, world) {
  const oracle = new Oracle(server.schemaText);
  const client = createClient({ url: server.socketUrl, webSocketImpl: WebSocket, connectionParams: server.headers, retryAttempts: 0 });
  const wrong = [];
  let [number, tried] = [0, 0];
  for (; tried < SOCKETS; number += 1) {
    const request = requestOf(SEED, number, world, oracle.schema);
    const { refused, operation } = oracle.judge(request);
    if (request.kind !== 'subscription' || !(refused || operation.operation === 'subscription')) {
      continue;
    }
    tried += 1;
    const { query, variables, operationName } = request;
    const errors = await outcome(client, { query, variables, operationName });
    const isRefused = errors?.some(({ extensions }) => /PARSE|VALIDATION/.test(extensions?.code)) ?? false;
    if (isRefused !== Boolean(refused)) {
      wrong.push(`${refused ? `accepted, though ${refused.why}` : JSON.stringify(errors)}: ${query}`);
    }
  }
  await client.dispose();
  assert.deepEqual(wrong, []);
}

/** The errors with which a subscription is refused; nothing when it runs. */
function outcome(client, payload) {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => settle(undefined), SILENT_MS);
    const settle = (errors) => {
      clearTimeout(timer);
      done(errors);
      stop();
    };
    const stop = client.subscribe(payload, {
      next: () => settle(undefined),
      error: (problem) => (Array.isArray(problem) ? settle(problem) : fail(problem)),
      complete: () => settle(undefined),
    });
  });
}
