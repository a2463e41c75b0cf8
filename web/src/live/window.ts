// A window on a long history, newest first: pages are fetched at both ends, live events are put where they belong, and
// what is far from the reader is let go.

export interface Row {
  id: string;
  /** RFC 3339 in one zone, so that texts compare as times. */
  occurredAt: string;
}

export interface Page<R extends Row> {
  rows: R[];
  startCursor: string | null;
  endCursor: string | null;
  /** Whether there is more towards the past. */
  older: boolean;
  /** Items in the whole list where that is known, else -1. */
  total: number;
  liveCursor: string;
}

export interface Source<R extends Row> {
  older(first: number, after: string | null): Promise<Page<R>>;
  /** The `last` items before a cursor; a source that cannot do this keeps what it has. */
  newer?(last: number, before: string): Promise<Page<R>>;
}

export type Change<R extends Row> =
  | { kind: 'added'; row: R }
  | { kind: 'updated'; row: R }
  | { kind: 'removed'; id: string };

export type Effect = 'inserted' | 'updated' | 'removed' | 'counted' | 'none';

export interface WindowOptions<R extends Row> {
  /** Rows that are kept at most; more are let go at the end that is further from the reader. */
  limit?: number;
  firstPage?: number;
  page?: number;
  /** What becomes of a known row when a later state of it comes. */
  renew?(known: R, row: R): R;
  onChange?(): void;
}

interface Mark {
  start?: string;
  end?: string;
}

export class HistoryWindow<R extends Row> {
  rows: R[] = [];
  /** Rows above `rows[0]` that were let go. */
  above = 0;
  /** Whether there is more towards the past than `rows` has. */
  hasOlder = false;
  total = -1;
  liveCursor = '';
  /** Items that came live while nobody looked at their place. */
  unseen = 0;
  loaded = false;

  #source: Source<R>;
  #options: Required<Omit<WindowOptions<R>, 'renew'>> & Pick<WindowOptions<R>, 'renew'>;
  #byId = new Map<string, R>();
  #marks = new Map<string, Mark>();
  #busy = { older: false, newer: false };
  #late: Change<R>[] = [];
  #loading = 0;
  #generation = 0;

  constructor(source: Source<R>, options: WindowOptions<R> = {}) {
    this.#source = source;
    this.#options = { limit: 3000, firstPage: 50, page: 200, onChange: () => {}, ...options };
  }

  set onChange(listener: () => void) {
    this.#options.onChange = listener;
  }

  get(id: string): R | undefined {
    return this.#byId.get(id);
  }

  get hasNewer(): boolean {
    return this.above > 0;
  }

