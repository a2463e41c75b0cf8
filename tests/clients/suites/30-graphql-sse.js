import assert from 'node:assert/strict';
import { createClient } from 'graphql-sse';

import { liveRoundTrip, newPerson, operation, recordMessage } from '../harness/api.js';

/** The reference client of GraphQL over SSE, and what browsers' EventSource needs. */
export const suite = {
  name: 'graphql-sse, reference client',
  packages: ['graphql-sse'],
  async run({ server, check }) {
    const client = createClient({ url: server.url, headers: server.headers, retryAttempts: 0 });
    const person = await newPerson(server);

    await check('a query over the stream', async () => {
      const { value } = await client.iterate({ query: '{ viewer { tenant } }' }).next();
      assert.equal(typeof value.data.viewer.tenant, 'string');
    });

    await check('a mutation over the stream', async () => {
      const { value } = await client.iterate({ query: operation('Identify'), variables: { input: { email: person.email } } }).next();
      assert.equal(value.data.identify.outcome, 'MATCHED');
    });

    await check('a live history catches up, then brings what is recorded', async () => {
      const events = client.iterate({ query: operation('Live'), variables: { customer: person.by } });
      await liveRoundTrip(
        async () => (await events.next()).value?.data.customerHistory,
        () => recordMessage(server, person),
      );
      await events.return();
    });

    await check('a document that does not fit is told', async () => {
      const outcome = await client.iterate({ query: '{ nothingLikeThis }' }).next().then(({ value }) => value?.errors, (problem) => [problem]);
      assert.ok(outcome?.length > 0);
    });

    await check('GET streams too, with the live cursor as id, and Last-Event-ID goes on from there', async () => {
      const open = (headers) => stream(server, 'subscription($c: CustomerRef!) { customerHistory(customer: $c) { __typename ... on HistoryItemAdded { item { id } } } }', { c: person.by }, headers);
      const first = await open({});
      const caughtUp = await first.next();
      assert.equal(caughtUp.data.data.customerHistory.__typename, 'CaughtUp');
      assert.ok(caughtUp.id, 'the event has no id');
      first.stop();
      const missed = await recordMessage(server, person);
      const second = await open({ 'last-event-id': caughtUp.id });
      assert.equal((await second.next()).data.data.customerHistory.item?.id, missed);
      second.stop();
    });

    client.dispose();
  },
};

/** Events of a GET stream, read as EventSource reads them. */
async function stream(server, query, variables, headers) {
  const stopper = new AbortController();
  const url = `${server.url}?${new URLSearchParams({ query, variables: JSON.stringify(variables) })}`;
  const response = await fetch(url, { headers: { accept: 'text/event-stream', ...server.headers, ...headers }, signal: stopper.signal });
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type'), /^text\/event-stream/);
  const chunks = response.body.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  let text = '';
  const next = async () => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end < 0) {
        const { value, done } = await chunks.next();
        assert.ok(!done, 'the stream ended');
        text += value;
        continue;
      }
      const lines = text.slice(0, end).split('\n').map((line) => line.match(/^(\w+): ?(.*)$/)).filter(Boolean);
      text = text.slice(end + 2);
      const field = (name) => lines.filter((line) => line[1] === name).map((line) => line[2]).join('\n');
      if (field('event') === 'next') {
        return { id: field('id'), data: JSON.parse(field('data')) };
      }
    }
  };
  return { next, stop: () => stopper.abort() };
}
