// Who somebody is: what the staff says, what channels said, and since when.

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

import { UpdateCustomer } from '../generated/documents';
import type { CustomerStatus, LifecycleStage, UpdateCustomerInput } from '../generated/types';
import type { Person } from '../screens/customer';
import { ask } from '../state/api';
import { addressesOf } from '../state/people';
import { mayWrite } from '../state/session';
import { words } from '../words/en';
import { Chip, Time } from './bits';
import { Modal } from './modal';
import { problemOf, Trouble } from './trouble';

export function Profile({ person, edit }: { person: Person; edit(): void }) {
  const traits = traitsOf(person.traits);
  return (
    <section class="card profile" aria-labelledby="profile-heading">
      <header>
        <h2 id="profile-heading">{words.profile}</h2>
        {mayWrite.value && (
          <button type="button" class="quiet small" onClick={edit}>
            {words.edit}
          </button>
        )}
      </header>
      <div class="chips">
        <Chip tone="stage">{words.stages[person.stage]}</Chip>
        <Chip tone={person.status === 'ACTIVE' ? 'good' : 'bad'}>{words.statuses[person.status]}</Chip>
        {person.tags.map((tag) => (
          <a key={tag} class="chip" href={`/app?tag=${encodeURIComponent(tag)}`}>
            <bdi>{tag}</bdi>
          </a>
        ))}
      </div>
      <p class="brief faint">
        <bdi>{addressesOf(person) || words.items(person.stats.total)}</bdi>
      </p>
      <dl class="facts">
        {person.emails.length > 0 && (
          <Fact name={person.emails.length > 1 ? words.emails : words.email}>
            {person.emails.slice(0, 3).map((email) => (
              <bdi key={email}>{email}</bdi>
            ))}
          </Fact>
        )}
        {person.phoneNumbers.length > 0 && (
          <Fact name={person.phoneNumbers.length > 1 ? words.phones : words.phone}>
            {person.phoneNumbers.slice(0, 3).map((number) => (
              <bdi key={number}>{number}</bdi>
            ))}
          </Fact>
        )}
        <Fact name={words.since}>
          <Time at={person.createdAt} as="date" />
        </Fact>
        {person.lastSeenAt && (
          <Fact name={words.lastSeen}>
            <Time at={person.lastSeenAt} />
          </Fact>
        )}
        <Fact name={words.lastIn}>{person.stats.lastInboundAt ? <Time at={person.stats.lastInboundAt} /> : words.never}</Fact>
        <Fact name={words.lastOut}>{person.stats.lastOutboundAt ? <Time at={person.stats.lastOutboundAt} /> : words.never}</Fact>
        {traits.map(([name, value]) => (
          <Fact key={name} name={name} own>
            <span dir="auto">{value}</span>
          </Fact>
        ))}
      </dl>
    </section>
  );
}

function Fact({ name, own = false, children }: { name: string; own?: boolean; children: ComponentChildren }) {
  return (
    <div>
      <dt>{own ? <bdi>{name}</bdi> : name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const MOST_TRAITS = 30;

function traitsOf(traits: unknown): [string, string][] {
  if (typeof traits !== 'object' || traits === null || Array.isArray(traits)) return [];
  return Object.entries(traits)
    .slice(0, MOST_TRAITS)
    .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
}

const STAGES = Object.keys(words.stages) as LifecycleStage[];
const STATUSES: CustomerStatus[] = ['ACTIVE', 'INACTIVE'];

/** What the staff says of a person. Only what was changed here is sent. */
export function ProfileDialog({ person, onClose, reload }: { person: Person; onClose(): void; reload(): Promise<void> }) {
  const start = useSignal(person);
  const name = useSignal(person.name ?? '');
  const stage = useSignal(person.stage);
  const status = useSignal(person.status);
  const tags = useSignal(person.tags.join(', '));
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const conflict = useSignal(false);
  const save = async (event: Event) => {
    event.preventDefault();
    const was = start.value;
    const list = tags.value.split(',').map((tag) => tag.trim()).filter(Boolean);
    const input: UpdateCustomerInput = {
      customerId: person.id,
      // After a conflict was shown, what is typed wins over what is there.
      expectedVersion: conflict.value ? undefined : was.version,
      ...(name.value.trim() !== (was.name ?? '') && { name: name.value.trim() }),
      ...(stage.value !== was.stage && { stage: stage.value }),
      ...(status.value !== was.status && { status: status.value }),
      ...(list.join() !== was.tags.join() && { tags: list }),
    };
    busy.value = true;
    problem.value = null;
    try {
      const { updateCustomer } = await ask(UpdateCustomer, { input });
      const [error] = updateCustomer.userErrors;
      if (error?.code === 'VERSION_CONFLICT') {
        conflict.value = true;
        await reload();
      } else if (error) {
        problem.value = error.message;
      } else {
        await reload();
        onClose();
      }
    } catch (failure) {
      problem.value = problemOf(failure);
    } finally {
      busy.value = false;
    }
  };
  const now = person;
  return (
    <Modal title={words.editProfile} onClose={onClose}>
      <form class="form" onSubmit={(event) => void save(event)}>
        {conflict.value && (
          <div class="failure" role="alert">
            <div>
              <p>{words.conflict}</p>
              <ul>
                <li>{words.changedSetting(words.name, start.value.name ?? words.none, now.name ?? words.none)}</li>
                <li>{words.changedSetting(words.stage, words.stages[start.value.stage], words.stages[now.stage])}</li>
                <li>{words.changedSetting(words.tags, start.value.tags.join(', ') || words.none, now.tags.join(', ') || words.none)}</li>
              </ul>
            </div>
          </div>
        )}
        <label>
          <span>{words.name}</span>
          <input value={name.value} dir="auto" onInput={({ currentTarget: { value } }) => (name.value = value)} />
        </label>
        <label>
          <span>{words.stage}</span>
          <select value={stage.value} onChange={({ currentTarget }) => (stage.value = currentTarget.value as LifecycleStage)}>
            {STAGES.map((known) => (
              <option key={known} value={known}>
                {words.stages[known]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{words.status}</span>
          <select value={status.value} onChange={({ currentTarget }) => (status.value = currentTarget.value as CustomerStatus)}>
            {STATUSES.map((known) => (
              <option key={known} value={known}>
                {words.statuses[known]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{words.tags}</span>
          <input value={tags.value} dir="auto" onInput={({ currentTarget: { value } }) => (tags.value = value)} />
          <span class="faint">{words.tagsHint}</span>
        </label>
        <Trouble text={problem.value} />
        <div class="buttons end">
          <button type="button" class="quiet" onClick={onClose}>
            {words.cancel}
          </button>
          <button type="submit" class="primary" disabled={busy.value}>
            {busy.value ? words.saving : words.save}
          </button>
        </div>
      </form>
    </Modal>
  );
}