  /**
   * Reads the newest page, and in its place what was there, down to `reach` where that is given. Whether it was this read
   * that counted: a later one may have overtaken it.
   */
  async load(reach?: string): Promise<boolean> {
    const generation = ++this.#generation;
    let counted = false;
    await this.#reading(async () => {
      const pages = [await this.#source.older(reach ? this.#options.page : this.#options.firstPage, null)];
      const deep = () => pages[pages.length - 1] as Page<R>;
      while (reach && deep().older && pages.length < 15 && (deep().rows.at(-1)?.occurredAt ?? '') > reach) {
        pages.push(await this.#source.older(this.#options.page, deep().endCursor));
      }
      if (generation !== this.#generation) return;
      this.rows = [];
      this.#byId.clear();
      this.#marks.clear();
      this.above = 0;
      const [first] = pages as [Page<R>];
      this.liveCursor = first.liveCursor;
      this.total = first.total;
      pages.forEach((page) => this.#append(page));
      this.loaded = true;
      counted = true;
    });
    return counted;
  }

  /** Fetches towards the past; does nothing while it already does, or at the end. */
  async loadOlder(): Promise<void> {
    const last = this.rows.at(-1);
    if (this.#busy.older || !this.hasOlder || !last) return;
    const generation = this.#generation;
    this.#busy.older = true;
    try {
      await this.#reading(async () => {
        const page = await this.#source.older(this.#options.page, this.#mark(last.id).end ?? null);
        if (generation !== this.#generation) return;
        this.#append(page);
        this.#shrinkTop();
      });
    } finally {
      this.#busy.older = false;
      this.#options.onChange();
    }
  }

  /** Fetches again what was let go towards the newest. */
  async loadNewer(): Promise<void> {
    const first = this.rows[0];
    if (this.#busy.newer || !this.hasNewer || !first || !this.#source.newer) return;
    const generation = this.#generation;
    this.#busy.newer = true;
    try {
      await this.#reading(async () => {
        const page = await this.#source.newer?.(this.#options.page, this.#mark(first.id).start ?? '');
        if (generation !== this.#generation || !page) return;
        const fresh = page.rows.filter(({ id }) => !this.#byId.has(id));
        fresh.forEach((row) => this.#byId.set(row.id, row));
        this.rows = [...fresh, ...this.rows];
        this.#set(this.rows[0], { start: page.startCursor ?? undefined });
        this.#set(fresh.at(-1), { end: page.endCursor ?? undefined });
        // Fewer than asked for: this is the newest.
        this.above = page.rows.length < this.#options.page ? 0 : Math.max(1, this.above - fresh.length);
        if (this.above === 0) this.unseen = 0;
        this.#shrinkBottom();
      });
    } finally {
      this.#busy.newer = false;
      this.#options.onChange();
    }
  }

  /** Puts a live event where it belongs. Called twice with the same one, it changes nothing the second time. */
  apply(change: Change<R>): Effect {
    if (this.#loading > 0) {
      this.#late.push(change);
    }
    const effect = this.#put(change);
    if (effect !== 'none') this.#options.onChange();
    return effect;
  }

  /** Replaces a row that is there, such as after a comment. */
  replace(row: R): void {
    const at = this.rows.findIndex(({ id }) => id === row.id);
    if (at >= 0) {
      this.rows = this.rows.with(at, row);
      this.#byId.set(row.id, row);
      this.#options.onChange();
    }
  }

  seen(): void {
    if (this.unseen > 0) {
      this.unseen = 0;
      this.#options.onChange();
    }
  }

  #put(change: Change<R>): Effect {
    if (change.kind === 'removed') return this.#remove(change.id);
    const { row } = change;
    const known = this.#byId.get(row.id);
    if (known) {
      const next = this.#options.renew?.(known, row) ?? row;
      this.#byId.set(row.id, next);
      const at = this.rows.indexOf(known);
      if (next.occurredAt === known.occurredAt) {
        this.rows = this.rows.with(at, next);
      } else {
        this.rows = this.rows.filter((other) => other !== known);
        this.#passMarks(known.id, at);
        this.#insert(next);
      }
      return 'updated';
    }
    if (change.kind === 'updated') return 'none';
    if (this.total >= 0) this.total += 1;
    return this.#insert(row) ? 'inserted' : 'counted';
  }

  /** Whether the row has its place in the window; where it has none it is counted only. */
  #insert(row: R): boolean {
    const at = this.rows.findIndex(({ occurredAt }) => occurredAt <= row.occurredAt);
    if (at === 0 && this.hasNewer) {
      this.above += 1;
      this.#byId.delete(row.id);
      return false;
    }
    if (at < 0 && this.hasOlder) {
      this.#byId.delete(row.id);
      return false;
    }
    const place = at < 0 ? this.rows.length : at;
    this.rows = this.rows.toSpliced(place, 0, row);
    this.#byId.set(row.id, row);
    return true;
  }

  #remove(id: string): Effect {
    const known = this.#byId.get(id);
    if (!known) return 'none';
    const at = this.rows.indexOf(known);
    this.#byId.delete(id);
    this.rows = this.rows.filter((row) => row !== known);
    this.#passMarks(id, at);
    if (this.total > 0) this.total -= 1;
    return 'removed';
  }

  /** A page's cursors stand for places, so the neighbours inherit them. */
  #passMarks(id: string, at: number): void {
    const mark = this.#marks.get(id);
    if (!mark) return;
    this.#marks.delete(id);
    if (mark.start) this.#set(this.rows[at], { start: mark.start });
    if (mark.end) this.#set(this.rows[at - 1], { end: mark.end });
  }

  #mark(id: string): Mark {
    return this.#marks.get(id) ?? {};
  }

  #set(row: R | undefined, mark: Mark): void {
    if (row) this.#marks.set(row.id, { ...this.#mark(row.id), ...mark });
  }

  #append(page: Page<R>): void {
    const fresh = page.rows.filter(({ id }) => !this.#byId.has(id));
    fresh.forEach((row) => this.#byId.set(row.id, row));
    this.rows = [...this.rows, ...fresh];
    this.#set(fresh[0], { start: page.startCursor ?? undefined });
    this.#set(this.rows.at(-1), { end: page.endCursor ?? undefined });
    this.hasOlder = page.older;
  }

  #shrinkTop(): void {
    const { limit } = this.#options;
    if (this.rows.length <= limit || !this.#source.newer) return;
    // Only where a page begins is there a cursor from which the way back starts.
    let cut = this.rows.length - limit;
    while (cut > 0 && !this.#mark((this.rows[cut] as R).id).start) cut -= 1;
    this.#forget(this.rows.slice(0, cut));
    this.rows = this.rows.slice(cut);
    this.above += cut;
  }

  #shrinkBottom(): void {
    const { limit } = this.#options;
    if (this.rows.length <= limit) return;
    let keep = limit;
    while (keep < this.rows.length && !this.#mark((this.rows[keep - 1] as R).id).end) keep += 1;
    if (keep >= this.rows.length) return;
    this.#forget(this.rows.slice(keep));
    this.rows = this.rows.slice(0, keep);
    this.hasOlder = true;
  }

  #forget(rows: R[]): void {
    for (const { id } of rows) {
      this.#byId.delete(id);
      this.#marks.delete(id);
    }
  }

  /** What comes live while a page is under way is applied once more after it: the page may be older. */
  async #reading(read: () => Promise<void>): Promise<void> {
    this.#loading += 1;
    try {
      await read();
    } finally {
      this.#loading -= 1;
      if (this.#loading === 0) {
        const late = this.#late;
        this.#late = [];
        late.forEach((change) => this.#put(change));
      }
      this.#options.onChange();
    }
  }
}
