// One person: profile and addresses at the left, one live history in the middle, what looking tells at the right.

import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';

import { CustomerPage } from '../generated/documents';
import type { CustomerPageQuery } from '../generated/types';
import { Activity } from '../parts/activity';
import { Failure, Skeleton, Title } from '../parts/bits';
import { EraseDialog } from '../parts/erase';
import { FilterBar, filterOf, HistoryList } from '../parts/history-list';
import { Icon } from '../parts/icon';
import { Identities } from '../parts/identities';
import { MergeDialog } from '../parts/merge';
import { HeldHere, Merges, Suggestions } from '../parts/merges';
import { Profile, ProfileDialog } from '../parts/profile';
import { SplitDialog } from '../parts/split';
import { UndoMergeDialog } from '../parts/undo-merge';
import { liveItems } from '../state/history';
import { nameOf } from '../state/people';
import { useResource } from '../state/resource';
import { addressOf, params, replaceAddress } from '../state/router';
import { isAdmin, mayWrite } from '../state/session';
import { words } from '../words/en';
import { Avatar } from './customers';
import { NotFound } from './not-found';

export type Person = NonNullable<CustomerPageQuery['customer']>;

const SETTLE = 600;

export function CustomerScreen({ id }: { id: string }) {
  const page = useResource(CustomerPage, { id });
  const query = params.value;
  const filter = filterOf(query);
  const items = liveItems(id, filter);
  const dialog = useSignal<'merge' | 'split' | 'erase' | 'profile' | null>(null);
  const undoing = useSignal<string | null>(null);
  const details = useSignal(false);
  const known = useRef<Person | null>(null);
  const read = page.data.value?.customer;
  if (read) known.current = read;
  // Whoever was erased just now: the receipt stays until it is closed.
  const person = read ?? (dialog.value === 'erase' ? known.current : null);

  // Counts, addresses and merges follow what happens, a little later and once for a burst.
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let seen = items.events.peek();
    const stop = items.events.subscribe((events) => {
      if (events === seen || !page.data.peek()) return;
      seen = events;
      clearTimeout(timer);
      timer = setTimeout(() => void page.load(), SETTLE);
    });
    items.onRelinked = () => void page.load();
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [items, page]);

  // The id of somebody who was merged answers who stayed: so does the address.
  useEffect(() => {
    if (read && read.id !== id) replaceAddress(addressOf.customer(read.id));
  }, [read?.id, id]);

  const key = useMemo(() => JSON.stringify(filter), [query]);
  const unknown = page.error.value?.code === 'INVALID_ARGUMENT';
  if (!person && (page.data.value || items.missing.value || unknown)) return <NotFound hint={words.notFoundPerson} />;
  const reload = () => void page.load();
  const merged = () => {
    reload();
    void items.load();
  };
  return (
    <div class={`customer ${details.value ? 'with-details' : ''}`}>
      <div class="customer-head">
        {person ? (
          <>
            <Avatar name={nameOf(person)} large />
            <Title>{nameOf(person)}</Title>
          </>
        ) : (
          <span class="bone title" />
        )}
        <span class="grow" />
        {person && mayWrite.value && <Actions open={(name) => (dialog.value = name)} />}
      </div>
      <div class="side left">
        {page.error.value && <Failure error={page.error.value} retry={reload} />}
        {person ? (
          <>
            <Profile person={person} edit={() => (dialog.value = 'profile')} />
            <button type="button" class="details-toggle" aria-expanded={details.value} onClick={() => (details.value = !details.value)}>
              {words.details}
            </button>
            <div class="fold">
              <Identities person={person} reload={reload} />
              <Merges person={person} undo={(mergeId) => (undoing.value = mergeId)} reload={reload} />
            </div>
          </>
        ) : (
          !page.error.value && <Skeleton rows={5} />
        )}
      </div>
      <section class="middle" aria-labelledby="history-heading">
        <div class="history-head" data-sticky>
          <h2 id="history-heading">{words.history}</h2>
          <FilterBar searchable />
        </div>
        <HistoryList key={key} items={items} label={words.history} named={false} undo={(mergeId) => (undoing.value = mergeId)} />
      </section>
      <div class="side right fold">
        {person && (
          <>
            <Activity person={person} />
            <Suggestions person={person} />
            <HeldHere id={person.id} />
          </>
        )}
      </div>
      {person && dialog.value === 'merge' && (
        <MergeDialog person={person} onClose={() => (dialog.value = null)} onDone={merged} undo={(mergeId) => (undoing.value = mergeId)} />
      )}
      {person && dialog.value === 'split' && <SplitDialog person={person} onClose={() => (dialog.value = null)} onDone={merged} reload={reload} />}
      {person && dialog.value === 'erase' && <EraseDialog person={person} onClose={() => (dialog.value = null)} reload={() => page.load()} />}
      {person && dialog.value === 'profile' && <ProfileDialog person={person} onClose={() => (dialog.value = null)} reload={() => page.load()} />}
      {undoing.value && <UndoMergeDialog mergeId={undoing.value} onClose={() => (undoing.value = null)} onDone={merged} />}
    </div>
  );
}

/** On a desk three buttons, on a phone one menu with the same. */
function Actions({ open }: { open(name: 'merge' | 'split' | 'erase'): void }) {
  const shown = useSignal(false);
  const choose = (name: 'merge' | 'split' | 'erase') => {
    shown.value = false;
    open(name);
  };
  return (
    <div
      class="actions"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && shown.value) {
          event.stopPropagation();
          shown.value = false;
        }
      }}
    >
      <button type="button" class="actions-toggle" aria-expanded={shown.value} onClick={() => (shown.value = !shown.value)}>
        <Icon name="more" />
        {words.actions}
      </button>
      <div class={`actions-list ${shown.value ? 'open' : ''}`}>
        <button type="button" onClick={() => choose('merge')}>
          {words.mergeWith}
        </button>
        <button type="button" onClick={() => choose('split')}>
          {words.split}
        </button>
        {isAdmin.value && (
          <button type="button" class="danger" onClick={() => choose('erase')}>
            {words.erase}
          </button>
        )}
      </div>
    </div>
  );
}
