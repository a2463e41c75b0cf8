// What the page says by itself: one polite line for those who listen, and notes that stay until they are closed.

import { signal } from '@preact/signals';

import { words } from '../words/en';
import { onForget } from './session';

export const announcement = signal('');

let last = 0;
let speaking: ReturnType<typeof setTimeout> | undefined;

/** Emptied first: the same line twice is read twice. */
export function announce(text: string): void {
  clearTimeout(speaking);
  announcement.value = '';
  speaking = setTimeout(() => {
    announcement.value = text;
  }, 20);
}

const BURST = 1200;
let lines: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/** A live item: one line; of a burst the number. */
export function announceItem(line: string): void {
  lines.push(line);
  timer ??= setTimeout(() => {
    announce(lines.length === 1 ? (lines[0] as string) : words.newItems(lines.length));
    lines = [];
    timer = undefined;
  }, BURST);
}

export interface Note {
  id: number;
  text: string;
  action?: { label: string; run(): void };
  failed?: boolean;
}

export const notes = signal<Note[]>([]);

export function tell(text: string, action?: Note['action'], failed = false): void {
  last += 1;
  notes.value = [...notes.value.slice(-2), { id: last, text, action, failed }];
}

export function closeNote(id: number): void {
  notes.value = notes.value.filter((note) => note.id !== id);
}

onForget(() => {
  notes.value = [];
});
