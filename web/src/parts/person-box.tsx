// A combobox that finds people while somebody types. Of several answers the one to the last words counts.

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

import { FindPeople } from '../generated/documents';
import type { FindPeopleQuery } from '../generated/types';
import { ApiError, ask } from '../state/api';
import { addressesOf, nameOf } from '../state/people';
import { words } from '../words/en';
import { Marked } from './bits';
import { Icon } from './icon';

export type Hit = FindPeopleQuery['search']['nodes'][number];

export interface Command {
  label: string;
  run(): void;
}

interface Props {
  id?: string;
  label: string;
  placeholder: string;
  listLabel: string;
  /** What stands below the people, told from what was typed. */
  commands?(text: string, found: number): Command[];
  pick(hit: Hit): void;
  /** Enter before there is an answer. */
  submit?(text: string): void;
  autoFocus?: boolean;
  without?: string;
}

const DEBOUNCE = 40;
const MOST = 8;

export function PersonBox({ id, label, placeholder, listLabel, commands, pick, submit, autoFocus, without }: Props) {
  const list = useId();
  const text = useSignal('');
  const answered = useSignal('');
  const hits = useSignal<Hit[]>([]);
  const error = useSignal<string | null>(null);
  const open = useSignal(false);
  const active = useSignal(0);
  const turn = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const request = useRef<AbortController | undefined>(undefined);
  const field = useRef<HTMLInputElement>(null);

  useEffect(
    () => () => {
      clearTimeout(timer.current);
      request.current?.abort();
    },
    [],
  );

  const find = async (query: string) => {
    const mine = ++turn.current;
    request.current?.abort();
    request.current = new AbortController();
    try {
      const { search } = await ask(FindPeople, { query, first: MOST }, { signal: request.current.signal });
      if (mine !== turn.current) return;
      hits.value = search.nodes.filter(({ customer }) => customer.id !== without);
      error.value = null;
      active.value = 0;
      answered.value = query;
    } catch (problem) {
      if (mine !== turn.current || request.current?.signal.aborted) return;
      error.value = problem instanceof ApiError ? problem.message : String(problem);
      hits.value = [];
      answered.value = query;
    }
  };
  const type = (value: string) => {
    text.value = value;
    open.value = true;
    clearTimeout(timer.current);
    const query = value.trim();
    if (!query) {
      turn.current += 1;
      request.current?.abort();
      hits.value = [];
      answered.value = '';
      error.value = null;
      return;
    }
    timer.current = setTimeout(() => void find(query), DEBOUNCE);
  };

  const typed = text.value.trim();
  const fresh = answered.value === typed;
  const found = typed ? hits.value : [];
  const extra = open.value && typed ? (commands?.(typed, found.length) ?? []) : [];
  const all = [...found.map((hit) => () => pick(hit)), ...extra.map(({ run }) => run)];
  const shown = open.value && all.length > 0;
  const at = Math.min(active.value, all.length - 1);

  const choose = (run: (() => void) | undefined) => {
    if (!run) return;
    open.value = false;
    text.value = '';
    turn.current += 1;
    hits.value = [];
    answered.value = '';
    run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      open.value = true;
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (all.length > 0) active.value = (at + step + all.length) % all.length;
    } else if (event.key === 'Enter' && typed) {
      event.preventDefault();
      if (shown && (fresh || at > 0)) choose(all[at]);
      else if (submit) {
        open.value = false;
        submit(typed);
      }
    } else if (event.key === 'Escape' && (open.value || typed)) {
      // A dialog around it stays open: the first Escape is for the list.
      if (shown || typed) {
        event.preventDefault();
        event.stopPropagation();
      }
      if (!shown) {
        type('');
        field.current?.blur();
      }
      open.value = false;
    }
  };

  return (
    <div class="person-box">
      <Icon name="search" />
      <input
        ref={field}
        id={id}
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded={shown}
        aria-controls={shown ? list : undefined}
        aria-autocomplete="list"
        aria-activedescendant={shown && at >= 0 ? `${list}-${at}` : undefined}
        placeholder={placeholder}
        // A dialog that opens gives the focus to what says so.
        autofocus={autoFocus}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        dir="auto"
        value={text.value}
        onInput={({ currentTarget: { value } }) => type(value)}
        onFocus={() => (open.value = true)}
        onBlur={() => (open.value = false)}
        onKeyDown={onKeyDown}
      />
      {open.value && typed && (shown || fresh) && (
        <div class="popup">
          {fresh && found.length === 0 && (
            <p class="none" role="status">
              {error.value ?? words.nobodyFound}
            </p>
          )}
          {shown && (
            <ul id={list} role="listbox" aria-label={listLabel}>
              {found.map((hit, index) => (
                <Option key={hit.customer.id} id={`${list}-${index}`} active={index === at} choose={() => choose(all[index])}>
                  <HitLine hit={hit} />
                </Option>
              ))}
              {extra.map(({ label: name }, index) => (
                <Option
                  key={name}
                  id={`${list}-${found.length + index}`}
                  active={found.length + index === at}
                  choose={() => choose(all[found.length + index])}
                >
                  <span class="command">{name}</span>
                </Option>
              ))}
            </ul>
          )}
        </div>
      )}
    </div>
  );
}

function Option({ id, active, choose, children }: { id: string; active: boolean; choose(): void; children: ComponentChildren }) {
  return (
    <li
      id={id}
      role="option"
      aria-selected={active}
      // Before the field loses the focus and the list goes.
      onMouseDown={(event) => event.preventDefault()}
      onClick={choose}
    >
      {children}
    </li>
  );
}

/** The name first; below it what matched, or else the addresses. */
function HitLine({ hit: { customer, matches } }: { hit: Hit }) {
  const name = nameOf(customer);
  const other = matches.find(({ fragment }) => fragment !== name);
  return (
    <>
      <bdi class="strong">{name}</bdi>
      <span class="faint">{other ? <Marked text={other.fragment} ranges={other.ranges} /> : <bdi>{addressesOf(customer)}</bdi>}</span>
    </>
  );
}
