import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';

import { backoff, FIRST_WAIT, LONGEST_WAIT } from '../backoff';
import { Connection, type ConnectionState } from '../connection';
import { follow, type StreamEvent } from '../follow';

interface Sent {
  type: string;
  id?: string;
  payload?: { variables?: Record<string, unknown> } & Record<string, unknown>;
}

/** The far end of a socket, in the hands of the test. */
class Socket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  static all: Socket[] = [];
  static answering = true;

  readyState = Socket.CONNECTING;
  sent: Sent[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string; wasClean: boolean }) => void) | null = null;
  onerror: ((problem: unknown) => void) | null = null;

  constructor() {
    Socket.all.push(this);
    queueMicrotask(() => {
      if (!Socket.answering) return;
      this.readyState = Socket.OPEN;
      this.onopen?.();
    });
  }

  send(text: string): void {
    const message = JSON.parse(text) as Sent;
    this.sent.push(message);
    if (message.type === 'connection_init') queueMicrotask(() => this.say({ type: 'connection_ack' }));
  }

  say(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  close(code = 1000, reason = ''): void {
    if (this.readyState === Socket.CLOSED) return;
    this.readyState = Socket.CLOSED;
    this.onclose?.({ code, reason, wasClean: true });
  }

  get subscriptions(): Sent[] {
    return this.sent.filter(({ type }) => type === 'subscribe');
  }

  event(cursor: string, more: Record<string, unknown> = {}, to = this.subscriptions.at(-1)): void {
    this.say({ type: 'next', id: to?.id, payload: { data: { event: { __typename: 'HistoryItemAdded', cursor, ...more } } } });
  }
}

mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });

