// Undo of a merge: from the page, from the note after a merge, and from the history.

import { useSignal } from '@preact/signals';

import { UndoMerge } from '../generated/documents';
import { ask } from '../state/api';
import { tell } from '../state/notes';
import { nameOf } from '../state/people';
import { addressOf, go } from '../state/router';
import { words } from '../words/en';
import { problemOf, Trouble } from './trouble';
import { Modal } from './modal';

interface Props {
  mergeId: string;
  onClose(): void;
  onDone(): void;
}

export function UndoMergeDialog({ mergeId, onClose, onDone }: Props) {
  const keepApart = useSignal(true);
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const undo = async () => {
    busy.value = true;
    problem.value = null;
    try {
      const { undoMerge } = await ask(UndoMerge, { mergeId, keepApart: keepApart.value });
      const [error] = undoMerge.userErrors;
      if (error) {
        problem.value = error.message;
        return;
      }
      onClose();
      onDone();
      const { parted } = undoMerge;
      if (parted) tell(words.undoneNote(nameOf(parted)), { label: words.openOther, run: () => go(addressOf.customer(parted.id)) });
      else tell(words.undone);
    } catch (failure) {
      problem.value = problemOf(failure);
    } finally {
      busy.value = false;
    }
  };
  return (
    <Modal title={words.undoMerge} onClose={onClose}>
      <p>{words.undoMergeHint}</p>
      <label class="check">
        <input type="checkbox" checked={keepApart.value} onChange={({ currentTarget }) => (keepApart.value = currentTarget.checked)} />
        <span>{words.keepApart}</span>
      </label>
      <p class="faint">{words.keepApartHint}</p>
      <Trouble text={problem.value} />
      <div class="buttons end">
        <button type="button" class="quiet" onClick={onClose}>
          {words.cancel}
        </button>
        <button type="button" class="primary" disabled={busy.value} onClick={() => void undo()}>
          {busy.value ? words.working : words.undoMerge}
        </button>
      </div>
    </Modal>
  );
}
