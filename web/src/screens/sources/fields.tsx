// The fields of a source: those of its kind only, each with the server's own sentence where it is wrong.

import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

import type { SourceKind } from '../../generated/types';
import { adminWords } from '../../words/en-admin';

export interface Parts {
  providerSecret: string;
  verifyToken: string;
  accessToken: string;
  answer: string;
  /** One a line. */
  addresses: string;
}

export type Part = keyof Parts;

export const NO_PARTS: Parts = { providerSecret: '', verifyToken: '', accessToken: '', answer: '', addresses: '' };

export const PARTS_OF: Record<SourceKind, readonly Part[]> = {
  SEGMENT: [],
  TWILIO: ['providerSecret', 'answer'],
  META: ['providerSecret', 'verifyToken', 'accessToken'],
  POSTMARK: ['addresses'],
  EMAIL: ['addresses'],
  TELEGRAM: ['accessToken'],
  DEVICE: [],
  WEBHOOK: [],
};

/** Kinds that have a secret of rapport's making. */
export const OWN_SECRET: readonly SourceKind[] = ['POSTMARK', 'EMAIL', 'TELEGRAM', 'DEVICE', 'WEBHOOK'];

export const listOf = (lines: string): string[] => lines.split('\n').map((line) => line.trim()).filter(Boolean);

/** The server's sentences, by the field at which they belong; '' for what belongs at none. */
export type FieldErrors = Record<string, string>;

export function errorsOf(userErrors: readonly { path: string[] | null; message: string }[], parts: Parts): FieldErrors {
  const errors: FieldErrors = {};
  for (const { path, message } of userErrors) {
    const [field = '', index] = (path ?? []).slice(1);
    const address = field === 'addresses' && index !== undefined ? listOf(parts.addresses)[Number(index)] : undefined;
    errors[field] = address ? adminWords.sources.addressError(address, message) : message;
  }
  return errors;
}

/** What no field shows is told below the form. */
export function restOf(errors: FieldErrors, shown: readonly string[]): string | null {
  return Object.entries(errors).find(([field]) => !shown.includes(field))?.[1] ?? null;
}

/** After a refusal the focus goes to the first field that is wrong. */
export function useFirstWrong(errors: FieldErrors) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [errors]);
  return form;
}

interface FieldProps {
  name: string;
  hint: string;
  value: string;
  error?: string;
  required?: boolean;
  lines?: number;
  autoFocus?: boolean;
  set(value: string): void;
  children?: ComponentChildren;
}

export function TextField({ name, hint, value, error, required = false, lines, autoFocus = false, set, children }: FieldProps) {
  const id = useId();
  const common = {
    dir: 'ltr' as const,
    autocomplete: 'off',
    autocapitalize: 'off' as const,
    spellcheck: false,
    value,
    autofocus: autoFocus,
    'aria-required': required || undefined,
    'aria-invalid': error ? ('true' as const) : undefined,
    'aria-describedby': error ? `${id}-error ${id}-hint` : `${id}-hint`,
  };
  return (
    <div class="field">
      <label>
        <span>{name}</span>
        {lines ? (
          <textarea rows={lines} {...common} onInput={({ currentTarget }) => set(currentTarget.value)} />
        ) : (
          <input {...common} onInput={({ currentTarget }) => set(currentTarget.value)} />
        )}
      </label>
      {error && (
        <span class="field-error" id={`${id}-error`} dir="auto">
          {error}
        </span>
      )}
      <span class="faint" id={`${id}-hint`}>
        {hint}
      </span>
      {children}
    </div>
  );
}

interface PartFieldsProps {
  kind: SourceKind;
  parts: Parts;
  errors: FieldErrors;
  set(part: Partial<Parts>): void;
  /** The source is there already: secrets that are left empty stay. */
  there?: boolean;
  /** Below the token with which media are fetched. */
  belowToken?: ComponentChildren;
}

export function PartFields({ kind, parts, errors, set, there = false, belowToken }: PartFieldsProps) {
  const { sources } = adminWords;
  const fields: Record<Part, Pick<FieldProps, 'name' | 'hint' | 'required' | 'lines' | 'children'>> = {
    providerSecret: {
      name: sources.providerSecret[kind] ?? '',
      hint: `${sources.providerSecretHint[kind]}${there ? ` ${sources.stays}` : ''}`,
      required: !there,
    },
    verifyToken: { name: sources.verifyToken, hint: there ? sources.verifyTokenEditHint : sources.verifyTokenHint },
    accessToken: {
      name: sources.accessToken[kind] ?? '',
      hint: there ? sources.stays : (sources.accessTokenHint[kind] ?? ''),
      children: belowToken,
    },
    answer: { name: sources.answer, hint: sources.answerHint, lines: 3 },
    addresses: { name: sources.addresses, hint: sources.addressesHint, lines: 3 },
  };
  return (
    <>
      {PARTS_OF[kind].map((part) => (
        <TextField key={part} {...fields[part]} value={parts[part]} error={errors[part]} set={(value) => set({ [part]: value })} />
      ))}
    </>
  );
}
