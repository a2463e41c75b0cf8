// What was written and is not on the server yet. It is kept with its idempotency key until the server has it, so that
// sending again is safe and a reload, a lost line or an ended token loses nothing.

import { type Signal, signal } from '@preact/signals';

import { AddComment } from '../generated/documents';
import type { CommentTextFragment } from '../generated/types';
import { ApiError, ask } from './api';
import { onForget, viewer } from './session';
import { words } from '../words/en';

export interface Draft {
  text: string;
  /** One for each draft: the server does a request with it once. */
  key: string;
  open: boolean;
}

export interface Pending {
  key: string;
  itemId: string;
  text: string;
  author: string;
  at: string;
  /** Comments that were there when it was sent: a later one with the same words is this one. */
  known: string[];
  error: string | null;
}

const STORE = 'rapport.drafts';

const drafts = new Map<string, Signal<Draft>>();
export const pending: Signal<Pending[]> = signal([]);

function read(): Record<string, Draft> {
  try {
    return JSON.parse(sessionStorage.getItem(STORE) ?? '{}') as Record<string, Draft>;
  } catch {
    return {};
  }
}

function save(): void {
  const all: Record<string, Draft> = {};
  for (const { itemId, text, key } of pending.peek()) {
    all[itemId] = { text, key, open: true };
  }
  for (const [id, draft] of drafts) {
    const { text } = draft.peek();
    if (text) all[id] = draft.peek();
  }
  try {
    sessionStorage.setItem(STORE, JSON.stringify({ ...read(), ...empty(), ...all }));
  } catch {
    // Storage is closed: the drafts live as long as the page.
  }
}

/** Names whose drafts are over, so that they are not kept. */
function empty(): Record<string, undefined> {
  return Object.fromEntries([...drafts.keys()].map((id) => [id, undefined]));
}

export function draftOf(id: string): Signal<Draft> {
  let draft = drafts.get(id);
  if (!draft) {
    draft = signal(read()[id] ?? { text: '', key: newKey(), open: false });
    drafts.set(id, draft);
  }
  return draft;
}

/** An idempotency key; plain HTTP has no randomUUID. */
export function newKey(): string {
  return crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function change(id: string, part: Partial<Draft>): void {
  const draft = draftOf(id);
  const next = { ...draft.peek(), ...part };
  if (part.text !== undefined && part.text !== draft.peek().text && !part.key) {
    // Other words are another request.
    next.key = newKey();
  }
  draft.value = next;
  save();
}

/** Shows the comment at once, and sends it. */
export async function send(itemId: string, known: string[], done: (comment: CommentTextFragment) => void): Promise<void> {
  const { text, key } = draftOf(itemId).peek();
  const words = text.trim();
  if (!words) return;
  const entry: Pending = {
    key,
    itemId,
    text: words,
    author: viewer.peek()?.subject ?? '',
    at: new Date().toISOString(),
    known,
    error: null,
  };
  pending.value = [...pending.peek(), entry];
  change(itemId, { text: '', open: false, key: newKey() });
  await deliver(entry, done);
}

export async function sendAgain(entry: Pending, done: (comment: CommentTextFragment) => void): Promise<void> {
  set(entry.key, { error: null });
  await deliver(entry, done);
}

export function giveUp(entry: Pending): void {
  drop(entry.key);
  change(entry.itemId, { text: entry.text, key: entry.key, open: true });
}

async function deliver({ key, itemId, text }: Pending, done: (comment: CommentTextFragment) => void): Promise<void> {
  try {
    const { addComment } = await ask(AddComment, { itemId, text }, { key });
    const [error] = addComment.userErrors;
    if (error || !addComment.comment) {
      set(key, { error: error?.message ?? words.notDone });
      return;
    }
    done(addComment.comment);
    drop(key);
  } catch (problem) {
    set(key, { error: problem instanceof ApiError ? problem.message : String(problem) });
  }
}

function set(key: string, part: Partial<Pending>): void {
  pending.value = pending.peek().map((entry) => (entry.key === key ? { ...entry, ...part } : entry));
  save();
}

function drop(key: string): void {
  pending.value = pending.peek().filter((entry) => entry.key !== key);
  save();
}

/** Whether the server's list has a comment that is waiting here, told by its words, author and that it is new. */
export function arrived(entry: Pending, comments: readonly CommentTextFragment[]): boolean {
  return comments.some(({ id, text, author }) => author === entry.author && text === entry.text && !entry.known.includes(id));
}

onForget(() => {
  drafts.clear();
  pending.value = [];
});
