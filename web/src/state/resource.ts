// What a screen reads: the last answer stays while a newer one is under way, also when that fails.

import { type Signal, signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';

import { ApiError, ask } from './api';
import type { Document } from './document';
import { connects } from './live';
import { onForget } from './session';

const KEPT = 40;

export class Resource<R> {
  readonly data: Signal<R | null> = signal(null);
  readonly error: Signal<ApiError | null> = signal(null);
  readonly loading = signal(false);
  #read: () => Promise<R>;
  #turn = 0;

  constructor(read: () => Promise<R>) {
    this.#read = read;
  }

  /** Reads again; of several answers the one that was asked last counts. */
  async load(): Promise<void> {
    const turn = ++this.#turn;
    this.loading.value = true;
    try {
      const data = await this.#read();
      if (turn === this.#turn) {
        this.data.value = data;
        this.error.value = null;
      }
    } catch (problem) {
      if (turn === this.#turn) {
        this.error.value = problem instanceof ApiError ? problem : new ApiError('PAGE', String(problem));
      }
    } finally {
      if (turn === this.#turn) this.loading.value = false;
    }
  }
}

const kept = new Map<string, unknown>();
onForget(() => kept.clear());

/** Something that outlives its screen for a while, so that Back finds it as it was. */
export function keep<T>(key: string, make: () => T): T {
  const found = (kept.get(key) as T | undefined) ?? make();
  kept.delete(key);
  kept.set(key, found);
  if (kept.size > KEPT) {
    kept.delete(kept.keys().next().value as string);
  }
  return found;
}

export function resourceOf<R, V>(document: Document<R, V>, variables: V): Resource<R> {
  return keep(`${document.slice(0, 60)} ${JSON.stringify(variables)}`, () => new Resource<R>(() => ask(document, variables)));
}

export function useResource<R, V>(document: Document<R, V>, variables: V): Resource<R> {
  const key = JSON.stringify(variables);
  const resource = useMemo(() => resourceOf(document, variables), [document, key]);
  // Not after the first paint: what is asked for sooner is there sooner.
  useLayoutEffect(() => {
    void resource.load();
  }, [resource]);
  useReloadAfterOutage(resource);
  return resource;
}

/** What failed for want of a line is asked again, once for each time that there is a new one. */
export function useReloadAfterOutage(resource: { error: Signal<ApiError | null>; load(): Promise<void> }): void {
  const latest = useRef(resource);
  latest.current = resource;
  useEffect(() => {
    const seen = connects.peek();
    return connects.subscribe((count) => {
      if (count > seen && latest.current.error.peek()?.away) void latest.current.load();
    });
  }, [resource.error]);
}

export interface Slice<N> {
  nodes: N[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

/** A list that is read page by page. */
export class Paged<N> {
  readonly nodes: Signal<N[]> = signal([]);
  readonly error: Signal<ApiError | null> = signal(null);
  readonly loading = signal(false);
  readonly loaded = signal(false);
  readonly more = signal(false);
  /** The first page's answer, for what stands beside the nodes. */
  readonly head: Signal<unknown> = signal(null);
  #read: (after: string | null) => Promise<{ slice: Slice<N>; head?: unknown }>;
  #end: string | null = null;
  #turn = 0;

  constructor(read: (after: string | null) => Promise<{ slice: Slice<N>; head?: unknown }>) {
    this.#read = read;
  }

  load(): Promise<void> {
    return this.#fetch(null);
  }

  async next(): Promise<void> {
    if (this.more.peek() && !this.loading.peek()) await this.#fetch(this.#end);
  }

  async #fetch(after: string | null): Promise<void> {
    const turn = ++this.#turn;
    this.loading.value = true;
    try {
      const { slice, head } = await this.#read(after);
      if (turn !== this.#turn) return;
      this.nodes.value = after === null ? slice.nodes : [...this.nodes.peek(), ...slice.nodes];
      this.#end = slice.pageInfo.endCursor ?? null;
      this.more.value = slice.pageInfo.hasNextPage;
      if (after === null) this.head.value = head ?? null;
      this.error.value = null;
      this.loaded.value = true;
    } catch (problem) {
      if (turn === this.#turn) {
        this.error.value = problem instanceof ApiError ? problem : new ApiError('PAGE', String(problem));
      }
    } finally {
      if (turn === this.#turn) this.loading.value = false;
    }
  }
}

export function usePaged<N>(key: string, read: (after: string | null) => Promise<{ slice: Slice<N>; head?: unknown }>): Paged<N> {
  const paged = useMemo(() => keep(key, () => new Paged(read)), [key]);
  useLayoutEffect(() => {
    // A list that was read on is not cut short under the reader who comes back.
    if (paged.nodes.peek().length <= 100) void paged.load();
  }, [paged]);
  useReloadAfterOutage(paged);
  return paged;
}
