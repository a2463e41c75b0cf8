// What a person prefers on this device: colours, direction, single keys.

import { effect, signal } from '@preact/signals';

type Theme = 'system' | 'light' | 'dark';

function kept(name: string): string | null {
  try {
    return localStorage.getItem(`rapport.look.${name}`);
  } catch {
    return null;
  }
}

function keepIt(name: string, value: string): void {
  try {
    localStorage.setItem(`rapport.look.${name}`, value);
  } catch {
    // Storage is closed: the choice lasts as long as the page.
  }
}

export const theme = signal<Theme>((kept('theme') as Theme | null) ?? 'system');
export const direction = signal<'ltr' | 'rtl'>(kept('direction') === 'rtl' ? 'rtl' : 'ltr');
export const singleKeys = signal(kept('keys') !== 'off');

/** Grows twice a minute, so that what says "now" does not say it all day. */
export const tick = signal(0);

const TICK = 30_000;

export function startLook(): void {
  setInterval(() => {
    tick.value += 1;
  }, TICK);
  const root = document.documentElement;
  effect(() => {
    root.dataset.theme = theme.value;
    keepIt('theme', theme.value);
  });
  effect(() => {
    root.dir = direction.value;
    keepIt('direction', direction.value);
  });
  effect(() => keepIt('keys', singleKeys.value ? 'on' : 'off'));
}
