// What suites of providers need: deliveries byte for byte, and what became of them.

import { once } from 'node:events';
import { Agent, request } from 'node:http';

import { ask } from './api.js';
import { until } from './sources.js';

/** A connection for each delivery: one that waits for the next may be closed while that is on its way. */
const agent = new Agent({ keepAlive: false });

/** POSTs these bytes to this very address, which is not written anew; the answer. */
export async function deliver(url, body, headers = {}, method = 'POST') {
  const [, host, port, path] = /^http:\/\/([^:/]+):(\d+)(.*)$/.exec(url);
  const bytes = Buffer.from(body);
  const length = method === 'GET' ? {} : { 'content-length': bytes.length };
  const sent = request({ agent, host, port, path, method, headers: { ...headers, ...length } });
  // A server that answers before it has all of a body may close: the answer counts.
  sent.on('error', () => {});
  sent.end(method === 'GET' ? undefined : bytes);
  const [answer] = await once(sent, 'response');
  const parts = [];
  for await (const part of answer) {
    parts.push(part);
  }
  const text = Buffer.concat(parts).toString();
  return { status: answer.statusCode, type: answer.headers['content-type'], headers: answer.headers, text };
}

/** The same delivery, this often side by side. */
export function sideBySide(times, delivery) {
  return Promise.all(Array.from({ length: times }, (_, n) => delivery(n)));
}

const asAdmin = (server) => ({ ...server, headers: server.adminHeaders });

/** Everything that this source has recorded, oldest first; `filter` says where it can be found. */
export async function itemsOf(server, source, filter = {}) {
  const items = [];
  let after = null;
  do {
    const { feed } = await ask(
      server,
      `query ($after: String, $filter: HistoryFilter) { feed(first: 200, after: $after, filter: $filter) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id kind channel direction occurredAt source sourceId
          customer { id name }
          identity { kind value verification }
          ... on Message { text deliveryState parts { __typename ... on ImagePart { url } ... on FilePart { url name contentType } } }
          ... on Call { callState durationSeconds recordingUrl }
          ... on Email { subject text emailState messageId threadId parts { __typename ... on FilePart { url name contentType } } }
          ... on PageView { url title }
          ... on RecordEvent { recordType recordId text }
        }
      } }`,
      { after, filter },
    );
    items.push(...feed.nodes.filter((item) => item.source === source.name));
    after = feed.pageInfo.hasNextPage ? feed.pageInfo.endCursor : null;
  } while (after);
  return items.reverse();
}

/** What came through the source, once `ready` is content: counts are at most a second behind. */
export async function statsOf(server, source, ready) {
  return until(`the counts of ${source.name}`, async () => {
    const { node } = await ask(
      asAdmin(server),
      `query ($id: ID!) { node(id: $id) { ... on Source { stats {
        received recorded duplicates rejected unknown refused lastReceivedAt lastRefusal { at reason } } } } }`,
      { id: source.id },
    );
    return ready(node.stats) && node.stats;
  });
}

/** Changes a source. */
export async function updateSource(server, source, parts) {
  const { updateSource: done } = await ask(
    asAdmin(server),
    'mutation ($input: UpdateSourceInput!) { updateSource(input: $input) { source { id } userErrors { message } } }',
    { input: { id: source.id, ...parts } },
  );
  if (!done.source) {
    throw new Error(JSON.stringify(done.userErrors));
  }
}

/** A new secret for a source; the former one opens for a day more. */
export async function rotateSecret(server, source) {
  const { rotateSourceSecret } = await ask(
    asAdmin(server),
    'mutation ($id: ID!) { rotateSourceSecret(sourceId: $id) { secret userErrors { message } } }',
    { id: source.id },
  );
  return rotateSourceSecret.secret;
}

/** Takes all kept events of a source in again; how many were tried, and how many are kept no longer. */
export async function replay(server, source) {
  const { replaySourceEvents } = await ask(
    asAdmin(server),
    'mutation ($input: ReplaySourceEventsInput!) { replaySourceEvents(input: $input) { replayed settled userErrors { message } } }',
    { input: { sourceId: source.id } },
  );
  return { replayed: replaySourceEvents.replayed, settled: replaySourceEvents.settled };
}

/** Records what the company's own program knows of; the results. */
export async function record(server, engagements) {
  const { recordEngagements } = await ask(
    server,
    'mutation ($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { duplicate item { id } userErrors { message path } } } }',
    { inputs: engagements },
  );
  return recordEngagements.results;
}

/** A telephone number that nobody else has in this run, as E.164. */
export function newNumber() {
  numbers += 1;
  return `+1415555${String(numbers).padStart(4, '0')}`;
}

let numbers = 1000 + Math.floor(Math.random() * 4000);
