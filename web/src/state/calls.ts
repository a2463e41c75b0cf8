// Calls that ring: cards from the first ring to the end of the call, found again after every lost line.

import { signal } from '@preact/signals';

import { IncomingCalls, OpenCalls, RecentCalls, RingingCalls } from '../generated/documents';
import type { CallCardFragment, IncomingCallsSubscription } from '../generated/types';
import { backoff } from '../live/backoff';
import { words } from '../words/en';
import { ask, isUnknown } from './api';
import { nameOf } from './people';
import { connection, connects } from './live';
import { closeNotification, showNotification } from './notify';
import { announce } from './notes';
import { onForget } from './session';

export type Card = CallCardFragment & { caller: { kind: string; value: string } | null };

const OPEN = new Set(['RINGING', 'IN_PROGRESS']);
const RINGS_AT_MOST = 3 * 60_000;

export const cards = signal<Card[]>([]);
const dismissed = new Set<string>();
/** A finished call does not ring again, however late an answer comes. */
const ended = new Set<string>();
let known = true;

export function titleOf(card: Card): string {
  if (card.customer) return nameOf(card.customer);
  return card.caller?.value ?? words.unknownCaller;
}

function take(card: Card): void {
  const there = cards.peek().find(({ id }) => id === card.id);
  if (!OPEN.has(card.callState)) {
    gone(card.id);
    return;
  }
  if (ended.has(card.id) || dismissed.has(card.id)) return;
  if (there) {
    cards.value = cards.peek().map((other) => (other.id === card.id ? card : other));
    if (card.callState !== there.callState) announce(words.callTaken(titleOf(card)));
    if (card.callState === 'IN_PROGRESS') closeNotification(card.id);
  } else if (card.callState === 'RINGING') {
    cards.value = [card, ...cards.peek()];
    announce(words.callFrom(titleOf(card)));
    showNotification(card.id, titleOf(card), card.customer?.id ?? null);
  }
}

function gone(id: string): void {
  ended.add(id);
  closeNotification(id);
  if (cards.peek().some((card) => card.id === id)) {
    cards.value = cards.peek().filter((card) => card.id !== id);
  }
}

export function dismiss(id: string): void {
  dismissed.add(id);
  closeNotification(id);
  cards.value = cards.peek().filter((card) => card.id !== id);
}

const withCaller = (call: CallCardFragment): Card => ({ ...call, caller: call.identity });

/** What rings now, and what became of the cards that are open: the stream of calls has no cursor. */
async function catchUp(): Promise<void> {
  const open = cards.peek().map(({ id }) => id);
  try {
    if (open.length > 0) {
      const { nodes } = await ask(OpenCalls, { ids: open.slice(0, 100) });
      nodes.forEach((node, at) => {
        const state = node && 'callState' in node ? node.callState : null;
        if (!state || !OPEN.has(state)) gone(open[at] as string);
      });
    }
    (await ringing()).filter(({ callState }) => callState === 'RINGING').forEach((call) => take(withCaller(call)));
  } catch {
    // The next connect asks again.
  }
}

async function ringing(): Promise<CallCardFragment[]> {
  if (known) {
    try {
      return (await ask(RingingCalls, {})).ringingCalls;
    } catch (problem) {
      if (!isUnknown(problem)) throw problem;
      known = false;
    }
  }
  const since = new Date(Date.now() - RINGS_AT_MOST).toISOString();
  const { feed } = await ask(RecentCalls, { since });
  return feed.nodes.filter((node) => 'callState' in node) as CallCardFragment[];
}

let stop: (() => void) | undefined;
let failures = 0;

export function watchCalls(): () => void {
  let over = false;
  const begin = () => {
    if (over) return;
    stop = connection.subscribe(
      { query: IncomingCalls, variables: {} },
      {
        next({ data }) {
          failures = 0;
          const event = (data as IncomingCallsSubscription | null | undefined)?.incomingCalls;
          if (event) take({ ...event.call, customer: event.call.customer, caller: event.caller });
        },
        error: again,
        complete: again,
      },
    );
  };
  const again = () => {
    stop?.();
    setTimeout(begin, backoff(failures));
    failures += 1;
  };
  begin();
  const unsubscribe = connects.subscribe((count) => {
    if (count > 0) void catchUp();
  });
  return () => {
    over = true;
    unsubscribe();
    stop?.();
  };
}

onForget(() => {
  cards.value.forEach(({ id }) => closeNotification(id));
  cards.value = [];
  dismissed.clear();
});
