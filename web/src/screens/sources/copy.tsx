// Texts to take elsewhere: shown whole, and copied by a button that says what came of it.

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import type { SourceFragment } from '../../generated/types';
import { adminWords } from '../../words/en-admin';
import { linesFor } from './paste';

const TOLD_FOR = 4000;

interface CopyProps {
  label: string;
  text: string;
  /** What is copied, for those who do not see beside what the button stands. */
  what?: string;
  /** The first thing to do in a dialog. */
  first?: boolean;
  done?(): void;
}

export function Copy({ label, text, what, first = false, done }: CopyProps) {
  const told = useSignal('');
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!told.value) return;
    const timer = setTimeout(() => (told.value = ''), TOLD_FOR);
    return () => clearTimeout(timer);
  }, [told.value]);
  const copy = async () => {
    const copied = await toClipboard(text, button.current);
    told.value = copied ? adminWords.sources.copied : adminWords.sources.copyFailed;
    if (copied) done?.();
  };
  return (
    <span class="copy">
      <button ref={button} type="button" class={first ? 'small primary' : 'small'} autofocus={first} aria-label={what && adminWords.sources.copyLine(what)} onClick={() => void copy()}>
        {label}
      </button>
      <span role="status" class={told.value === adminWords.sources.copyFailed ? 'failed' : 'saved'}>
        {told.value}
      </span>
    </span>
  );
}

/** Over plain HTTP there is no clipboard of the platform: there the older command does it. */
async function toClipboard(text: string, button: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Inside of a dialog only what is in it can be selected.
    const field = document.createElement('textarea');
    field.className = 'sr';
    field.value = text;
    (button?.closest('dialog') ?? document.body).append(field);
    field.select();
    const copied = document.execCommand('copy');
    field.remove();
    button?.focus();
    return copied;
  }
}

/** A value with its name, and a button that copies it. */
export function CopyLine({ name, text, label }: { name: string; text: string; label: string }) {
  return (
    <div class="copy-line">
      <span class="faint">{name}</span>
      <code dir="ltr">{text}</code>
      <Copy label={label} text={text} />
    </div>
  );
}

/** Where to paste what, at the provider. */
export function Steps({ source, secret = null }: { source: SourceFragment; secret?: string | null }) {
  return (
    <div class="steps">
      <p>{adminWords.sources.steps[source.kind]}</p>
      {linesFor(source, secret).map(({ label, text }) => (
        <div key={label} class="paste">
          <div class="paste-head">
            <span class="strong">{label}</span>
            <Copy label={adminWords.sources.copy} what={label} text={text} />
          </div>
          <pre dir="ltr" tabIndex={0} role="group" aria-label={label}>
            {text}
          </pre>
        </div>
      ))}
    </div>
  );
}
