// What can be changed of a source. Only what was changed here is sent; what others changed meanwhile is told first.

import { useSignal } from '@preact/signals';

import { Sources, UpdateSource } from '../../generated/admin';
import type { SourceFragment, UpdateSourceInput } from '../../generated/types';
import { Modal } from '../../parts/modal';
import { problemOf, Trouble } from '../../parts/trouble';
import { ask } from '../../state/api';
import { announce } from '../../state/notes';
import { words } from '../../words/en';
import { adminWords } from '../../words/en-admin';
import { errorsOf, type FieldErrors, listOf, NO_PARTS, type Parts, PARTS_OF, PartFields, restOf, useFirstWrong } from './fields';

export const MOST_SOURCES = 200;

const partsOf = ({ verifyToken, answer, addresses }: SourceFragment): Parts => ({
  ...NO_PARTS,
  verifyToken: verifyToken ?? '',
  answer: answer ?? '',
  addresses: addresses.join('\n'),
});

const same = (a: string, b: string) => listOf(a).join('\n') === listOf(b).join('\n');

/** What was typed, against what it was typed over. A text that was emptied takes the part away. */
function inputOf(id: string, typed: Parts, was: Parts, takeToken: boolean): UpdateSourceInput {
  return {
    id,
    ...(typed.providerSecret.trim() && { providerSecret: typed.providerSecret.trim() }),
    ...(typed.accessToken.trim() ? { accessToken: typed.accessToken.trim() } : takeToken && { accessToken: '' }),
    ...(typed.verifyToken !== was.verifyToken && { verifyToken: typed.verifyToken }),
    ...(typed.answer !== was.answer && { answer: typed.answer }),
    ...(!same(typed.addresses, was.addresses) && { addresses: listOf(typed.addresses) }),
  };
}

const SEEN = ['verifyToken', 'answer', 'addresses'] as const;

interface Props {
  source: SourceFragment;
  onClose(): void;
  onSaved(source: SourceFragment): void;
}

export function EditSource({ source, onClose, onSaved }: Props) {
  const base = useSignal(partsOf(source));
  const parts = useSignal(partsOf(source));
  const takeToken = useSignal(false);
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const errors = useSignal<FieldErrors>({});
  const changes = useSignal<string[] | null>(null);
  const form = useFirstWrong(errors.value);
  const { sources } = adminWords;
  const { kind, id } = source;

  /** What others changed since the dialog was opened; what was not touched here takes their value. */
  const meet = async (): Promise<boolean> => {
    const { sources: list } = await ask(Sources, { first: MOST_SOURCES });
    const now = list.nodes.find((other) => other.id === id);
    if (!now) return false;
    const [was, later] = [base.value, partsOf(now)];
    const changed = SEEN.filter((part) => !same(was[part], later[part]));
    if (changed.length === 0) return false;
    changes.value = changed.map((part) => words.changedSetting(sources[part], said(was[part]), said(later[part])));
    const typed = { ...parts.value };
    for (const part of changed) if (same(typed[part], was[part])) typed[part] = later[part];
    parts.value = typed;
    base.value = later;
    return true;
  };
  const save = async (event: Event) => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    problem.value = null;
    try {
      if (await meet()) return;
      const { updateSource } = await ask(UpdateSource, { input: inputOf(id, parts.value, base.value, takeToken.value) });
      if (updateSource.source) {
        announce(adminWords.saved);
        onSaved(updateSource.source);
      } else {
        errors.value = errorsOf(updateSource.userErrors, parts.value);
      }
    } catch (failure) {
      problem.value = problemOf(failure);
    } finally {
      busy.value = false;
    }
  };
  return (
    <Modal title={sources.editTitle(source.name)} onClose={onClose}>
      <form class="source-form" ref={form} onSubmit={(event) => void save(event)}>
        {changes.value && (
          <div class="failure" role="alert">
            <div>
              <p>{sources.changedByOthers}</p>
              <ul>
                {changes.value.map((line) => (
                  <li key={line} dir="auto">
                    {line}
                  </li>
                ))}
              </ul>
            </div>
          </div>
        )}
        <PartFields
          kind={kind}
          there
          parts={parts.value}
          errors={errors.value}
          set={(part) => (parts.value = { ...parts.peek(), ...part })}
          belowToken={
            <label class="check">
              <input type="checkbox" checked={takeToken.value} disabled={parts.value.accessToken !== ''} onChange={({ currentTarget }) => (takeToken.value = currentTarget.checked)} />
              <span>{sources.takeAway(sources.accessToken[kind] ?? '')}</span>
            </label>
          }
        />
        <Trouble text={problem.value ?? restOf(errors.value, PARTS_OF[kind])} />
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

const said = (text: string): string => listOf(text).join(', ') || words.none;
