// The parts of the settings that are lists: strong kinds, blocked values, rules for pages.

import type { BlockedMatch, IdentityKind } from '../generated/types';
import type { Errors, Form } from '../screens/settings';
import { words } from '../words/en';
import { adminWords } from '../words/en-admin';
import { Icon } from './icon';

const KINDS = Object.keys(words.identityKinds) as IdentityKind[];
const MATCHES = Object.keys(adminWords.matches) as BlockedMatch[];

export function KindChoice({ chosen, set }: { chosen: IdentityKind[]; set(kinds: IdentityKind[]): void }) {
  return (
    <fieldset class="choice">
      <legend>{adminWords.strongKinds}</legend>
      <p class="faint">{adminWords.strongKindsHint}</p>
      <div class="ticks">
        {KINDS.map((kind) => (
          <label key={kind} class="check">
            <input
              type="checkbox"
              checked={chosen.includes(kind)}
              onChange={({ currentTarget: { checked } }) => set(checked ? [...chosen, kind] : chosen.filter((other) => other !== kind))}
            />
            <span>{words.identityKinds[kind]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

type Blocked = Form['blocked'];

export function BlockedList({ list, set, errors }: { list: Blocked; set(list: Blocked): void; errors: Errors }) {
  const change = (index: number, part: Partial<Blocked[number]>) => set(list.map((rule, at) => (at === index ? { ...rule, ...part } : rule)));
  return (
    <>
      <ul class="edit-list">
        {list.map((rule, index) => (
          <li key={index}>
            <select aria-label={adminWords.kind} value={rule.kind ?? ''} onChange={({ currentTarget: { value } }) => change(index, { kind: (value || null) as IdentityKind | null })}>
              <option value="">{adminWords.anyKind}</option>
              {KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {words.identityKinds[kind]}
                </option>
              ))}
            </select>
            <select aria-label={adminWords.match} value={rule.match} onChange={({ currentTarget: { value } }) => change(index, { match: value as BlockedMatch })}>
              {MATCHES.map((match) => (
                <option key={match} value={match}>
                  {adminWords.matches[match]}
                </option>
              ))}
            </select>
            <input aria-label={adminWords.value} placeholder={adminWords.value} maxLength={255} required value={rule.value} onInput={({ currentTarget: { value } }) => change(index, { value })} />
            <input aria-label={words.reason} placeholder={words.reason} maxLength={255} required value={rule.reason} onInput={({ currentTarget: { value } }) => change(index, { reason: value })} />
            <button type="button" class="quiet small icon-only" aria-label={adminWords.removeOf(rule.value)} onClick={() => set(list.filter((_, at) => at !== index))}>
              <Icon name="close" size={14} />
            </button>
            {errors.some(({ path }) => path.startsWith(`blocked.${index}`)) && (
              <span class="field-error">{errors.find(({ path }) => path.startsWith(`blocked.${index}`))?.message}</span>
            )}
          </li>
        ))}
      </ul>
      <button type="button" class="small" onClick={() => set([...list, { kind: null, match: 'EXACT', value: '', reason: '' }])}>
        {adminWords.addBlocked}
      </button>
    </>
  );
}

type Rules = Form['pageRules'];

export function PathRules({ rules, set, errors }: { rules: Rules; set(rules: Rules): void; errors: Errors }) {
  const change = (index: number, part: Partial<Rules['rules'][number]>) =>
    set({ ...rules, rules: rules.rules.map((rule, at) => (at === index ? { ...rule, ...part } : rule)) });
  return (
    <>
      <label class="field">
        <span>{adminWords.ignoredPaths}</span>
        <textarea
          rows={3}
          spellcheck={false}
          value={rules.ignore.join('\n')}
          onChange={({ currentTarget: { value } }) => set({ ...rules, ignore: value.split('\n').map((line) => line.trim()).filter(Boolean) })}
        />
        <span class="faint">{adminWords.ignoredPathsHint}</span>
      </label>
      <p class="strong">{adminWords.pageRules}</p>
      <p class="faint">{adminWords.pageRulesHint}</p>
      <ul class="edit-list">
        {rules.rules.map((rule, index) => (
          <li key={index}>
            <input aria-label={adminWords.pattern} placeholder={adminWords.pattern} required spellcheck={false} value={rule.pattern} onInput={({ currentTarget: { value } }) => change(index, { pattern: value })} />
            <input aria-label={adminWords.category} placeholder={adminWords.category} value={rule.category ?? ''} onInput={({ currentTarget: { value } }) => change(index, { category: value || null })} />
            <button
              type="button"
              class="quiet small icon-only"
              aria-label={adminWords.removeOf(rule.pattern)}
              onClick={() => set({ ...rules, rules: rules.rules.filter((_, at) => at !== index) })}
            >
              <Icon name="close" size={14} />
            </button>
            {errors.some(({ path }) => path.startsWith(`pageRules.rules.${index}`)) && (
              <span class="field-error">{errors.find(({ path }) => path.startsWith(`pageRules.rules.${index}`))?.message}</span>
            )}
          </li>
        ))}
      </ul>
      <button type="button" class="small" onClick={() => set({ ...rules, rules: [...rules.rules, { pattern: '', category: null }] })}>
        {adminWords.addRule}
      </button>
    </>
  );
}
