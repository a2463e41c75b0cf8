// Follows a stream of events that carry cursors: whatever breaks, it goes on after the last event that was seen.

import { backoff } from './backoff';
import type { Connection, Payload, SocketError } from './connection';

export interface StreamEvent {
  __typename: string;
  cursor: string;
}

export interface Follower<E extends StreamEvent> {
  query: string;
  /** `after` of these is the cursor to begin at; it is overwritten with every event. */
  variables: Record<string, unknown>;
  /** An event, in order, once. Its cursor is kept after this returns. */
  onEvent(event: E): void;
  /** The stream cannot be resumed: read the page again and follow from its cursor. Nothing comes after this. */
  onReset(): void;
  /** The server refuses to go on, for a reason that trying again does not mend. */
  onRefused?(problem: SocketError): void;
}

const TRANSIENT = new Set(['UNAVAILABLE', 'INTERNAL', 'TIMEOUT', 'RATE_LIMITED']);
const FAILURES_UNTIL_RESET = 5;

export function follow<E extends StreamEvent>(connection: Connection, follower: Follower<E>): () => void {
  const payload: Payload = { query: follower.query, variables: { ...follower.variables } };
  let over = false;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stop = () => {};

  const end = () => {
    over = true;
    clearTimeout(timer);
    stop();
  };
  const again = (seconds?: number) => {
    stop();
    clearTimeout(timer);
    timer = setTimeout(begin, seconds === undefined ? backoff(failures) : seconds * 1000);
    failures += 1;
  };
  const failed = (problem: SocketError | undefined) => {
    const code = problem?.extensions?.code ?? '';
    if (code === 'INVALID_CURSOR' || failures >= FAILURES_UNTIL_RESET) {
      end();
      follower.onReset();
    } else if (TRANSIENT.has(code) || !problem) {
      again(problem?.extensions?.retryAfter);
    } else {
      end();
      follower.onRefused?.(problem);
    }
  };

  function begin(): void {
    if (over) return;
    stop = connection.subscribe(payload, {
      next({ data, errors }) {
        if (over) return;
        const event = (data as { event?: E } | null | undefined)?.event;
        if (!event) {
          // The event could not be read whole; it comes again after the last cursor.
          failed(errors?.[0] && { ...errors[0], extensions: { ...errors[0].extensions, code: 'UNAVAILABLE' } });
          return;
        }
        failures = 0;
        if (event.__typename === 'HistoryReset') {
          end();
          follower.onReset();
          return;
        }
        follower.onEvent(event);
        // graphql-ws sends this same object again when it reconnects.
        payload.variables.after = event.cursor;
      },
      error(errors) {
        if (!over) failed(errors[0]);
      },
      complete() {
        // A server that stops ends its streams before it closes the socket.
        if (!over) again();
      },
    });
  }

  begin();
  return end;
}
