// Search: people first, then what was said and seen.

import { useEffect, useRef } from 'preact/hooks';

import { SearchAll } from '../generated/documents';
import type { SearchAllQuery, SearchScope } from '../generated/types';
import { Empty, Failure, Marked, More, Skeleton, Time, Title } from '../parts/bits';
import { Icon } from '../parts/icon';
import { ask } from '../state/api';
import { addressesOf, nameOf } from '../state/people';
import { usePaged } from '../state/resource';
import { addressOf, params, setParams } from '../state/router';
import { words } from '../words/en';
import { Avatar } from './customers';

type Hit = SearchAllQuery['search']['nodes'][number];

const PAGE = 30;
const SCOPES: Record<string, SearchScope[]> = { all: ['CUSTOMER', 'HISTORY'], people: ['CUSTOMER'], history: ['HISTORY'] };

export function Search() {
  const query = params.value;
  const text = query.get('q')?.trim().slice(0, 200) ?? '';
  const scope = query.get('in') ?? 'all';
  const scopes = SCOPES[scope] ?? ['CUSTOMER', 'HISTORY'];
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <div class="screen">
      <div class="screen-head" data-sticky>
        <Title title={text ? `${text} · ${words.search}` : words.search}>{words.search}</Title>
        <label class="search-in wide">
          <Icon name="search" size={14} />
          <input
            key={text === '' ? 'empty' : 'text'}
            type="search"
            aria-label={words.search}
            defaultValue={text}
            dir="auto"
            onInput={({ currentTarget: { value } }) => {
              clearTimeout(timer.current);
              timer.current = setTimeout(() => setParams({ q: value.trim() || null }), 150);
            }}
          />
        </label>
        <select aria-label={words.searchIn} value={scope} onChange={({ currentTarget }) => setParams({ in: currentTarget.value })}>
          <option value="all">{words.everywhere}</option>
          <option value="people">{words.people}</option>
          <option value="history">{words.saidAndSeen}</option>
        </select>
      </div>
      {text ? <Results key={`${scope} ${text}`} text={text} scopes={scopes} /> : <Empty title={words.searchEmpty} hint={words.searchEmptyHint} icon="search" />}
    </div>
  );
}

function Results({ text, scopes }: { text: string; scopes: SearchScope[] }) {
  const list = usePaged<Hit>(`search ${scopes.join()} ${text}`, async (after) => {
    const { search } = await ask(SearchAll, { query: text, scopes, first: PAGE, after });
    return { slice: search };
  });
  const nodes = list.nodes.value;
  return (
    <>
      {list.error.value && <Failure error={list.error.value} retry={() => void list.load()} />}
      {!list.loaded.value ? (
        !list.error.value && <Skeleton />
      ) : nodes.length === 0 ? (
        <Empty title={words.nobodyFound} hint={words.nobodyFoundHint} icon="search" />
      ) : (
        <ul class="list" aria-label={words.searchResults}>
          {nodes.map((hit, index) => (
            <li key={`${hit.customer.id} ${hit.item?.id ?? ''} ${index}`}>
              <HitRow hit={hit} />
            </li>
          ))}
        </ul>
      )}
      <More on={list.more.value} busy={list.loading.value} next={() => void list.next()} />
    </>
  );
}

function HitRow({ hit: { customer, item, matches } }: { hit: Hit }) {
  const name = nameOf(customer);
  const [match] = matches.filter(({ fragment }) => fragment !== name);
  const named = matches.find(({ fragment }) => fragment === name);
  return (
    <a class="line-link" href={addressOf.customer(customer.id)}>
      {item ? (
        <span class="avatar kind">
          <Icon name={item.kind === 'MESSAGE' ? item.channel : item.kind} />
        </span>
      ) : (
        <Avatar name={name} />
      )}
      <span class="who">
        <span class="strong">{named ? <Marked text={name} ranges={named.ranges} /> : <bdi>{name}</bdi>}</span>
        <span class="faint">
          {item && `${words.kinds[item.kind]} · `}
          {match ? <Marked text={match.fragment} ranges={match.ranges} /> : <bdi>{item ? item.summary : addressesOf(customer)}</bdi>}
        </span>
      </span>
      <span class="when faint">{item ? <Time at={item.occurredAt} /> : customer.lastSeenAt && <Time at={customer.lastSeenAt} />}</span>
    </a>
  );
}
