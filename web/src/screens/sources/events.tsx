// Events that could not be recorded: why, what came, and the way to take them in once the reason is mended.

import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { SourceEventPayload, SourceEvents as SourceEventsDocument } from '../../generated/admin';
import type { SourceEventOutcome, SourceEventsQuery, SourceFragment } from '../../generated/types';
import { Chip, Empty, Failure, More, Skeleton, Time } from '../../parts/bits';
import { problemOf, Trouble } from '../../parts/trouble';
import { ask } from '../../state/api';
import { usePaged } from '../../state/resource';
import { params, setParams } from '../../state/router';
import { words } from '../../words/en';
import { adminWords } from '../../words/en-admin';
import { type Filter, replay, replayAll, type Result } from './replay';

type Edge = SourceEventsQuery['sourceEvents']['edges'][number];

const PAGE = 30;
const OUTCOMES = Object.keys(adminWords.sources.outcomes) as SourceEventOutcome[];

interface Props {
  place: RefObject<HTMLElement | null>;
  sources: SourceFragment[];
  /** Counts may be others now. */
  changed(): void;
}

export function SourceEvents({ place, sources, changed }: Props) {
  const said = adminWords.sources;
  const source = sources.find(({ id }) => id === params.value.get('source'))?.id ?? null;
  const outcome = OUTCOMES.find((known) => known === params.value.get('outcome')) ?? null;
  const filter: Filter = { sourceId: source, outcomes: outcome && [outcome] };
  const list = usePaged<Edge>(`source events ${source} ${outcome}`, async (after) => {
    const { sourceEvents } = await ask(SourceEventsDocument, { ...filter, first: PAGE, after });
    return { slice: { nodes: sourceEvents.edges, pageInfo: sourceEvents.pageInfo } };
  });
  const status = useSignal('');
  const problem = useSignal<string | null>(null);
  const busy = useSignal<string | null>(null);
  const newer = useSignal(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const rows = useRef<HTMLUListElement>(null);

  // More were kept than when it was read: read anew, unless somebody has read on.
  const waiting = sources.reduce((sum, { stats }) => sum + stats.rejected + stats.unknown, 0);
  const seen = useRef(waiting);
  useEffect(() => {
    if (waiting === seen.current) return;
    seen.current = waiting;
    if (list.nodes.peek().length <= PAGE) void list.load();
    else newer.value = true;
  }, [waiting, list]);

  const show = async () => {
    newer.value = false;
    await list.load();
  };
  const run = async (what: string, work: () => Promise<Result>) => {
    busy.value = what;
    problem.value = null;
    status.value = '';
    const at = list.nodes.peek().findIndex(({ node }) => node.id === what);
    try {
      const result = await work();
      status.value = result.problem ? said.replayStopped(result.problem) : said.replayed(result.tried, result.settled);
    } catch (failure) {
      status.value = '';
      problem.value = problemOf(failure);
    }
    await list.load();
    busy.value = null;
    changed();
    requestAnimationFrame(() => keepFocus(what, at));
  };
  /** The button that was pressed may be gone: the focus goes to the one in its place. */
  const keepFocus = (what: string, at: number) => {
    const { activeElement } = document;
    if (activeElement && activeElement !== document.body && activeElement !== document.querySelector('main')) return;
    const buttons = [...(rows.current?.querySelectorAll<HTMLElement>('[data-replay]') ?? [])];
    const own = buttons.find((button) => button.dataset.replay === what);
    (own ?? (at >= 0 ? buttons[Math.min(at, buttons.length - 1)] : undefined) ?? heading.current)?.focus({ preventScroll: true });
  };

  const edges = list.nodes.value;
  const filtered = source !== null || outcome !== null;
  return (
    <section class="source-events" aria-labelledby="source-events" ref={place}>
      <header>
        <h2 id="source-events" tabIndex={-1} ref={heading}>
          {said.events}
        </h2>
        <span class="grow" />
        <select aria-label={said.source} value={source ?? ''} onChange={({ currentTarget }) => setParams({ source: currentTarget.value || null })}>
          <option value="">{said.anySource}</option>
          {sources.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <select aria-label={said.outcome} value={outcome ?? ''} onChange={({ currentTarget }) => setParams({ outcome: currentTarget.value || null })}>
          <option value="">{said.anyOutcome}</option>
          {OUTCOMES.map((known) => (
            <option key={known} value={known}>
              {said.outcomes[known]}
            </option>
          ))}
        </select>
        {edges.length > 0 && (
          <button
            type="button"
            disabled={busy.value !== null}
            onClick={() =>
              void run('all', () => {
                status.value = said.gathering;
                return replayAll(filter, (done, of) => (status.value = said.replaying(done, of)));
              })
            }
          >
            {said.replayAll}
          </button>
        )}
      </header>
      <p class="faint">{said.eventsHint}</p>
      <p role="status" class="replay-status">
        {status.value}
      </p>
      <Trouble text={problem.value} />
      {newer.value && (
        <p>
          <button type="button" class="small" onClick={() => void show()}>
            {said.newer}
          </button>
        </p>
      )}
      {list.error.value && <Failure error={list.error.value} retry={() => void list.load()} />}
      {!list.loaded.value ? (
        !list.error.value && <Skeleton rows={2} />
      ) : edges.length === 0 ? (
        <Empty title={filtered ? said.noEventsMatch : said.noEvents} hint={filtered ? words.noCustomersMatchHint : said.noEventsHint} icon="check">
          {filtered && (
            <button type="button" class="small" onClick={() => setParams({ source: null, outcome: null })}>
              {words.clearFilters}
            </button>
          )}
        </Empty>
      ) : (
        <ul class="cards" aria-label={said.eventsList} ref={rows}>
          {edges.map(({ node }, index) => (
            <li key={node.id} tabIndex={-1}>
              <EventCard
                event={node}
                name={sources.find(({ id }) => id === node.sourceId)?.name ?? ''}
                filter={filter}
                before={edges[index - 1]?.cursor ?? null}
                busy={busy.value !== null}
                again={() => void run(node.id, () => replay(node.sourceId, [node.id]))}
              />
            </li>
          ))}
        </ul>
      )}
      <More on={list.more.value} busy={list.loading.value} next={() => void list.next()} />
    </section>
  );
}

interface EventProps {
  event: Edge['node'];
  name: string;
  filter: Filter;
  /** The place before it in the list: from there its payload is asked for, which may be large. */
  before: string | null;
  busy: boolean;
  again(): void;
}

function EventCard({ event, name, filter, before, busy, again }: EventProps) {
  const said = adminWords.sources;
  const id = `event-${event.id}`;
  return (
    <article class="source-event" aria-labelledby={id}>
      <header>
        <Chip tone={event.outcome === 'REJECTED' ? 'bad' : 'warn'}>{said.outcomes[event.outcome]}</Chip>
        <h3 id={id}>
          <bdi>{event.type || said.noType}</bdi>
        </h3>
        {event.externalId && <code dir="ltr">{event.externalId}</code>}
        <span class="faint">
          <bdi>{name}</bdi> · <Time at={event.at} />
        </span>
        <span class="grow" />
        <button type="button" class="small" data-replay={event.id} aria-describedby={id} disabled={busy} onClick={again}>
          {said.replay}
        </button>
      </header>
      {event.errors.length > 0 ? (
        <ul class="reasons">
          {event.errors.map(({ message, path }, index) => (
            <li key={index}>
              {path.length > 0 && (
                <>
                  <code dir="ltr">{path.join('.')}</code>
                  {': '}
                </>
              )}
              <span dir="auto">{message}</span>
            </li>
          ))}
        </ul>
      ) : (
        <p class="faint">{said.noReason}</p>
      )}
      <Payload id={event.id} filter={filter} before={before} />
    </article>
  );
}

/** Events that came since the list was read stand before its first. */
const AHEAD = 10;

function Payload({ id, filter, before }: { id: string; filter: Filter; before: string | null }) {
  const said = adminWords.sources;
  const text = useSignal<string | null>(null);
  const problem = useSignal<string | null>(null);
  const load = async () => {
    problem.value = null;
    try {
      const read = async (first: number) => (await ask(SourceEventPayload, { ...filter, first, after: before })).sourceEvents.nodes.find((node) => node.id === id);
      const found = (await read(1)) ?? (before === null ? await read(AHEAD) : undefined);
      text.value = !found ? said.payloadAway : found.payload === null ? said.payloadGone : JSON.stringify(found.payload, null, 2);
    } catch (failure) {
      problem.value = problemOf(failure);
    }
  };
  return (
    <details onToggle={({ currentTarget }) => currentTarget.open && text.value === null && void load()}>
      <summary>{said.payload}</summary>
      {text.value !== null ? (
        <pre class="payload" tabIndex={0} role="group" aria-label={said.payload}>
          {text.value}
        </pre>
      ) : problem.value ? (
        <Trouble text={problem.value} />
      ) : (
        <p class="faint">{words.loading}</p>
      )}
    </details>
  );
}
