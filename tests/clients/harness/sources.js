// What suites of channels need: a source, the history of a person, a website of a company, and a way that loses answers.

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request } from 'node:http';

import { ask } from './api.js';

const UNTIL_SECONDS = 60;

/** A new source of this kind; its name is new as well. */
export async function createSource(server, kind, parts = {}) {
  const input = { kind, name: `${kind.toLowerCase()}-${randomUUID().slice(0, 8)}`, ...parts };
  const { createSource: made } = await ask(
    { ...server, headers: server.adminHeaders },
    'mutation ($input: CreateSourceInput!) { createSource(input: $input) { source { id name url writeKey } secret userErrors { message path } } }',
    { input },
  );
  if (!made.source) {
    throw new Error(JSON.stringify(made.userErrors));
  }
  return { ...made.source, secret: made.secret };
}

/** What was kept of this source, because it could not be recorded. */
export async function keptEvents(server, source) {
  const { sourceEvents } = await ask(
    { ...server, headers: server.adminHeaders },
    'query ($id: ID) { sourceEvents(sourceId: $id, first: 100) { nodes { outcome type externalId errors { code message path } payload } } }',
    { id: source.id },
  );
  return sourceEvents.nodes;
}

/** The customer with this identity, with at most `first` items, newest first; null where there is none. */
export async function customerWith(server, kind, value, first = 50) {
  const { customer } = await ask(
    server,
    `query ($by: CustomerRef!, $first: Int!) {
      customer(by: $by) {
        id name primaryEmail traits
        stats { byKind { kind count } }
        identities(first: 50) { nodes { kind value } }
        history(first: $first) {
          totalCount { count }
          nodes {
            kind channel occurredAt summary source sourceId
            ... on PageView { url title sessionId }
            ... on RecordEvent { recordType recordId text data }
          }
        }
      }
    }`,
    { by: { identity: { kind, value } }, first },
  );
  return customer && { ...customer, identities: customer.identities.nodes, items: customer.history.nodes, count: customer.history.totalCount.count };
}

/** The open reviews in which this customer stands. */
export async function reviewsOf(server, customer) {
  const { linkReviews } = await ask(server, '{ linkReviews(first: 200) { nodes { rule customers { id } } } }');
  return linkReviews.nodes.filter(({ customers }) => customers.some(({ id }) => id === customer.id));
}

/** Waits until `ready` answers with something. */
export async function until(what, ready) {
  const end = Date.now() + UNTIL_SECONDS * 1000;
  for (;;) {
    const found = await ready();
    if (found) {
      return found;
    }
    if (Date.now() > end) {
      throw new Error(`waited in vain: ${what}`);
    }
    await new Promise((next) => setTimeout(next, 50));
  }
}

/** A website on an origin of its own: `answer(path)` gives `{ type, body, headers }`; every other path is an empty page. */
export async function openSite(answer = () => undefined) {
  const site = createServer((asked, response) => {
    const { pathname } = new URL(asked.url, 'http://site');
    const { type = 'text/html', body = '', headers = {} } = answer(pathname) ?? {};
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, ...headers }).end(body);
  });
  return { origin: await listening(site), close: () => closed(site) };
}

/** A way to the server on which the answer to every n-th request is lost: the server has done it, the client reads 503. */
export async function lossyWay(server, everyNth) {
  const target = new URL(server.origin);
  const way = { count: 0, lost: 0 };
  const proxy = createServer((asked, response) => {
    way.count += 1;
    const lose = way.count % everyNth === 0;
    const { method, url: path, headers } = asked;
    const passed = request({ host: target.hostname, port: target.port, method, path, headers }, (answer) => {
      if (lose) {
        way.lost += 1;
        answer.resume().on('end', () => response.writeHead(503).end());
      } else {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      }
    });
    passed.on('error', () => response.writeHead(502).end());
    asked.pipe(passed);
  });
  return Object.assign(way, { origin: await listening(proxy), close: () => closed(proxy) });
}

async function listening(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}`;
}

async function closed(server) {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
