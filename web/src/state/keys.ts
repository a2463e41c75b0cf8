// The keyboard. Single keys are off while somebody types, and can be switched off altogether.

import { signal } from '@preact/signals';

import { cards } from './calls';
import { singleKeys } from './look';
import { addressOf, go } from './router';
import { isAdmin } from './session';

export const shortcutsOpen = signal(false);

type Handlers = Record<string, () => void>;

const stack: Handlers[] = [];
const CHORD = 1500;
let chordUntil = 0;

/** Keys of the present screen; the returned function takes them away. */
export function onKeys(handlers: Handlers): () => void {
  stack.push(handlers);
  return () => {
    stack.splice(stack.indexOf(handlers), 1);
  };
}

function typing(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}

const PLACES: Record<string, () => void> = {
  c: () => go(addressOf.customers),
  f: () => go(addressOf.feed),
  r: () => go(addressOf.reviews),
  s: () => isAdmin.value && go(addressOf.settings),
  a: () => isAdmin.value && go(addressOf.audit),
};

function toSearch(): void {
  const field = document.querySelector<HTMLInputElement>('#search-people');
  field?.focus();
  field?.select();
}

function toCall(): void {
  const [card] = cards.peek();
  if (card) document.querySelector<HTMLElement>('.call-card a, .call-card button')?.focus();
}

/** On screens without a history: from one entry of the list to the next. */
function walk(by: 1 | -1): void {
  const entries = [...document.querySelectorAll<HTMLElement>('main .line-link, main .cards > li')];
  const at = entries.findIndex((entry) => entry.contains(document.activeElement));
  const next = entries[at < 0 ? 0 : at + by];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: 'nearest' });
}

export function startKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const modal = document.querySelector('dialog[open]') !== null;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k' && !modal) {
      event.preventDefault();
      toSearch();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || modal || !singleKeys.peek()) return;
    const chord = performance.now() < chordUntil;
    chordUntil = 0;
    if (chord && PLACES[event.key]) {
      event.preventDefault();
      PLACES[event.key]?.();
    } else if (event.key === 'g') {
      chordUntil = performance.now() + CHORD;
    } else {
      const own: Handlers = { '/': toSearch, '?': () => (shortcutsOpen.value = true), i: toCall };
      const anywhere: Handlers = { j: () => walk(1), k: () => walk(-1) };
      const handler = own[event.key] ?? stack.findLast((handlers) => handlers[event.key])?.[event.key] ?? anywhere[event.key];
      if (handler) {
        event.preventDefault();
        handler();
      }
    }
  });
}
