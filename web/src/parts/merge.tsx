// Merge: pick the other person, see what would be, give a reason, join. It can be undone from the note that follows.

import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';

import { AllowTogether, Merge, MergePreview, Rules } from '../generated/documents';
import type { MergePreviewQuery } from '../generated/types';
import type { Person } from '../screens/customer';
import { ask } from '../state/api';
import { newKey } from '../state/drafts';
import { tell } from '../state/notes';
import { nameOf } from '../state/people';
import { words } from '../words/en';
import { Chip } from './bits';
import { Icon } from './icon';
import { Modal } from './modal';
import { type Hit, PersonBox } from './person-box';
import { problemOf, Trouble } from './trouble';

interface Props {
  person: Person;
  onClose(): void;
  onDone(): void;
  undo(mergeId: string): void;
}

type Preview = MergePreviewQuery['mergePreview'];

export function MergeDialog({ person, onClose, onDone, undo }: Props) {
  const other = useSignal<Hit['customer'] | null>(null);
  const preview = useSignal<Preview | null>(null);
  const reason = useSignal('');
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const key = useRef(newKey());
  const turn = useRef(0);

  const look = async () => {
    if (!other.value) return;
    const mine = ++turn.current;
    problem.value = null;
    try {
      const { mergePreview } = await ask(MergePreview, { ids: [person.id, other.value.id] });
      if (mine !== turn.current) return;
      preview.value = mergePreview;
      problem.value = mergePreview.userErrors[0]?.message ?? null;
    } catch (failure) {
      if (mine === turn.current) problem.value = problemOf(failure);
    }
  };
  const pick = ({ customer }: Hit) => {
    if (customer.id === person.id) {
      problem.value = words.samePerson;
      return;
    }
    other.value = customer;
    preview.value = null;
    void look();
  };
  const run = async (work: () => Promise<void>) => {
    busy.value = true;
    problem.value = null;
    try {
      await work();
    } catch (failure) {
      problem.value = problemOf(failure);
    } finally {
      busy.value = false;
    }
  };
  const merge = () =>
    run(async () => {
      const ids = [person.id, other.value?.id ?? ''];
      const variables = { ids, expectedVersion: preview.value?.expectedVersion, reason: reason.value.trim() || null };
      const { mergeCustomers } = await ask(Merge, variables, { key: key.current });
      key.current = newKey();
      const [error] = mergeCustomers.userErrors;
      if (error) {
        // What was shown is not what is there: look again, with the reason kept.
        await look();
        problem.value = error.message;
        return;
      }
      onClose();
      onDone();
      const [made] = mergeCustomers.merges;
      const name = mergeCustomers.customer ? nameOf(mergeCustomers.customer) : '';
      tell(words.merged(name), made && { label: words.undo, run: () => undo(made.id) });
    });
  const lift = () =>
    run(async () => {
      const { customer } = await ask(Rules, { id: person.id });
      const rules = customer?.keptApart.filter(({ customers }) => customers.some(({ id }) => id === other.value?.id)) ?? [];
      for (const { id } of rules) {
        const { allowTogether } = await ask(AllowTogether, { id });
        if (allowTogether.userErrors[0]) {
          problem.value = allowTogether.userErrors[0].message;
          return;
        }
      }
      await look();
    });

  const refused = preview.value?.warnings.some((warning) => warning.refused) ?? false;
  return (
    <Modal title={words.merge} wide onClose={onClose}>
      <p class="faint">{words.mergeHint}</p>
      <PersonBox label={words.findOther} placeholder={words.findOther} listLabel={words.searchResults} pick={pick} without={person.id} autoFocus />
      <section class="preview" aria-label={words.preview} aria-live="polite">
        {!other.value && <p class="faint">{words.pickOther}</p>}
        {other.value && !preview.value && !problem.value && <p class="faint">{words.loading}</p>}
        {preview.value?.customer && <PreviewOf preview={preview.value} />}
      </section>
      {preview.value && (
        <>
          <ul class="warnings" aria-label={words.warnings}>
            {preview.value.warnings.map((warning) => (
              <li key={warning.rule + warning.message}>
                <Icon name="warn" size={14} />
                <span dir="auto">{warning.message}</span>
                {warning.refused && <Chip tone="bad">{words.refused}</Chip>}
                {warning.refused && warning.rule === 'KEEP_APART' && (
                  <button type="button" class="small" disabled={busy.value} onClick={() => void lift()}>
                    {words.liftRule}
                  </button>
                )}
              </li>
            ))}
            {preview.value.warnings.length === 0 && (
              <li>
                <Icon name="check" size={14} />
                {words.noWarnings}
              </li>
            )}
          </ul>
          <label class="field">
            <span>{words.reason}</span>
            <input maxLength={500} dir="auto" value={reason.value} onInput={({ currentTarget: { value } }) => (reason.value = value)} />
            <span class="faint">{words.reasonHint}</span>
          </label>
        </>
      )}
      <Trouble text={problem.value} />
      <div class="buttons end">
        <button type="button" class="quiet" onClick={onClose}>
          {words.cancel}
        </button>
        <button type="button" class="primary" disabled={busy.value || !preview.value?.customer || refused} onClick={() => void merge()}>
          {busy.value ? words.working : words.merge}
        </button>
      </div>
    </Modal>
  );
}

function PreviewOf({ preview: { customer, merged, emails, phoneNumbers } }: { preview: Preview }) {
  return (
    <dl class="facts">
      <div>
        <dt>{words.stays}</dt>
        <dd>
          <bdi class="strong">{customer && nameOf(customer)}</bdi>
        </dd>
      </div>
      <div>
        <dt>{words.joins}</dt>
        <dd>
          {merged.map((person) => (
            <bdi key={person.id}>{nameOf(person)}</bdi>
          ))}
        </dd>
      </div>
      <div>
        <dt>{words.addresses}</dt>
        <dd>
          {[...emails, ...phoneNumbers].map((value) => (
            <bdi key={value}>{value}</bdi>
          ))}
        </dd>
      </div>
    </dl>
  );
}
