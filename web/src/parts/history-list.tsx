// A live history with its filters: the list, what is new above, what is wrong, and the keys of it.

import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

import type { Channel, Direction, HistoryFilter, HistoryKind } from '../generated/types';
import { change } from '../state/drafts';
import type { Item, LiveItems } from '../state/history';
import { onKeys } from '../state/keys';
import { link } from '../state/live';
import { announceItem } from '../state/notes';
import { nameOf } from '../state/people';
import { arrival, params, setParams } from '../state/router';
import { useReloadAfterOutage } from '../state/resource';
import { mayWrite } from '../state/session';
import { words } from '../words/en';
import { Empty, Failure, Skeleton } from './bits';
import { Icon } from './icon';
import { ItemRow } from './item';
import { RowList } from './row-list';

const KINDS = Object.keys(words.kindFilters) as HistoryKind[];
const CHANNELS = Object.keys(words.channels) as Channel[];
const WAYS = Object.keys(words.directions) as Direction[];

const some = <T extends string>(text: string | null, known: readonly T[]) => (text ?? '').split(',').filter((part): part is T => known.includes(part as T));

/** The filter that the address tells. */
export function filterOf(query: URLSearchParams): HistoryFilter {
  const filter: HistoryFilter = {};
  const kinds = some(query.get('kinds'), KINDS);
  if (kinds.length > 0) filter.kinds = kinds;
  const channels = some(query.get('channel'), CHANNELS);
  if (channels.length > 0) filter.channels = channels;
  const [way] = some(query.get('way'), WAYS);
  if (way) filter.direction = way;
  const text = query.get('q')?.trim();
  if (text) filter.text = text.slice(0, 200);
  const until = query.get('until');
  if (until && /^\d{4}-\d\d-\d\d$/.test(until)) filter.until = endOfDay(until).toISOString();
  return filter;
}

/** The midnight after a day, in the viewer's time zone. */
function endOfDay(day: string): Date {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + 1);
}

export function FilterBar({ searchable }: { searchable: boolean }) {
  const query = params.value;
  const kinds = some(query.get('kinds'), KINDS);
  const until = query.get('until');
  const any = ['kinds', 'channel', 'way', 'q', 'until'].some((name) => query.get(name));
  const wide = useSignal(Boolean(query.get('channel') || query.get('way') || until));
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // Cleared from elsewhere: the field follows.
    if (field.current && !query.get('q') && document.activeElement !== field.current) field.current.value = '';
  }, [query]);
  const toggle = (kind: HistoryKind) =>
    setParams({ kinds: (kinds.includes(kind) ? kinds.filter((other) => other !== kind) : [...kinds, kind]).join(',') || null });
  return (
    <div class="filters">
      <div class="kinds" role="group" aria-label={words.filter}>
        {KINDS.map((kind) => (
          <button key={kind} type="button" class="toggle" aria-pressed={kinds.includes(kind)} onClick={() => toggle(kind)}>
            {words.kindFilters[kind]}
          </button>
        ))}
        {any && (
          <button
            type="button"
            class="quiet small"
            onClick={() => {
              if (field.current) field.current.value = '';
              setParams({ kinds: null, channel: null, way: null, q: null, until: null });
            }}
          >
            {words.clearFilters}
          </button>
        )}
      </div>
      <div class={`narrow ${wide.value ? 'open' : ''}`}>
        {searchable && (
          <label class="search-in">
            <Icon name="search" size={14} />
            <input
              ref={field}
              type="search"
              aria-label={words.searchHistory}
              placeholder={words.searchHistory}
              defaultValue={query.get('q') ?? ''}
              onInput={({ currentTarget: { value } }) => {
                clearTimeout(timer.current);
                timer.current = setTimeout(() => setParams({ q: value.trim() || null }), 150);
              }}
            />
          </label>
        )}
        <select aria-label={words.channel} value={query.get('channel') ?? ''} onChange={({ currentTarget }) => setParams({ channel: currentTarget.value || null })}>
          <option value="">{words.anyChannel}</option>
          {CHANNELS.map((channel) => (
            <option key={channel} value={channel}>
              {words.channels[channel]}
            </option>
          ))}
        </select>
        <select aria-label={words.direction} value={query.get('way') ?? ''} onChange={({ currentTarget }) => setParams({ way: currentTarget.value || null })}>
          <option value="">{words.anyDirection}</option>
          {WAYS.map((way) => (
            <option key={way} value={way}>
              {words.directions[way]}
            </option>
          ))}
        </select>
        <input
          class="date"
          type="date"
          aria-label={words.jumpTo}
          title={words.jumpTo}
          value={until ?? ''}
          onChange={({ currentTarget: { value } }) => setParams({ until: value || null })}
        />
        <button type="button" class="more-filters" aria-expanded={wide.value} onClick={() => (wide.value = !wide.value)}>
          {words.moreFilters}
        </button>
      </div>
      {until && (
        <p class="notice">
          <Icon name="calendar" size={14} />
          {words.until(words.dateOf(new Date(endOfDay(until).getTime() - 1)))}
          <button type="button" class="small" onClick={() => setParams({ until: null })}>
            {words.toNewest}
          </button>
        </p>
      )}
    </div>
  );
}

