// Who is signed in. A token comes from the field, from `#token=`, or from where it was kept; a demo needs none.

import { computed, signal } from '@preact/signals';

import type { MeQuery } from '../generated/types';

export type Viewer = MeQuery['viewer'];

const KEY = 'rapport.token';

export const token = signal<string | null>(null);
export const viewer = signal<Viewer | null>(null);
/** The server's sentence for why a token is wanted; null while nobody asked for one. */
export const wanted = signal<string | null>(null);
export const expiresAt = signal<string | null>(null);

export const isAdmin = computed(() => viewer.value?.role === 'ADMIN');
export const mayWrite = computed(() => viewer.value?.role === 'ADMIN' || viewer.value?.role === 'AGENT');
export const recordsOnly = computed(() => viewer.value?.role === 'INGEST');

let waiting: (() => void)[] = [];
const listeners = new Set<() => void>();
const forgetters = new Set<() => void>();
const tabs = new BroadcastChannel('rapport');

/** Storage may be closed to the page; the token then lives as long as the page does. */
function store(kind: 'localStorage' | 'sessionStorage'): Storage | undefined {
  try {
    return window[kind];
  } catch {
    return undefined;
  }
}

/** Takes `#token=` out of the address before anything else sees it. */
function tokenOfAddress(): string | null {
  const found = new URLSearchParams(location.hash.slice(1)).get('token');
  if (found !== null) {
    history.replaceState(history.state, '', location.pathname + location.search);
  }
  return found?.trim() || null;
}

export function startSession(): void {
  const given = tokenOfAddress();
  if (given) {
    store('sessionStorage')?.setItem(KEY, given);
  }
  token.value = given ?? store('sessionStorage')?.getItem(KEY) ?? store('localStorage')?.getItem(KEY) ?? null;
  addEventListener('hashchange', () => {
    const later = tokenOfAddress();
    if (later) signedIn(later, false);
  });
  tabs.onmessage = ({ data }) => {
    if (data === 'signed out') leave();
  };
}

/** Where somebody was when the token ended. */
let left: { focus: Element | null; y: number; title: string } | null = null;

/** The server wants a token, or another one. What is under way waits for it. */
export function askForToken(sentence: string): void {
  if (wanted.peek() === null) left = { focus: document.activeElement, y: scrollY, title: document.title };
  wanted.value = sentence;
}

/** Back to where it was, once the page is shown again. */
export function goOn(): void {
  if (!left) return;
  const { focus, y, title } = left;
  left = null;
  document.title = title;
  scrollTo({ top: y, behavior: 'instant' });
  if (focus instanceof HTMLElement && focus.isConnected) focus.focus({ preventScroll: true });
}

export function signedIn(text: string, keep: boolean): void {
  token.value = text;
  store('sessionStorage')?.setItem(KEY, text);
  if (keep) store('localStorage')?.setItem(KEY, text);
  else store('localStorage')?.removeItem(KEY);
  wanted.value = null;
  const woken = waiting;
  waiting = [];
  listeners.forEach((listener) => listener());
  woken.forEach((wake) => wake());
}

export function renewed(): Promise<void> {
  return new Promise((resolve) => waiting.push(resolve));
}

/** Called after each sign-in over the same page. */
export function onSignIn(listener: () => void): void {
  listeners.add(listener);
}

/** Called when everything that was read or written here must go. */
export function onForget(listener: () => void): void {
  forgetters.add(listener);
}

export function signOut(): void {
  tabs.postMessage('signed out');
  leave();
}

function leave(): void {
  for (const kind of ['sessionStorage', 'localStorage'] as const) {
    const kept = store(kind);
    if (kept) {
      Object.keys(kept)
        .filter((name) => name.startsWith('rapport.') && !name.startsWith('rapport.look'))
        .forEach((name) => kept.removeItem(name));
    }
  }
  token.value = null;
  viewer.value = null;
  expiresAt.value = null;
  waiting = [];
  left = null;
  forgetters.forEach((forget) => forget());
  wanted.value = '';
}
