// A new source. What was typed outlives the dialog, unless it was cancelled or made.

import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';

import { CreateSource } from '../../generated/admin';
import type { CreateSourceInput, SourceFragment, SourceKind } from '../../generated/types';
import { Modal } from '../../parts/modal';
import { problemOf, Trouble } from '../../parts/trouble';
import { ask } from '../../state/api';
import { onForget } from '../../state/session';
import { words } from '../../words/en';
import { adminWords } from '../../words/en-admin';
import { errorsOf, type FieldErrors, listOf, NO_PARTS, type Parts, PARTS_OF, PartFields, restOf, TextField, useFirstWrong } from './fields';

interface Draft {
  kind: SourceKind;
  name: string;
  parts: Parts;
}

const FRESH: Draft = { kind: 'SEGMENT', name: '', parts: NO_PARTS };
let kept = FRESH;
const forget = () => {
  kept = FRESH;
};
onForget(forget);

const KINDS = Object.keys(adminWords.sources.kinds) as SourceKind[];

/** What is said of a kind: nothing of the parts that are another's, nothing of what was left empty. */
function inputOf({ kind, name, parts }: Draft): CreateSourceInput {
  const said = PARTS_OF[kind].filter((part) => parts[part].trim() !== '');
  const values = said.map((part) => [part, part === 'addresses' ? listOf(parts[part]) : parts[part].trim()]);
  return { kind, name: name.trim(), ...Object.fromEntries(values) };
}

export function NewSource({ onClose, onMade }: { onClose(): void; onMade(source: SourceFragment, secret: string | null): void }) {
  const draft = useSignal(kept);
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const errors = useSignal<FieldErrors>({});
  const form = useFirstWrong(errors.value);
  const hint = useId();
  const { sources } = adminWords;
  const { kind, name, parts } = draft.value;
  const change = (part: Partial<Draft>) => {
    draft.value = { ...draft.peek(), ...part };
    kept = draft.peek();
  };
  const create = async (event: Event) => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    problem.value = null;
    try {
      const { createSource } = await ask(CreateSource, { input: inputOf(draft.value) });
      if (createSource.source) {
        forget();
        onMade(createSource.source, createSource.secret);
      } else {
        errors.value = errorsOf(createSource.userErrors, draft.value.parts);
      }
    } catch (failure) {
      problem.value = problemOf(failure);
    } finally {
      busy.value = false;
    }
  };
  return (
    <Modal title={sources.create} onClose={onClose}>
      <form class="source-form" ref={form} onSubmit={(event) => void create(event)}>
        <div class="field">
          <label>
            <span>{sources.kind}</span>
            <select
              autofocus
              aria-describedby={hint}
              value={kind}
              onChange={({ currentTarget }) => {
                errors.value = {};
                change({ kind: currentTarget.value as SourceKind });
              }}
            >
              {KINDS.map((known) => (
                <option key={known} value={known}>
                  {sources.kinds[known]}
                </option>
              ))}
            </select>
          </label>
          <span class="faint" id={hint}>
            {sources.kindHints[kind]}
          </span>
        </div>
        <TextField name={sources.name} hint={sources.nameHint} required value={name} error={errors.value.name} set={(value) => change({ name: value })} />
        <PartFields kind={kind} parts={parts} errors={errors.value} set={(part) => change({ parts: { ...draft.peek().parts, ...part } })} />
        <Trouble text={problem.value ?? restOf(errors.value, ['name', ...PARTS_OF[kind]])} />
        <div class="buttons end">
          <button
            type="button"
            class="quiet"
            onClick={() => {
              forget();
              onClose();
            }}
          >
            {words.cancel}
          </button>
          <button type="submit" class="primary" disabled={busy.value}>
            {busy.value ? words.working : sources.createDo}
          </button>
        </div>
      </form>
    </Modal>
  );
}