interface Props {
  items: LiveItems;
  label: string;
  named: boolean;
  undo(mergeId: string): void;
}

export function HistoryList({ items, label, named, undo }: Props) {
  const version = items.version.value;
  const list = useRef<RowList<Item>>(null);
  const { window: history, measures } = items;

  useLayoutEffect(() => {
    if (!arrival.back) {
      items.place = null;
    }
    const detach = items.attach();
    items.onItem = (item, added) => {
      if (added) announceItem(words.newItem(words.kinds[item.kind], item.customer ? nameOf(item.customer) : ''));
    };
    return detach;
  }, [items]);
  useReloadAfterOutage({ error: items.error, load: () => items.retry() });

  useEffect(
    () =>
      onKeys({
        j: () => list.current?.step(1),
        k: () => list.current?.step(-1),
        c: () => {
          const item = mayWrite.peek() ? list.current?.current() : undefined;
          if (item) openComposer(item.id);
        },
      }),
    [items],
  );

  const filtered = Object.keys(items.filter).length > 0;
  const error = items.error.value;
  if (!history.loaded) {
    return error && error.code !== 'NOT_FOUND' ? <Failure error={error} retry={() => void items.retry()} /> : <Skeleton rows={8} />;
  }
  const unseen = items.unseen.value;
  return (
    <>
      {items.refused.value && link.value === 'live' && <p class="notice">{words.historyRefused(items.refused.value)}</p>}
      {unseen > 0 && (
        <div class="newer">
          <button
            type="button"
            class="primary small"
            onClick={() => {
              void items.toTop().then(() => scrollTo({ top: 0, behavior: 'instant' }));
            }}
          >
            <Icon name="up" size={14} />
            {words.newItems(unseen)}
          </button>
        </div>
      )}
      {history.rows.length === 0 ? (
        filtered ? (
          <Empty title={words.noItems} hint={words.noItemsHint} icon="search" />
        ) : (
          <Empty title={words.noHistory} hint={words.noHistoryHint} icon="pulse" />
        )
      ) : (
        <RowList<Item>
          handle={list}
          label={label}
          rows={history.rows}
          measures={measures}
          above={history.above}
          total={history.total}
          holder={items}
          version={version}
          render={(item, index) => (
            <ItemRow item={item} newer={history.rows[index - 1]} named={named} replace={(next) => items.replace(next)} undo={undo} />
          )}
          onEnd={() => void items.older()}
          onStart={() => void items.newer()}
          onTop={(top) => {
            if (top && !history.hasNewer && items.unseen.peek() > 0) items.unseen.value = 0;
          }}
        />
      )}
      {error ? (
        <Failure error={error} retry={() => void items.retry()} />
      ) : history.hasOlder ? (
        <p class="list-end faint">{words.olderWaits}</p>
      ) : (
        history.rows.length > 0 && !filtered && <p class="list-end faint">{words.start}</p>
      )}
    </>
  );
}

function openComposer(id: string): void {
  change(id, { open: true });
  document.querySelector<HTMLTextAreaElement>(`li[data-row="${CSS.escape(id)}"] .composer textarea`)?.focus({ preventScroll: true });
}
