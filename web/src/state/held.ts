// How many links wait for a decision: the number beside Reviews. A server that cannot count them shows none.

import { signal } from '@preact/signals';

import { HeldCount } from '../generated/documents';
import { ask } from './api';
import { connects } from './live';
import { onForget, viewer } from './session';

export const held = signal(0);

const EVERY = 60_000;

export async function countHeld(): Promise<void> {
  if (!viewer.peek() || document.visibilityState === 'hidden') return;
  try {
    held.value = (await ask(HeldCount, {})).linkReviews.totalCount.count;
  } catch {
    // The number is left out; the list tells what is wrong.
  }
}

export function startHeld(): void {
  connects.subscribe((count) => count > 0 && void countHeld());
  setInterval(() => void countHeld(), EVERY);
  document.addEventListener('visibilitychange', () => void countHeld());
}

onForget(() => {
  held.value = 0;
});
