// The tab's one connection for everything live, and what the frame shows of it.

import { effect, signal } from '@preact/signals';

import { Connection, type ConnectionState } from '../live/connection';
import { askForToken, onSignIn, token, viewer } from './session';
import { words } from '../words/en';

export const link = signal<ConnectionState>('reconnecting');
/** Grows with each acknowledged connection, so that what failed meanwhile is asked again. */
export const connects = signal(0);

const address = new URL('/graphql', location.href);
address.protocol = address.protocol.replace('http', 'ws');

export const connection = new Connection({
  url: address.href,
  parameters: () => (token.value ? { authorization: `Bearer ${token.value}` } : {}),
  isOnline: () => navigator.onLine,
  onState: (state) => {
    link.value = state;
  },
  onForbidden: () => askForToken(token.value ? words.tokenEnded : ''),
  onConnected: () => {
    connects.value += 1;
  },
});

export function startLive(): void {
  onSignIn(() => connection.restart());
  addEventListener('online', () => connection.wake());
  addEventListener('offline', () => connection.sleep());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') connection.wake();
  });
  addEventListener('pageshow', ({ persisted }) => persisted && connection.wake());
  let had = viewer.peek() !== null;
  effect(() => {
    const has = viewer.value !== null;
    if (had && !has) connection.restart();
    had = has;
  });
}
