// Customers: who was seen last, with filters that live in the address.

import { Customers as CustomersDocument } from '../generated/documents';
import type { CustomerFilter, CustomerOrder, CustomersQuery, CustomerStatus, LifecycleStage } from '../generated/types';
import { Chip, Empty, Failure, More, Skeleton, Time, Title } from '../parts/bits';
import { ask } from '../state/api';
import { addressesOf, nameOf } from '../state/people';
import { usePaged } from '../state/resource';
import { addressOf, params, setParams } from '../state/router';
import { words } from '../words/en';

type Person = CustomersQuery['customers']['nodes'][number];
type Total = CustomersQuery['customers']['totalCount'];

const ORDERS = Object.keys(words.orders) as CustomerOrder[];
const STAGES = Object.keys(words.stages) as LifecycleStage[];
const STATUSES: CustomerStatus[] = ['ACTIVE', 'INACTIVE'];
const PAGE = 50;

export function Customers() {
  const query = params.value;
  const orderBy = ORDERS.find((order) => order === query.get('order')) ?? 'LAST_SEEN_DESC';
  const stage = STAGES.find((known) => known === query.get('stage'));
  const status = STATUSES.find((known) => known === query.get('status'));
  const tag = query.get('tag');
  const filter: CustomerFilter = {
    ...(stage && { stages: [stage] }),
    ...(status && { status: [status] }),
    ...(tag && { tags: [tag] }),
  };
  const list = usePaged<Person>(`customers ${orderBy} ${JSON.stringify(filter)}`, async (after) => {
    const { customers } = await ask(CustomersDocument, { filter, orderBy, first: PAGE, after });
    return { slice: customers, head: customers.totalCount };
  });
  const total = list.head.value as Total | null;
  const nodes = list.nodes.value;
  const filtered = Object.keys(filter).length > 0;
  return (
    <div class="screen">
      <div class="screen-head" data-sticky>
        <Title>{words.customers}</Title>
        {total && <span class="faint">{words.people_(total.count, total.precision === 'EXACT')}</span>}
        <span class="grow" />
        <select aria-label={words.order} value={orderBy} onChange={({ currentTarget }) => setParams({ order: currentTarget.value })}>
          {ORDERS.map((order) => (
            <option key={order} value={order}>
              {words.orders[order]}
            </option>
          ))}
        </select>
        <select aria-label={words.stage} value={stage ?? ''} onChange={({ currentTarget }) => setParams({ stage: currentTarget.value || null })}>
          <option value="">{words.anyStage}</option>
          {STAGES.map((known) => (
            <option key={known} value={known}>
              {words.stages[known]}
            </option>
          ))}
        </select>
        <select aria-label={words.status} value={status ?? ''} onChange={({ currentTarget }) => setParams({ status: currentTarget.value || null })}>
          <option value="">{words.anyStatus}</option>
          {STATUSES.map((known) => (
            <option key={known} value={known}>
              {words.statuses[known]}
            </option>
          ))}
        </select>
        {tag && (
          <button type="button" class="small" onClick={() => setParams({ tag: null })}>
            {tag} ×
          </button>
        )}
        {filtered && (
          <button type="button" class="quiet small" onClick={() => setParams({ stage: null, status: null, tag: null })}>
            {words.clearFilters}
          </button>
        )}
      </div>
      {list.error.value && <Failure error={list.error.value} retry={() => void list.load()} />}
      {!list.loaded.value ? (
        !list.error.value && <Skeleton />
      ) : nodes.length === 0 ? (
        filtered ? (
          <Empty title={words.noCustomersMatch} hint={words.noCustomersMatchHint} icon="people" />
        ) : (
          <Empty title={words.noCustomers} hint={words.noCustomersHint} icon="people" />
        )
      ) : (
        <ul class="list" aria-label={words.customers}>
          {nodes.map((person) => (
            <PersonRow key={person.id} person={person} />
          ))}
        </ul>
      )}
      <More on={list.more.value} busy={list.loading.value} next={() => void list.next()} />
    </div>
  );
}

function PersonRow({ person }: { person: Person }) {
  return (
    <li>
      <a class="line-link" href={addressOf.customer(person.id)}>
        <Avatar name={nameOf(person)} />
        <span class="who">
          <bdi class="strong">{nameOf(person)}</bdi>
          <bdi class="faint">{addressesOf(person)}</bdi>
        </span>
        <span class="tags">
          {person.status !== 'ACTIVE' && <Chip tone="bad">{words.statuses[person.status]}</Chip>}
          {person.stage !== 'VISITOR' && <Chip tone="stage">{words.stages[person.stage]}</Chip>}
          {person.tags.slice(0, 3).map((tag) => (
            <Chip key={tag}>
              <bdi>{tag}</bdi>
            </Chip>
          ))}
        </span>
        <span class="number faint">{words.items(person.stats.total)}</span>
        <span class="when faint">{person.lastSeenAt && <Time at={person.lastSeenAt} />}</span>
      </a>
    </li>
  );
}

const HUES = 8;

/** Two letters on a quiet colour that stays the same for a name. */
export function Avatar({ name, large = false }: { name: string; large?: boolean }) {
  const parts = name.replace(/[^\p{L}\p{N}\s]/gu, ' ').trim().split(/\s+/);
  const letters = [parts[0], parts.length > 1 ? parts.at(-1) : undefined].map((part) => Array.from(part ?? '')[0] ?? '').join('');
  const hue = Array.from(name).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7) % HUES;
  return (
    <span class={`avatar hue-${hue} ${large ? 'large' : ''}`} aria-hidden="true">
      {letters.toUpperCase() || '?'}
    </span>
  );
}
