import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from 'graphql-ws';
import relay from 'relay-runtime';
import WebSocket from 'ws';

import { liveRoundTrip, newPerson, Queue, recordMessage } from '../harness/api.js';

const { commitMutation, createOperationDescriptor, Environment, fetchQuery, getSingularSelector, Network, Observable, RecordSource, requestSubscription, Store } = relay;

/** relay-compiler over schema.graphql, and its artifacts in Relay's own runtime and store. */
export const suite = {
  name: 'Relay',
  packages: ['relay-compiler', 'relay-runtime'],
  async run({ server, check }) {
    const folder = mkdtempSync(join(tmpdir(), 'rapport-relay-'));
    try {
      await compiled({ server, check, folder });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function compiled({ server, check, folder }) {
  const artifact = await check('the compiler takes the schema, connections, refetchable fragments and all', async () => {
    mkdirSync(join(folder, 'out'));
    cpSync(fileURLToPath(new URL('../relay', import.meta.url)), join(folder, 'src'), { recursive: true });
    writeFileSync(join(folder, 'schema.graphql'), server.schemaText);
    const config = { src: './src', schema: './schema.graphql', language: 'javascript', artifactDirectory: './out', eagerEsModules: false };
    writeFileSync(join(folder, 'relay.config.json'), JSON.stringify(config));
    const command = fileURLToPath(new URL('../node_modules/relay-compiler/cli.js', import.meta.url));
    execFileSync(process.execPath, [command, 'relay.config.json'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    const require = createRequire(join(folder, 'out/'));
    return (name) => require(`./${name}.graphql.js`);
  });
  if (!artifact) {
    return;
  }

  const person = await newPerson(server);
  const socket = createClient({ url: server.socketUrl, webSocketImpl: WebSocket, connectionParams: server.headers, retryAttempts: 0 });
  const send = async ({ text }, variables) => {
    const headers = { 'content-type': 'application/json', ...server.headers };
    return (await fetch(server.url, { method: 'POST', headers, body: JSON.stringify({ query: text, variables }) })).json();
  };
  const listen = ({ text }, variables) => Observable.create((sink) => socket.subscribe({ query: text, variables }, sink));
  const environment = new Environment({ network: Network.create(send, listen), store: new Store(new RecordSource()) });
  const load = (name, variables) => fetchQuery(environment, artifact(name), variables, { networkCacheConfig: { force: true } }).toPromise();

  await check('a mutation', async () => {
    const response = await new Promise((onCompleted, onError) =>
      commitMutation(environment, { mutation: artifact('appIdentifyMutation'), variables: { input: { email: person.email } }, onCompleted, onError }),
    );
    assert.equal(response.identify.outcome, 'MATCHED');
  });

  await check('node(id:) answers the same customer', async () => {
    const { node } = await load('appNodeQuery', { id: person.id });
    assert.deepEqual([node.__typename, node.id, node.primaryEmail], ['Customer', person.id, person.email]);
  });

  await check('a second page joins the first in the connection', async () => {
    const ids = [];
    for (const text of ['one', 'two', 'three', 'four']) {
      ids.unshift(await recordMessage(server, person, text));
    }
    const variables = { by: person.by };
    const operation = createOperationDescriptor(artifact('appCustomerQuery'), variables);
    environment.retain(operation);
    await load('appCustomerQuery', variables);
    const edges = () => {
      const { customer } = environment.lookup(operation.fragment).data;
      return environment.lookup(getSingularSelector(artifact('app_history'), customer)).data.history;
    };
    assert.deepEqual(edges().edges.map(({ node }) => node.id), ids.slice(0, 2));
    await load('appHistoryPageQuery', { id: person.id, count: 2, cursor: edges().pageInfo.endCursor });
    assert.deepEqual(edges().edges.map(({ node }) => node.id), ids);
  });

  await check('a fragment on the root pages through customers', async () => {
    await load('appPeoplePageQuery', { count: 2, cursor: null });
    const text = readFileSync(join(folder, 'out/appPeoplePageQuery.graphql.js'), 'utf8');
    assert.match(text, /app_customers/);
  });

  await check('a live history', async () => {
    const queue = new Queue();
    const subscription = requestSubscription(environment, {
      subscription: artifact('appLiveSubscription'),
      variables: { customer: person.by },
      onNext: ({ customerHistory }) => queue.push(customerHistory),
      onError: (problem) => queue.fail(problem),
      onCompleted: () => queue.push(undefined),
    });
    try {
      await liveRoundTrip(() => queue.pull(), () => recordMessage(server, person));
    } finally {
      subscription.dispose();
    }
  });

  await socket.dispose();
}
