// Sign-in: a pasted token, tried with the server before it is taken. The page below stays as it was.

import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';

import { Me } from '../generated/documents';
import { Icon } from '../parts/icon';
import { ApiError, ask } from '../state/api';
import { signedIn, viewer, wanted } from '../state/session';
import { words } from '../words/en';

export function SignIn() {
  const id = useId();
  const text = useSignal('');
  const keep = useSignal(false);
  const busy = useSignal(false);
  const problem = useSignal(wanted.peek() ?? '');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    document.title = `${words.signIn} · ${words.product}`;
    field.current?.focus();
  }, []);
  const submit = async (event: Event) => {
    event.preventDefault();
    const trial = text.value.trim().replace(/^Bearer\s+/i, '');
    if (!trial) {
      problem.value = words.signInNeeded;
      return;
    }
    busy.value = true;
    try {
      const me = await ask(Me, {}, { trial });
      viewer.value = me.viewer;
      signedIn(trial, keep.value);
    } catch (failure) {
      problem.value = failure instanceof ApiError ? failure.message : String(failure);
      field.current?.focus();
    } finally {
      busy.value = false;
    }
  };
  return (
    <main class="sign-in">
      <form onSubmit={(event) => void submit(event)}>
        <svg class="mark" width="36" height="36" viewBox="0 0 24 24" aria-hidden="true">
          <circle cx="8" cy="12" r="5.5" />
          <circle cx="16" cy="12" r="5.5" />
        </svg>
        <h1>{words.signIn}</h1>
        <p class="faint">{words.signInHint}</p>
        {problem.value && (
          <p class="failure" role="alert">
            <Icon name="warn" />
            <span>{problem.value}</span>
          </p>
        )}
        <label for={id}>{words.token}</label>
        <input
          ref={field}
          id={id}
          type="password"
          autocomplete="off"
          spellcheck={false}
          value={text.value}
          onInput={({ currentTarget: { value } }) => (text.value = value)}
        />
        <label class="check">
          <input type="checkbox" checked={keep.value} onChange={({ currentTarget }) => (keep.value = currentTarget.checked)} />
          <span>{words.keepToken}</span>
        </label>
        <button type="submit" class="primary" disabled={busy.value}>
          {words.signIn}
        </button>
        <p class="faint">{words.signInDemo}</p>
      </form>
    </main>
  );
}
