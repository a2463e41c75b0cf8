// A live history on the screen: one customer's or the whole tenant's. It outlives its screen for a while, with the last
// cursor, and goes on from there.

import { batch, type Signal, signal } from '@preact/signals';

import { Feed, History, LiveFeed, LiveHistory as LiveHistoryDocument } from '../generated/documents';
import type { HistoryFilter, ItemFragment, LiveFeedSubscription, LiveHistorySubscription, PersonFragment } from '../generated/types';
import { follow } from '../live/follow';
import { Measures } from '../live/measure';
import { HistoryWindow, type Page } from '../live/window';
import { ApiError, ask } from './api';
import { connection } from './live';
import { keep } from './resource';

export type Item = ItemFragment & { customer?: PersonFragment | null };
type LiveEvent = LiveHistorySubscription['event'] | LiveFeedSubscription['event'];
type Connection = NonNullable<import('../generated/types').HistoryQuery['customer']>['history'];

const PAGE = 200;
const FIRST = 50;
const CUSTOMER_LIMIT = 3000;
const FEED_LIMIT = 20_000;

export interface Place {
  id: string;
  top: number;
}

function pageOf(connection: Connection): Page<Item> {
  const { nodes, pageInfo, totalCount, liveCursor } = connection;
  return {
    rows: nodes as Item[],
    startCursor: pageInfo.startCursor,
    endCursor: pageInfo.endCursor,
    older: pageInfo.hasNextPage,
    total: totalCount.precision === 'EXACT' ? totalCount.count : -1,
    liveCursor,
  };
}

/** A later state of a row: comments that were read beyond it stay. */
export function renew(known: Item, row: Item): Item {
  const comments = mergeComments(known.comments, row.comments);
  return { ...row, comments, customer: row.customer ?? known.customer };
}

export function mergeComments(known: Item['comments'], next: Item['comments']): Item['comments'] {
  const all = new Map([...known.nodes, ...next.nodes].map((comment) => [comment.id, comment]));
  if (all.size > next.totalCount.count) return next;
  const nodes = [...all.values()].sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0));
  return { totalCount: next.totalCount, nodes };
}

export class LiveItems {
  readonly window: HistoryWindow<Item>;
  readonly measures = new Measures(56);
  /** Grows with each change of the window. */
  readonly version = signal(0);
  /** Grows with each live event. */
  readonly events = signal(0);
  readonly error: Signal<ApiError | null> = signal(null);
  readonly refused: Signal<string | null> = signal(null);
  readonly missing = signal(false);
  readonly reading = signal(false);
  readonly unseen = signal(0);
  /** Where the reader is; null at the top. */
  place: Place | null = null;
  /** Pixels that stand for rows above the window. */
  space = 0;
  onRelinked: (id: string) => void = () => {};
  onItem: (item: Item, added: boolean) => void = () => {};

  #cursor = '';
  #stop: (() => void) | undefined;
  #attached = 0;

  constructor(
    readonly customer: string | null,
    readonly filter: HistoryFilter,
  ) {
    this.window = new HistoryWindow<Item>(
      {
        older: (first, after) => this.#page({ first, after }),
        newer: customer === null ? undefined : (last, before) => this.#page({ last, before }),
      },
      { limit: customer === null ? FEED_LIMIT : CUSTOMER_LIMIT, firstPage: FIRST, page: PAGE, renew, onChange: () => this.changed() },
    );
  }

  changed(): void {
    this.version.value += 1;
  }

  /** Begins, or goes on; the returned function lets go. */
  attach(): () => void {
    this.#attached += 1;
    if (!this.window.loaded) void (this.reading.peek() || this.load());
    else this.#follow();
    return () => {
      this.#attached -= 1;
      if (this.#attached === 0) {
        this.#stop?.();
        this.#stop = undefined;
      }
    };
  }

