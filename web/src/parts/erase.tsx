// Erase: a rehearsal as a table, a typed word, and a receipt to keep.

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import { Erase } from '../generated/documents';
import type { EraseMutation } from '../generated/types';
import type { Person } from '../screens/customer';
import { ask } from '../state/api';
import { newKey } from '../state/drafts';
import { nameOf } from '../state/people';
import { addressOf, go } from '../state/router';
import { words } from '../words/en';
import { Skeleton } from './bits';
import { Modal } from './modal';
import { problemOf, Trouble } from './trouble';

type Receipt = NonNullable<EraseMutation['eraseCustomer']['receipt']>;

export function EraseDialog({ person, onClose, reload }: { person: Person; onClose(): void; reload(): Promise<void> }) {
  const rehearsal = useSignal<Receipt | null>(null);
  const receipt = useSignal<Receipt | null>(null);
  const typed = useSignal('');
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const key = useRef(newKey());
  const name = useRef(nameOf(person));
  const version = useRef(person.version);
  version.current = person.version;

  const rehearse = async () => {
    try {
      const { eraseCustomer } = await ask(Erase, { customerId: person.id, dryRun: true });
      rehearsal.value = eraseCustomer.receipt;
      problem.value = eraseCustomer.userErrors[0]?.message ?? null;
    } catch (failure) {
      problem.value = problemOf(failure);
    }
  };
  useEffect(() => {
    void rehearse();
  }, []);
  const erase = async () => {
    busy.value = true;
    problem.value = null;
    try {
      const { eraseCustomer } = await ask(Erase, { customerId: person.id, dryRun: false, expectedVersion: version.current }, { key: key.current });
      key.current = newKey();
      const [error] = eraseCustomer.userErrors;
      if (error) {
        await Promise.all([rehearse(), reload()]);
        problem.value = error.code === 'VERSION_CONFLICT' ? words.changedMeanwhile : error.message;
      } else {
        receipt.value = eraseCustomer.receipt;
      }
    } catch (failure) {
      problem.value = problemOf(failure);
    } finally {
      busy.value = false;
    }
  };
  const close = () => {
    onClose();
    if (receipt.value) go(addressOf.customers);
  };
  if (receipt.value) {
    return (
      <Modal title={words.eraseTitle} onClose={close}>
        <section aria-label={words.receipt}>
          <p>{words.receiptHint}</p>
          <Rows receipt={receipt.value} caption={words.receipt} />
          <div class="buttons end">
            <button type="button" class="primary" onClick={() => download(receipt.value as Receipt)}>
              {words.downloadReceipt}
            </button>
            <button type="button" onClick={close}>
              {words.close}
            </button>
          </div>
        </section>
      </Modal>
    );
  }
  return (
    <Modal title={words.eraseTitle} onClose={onClose}>
      <p class="strong" dir="auto">
        {name.current}
      </p>
      <p>{words.eraseHint}</p>
      {rehearsal.value ? <Rows receipt={rehearsal.value} caption={words.eraseTable} /> : !problem.value && <Skeleton rows={4} />}
      <label class="field">
        <span>{words.eraseConfirm}</span>
        <input autocomplete="off" spellcheck={false} value={typed.value} onInput={({ currentTarget: { value } }) => (typed.value = value)} />
      </label>
      <Trouble text={problem.value} />
      <div class="buttons end">
        <button type="button" class="quiet" onClick={onClose}>
          {words.cancel}
        </button>
        <button
          type="button"
          class="danger"
          disabled={busy.value || !rehearsal.value || typed.value.trim() !== words.eraseWord}
          onClick={() => void erase()}
        >
          {busy.value ? words.working : words.eraseDo}
        </button>
      </div>
    </Modal>
  );
}

function Rows({ receipt, caption }: { receipt: Receipt; caption: string }) {
  return (
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{words.table}</th>
          <th scope="col" class="number">
            {words.rows}
          </th>
        </tr>
      </thead>
      <tbody>
        {receipt.rows.map(({ table, count }) => (
          <tr key={table}>
            <td>{table}</td>
            <td class="number">{words.number(count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function download(receipt: Receipt): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([`${JSON.stringify(receipt, null, 2)}\n`], { type: 'application/json' }));
  link.download = `rapport-erased-${receipt.customerId}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
