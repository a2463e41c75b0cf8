import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import { createClient } from 'graphql-ws';
import { buildSchema, isAbstractType } from 'graphql';
import { filter, firstValueFrom } from 'rxjs';
import WebSocket from 'ws';

import { liveRoundTrip, message, newPerson, operation, Queue, recordMessage } from '../harness/api.js';

/** Apollo Client with its normalised cache, over HTTP, the socket, and multipart HTTP. */
export const suite = {
  name: 'Apollo Client',
  packages: ['@apollo/client'],
  async run({ server, check }) {
    const person = await newPerson(server);
    const http = new HttpLink({ uri: server.url, headers: server.headers });
    const socket = createClient({ url: server.socketUrl, webSocketImpl: WebSocket, connectionParams: server.headers, retryAttempts: 0 });
    const client = new ApolloClient({ link: http, cache: cache(server) });

    await check('a mutation', async () => {
      const { data } = await client.mutate({ mutation: gql(operation('Identify')), variables: { input: { email: person.email } } });
      assert.equal(data.identify.outcome, 'MATCHED');
    });

    await check('the customer page, and again from the cache', async () => {
      await recordMessage(server, person);
      const options = { query: gql(operation('CustomerPage')), variables: { by: person.by } };
      const { data } = await client.query(options);
      assert.equal(data.customer.primaryEmail, person.email);
      assert.deepEqual(client.readQuery(options), data);
    });

    await check('two pages of a history are merged by relayStylePagination', async () => {
      const ids = [];
      for (const text of ['one', 'two', 'three']) {
        ids.unshift(await recordMessage(server, person, text));
      }
      const query = gql`
        query Pages($by: CustomerRef!, $after: String) {
          customer(by: $by) { id history(first: 2, after: $after) { pageInfo { hasNextPage endCursor } edges { cursor node { id summary } } } }
        }
      `;
      const paging = new ApolloClient({ link: http, cache: cache(server, { Customer: { fields: { history: relayStylePagination() } } }) });
      const watched = paging.watchQuery({ query, variables: { by: person.by } });
      const first = await firstValueFrom(watched.pipe(filter(({ dataState }) => dataState === 'complete')));
      await watched.fetchMore({ variables: { after: first.data.customer.history.pageInfo.endCursor } });
      const merged = paging.readQuery({ query, variables: { by: person.by } }).customer.history.edges;
      assert.equal(merged.length, 4);
      assert.deepEqual(merged.slice(0, 3).map(({ node }) => node.id), ids);
    });

    const transports = [
      ['the socket', new GraphQLWsLink(socket)],
      ['multipart HTTP', http],
    ];
    for (const [name, link] of transports) {
      await check(`a live history over ${name}`, async () => {
        const live = new ApolloClient({ link, cache: cache(server) });
        const queue = new Queue();
        const subscription = live
          .subscribe({ query: gql(operation('Live')), variables: { customer: person.by }, fetchPolicy: 'no-cache' })
          .subscribe({
            next: ({ data, error }) => (error ? queue.fail(error) : queue.push(data.customerHistory)),
            error: (problem) => queue.fail(problem),
            complete: () => queue.push(undefined),
          });
        try {
          await liveRoundTrip(() => queue.pull(), () => recordMessage(server, person));
        } finally {
          subscription.unsubscribe();
          live.stop();
        }
      });
    }

    await check('an error of the document reaches the caller with its code', async () => {
      const problem = await client.query({ query: gql('{ nothingLikeThis }') }).then(() => undefined, (error) => error);
      assert.equal(problem?.errors?.[0]?.extensions?.code, 'GRAPHQL_VALIDATION_FAILED', problem?.message);
    });

    await check('automatic persisted queries: unknown once, then by hash alone', async () => {
      const sent = [];
      const watched = new HttpLink({
        uri: server.url,
        headers: server.headers,
        fetch: (url, init) => {
          sent.push(init?.body ? 'query' in JSON.parse(init.body) : new URL(url).searchParams.has('query'));
          return fetch(url, init);
        },
      });
      const sha256 = (text) => createHash('sha256').update(text).digest('hex');
      const link = ApolloLink.from([new PersistedQueryLink({ sha256, useGETForHashedQueries: true }), watched]);
      const persisted = new ApolloClient({ link, cache: cache(server) });
      const query = gql(`query Q${Date.now()} { viewer { tenant } }`);
      for (let round = 0; round < 2; round += 1) {
        const { data } = await persisted.query({ query, fetchPolicy: 'network-only' });
        assert.equal(typeof data.viewer.tenant, 'string');
      }
      assert.deepEqual(sent, [false, true, false]);
    });

    await check('an event recorded twice says so', async () => {
      const inputs = [message(person, 'twice')];
      const record = () => client.mutate({ mutation: gql(operation('Record')), variables: { inputs } });
      const [first] = (await record()).data.recordEngagements.results;
      const [second] = (await record()).data.recordEngagements.results;
      assert.deepEqual([first.duplicate, second.duplicate, second.item.id], [false, true, first.item.id]);
    });

    client.stop();
    await socket.dispose();
  },
};

function cache(server, typePolicies = {}) {
  const schema = buildSchema(server.schemaText);
  const abstract = Object.values(schema.getTypeMap()).filter(isAbstractType);
  const possibleTypes = Object.fromEntries(abstract.map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]));
  return new InMemoryCache({ possibleTypes, typePolicies });
}
