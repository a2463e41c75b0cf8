// Queries and mutations over POST. A token that ended, an allowance that is used up and a twin that still runs are
// waited for; everything else that can go wrong is an ApiError with the server's own sentence.

import { words } from '../words/en';
import type { Document } from './document';
import { askForToken, renewed, token } from './session';

export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly requestId: string | null = null,
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }

  /** Whether nothing reached the server, or nothing came back. */
  get away(): boolean {
    return this.code === 'NETWORK';
  }
}

interface Answer {
  data?: unknown;
  errors?: { message: string; extensions?: { code?: string } }[];
}

interface CallOptions {
  signal?: AbortSignal;
  /** Makes a mutation safe to send again. */
  key?: string;
  /** A token to try, instead of the one of the session. */
  trial?: string | null;
}

const WAITS = 4;
const LONGEST_WAIT = 30;

export async function ask<R, V>(document: Document<R, V>, variables: V, options: CallOptions = {}): Promise<R> {
  for (let tries = 0; ; tries += 1) {
    const used = options.trial === undefined ? token.value : options.trial;
    try {
      return await post(document, variables, used, options);
    } catch (problem) {
      if (!(problem instanceof ApiError) || options.signal?.aborted) throw problem;
      if (problem.code === 'UNAUTHENTICATED' && options.trial === undefined) {
        if (used === token.value) {
          askForToken(used ? problem.message : '');
          await renewed();
        }
        continue;
      }
      const patient = problem.code === 'RATE_LIMITED' || problem.code === 'IDEMPOTENCY_IN_FLIGHT';
      if (!patient || tries >= WAITS) throw problem;
      await rest(Math.min(LONGEST_WAIT, problem.retryAfter ?? 1), options.signal);
    }
  }
}

async function post<R, V>(document: Document<R, V>, variables: V, used: string | null, { signal, key }: CallOptions): Promise<R> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json',
  };
  if (used) headers.authorization = `Bearer ${used}`;
  if (key) headers['idempotency-key'] = key;
  let response: Response;
  let answer: Answer;
  try {
    response = await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query: document, variables }), signal });
    answer = await response.json();
  } catch (problem) {
    if (signal?.aborted) throw problem;
    throw new ApiError('NETWORK', words.unreachable);
  }
  const [error] = answer.errors ?? [];
  if (error) {
    const code = error.extensions?.code ?? 'INTERNAL';
    const seconds = Number(response.headers.get('retry-after'));
    throw new ApiError(code, error.message, response.headers.get('x-request-id'), Number.isFinite(seconds) && seconds > 0 ? seconds : null);
  }
  return answer.data as R;
}

function rest(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** Whether the server does not know what was asked for: it is older than the page. */
export const isUnknown = (problem: unknown): boolean => problem instanceof ApiError && problem.code === 'GRAPHQL_VALIDATION_FAILED';
