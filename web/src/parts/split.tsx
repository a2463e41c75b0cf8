// Split: the addresses that are another person's become a person of their own, with what came through them.

import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';

import { Split } from '../generated/documents';
import type { Person } from '../screens/customer';
import { ask } from '../state/api';
import { newKey } from '../state/drafts';
import { tell } from '../state/notes';
import { nameOf } from '../state/people';
import { addressOf, go } from '../state/router';
import { words } from '../words/en';
import { Icon } from './icon';
import { Modal } from './modal';
import { problemOf, Trouble } from './trouble';

export function SplitDialog({ person, onClose, onDone, reload }: { person: Person; onClose(): void; onDone(): void; reload(): void }) {
  const chosen = useSignal<string[]>([]);
  const keepApart = useSignal(true);
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const key = useRef(newKey());
  const { nodes } = person.identities;
  const all = chosen.value.length === nodes.length && nodes.length === person.identities.totalCount.count;
  const split = async () => {
    busy.value = true;
    problem.value = null;
    try {
      const variables = { customerId: person.id, identityIds: chosen.value, keepApart: keepApart.value, expectedVersion: person.version };
      const { splitCustomer } = await ask(Split, variables, { key: key.current });
      key.current = newKey();
      const [error] = splitCustomer.userErrors;
      if (error) {
        problem.value = error.message;
        reload();
        return;
      }
      onClose();
      onDone();
      const { parted } = splitCustomer;
      if (parted) tell(words.splitDone(nameOf(parted)), { label: words.openOther, run: () => go(addressOf.customer(parted.id)) });
    } catch (failure) {
      problem.value = problemOf(failure);
    } finally {
      busy.value = false;
    }
  };
  return (
    <Modal title={words.splitTitle} onClose={onClose}>
      <p class="faint">{words.splitHint}</p>
      <fieldset>
        <legend class="sr">{words.addresses}</legend>
        {nodes.map(({ id, kind, value }) => (
          <label key={id} class="check">
            <input
              type="checkbox"
              checked={chosen.value.includes(id)}
              onChange={({ currentTarget: { checked } }) => {
                chosen.value = checked ? [...chosen.value, id] : chosen.value.filter((other) => other !== id);
              }}
            />
            <Icon name={kind} size={14} />
            <bdi>{value}</bdi> <span class="faint">{words.identityKinds[kind]}</span>
          </label>
        ))}
      </fieldset>
      {all && <p class="notice">{words.splitAll}</p>}
      <label class="check">
        <input type="checkbox" checked={keepApart.value} onChange={({ currentTarget }) => (keepApart.value = currentTarget.checked)} />
        <span>{words.keepApart}</span>
      </label>
      <Trouble text={problem.value} />
      <div class="buttons end">
        <button type="button" class="quiet" onClick={onClose}>
          {words.cancel}
        </button>
        <button type="button" class="primary" disabled={busy.value || all || chosen.value.length === 0} onClick={() => void split()}>
          {busy.value ? words.working : words.splitDo}
        </button>
      </div>
    </Modal>
  );
}
