// Against a running rapport: RAPPORT_URL and RAPPORT_TOKEN (an agent's or admin's). Pages, live events, a socket that breaks.

import assert from 'node:assert/strict';
import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import WebSocket from 'ws';

const url = new URL('/graphql', process.env.RAPPORT_URL ?? 'http://127.0.0.1:8000').href;
const token = process.env.RAPPORT_TOKEN ?? '';

const folder = mkdtempSync(join(import.meta.dirname, '.test-'));
await build({
  entryPoints: [join(import.meta.dirname, 'src/history.js')],
  outfile: join(folder, 'history.mjs'),
  bundle: true,
  format: 'esm',
  platform: 'node',
  // The live core asks for graphql-ws: it is found here.
  nodePaths: [join(import.meta.dirname, 'node_modules')],
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});
const { makeConnection, makeEnvironment, openHistory } = await import(pathToFileURL(join(folder, 'history.mjs')));
rmSync(folder, { recursive: true });

async function ask(query, variables) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const { data, errors } = await (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })).json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}
const email = `relay-${Date.now()}@example.com`;
const { identify } = await ask('mutation($input: IdentifyInput!) { identify(input: $input) { customer { id } } }', { input: { email, name: 'Relay' } });
const { id } = identify.customer;
const say = (text, minutes = 0) =>
  ask('mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { item { id } userErrors { message } } } }', {
    inputs: [
      {
        customer: { id },
        channel: 'SMS',
        direction: 'INBOUND',
        occurredAt: new Date(Date.now() - minutes * 60_000).toISOString(),
        body: { message: { text } },
      },
    ],
  });
for (let turn = 0; turn < 30; turn += 1) await say(`before ${turn}`, 60 - turn);

const sockets = [];
class Watched extends WebSocket {
  constructor(...words) {
    super(...words);
    sockets.push(this);
  }
}
const connection = makeConnection({ url, token, webSocketImpl: Watched });
const environment = makeEnvironment({ url, token, connection });
let seen = [];
const waiting = new Set();
const show = (customer) => {
  seen = customer.history.edges.map(({ node }) => node.summary);
  waiting.forEach((look) => look());
};
const until = (holds) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not within 15 s: ${seen.slice(0, 8)}`)), 15_000);
    const look = () => {
      if (!holds()) return;
      clearTimeout(timer);
      waiting.delete(look);
      resolve();
    };
    waiting.add(look);
    look();
  });

const { older, stop } = await openHistory({ environment, id, show });
await until(() => seen.length === 20 && seen[0] === 'before 29');
await older();
await until(() => seen.filter((text) => text.startsWith('before')).length === 30);
console.log('ok: two pages are one list');

await say('live 1');
await until(() => seen[0] === 'live 1');
console.log('ok: a live item comes to the top');

sockets.at(-1).terminate();
await say('live 2');
await say('live 3');
await until(() => seen[0] === 'live 3');
assert.deepEqual(seen.slice(0, 3), ['live 3', 'live 2', 'live 1']);
assert.equal(new Set(seen).size, seen.length, 'something is there twice');
console.log('ok: after a broken socket nothing is lost, and nothing is there twice');

stop();
connection.stop();