  /** Reads the page (again, down to the place that is read) and follows from its cursor. */
  async load(reach?: string): Promise<void> {
    this.reading.value = true;
    try {
      if (!(await this.window.load(reach))) return;
      batch(() => {
        this.error.value = null;
        this.unseen.value = 0;
      });
      this.#cursor = this.window.liveCursor;
      if (this.#attached > 0) this.#follow();
    } catch (problem) {
      this.#fail(problem);
    } finally {
      this.reading.value = false;
    }
  }

  async older(): Promise<void> {
    if (this.error.peek()) return;
    await this.window.loadOlder().catch((problem) => this.#fail(problem));
  }

  async newer(): Promise<void> {
    if (this.error.peek()) return;
    await this.window.loadNewer().catch((problem) => this.#fail(problem));
  }

  async retry(): Promise<void> {
    this.error.value = null;
    if (!this.window.loaded) await this.load();
    else await this.older();
  }

  /** Back to the newest. */
  async toTop(): Promise<void> {
    this.place = null;
    this.unseen.value = 0;
    if (this.window.hasNewer) {
      this.space = 0;
      await this.load();
    }
    this.changed();
  }

  replace(item: Item): void {
    this.window.replace(item);
  }

  #fail(problem: unknown): void {
    this.error.value = problem instanceof ApiError ? problem : new ApiError('PAGE', String(problem));
  }

  async #page(part: { first?: number; after?: string | null; last?: number; before?: string }): Promise<Page<Item>> {
    const filter = Object.keys(this.filter).length > 0 ? this.filter : null;
    if (this.customer === null) {
      const { feed } = await ask(Feed, { filter, first: part.first ?? FIRST, after: part.after ?? null });
      return pageOf(feed as Connection);
    }
    const { customer } = await ask(History, { id: this.customer, filter, ...part });
    if (!customer) {
      this.missing.value = true;
      throw new ApiError('NOT_FOUND', '');
    }
    return pageOf(customer.history);
  }

  #follow(): void {
    this.#stop?.();
    const filter = Object.keys(this.filter).length > 0 ? this.filter : null;
    this.refused.value = null;
    this.#stop = follow<LiveEvent>(connection, {
      query: this.customer === null ? LiveFeed : LiveHistoryDocument,
      variables: this.customer === null ? { after: this.#cursor, filter } : { id: this.customer, after: this.#cursor, filter },
      onEvent: (event) => {
        this.#cursor = event.cursor;
        this.#take(event);
        if (event.__typename !== 'CaughtUp') this.events.value += 1;
      },
      onReset: () => void this.load(this.#reach()),
      onRefused: ({ message }) => {
        this.refused.value = message;
      },
    });
  }

  #reach(): string | undefined {
    return this.place ? this.window.get(this.place.id)?.occurredAt : undefined;
  }

  #take(event: LiveEvent): void {
    switch (event.__typename) {
      case 'HistoryItemAdded': {
        const item = event.item as Item;
        const effect = this.window.apply({ kind: 'added', row: item });
        const reads = this.#reach();
        const above = reads ? item.occurredAt >= reads : effect === 'counted' && this.window.hasNewer;
        if ((effect === 'inserted' || effect === 'counted') && above) this.unseen.value += 1;
        if (effect === 'inserted' || effect === 'counted') this.onItem(item, true);
        break;
      }
      case 'HistoryItemUpdated':
        this.window.apply({ kind: 'updated', row: event.item as Item });
        this.onItem(event.item as Item, false);
        break;
      case 'HistoryItemRemoved':
        this.window.apply({ kind: 'removed', id: event.itemId });
        break;
      case 'CustomerRelinked':
        void this.#reread();
        if ('customer' in event) this.onRelinked(event.customer.id);
        break;
      default:
    }
  }

  /** The customer was merged or split: the page is another one, the stream goes on. */
  async #reread(): Promise<void> {
    await this.window.load(this.#reach()).catch((problem) => this.#fail(problem));
  }
}

export function liveItems(customer: string | null, filter: HistoryFilter): LiveItems {
  return keep(`items ${customer ?? 'feed'} ${JSON.stringify(filter)}`, () => new LiveItems(customer, filter));
}
