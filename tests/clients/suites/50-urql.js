import assert from 'node:assert/strict';
import { cacheExchange, Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

import { liveRoundTrip, newPerson, operation, Queue, recordMessage } from '../harness/api.js';

/** urql: its document cache, and subscriptions over the socket and over its own fetch (which takes SSE or multipart). */
export const suite = {
  name: 'urql',
  packages: ['@urql/core'],
  async run({ server, check }) {
    const person = await newPerson(server);
    const socket = createClient({ url: server.socketUrl, webSocketImpl: WebSocket, connectionParams: server.headers, retryAttempts: 0 });
    const overSocket = subscriptionExchange({
      forwardSubscription: ({ query, variables }) => ({
        subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
      }),
    });
    const settings = { url: server.url, fetchOptions: { headers: server.headers }, preferGetMethod: false };
    const client = new Client({ ...settings, exchanges: [cacheExchange, overSocket, fetchExchange] });
    const fetching = new Client({ ...settings, fetchSubscriptions: true, exchanges: [fetchExchange] });

    await check('a mutation', async () => {
      const { data, error } = await client.mutation(operation('Identify'), { input: { email: person.email } });
      assert.ifError(error);
      assert.equal(data.identify.outcome, 'MATCHED');
    });

    await check('the customer page, and again from the cache', async () => {
      const ask = (requestPolicy) => client.query(operation('CustomerPage'), { by: person.by }, { requestPolicy });
      const { data, error } = await ask('network-only');
      assert.ifError(error);
      assert.equal(data.customer.primaryEmail, person.email);
      assert.deepEqual((await ask('cache-only')).data, data);
    });

    await check('a query by GET', async () => {
      const { data, error } = await new Client({ ...settings, preferGetMethod: 'force', exchanges: [fetchExchange] }).query(operation('SearchAsTyped'), { q: person.email });
      assert.ifError(error);
      assert.equal(data.search.nodes[0]?.customer.id, person.id);
    });

    for (const [name, subscriber] of [['the socket', client], ['fetch', fetching]]) {
      await check(`a live history over ${name}`, async () => {
        const queue = new Queue();
        const { unsubscribe } = subscriber.subscription(operation('Live'), { customer: person.by }).subscribe(({ data, error }) => {
          if (error) {
            queue.fail(error);
          } else {
            queue.push(data.customerHistory);
          }
        });
        try {
          await liveRoundTrip(() => queue.pull(), () => recordMessage(server, person));
        } finally {
          unsubscribe();
        }
      });
    }

    await check('an error of the document reaches the caller with its code', async () => {
      const { error } = await client.query('{ nothingLikeThis }', {});
      assert.equal(error?.graphQLErrors[0]?.extensions.code, 'GRAPHQL_VALIDATION_FAILED');
    });

    await socket.dispose();
  },
};
