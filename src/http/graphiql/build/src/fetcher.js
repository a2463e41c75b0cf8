// One fetcher for both transports: queries and mutations over HTTP, subscriptions over graphql-transport-ws.

import { Kind, parse } from 'graphql';
import { createClient } from 'graphql-ws';

import { resumed, started } from './streams.js';

/** Header names in small letters, with the page's own token where the editor holds none. */
function lowered(headers, token) {
  const typed = Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  return token && !('authorization' in typed) ? { authorization: `Bearer ${token}`, ...typed } : typed;
}

/** What the server said when it closed the socket, as an error that GraphiQL can show. */
function readable(problem) {
  if (typeof problem?.code === 'number') {
    return new Error(`The socket was closed: ${problem.code} ${problem.reason || ''}`.trim());
  }
  return problem;
}

async function post(url, params, headers) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { accept: 'application/graphql-response+json, application/json', 'content-type': 'application/json', ...headers },
    body: JSON.stringify(params),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`The server answered ${response.status} and no JSON: ${text.slice(0, 200)}`);
  }
}

/**
 * The operation to run. GraphiQL learns of a document's operations a moment late: just after a change of tabs its
 * operationName is still the other tab's.
 */
function operationOf({ query, operationName }) {
  let document;
  try {
    document = parse(query, { noLocation: true });
  } catch {
    // The server tells what is wrong with the document.
    return undefined;
  }
  const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  return operations.find(({ name }) => name?.value === operationName) ?? (operations.length === 1 ? operations[0] : undefined);
}

export function fetcher(url, token) {
  const socketUrl = new URL(url);
  socketUrl.protocol = url.protocol.replace('http', 'ws');
  const sockets = new Map();

  // A socket keeps the token of its connection_init, so other headers need another socket. One without a subscription
  // closes by itself.
  function socketFor(headers) {
    const key = JSON.stringify(headers);
    if (!sockets.has(key)) {
      // No silent reconnect: it would subscribe anew and hide what was missed in between.
      sockets.set(key, createClient({ url: socketUrl.href, connectionParams: headers, retryAttempts: 0 }));
    }
    return sockets.get(key);
  }

  return (params, options) => {
    const unseen = resumed();
    if (unseen) {
      return unseen;
    }
    const headers = lowered(options?.headers, token);
    const operation = operationOf(params);
    const request = { ...params, operationName: operation?.name?.value };
    return operation?.operation === 'subscription' ? started(socketFor(headers).iterate(request), readable) : post(url, request, headers);
  };
}
