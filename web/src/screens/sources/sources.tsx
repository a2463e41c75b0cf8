// Sources: the doors through which systems deliver, what came through each, and what could not be recorded.

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import { Sources as SourcesDocument, UpdateSource } from '../../generated/admin';
import type { SourceFragment } from '../../generated/types';
import { Empty, Failure, Skeleton, Title } from '../../parts/bits';
import { problemOf } from '../../parts/trouble';
import { ask } from '../../state/api';
import { link } from '../../state/live';
import { tell } from '../../state/notes';
import { useResource } from '../../state/resource';
import { setParams } from '../../state/router';
import { words } from '../../words/en';
import { adminWords } from '../../words/en-admin';
import { SourceCard } from './card';
import { EditSource, MOST_SOURCES } from './edit-source';
import { SourceEvents } from './events';
import { NewSource } from './new-source';
import { RotateSecret, TellSecret } from './secret';

/** The counts are asked for again while somebody looks. */
const LOOK_EVERY = 4000;

type Open =
  | { dialog: 'new' }
  | { dialog: 'edit' | 'rotate'; source: SourceFragment }
  | { dialog: 'secret'; source: SourceFragment; secret: string | null; rotated: boolean };

export function SourcesScreen() {
  const list = useResource(SourcesDocument, { first: MOST_SOURCES });
  const open = useSignal<Open | null>(null);
  const busy = useSignal<string | null>(null);
  const events = useRef<HTMLElement>(null);
  const { sources } = adminWords;
  const nodes = list.data.value?.sources.nodes;
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible' && link.peek() === 'live' && !list.loading.peek()) void list.load();
    };
    const timer = setInterval(look, LOOK_EVERY);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [list]);

  const put = (source: SourceFragment) => {
    const now = list.data.peek()?.sources.nodes ?? [];
    const known = now.some(({ id }) => id === source.id);
    list.data.value = { sources: { nodes: known ? now.map((other) => (other.id === source.id ? source : other)) : [...now, source] } };
    // An answer that is under way was asked for before this.
    void list.load();
  };
  const close = () => {
    open.value = null;
  };
  const told = (source: SourceFragment, secret: string | null, rotated: boolean) => {
    put(source);
    open.value = { dialog: 'secret', source, secret, rotated };
  };
  const turn = async (source: SourceFragment, enabled: boolean) => {
    busy.value = source.id;
    try {
      const { updateSource } = await ask(UpdateSource, { input: { id: source.id, enabled } });
      const { source: now, userErrors } = updateSource;
      if (now) {
        put(now);
        tell(sources.switched(now.name, enabled), enabled ? undefined : { label: words.undo, run: () => void turn(now, true) });
      } else {
        tell(userErrors[0]?.message ?? words.notDone, undefined, true);
      }
    } catch (failure) {
      tell(problemOf(failure), undefined, true);
    } finally {
      busy.value = null;
    }
  };
  const now = open.value;
  return (
    <div class="screen sources">
      <div class="screen-head" data-sticky>
        <Title>{sources.title}</Title>
        <span class="grow" />
        <button type="button" class="primary" onClick={() => (open.value = { dialog: 'new' })}>
          {sources.create}
        </button>
      </div>
      <p class="faint lead">{sources.lead}</p>
      {list.error.value && <Failure error={list.error.value} retry={() => void list.load()} />}
      {!nodes ? (
        !list.error.value && <Skeleton rows={3} />
      ) : nodes.length === 0 ? (
        <Empty title={sources.none} hint={sources.noneHint} icon="inbox" />
      ) : (
        <ul class="cards" aria-label={sources.title}>
          {nodes.map((source) => (
            <li key={source.id} tabIndex={-1}>
              <SourceCard
                source={source}
                busy={busy.value === source.id}
                edit={() => (open.value = { dialog: 'edit', source })}
                rotate={() => (open.value = { dialog: 'rotate', source })}
                turn={(on) => void turn(source, on)}
                showEvents={() => {
                  setParams({ source: source.id, outcome: null });
                  events.current?.querySelector('h2')?.focus({ preventScroll: true });
                  events.current?.scrollIntoView({ block: 'start' });
                }}
              />
            </li>
          ))}
        </ul>
      )}
      {nodes && nodes.length > 0 && <SourceEvents place={events} sources={nodes} changed={() => void list.load()} />}
      {now?.dialog === 'new' && <NewSource onClose={close} onMade={(source, secret) => told(source, secret, false)} />}
      {now?.dialog === 'edit' && (
        <EditSource
          source={now.source}
          onClose={close}
          onSaved={(source) => {
            put(source);
            close();
          }}
        />
      )}
      {now?.dialog === 'rotate' && <RotateSecret source={now.source} onClose={close} onMade={(source, secret) => told(source, secret, true)} />}
      {now?.dialog === 'secret' && <TellSecret {...now} onClose={close} />}
    </div>
  );
}