/** Lets everything run that is due, and time go by. */
async function pass(milliseconds: number): Promise<void> {
  for (let gone = 0; gone <= milliseconds; gone += 250) {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    mock.timers.tick(Math.min(250, Math.max(0, milliseconds - gone)));
  }
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

let open: Connection | undefined;
afterEach(() => {
  open?.stop();
  Socket.all = [];
  Socket.answering = true;
});

function connect() {
  const states: ConnectionState[] = [];
  const seen = { states, forbidden: 0, token: 'first' };
  open = new Connection({
    url: 'ws://server/graphql',
    webSocketImpl: Socket,
    parameters: () => ({ authorization: seen.token }),
    onState: (state) => states.push(state),
    onForbidden: () => {
      seen.forbidden += 1;
    },
  });
  return { connection: open, seen };
}

function following(connection: Connection) {
  const got = { cursors: [] as string[], resets: 0, refused: [] as string[] };
  const stop = follow<StreamEvent>(connection, {
    query: 'subscription',
    variables: { id: 'x', after: 'start' },
    onEvent: ({ cursor }) => got.cursors.push(cursor),
    onReset: () => {
      got.resets += 1;
    },
    onRefused: ({ message }) => got.refused.push(message),
  });
  return { got, stop };
}

const last = () => Socket.all.at(-1) as Socket;
const after = (socket: Socket) => socket.subscriptions.at(-1)?.payload?.variables?.after;

test('the wait doubles from a quarter of a second to four, with jitter', () => {
  assert.equal(backoff(0, () => 0), FIRST_WAIT);
  assert.equal(backoff(3, () => 1), 2000);
  assert.equal(backoff(50, () => 1), LONGEST_WAIT);
  assert.ok(backoff(9, () => 0) >= LONGEST_WAIT / 2);
  assert.notEqual(backoff(5, () => 0.1), backoff(5, () => 0.9));
});

test('after a lost socket the stream goes on after the last event that was seen', async () => {
  const { connection, seen } = connect();
  const { got } = following(connection);
  await pass(0);
  assert.equal(after(last()), 'start');
  last().event('a');
  last().event('b');
  last().close(1006);
  await pass(0);
  assert.deepEqual(seen.states, ['live', 'reconnecting']);
  await pass(1000);
  assert.equal(Socket.all.length, 2);
  assert.equal(after(last()), 'b');
  last().event('c');
  assert.deepEqual(got.cursors, ['a', 'b', 'c']);
});

test('many streams share one socket', async () => {
  const { connection } = connect();
  following(connection);
  following(connection);
  following(connection);
  await pass(0);
  assert.equal(Socket.all.length, 1);
  assert.equal(last().subscriptions.length, 3);
});

test('a line without a word for 26 seconds is left; a ping is a word', async () => {
  const { connection } = connect();
  following(connection);
  await pass(0);
  await pass(20_000);
  last().say({ type: 'ping' });
  await pass(24_000);
  assert.equal(Socket.all.length, 1, 'the ping counts');
  await pass(5000);
  assert.equal(Socket.all.length, 2);
});

test('a handshake that hangs is left, too', async () => {
  Socket.answering = false;
  const { connection } = connect();
  const { got } = following(connection);
  await pass(10_000);
  assert.ok(Socket.all.length >= 2, `${Socket.all.length} tries`);
  Socket.answering = true;
  await pass(14_000);
  last().event('a');
  assert.deepEqual(got.cursors, ['a']);
});

test('a refused token stops the tries; another one goes on where it was', async () => {
  const { connection, seen } = connect();
  const { got } = following(connection);
  await pass(0);
  last().event('a');
  last().close(4403, 'Forbidden');
  await pass(20_000);
  assert.equal(seen.forbidden, 1);
  assert.equal(Socket.all.length, 1, 'nothing is tried without a token');
  seen.token = 'second';
  connection.restart();
  await pass(500);
  assert.equal(last().sent[0]?.payload?.authorization, 'second');
  assert.equal(after(last()), 'a');
  last().event('b');
  assert.deepEqual(got.cursors, ['a', 'b']);
});

test('closes that a client takes for final are tried again', async () => {
  for (const code of [4500, 4429, 1011, 4400]) {
    const { connection } = connect();
    following(connection);
    await pass(0);
    const before = Socket.all.length;
    last().close(code, 'no');
    await pass(3000);
    assert.ok(Socket.all.length > before, `after ${code}`);
    connection.stop();
  }
});

test('waking up cuts the wait short', async () => {
  const { connection } = connect();
  following(connection);
  await pass(0);
  Socket.answering = false;
  for (let turn = 0; turn < 5; turn += 1) {
    last().close(1006);
    await pass(5000);
  }
  last().close(1006);
  await pass(0);
  const before = Socket.all.length;
  Socket.answering = true;
  connection.wake();
  await pass(0);
  assert.equal(Socket.all.length, before + 1);
});

test('a reset ends the stream, and is told once', async () => {
  const { connection } = connect();
  const { got } = following(connection);
  await pass(0);
  last().event('z', { __typename: 'HistoryReset' });
  last().event('later');
  assert.deepEqual([got.resets, got.cursors], [1, []]);
});

test('an event that could not be read comes again after the last cursor', async () => {
  const { connection } = connect();
  const { got } = following(connection);
  await pass(0);
  last().event('a');
  const { id } = last().subscriptions[0] as Sent;
  last().say({ type: 'next', id, payload: { data: null, errors: [{ message: 'the store is away', extensions: { code: 'UNAVAILABLE' } }] } });
  await pass(1000);
  assert.equal(last().subscriptions.length, 2);
  assert.equal(after(last()), 'a');
  last().event('b');
  assert.deepEqual(got.cursors, ['a', 'b']);
});

test('a forged or outlived cursor is a reset; what the role forbids is told and not tried again', async () => {
  const { connection } = connect();
  const one = following(connection);
  const two = following(connection);
  await pass(0);
  const [first, second] = last().subscriptions as [Sent, Sent];
  last().say({ type: 'error', id: first.id, payload: [{ message: 'cursor', extensions: { code: 'INVALID_CURSOR' } }] });
  last().say({ type: 'error', id: second.id, payload: [{ message: 'not for you', extensions: { code: 'FORBIDDEN' } }] });
  await pass(10_000);
  assert.equal(one.got.resets, 1);
  assert.deepEqual(two.got.refused, ['not for you']);
  assert.equal(last().subscriptions.length, 2);
});

test('a server that drains ends the stream, and the stream goes on elsewhere', async () => {
  const { connection } = connect();
  const { got } = following(connection);
  await pass(0);
  last().event('a');
  last().say({ type: 'complete', id: last().subscriptions[0]?.id });
  last().close(1001, 'going away');
  await pass(3000);
  assert.equal(after(last()), 'a');
  last().event('b');
  assert.deepEqual(got.cursors, ['a', 'b']);
});
