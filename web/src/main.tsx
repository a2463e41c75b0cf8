// Starts the page.

import { effect } from '@preact/signals';
import { render } from 'preact';

import { App } from './app';
import { Me, TokenEnd } from './generated/documents';
import { ask } from './state/api';
import { startHeld } from './state/held';
import { startKeys } from './state/keys';
import { startLive } from './state/live';
import { startLook } from './state/look';
import { startWorker } from './state/notify';
import { go, startRouter } from './state/router';
import { askForToken, expiresAt, onSignIn, startSession, viewer, wanted } from './state/session';
import { language, words } from './words/en';

startSession();
startLook();
startRouter();
startKeys();
startLive();
startHeld();
document.documentElement.lang = language;

/** Who the token is of. While the server is away it is asked again with each new line. */
async function greet(): Promise<void> {
  try {
    const me = await ask(Me, {});
    if (wanted.peek() === null) viewer.value = me.viewer;
  } catch {
    setTimeout(() => void greet(), 2000);
  }
}
void greet();
onSignIn(() => void greet());

// A token that ends while the page is open: the server says so, and so does the clock.
let timer: ReturnType<typeof setTimeout> | undefined;
effect(() => {
  clearTimeout(timer);
  if (!viewer.value || viewer.value.role === 'INGEST') return;
  void ask(TokenEnd, {}).then(
    ({ viewer: me }) => {
      expiresAt.value = me.expiresAt;
      if (!me.expiresAt) return;
      const left = new Date(me.expiresAt).getTime() - Date.now();
      if (left < 2 ** 31) timer = setTimeout(() => askForToken(words.tokenEnded), Math.max(0, left) + 6000);
    },
    () => {},
  );
});

const root = document.getElementById('app');
if (root) {
  root.textContent = '';
  render(<App />, root);
}

// The worker comes after what is to be seen.
const AFTERWARDS = 1500;
addEventListener('load', () => setTimeout(() => void startWorker(), AFTERWARDS));
navigator.serviceWorker?.addEventListener('message', ({ data }) => {
  if (typeof data?.go === 'string' && data.go.startsWith('/app')) go(data.go);
});
