// One WebSocket for all subscriptions of a tab: it is watched for silence, tried again for ever, and started anew with
// another token without losing a subscription.

import { type Client, createClient } from 'graphql-ws';

import { backoff, Pause } from './backoff';

export type ConnectionState = 'live' | 'reconnecting' | 'offline';

export interface Payload {
  query: string;
  variables: Record<string, unknown>;
}

export interface Sink {
  next(result: { data?: unknown; errors?: readonly SocketError[] }): void;
  /** The server refused the operation or ended it with an error; the socket itself may be well. */
  error(errors: readonly SocketError[]): void;
  complete(): void;
}

export interface SocketError {
  message: string;
  extensions?: { code?: string; retryAfter?: number } & Record<string, unknown>;
}

export interface ConnectionOptions {
  url: string;
  /** The `connection_init` payload, asked for at each connect. */
  parameters(): Record<string, unknown>;
  onState(state: ConnectionState): void;
  /** The server does not take the token (any more): nothing is tried until `restart`. */
  onForbidden(): void;
  /** Each time a socket is acknowledged. */
  onConnected?(): void;
  /** Milliseconds without any message after which the line counts as dead; the server pings every 12 seconds. */
  silence?: number;
  webSocketImpl?: unknown;
  isOnline?(): boolean;
}

interface Entry {
  payload: Payload;
  sink: Sink;
  stop: () => void;
  /** Times in a row that its socket was closed for a reason which the client would not try again. */
  failures: number;
}

const FORBIDDEN = new Set([4401, 4403]);
const LOOK_EVERY = 1000;
/** A handshake that takes longer leads nowhere; the platform would wait for minutes. */
const HANDSHAKE = 8000;

export class Connection {
  #options: ConnectionOptions;
  #entries = new Set<Entry>();
  #client: Client | undefined;
  #pause = new Pause();
  #heardAt = 0;
  #tryingSince = 0;
  #open = false;
  #forbidden = false;
  #stopped = false;
  #state: ConnectionState = 'reconnecting';
  #watch: ReturnType<typeof setInterval>;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#watch = setInterval(() => this.#look(), LOOK_EVERY);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Keeps a subscription until the returned function is called. `payload.variables` is read anew at each connect. */
  subscribe(payload: Payload, sink: Sink): () => void {
    const entry: Entry = { payload, sink, stop: () => {}, failures: 0 };
    this.#entries.add(entry);
    if (!this.#forbidden && !this.#stopped) {
      this.#start(entry);
    }
    return () => {
      this.#entries.delete(entry);
      entry.stop();
    };
  }

  /** Another token, or the first one: every subscription goes on over a new socket. */
  restart(): void {
    this.#forbidden = false;
    const old = this.#client;
    this.#client = undefined;
    this.#open = false;
    this.#tryingSince = 0;
    for (const entry of this.#entries) {
      entry.stop();
    }
    void old?.dispose();
    this.#tell();
    for (const entry of this.#entries) {
      this.#start(entry);
    }
  }

  /** The network is back, or the machine woke up: a waiting try starts now, a line that may be dead is left. */
  wake(): void {
    if (this.#open && Date.now() - this.#heardAt > this.#silence / 2) {
      this.#client?.terminate();
    }
    this.#pause.wake();
    this.#tell();
  }

  /** The network is gone. The line is left only when it stays silent: what the browser says may be wrong. */
  sleep(): void {
    this.#tell();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#watch);
    for (const entry of this.#entries) {
      entry.stop();
    }
    this.#entries.clear();
    void this.#client?.dispose();
    this.#pause.wake();
  }

  get #silence(): number {
    return this.#options.silence ?? 26_000;
  }

  #look(): void {
    if (this.#open && Date.now() - this.#heardAt > this.#silence) {
      this.#client?.terminate();
    }
    if (this.#tryingSince > 0 && Date.now() - this.#tryingSince > HANDSHAKE) {
      this.#tryingSince = 0;
      this.#client?.terminate();
    }
  }

  #tell(): void {
    const online = this.#options.isOnline?.() ?? true;
    const state: ConnectionState = this.#open && online ? 'live' : online ? 'reconnecting' : 'offline';
    if (state !== this.#state) {
      this.#state = state;
      this.#options.onState(state);
    }
  }

  #start(entry: Entry): void {
    const client = (this.#client ??= this.#create());
    let over = false;
    const stop = client.subscribe(entry.payload, {
      next: (result) => {
        if (!over) {
          entry.failures = 0;
          entry.sink.next(result as { data?: unknown; errors?: readonly SocketError[] });
        }
      },
      error: (problem) => {
        if (over || FORBIDDEN.has((problem as { code?: number })?.code ?? 0)) return;
        if (Array.isArray(problem)) {
          entry.sink.error(problem as SocketError[]);
        } else {
          // A close that graphql-ws takes for final: this page goes on trying all the same.
          over = true;
          const timer = setTimeout(() => this.#entries.has(entry) && this.#start(entry), backoff(entry.failures));
          entry.failures += 1;
          entry.stop = () => clearTimeout(timer);
        }
      },
      complete: () => {
        if (!over && !this.#forbidden) {
          entry.sink.complete();
        }
      },
    });
    entry.stop = () => {
      over = true;
      stop();
    };
  }

  #create(): Client {
    const heard = () => {
      this.#heardAt = Date.now();
    };
    const client: Client = createClient({
      url: this.#options.url,
      webSocketImpl: this.#options.webSocketImpl,
      connectionParams: () => this.#options.parameters(),
      lazyCloseTimeout: 3000,
      connectionAckWaitTimeout: 8000,
      retryAttempts: Number.POSITIVE_INFINITY,
      retryWait: (tries) => this.#pause.wait(backoff(tries)),
      shouldRetry: (problem) => !FORBIDDEN.has((problem as { code?: number })?.code ?? 0),
      on: {
        connecting: () => {
          if (client === this.#client) this.#tryingSince = Date.now();
        },
        opened: heard,
        message: heard,
        connected: () => {
          if (client !== this.#client) return;
          heard();
          this.#tryingSince = 0;
          this.#open = true;
          this.#tell();
          this.#options.onConnected?.();
        },
        closed: (event) => {
          if (client !== this.#client) return;
          this.#open = false;
          this.#tryingSince = 0;
          this.#tell();
          if (FORBIDDEN.has((event as { code?: number })?.code ?? 0) && !this.#forbidden) {
            this.#forbidden = true;
            this.#options.onForbidden();
          }
        },
      },
    });
    return client;
  }
}
