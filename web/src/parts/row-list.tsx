// A long list of which only the rows near the screen exist. What is read stays where it is: the row at the top of the
// screen is the anchor, by its id, and whatever changes above it is made up for in the same frame.

import { Component, type ComponentChildren, createRef } from 'preact';

import type { Measures } from '../live/measure';
import type { Place } from '../state/history';

interface Row {
  id: string;
}

export interface RowListProps<R extends Row> {
  label: string;
  /** Told when the list is there, for the keys that walk in it. */
  handle: { current: RowList<R> | null };
  rows: readonly R[];
  measures: Measures;
  /** Rows before the first, and the height that stands for them. */
  above: number;
  /** Items of the whole list, -1 where nobody knows. */
  total: number;
  /** Kept outside, so that the place outlives the list. */
  holder: { place: Place | null; space: number };
  version: number;
  render(row: R, index: number): ComponentChildren;
  onEnd(): void;
  onStart(): void;
  /** The reader reached, or left, the newest row. */
  onTop(top: boolean): void;
}

const OVERSCAN = 700;
/** How far from an end the next page is asked for. */
const AHEAD = 4000;
const GUESS_AFTER = 20;

interface Range {
  from: number;
  to: number;
}

export class RowList<R extends Row> extends Component<RowListProps<R>> {
  #list = createRef<HTMLOListElement>();
  #range: Range = { from: 0, to: 0 };
  #top = 0;
  /** How far the page was scrolled when the anchor was taken. */
  #y = 0;
  #observer: ResizeObserver | undefined;
  #settling = false;
  #restore = true;

