// One request over HTTP: a JSON answer, or what a stream brings first.

/** How long a stream may stay silent before the request counts as running. */
const SILENT_MS = 400;
/** The same before a request that is to be refused counts as running. */
export const PATIENT_MS = 15_000;
/** How often a request is sent until there is an answer, and the time between. */
const TIMES = 5;
const PAUSE_MS = 200;
const ACCEPT = 'application/graphql-response+json, text/event-stream';

/** `{status, body, text}`; there is no body where a stream has brought nothing yet, or where it is no JSON. */
export async function post(server, { query, variables, operationName }, silent = SILENT_MS) {
  const stopper = new AbortController();
  const sent = () => fetch(server.url, {
    method: 'POST',
    headers: { accept: ACCEPT, 'content-type': 'application/json', ...server.headers },
    body: JSON.stringify({ query, variables, operationName }),
    signal: stopper.signal,
  });
  const response = await again(sent).catch((problem) => {
    throw new Error(`no answer (${problem.cause?.message ?? problem.message}) to ${query}`);
  });
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
    const timer = setTimeout(() => stopper.abort(), silent);
    const text = await firstEvent(response.body).finally(() => clearTimeout(timer));
    stopper.abort();
    return { status: response.status, streamed: true, text, body: text && parsed(text) };
  }
  const text = await response.text();
  return { status: response.status, text, body: parsed(text) };
}

/** The server may close idle connections just when they are used again: a few times more, then. */
export async function again(sent, times = TIMES) {
  try {
    return await sent();
  } catch (problem) {
    if (times === 1) {
      throw problem;
    }
    await new Promise((next) => setTimeout(next, PAUSE_MS));
    return again(sent, times - 1);
  }
}

function parsed(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The data of the first `next` of a stream; undefined when it ends, or is ended, before. */
async function firstEvent(body) {
  let text = '';
  try {
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const found = text.match(/^event: next\ndata: (.*)\n\n/m);
      if (found) {
        return found[1];
      }
    }
  } catch (problem) {
    if (problem.name !== 'AbortError') {
      throw problem;
    }
  }
  return undefined;
}