  override componentDidMount(): void {
    this.#y = scrollY;
    this.props.handle.current = this;
    addEventListener('scroll', this.#scrolled, { passive: true });
    addEventListener('resize', this.#resized);
    this.#observer = new ResizeObserver(() => this.#settle());
    this.#settle();
  }

  override componentWillUnmount(): void {
    this.props.handle.current = null;
    removeEventListener('scroll', this.#scrolled);
    removeEventListener('resize', this.#resized);
    this.#observer?.disconnect();
  }

  override componentDidUpdate(): void {
    this.#settle();
  }

  override componentWillReceiveProps(next: RowListProps<R>): void {
    if (next.rows !== this.props.rows && (next.above > 0 || this.props.above > 0)) this.#shiftSpace(next);
  }

  /** Focus to the next or previous row, from the one that has it or the first that is seen. */
  step(by: 1 | -1): void {
    const rows = [...(this.#list.current?.children ?? [])] as HTMLElement[];
    const focused = rows.findIndex((row) => row.contains(document.activeElement));
    const line = stickyBottom();
    const seen = rows.findIndex((row) => row.getBoundingClientRect().bottom > line + 4);
    const target = rows[focused >= 0 ? focused + by : Math.max(0, seen)];
    target?.focus({ preventScroll: true });
    target?.scrollIntoView({ block: 'nearest' });
  }

  focused(): R | undefined {
    const row = document.activeElement?.closest<HTMLElement>('li[data-row]');
    if (!row || !this.#list.current?.contains(row)) return undefined;
    return this.props.rows.find(({ id }) => id === row.dataset.row);
  }

  /** The row that has the focus, else the first on the screen. */
  current(): R | undefined {
    const line = stickyBottom();
    const rows = [...(this.#list.current?.children ?? [])] as HTMLElement[];
    const seen = rows.find((row) => row.getBoundingClientRect().bottom > line + 4);
    return this.focused() ?? this.props.rows.find(({ id }) => id === seen?.dataset.row);
  }

  render({ rows, measures, above, total, holder, label, render }: RowListProps<R>) {
    this.#follow();
    measures.rows = rows;
    this.#range = this.#wanted(rows, measures, holder);
    const { from, to } = this.#range;
    const size = total >= 0 ? Math.max(total, above + rows.length) : -1;
    return (
      <ol class="rows" aria-label={label} ref={this.#list}>
        {rows.slice(from, to).map((row, index) => (
          <li key={row.id} data-row={row.id} tabIndex={-1} aria-posinset={above + from + index + 1} aria-setsize={size}>
            {render(row, from + index)}
          </li>
        ))}
      </ol>
    );
  }

  /** Which rows are near the screen, told from the anchor where there is one. */
  #wanted(rows: readonly R[], measures: Measures, holder: { place: Place | null; space: number }): Range {
    const { place, space } = holder;
    const index = place ? rows.findIndex(({ id }) => id === place.id) : -1;
    const screenTop = place && index >= 0 ? space + measures.offset(index) - place.top : -this.#top;
    const inList = screenTop - space;
    const from = Math.max(0, measures.at(inList - OVERSCAN));
    const to = Math.min(rows.length, measures.at(inList + innerHeight + OVERSCAN) + 1);
    return { from, to };
  }

  /** A scroll of which no event came yet moves the anchor, and is not taken back. */
  #follow(): void {
    const moved = scrollY - this.#y;
    if (moved === 0) return;
    this.#y = scrollY;
    this.#top -= moved;
    const { holder } = this.props;
    if (holder.place && !this.#restore) holder.place = { ...holder.place, top: holder.place.top - moved };
  }

  /** Rows went or came above: the height that stands for them changes by what they have. */
  #shiftSpace(next: RowListProps<R>): void {
    const { holder, measures } = next;
    const before = new Map(this.props.rows.map(({ id }, index) => [id, index]));
    const at = next.rows.findIndex(({ id }) => before.has(id));
    if (at < 0) return;
    const was = holder.space + measures.offset(before.get((next.rows[at] as R).id) as number);
    measures.rows = next.rows;
    holder.space = next.above > 0 ? Math.max(0, was - measures.offset(at)) : 0;
  }

  #settle = (): void => {
    const list = this.#list.current;
    if (!list || this.#settling || list.offsetParent === null) return;
    this.#settling = true;
    this.#follow();
    const { measures, holder, rows } = this.props;
    const { from, to } = this.#range;
    const observer = this.#observer;
    for (const row of list.children as unknown as Iterable<HTMLElement>) {
      observer?.observe(row);
      measures.set(row.dataset.row as string, row.getBoundingClientRect().height);
    }
    if (list.children.length >= GUESS_AFTER) measures.freeze();
    list.style.paddingTop = `${holder.space + measures.offset(from)}px`;
    list.style.paddingBottom = `${Math.max(0, measures.whole - measures.offset(to))}px`;
    this.#keepPlace(list);
    this.#top = list.getBoundingClientRect().top;
    // A jump went where no row was: now there are some.
    if (!holder.place) this.#capture(list, stickyBottom());
    this.#settling = false;
    this.#cover(rows);
  };

  #keepPlace(list: HTMLElement): void {
    const { place } = this.props.holder;
    if (!place) return;
    const anchor = list.querySelector<HTMLElement>(`li[data-row="${CSS.escape(place.id)}"]`);
    if (!anchor) {
      if (!this.#restore) this.props.holder.place = null;
      return;
    }
    this.#restore = false;
    const off = anchor.getBoundingClientRect().top - place.top;
    if (Math.abs(off) >= 0.5) {
      scrollBy({ top: off, behavior: 'instant' });
      this.#y = scrollY;
    }
  }

  /** Renders again where the screen is not covered, and asks for more near the ends. */
  #cover(rows: readonly R[]): void {
    const { measures, holder, onEnd, onStart } = this.props;
    const inList = -this.#top - holder.space;
    const { from, to } = this.#range;
    const first = measures.at(inList - OVERSCAN / 3);
    const last = Math.min(rows.length, measures.at(inList + innerHeight + OVERSCAN / 3) + 1);
    if (first < from || last > to) {
      this.forceUpdate();
    }
    if (measures.whole - inList - innerHeight < AHEAD) onEnd();
    if (this.props.above > 0 && inList < AHEAD) onStart();
  }

  /** Takes the first row on the screen as the anchor; at the top there is none. */
  #capture(list: HTMLElement, line: number): void {
    const { holder } = this.props;
    holder.place = null;
    if (this.#top >= line - 2) return;
    for (const row of list.children as unknown as Iterable<HTMLElement>) {
      const box = row.getBoundingClientRect();
      if (box.bottom > line) {
        if (box.top < innerHeight) holder.place = { id: row.dataset.row as string, top: box.top };
        return;
      }
    }
  }

  #scrolled = (): void => {
    const list = this.#list.current;
    if (!list || this.#settling || list.offsetParent === null) return;
    this.#restore = false;
    this.#y = scrollY;
    this.#top = list.getBoundingClientRect().top;
    const line = stickyBottom();
    this.#capture(list, line);
    const { holder, rows } = this.props;
    this.props.onTop(holder.place === null && this.#top >= line - 2);
    this.#cover(rows);
  };

  #resized = (): void => this.forceUpdate();
}

/** Where the screen begins below what sticks to its top. */
function stickyBottom(): number {
  const bars = document.querySelectorAll<HTMLElement>('[data-sticky]');
  let bottom = 0;
  for (const bar of bars) bottom = Math.max(bottom, bar.getBoundingClientRect().bottom);
  return bottom;
}
