// Settings of the tenant: what is changed in the form stays in it until it is saved, also when others save meanwhile.

import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';

import { SaveSettings, Settings as SettingsDocument } from '../generated/admin';
import type { SettingsFragment, UpdateTenantSettingsInput } from '../generated/types';
import { Failure, Skeleton, Time, Title } from '../parts/bits';
import { BlockedList, KindChoice, PathRules } from '../parts/settings-lists';
import { problemOf, Trouble } from '../parts/trouble';
import { ask } from '../state/api';
import { useResource } from '../state/resource';
import { addressOf } from '../state/router';
import { onForget } from '../state/session';
import { words } from '../words/en';
import { adminWords } from '../words/en-admin';

export type Form = Omit<SettingsFragment, 'rereading' | 'version'> & { days: string };
export type Errors = { path: string; message: string }[];

/** What was typed outlives the screen. */
let draft: { base: SettingsFragment; form: Form } | null = null;
onForget(() => {
  draft = null;
});

const formOf = ({ region, historyDays, guards, blocked, pageRules }: SettingsFragment): Form => ({
  region,
  historyDays,
  guards,
  blocked,
  pageRules,
  days: historyDays === null ? '' : String(historyDays),
});

const REREAD_EVERY = 3000;

export function SettingsScreen() {
  const settings = useResource(SettingsDocument, {});
  const now = settings.data.value?.tenantSettings;
  const going = now?.rereading && !now.rereading.finishedAt;
  useEffect(() => {
    if (!going) return;
    const timer = setInterval(() => void settings.load(), REREAD_EVERY);
    return () => clearInterval(timer);
  }, [going]);
  return (
    <div class="screen narrow-screen">
      <div class="screen-head" data-sticky>
        <Title>{words.settings}</Title>
        <span class="grow" />
        <a class="button" href={addressOf.sources}>
          {adminWords.sources.title}
        </a>
      </div>
      {settings.error.value && <Failure error={settings.error.value} retry={() => void settings.load()} />}
      {now ? <Editor now={now} saved={(next) => (settings.data.value = { tenantSettings: next })} reload={() => settings.load()} /> : !settings.error.value && <Skeleton />}
    </div>
  );
}

function Editor({ now, saved, reload }: { now: SettingsFragment; saved(next: SettingsFragment): void; reload(): Promise<void> }) {
  const base = useSignal(draft?.base ?? now);
  const form = useSignal(draft?.form ?? formOf(now));
  const busy = useSignal(false);
  const status = useSignal('');
  const problem = useSignal<string | null>(null);
  const errors = useSignal<Errors>([]);
  const changes = useSignal<string[] | null>(null);
  const dirty = JSON.stringify(form.value) !== JSON.stringify(formOf(base.value));

  const change = (part: Partial<Form>) => {
    form.value = { ...form.peek(), ...part };
    draft = { base: base.peek(), form: form.peek() };
    status.value = '';
  };
  const guard = (part: Partial<Form['guards']>) => change({ guards: { ...form.peek().guards, ...part } });

  // Nothing typed here: what others save is shown.
  useEffect(() => {
    if (!dirty && now.version !== base.value.version) {
      base.value = now;
      form.value = formOf(now);
      draft = null;
    }
  }, [now]);

  const save = async (event: Event) => {
    event.preventDefault();
    busy.value = true;
    problem.value = null;
    errors.value = [];
    status.value = '';
    try {
      const { updateTenantSettings } = await ask(SaveSettings, { input: inputOf(form.value, base.value) });
      const { settings, userErrors } = updateTenantSettings;
      if (userErrors.some(({ code }) => code === 'VERSION_CONFLICT')) {
        await meet();
      } else if (userErrors.length > 0) {
        errors.value = userErrors.map(({ path, message }) => ({ path: (path ?? []).slice(1).join('.'), message }));
      } else if (settings) {
        base.value = settings;
        form.value = formOf(settings);
        draft = null;
        changes.value = null;
        saved(settings);
        status.value = adminWords.saved;
      }
    } catch (failure) {
      problem.value = problemOf(failure);
    } finally {
      busy.value = false;
    }
  };
  /** Somebody was faster: what they changed is told, and the next save is over theirs. */
  const meet = async () => {
    const { tenantSettings } = await ask(SettingsDocument, {});
    changes.value = differences(base.value, tenantSettings);
    // What was not touched here takes their value.
    form.value = rebase(form.value, formOf(base.value), formOf(tenantSettings));
    base.value = tenantSettings;
    draft = { base: tenantSettings, form: form.value };
    void reload();
  };

  const { guards } = form.value;
  return (
    <form class="settings" onSubmit={(event) => void save(event)}>
      {changes.value && (
        <div class="failure" role="alert">
          <div>
            <p>{adminWords.settingsConflict}</p>
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
      <fieldset class="card">
        <legend>{adminWords.settingsGroups.region}</legend>
        <RegionField form={form} change={change} errors={errors.value} />
        {now.rereading && <Rereading rereading={now.rereading} />}
      </fieldset>
      <fieldset class="card">
        <legend>{adminWords.settingsGroups.guards}</legend>
        <p class="faint">{adminWords.guardsHint}</p>
        <NumberField name={adminWords.maxValuesPerKind} hint={adminWords.maxValuesPerKindHint} max={10_000} value={guards.maxValuesPerKind} path="guards.maxValuesPerKind" errors={errors.value} set={(n) => guard({ maxValuesPerKind: n })} />
        <NumberField name={adminWords.maxCustomersPerRequest} hint={adminWords.maxCustomersPerRequestHint} max={50} value={guards.maxCustomersPerRequest} path="guards.maxCustomersPerRequest" errors={errors.value} set={(n) => guard({ maxCustomersPerRequest: n })} />
        <NumberField name={adminWords.maxContacts} hint={adminWords.maxContactsHint} max={10_000} value={guards.maxContacts} path="guards.maxContacts" errors={errors.value} set={(n) => guard({ maxContacts: n })} />
        <Tick name={adminWords.verifiedOnly} hint={adminWords.verifiedOnlyHint} value={guards.verifiedOnly} set={(on) => guard({ verifiedOnly: on })} />
        <Tick name={adminWords.readmitVerified} hint={adminWords.readmitVerifiedHint} value={guards.readmitVerified} set={(on) => guard({ readmitVerified: on })} />
        <KindChoice chosen={guards.strongKinds} set={(strongKinds) => guard({ strongKinds })} />
        <Trouble text={errors.value.find(({ path }) => path.startsWith('guards.strongKinds'))?.message ?? null} />
      </fieldset>
      <fieldset class="card">
        <legend>{adminWords.settingsGroups.blocked}</legend>
        <p class="faint">{adminWords.blockedHint}</p>
        <BlockedList list={form.value.blocked} set={(blocked) => change({ blocked })} errors={errors.value} />
      </fieldset>
      <fieldset class="card">
        <legend>{adminWords.settingsGroups.pages}</legend>
        <PathRules rules={form.value.pageRules} set={(pageRules) => change({ pageRules })} errors={errors.value} />
      </fieldset>
      <fieldset class="card">
        <legend>{adminWords.settingsGroups.retention}</legend>
        <label class="field">
          <span>{adminWords.historyDays}</span>
          <input type="number" min={1} inputMode="numeric" value={form.value.days} onInput={({ currentTarget: { value } }) => change({ days: value })} />
          <span class="faint">{adminWords.historyDaysHint}</span>
          <FieldError path="historyDays" errors={errors.value} />
        </label>
      </fieldset>
      <div class="save-bar">
        <Trouble text={problem.value ?? errors.value[0]?.message ?? null} />
        <span role="status" class="saved">
          {status.value && <span>{status.value}</span>}
        </span>
        <button type="submit" class="primary" disabled={busy.value}>
          {busy.value ? words.saving : adminWords.saveSettings}
        </button>
      </div>
    </form>
  );
}

function inputOf(form: Form, base: SettingsFragment): UpdateTenantSettingsInput {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const days = form.days.trim() === '' ? null : Math.trunc(Number(form.days));
  return {
    expectedVersion: base.version,
    ...(form.region !== base.region && { region: form.region.trim().toUpperCase() }),
    ...(!same(form.guards, base.guards) && { guards: form.guards }),
    ...(!same(form.blocked, base.blocked) && { blocked: form.blocked }),
    ...(!same(form.pageRules, base.pageRules) && { pageRules: form.pageRules }),
    ...(days !== base.historyDays && { historyDays: days }),
  };
}

/** Fields that were not touched take the later value; the touched ones keep what was typed. */
function rebase(form: Form, was: Form, now: Form): Form {
  const pick = <T,>(typed: T, before: T, later: T): T => (JSON.stringify(typed) === JSON.stringify(before) ? later : typed);
  const guards = Object.fromEntries(
    Object.keys(form.guards).map((name) => {
      const key = name as keyof Form['guards'];
      return [key, pick<unknown>(form.guards[key], was.guards[key], now.guards[key])];
    }),
  ) as unknown as Form['guards'];
  return {
    region: pick(form.region, was.region, now.region),
    historyDays: now.historyDays,
    days: pick(form.days, was.days, now.days),
    guards,
    blocked: pick(form.blocked, was.blocked, now.blocked),
    pageRules: pick(form.pageRules, was.pageRules, now.pageRules),
  };
}

const say = (value: unknown): string => {
  if (value === null || value === '') return words.none;
  if (typeof value === 'boolean') return value ? adminWords.yes : adminWords.no;
  return Array.isArray(value) ? value.join(', ') || words.none : String(value);
};

function differences(was: SettingsFragment, now: SettingsFragment): string[] {
  const lines: [string, unknown, unknown][] = [
    [adminWords.region, was.region, now.region],
    [adminWords.maxValuesPerKind, was.guards.maxValuesPerKind, now.guards.maxValuesPerKind],
    [adminWords.maxCustomersPerRequest, was.guards.maxCustomersPerRequest, now.guards.maxCustomersPerRequest],
    [adminWords.maxContacts, was.guards.maxContacts, now.guards.maxContacts],
    [adminWords.verifiedOnly, was.guards.verifiedOnly, now.guards.verifiedOnly],
    [adminWords.readmitVerified, was.guards.readmitVerified, now.guards.readmitVerified],
    [adminWords.strongKinds, was.guards.strongKinds, now.guards.strongKinds],
    [adminWords.historyDays, was.historyDays, now.historyDays],
    [adminWords.settingsGroups.blocked, was.blocked.map(({ value }) => value), now.blocked.map(({ value }) => value)],
    [adminWords.ignoredPaths, was.pageRules.ignore, now.pageRules.ignore],
    [adminWords.pageRules, was.pageRules.rules.map(({ pattern }) => pattern), now.pageRules.rules.map(({ pattern }) => pattern)],
  ];
  return lines.filter(([, a, b]) => say(a) !== say(b)).map(([name, a, b]) => words.changedSetting(name, say(a), say(b)));
}

const COUNTRIES =
  'AR AT AU BE BG BR CA CH CL CN CO CY CZ DE DK EE EG ES FI FR GB GR HK HR HU IE IL IN IS IT JP KE KR LT LU LV MT MX MY NG NL NO NZ PE PH PL PT RO RS SA SE SG SI SK TH TR TW UA US VN ZA'.split(' ');

function RegionField({ form, change, errors }: { form: Signal<Form>; change(part: Partial<Form>): void; errors: Errors }) {
  const list = useId();
  const hint = useId();
  const { region } = form.value;
  return (
    <div class="field">
      <label>
        <span>{adminWords.region}</span>
        <input
          list={list}
          maxLength={2}
          autocomplete="off"
          autocapitalize="characters"
          aria-describedby={hint}
          value={region}
          onInput={({ currentTarget: { value } }) => change({ region: value.toUpperCase() })}
        />
      </label>
      <datalist id={list}>
        {COUNTRIES.map((code) => (
          <option key={code} value={code}>
            {adminWords.regionName(code)}
          </option>
        ))}
      </datalist>
      <span class="faint" id={hint}>
        {adminWords.regionName(region) && <span class="strong">{adminWords.regionName(region)}. </span>}
        {adminWords.regionHint}
      </span>
      <FieldError path="region" errors={errors} />
    </div>
  );
}

function Rereading({ rereading }: { rereading: NonNullable<SettingsFragment['rereading']> }) {
  const { done, total, fromRegion, region, finishedAt, reread, joined, held } = rereading;
  return (
    <p class="notice">
      {finishedAt ? (
        <>
          {adminWords.rereadDone(reread, joined, held)} <Time at={finishedAt} />
        </>
      ) : (
        <>
          <progress max={Math.max(1, total)} value={done} aria-label={adminWords.reread(done, total, fromRegion, region)} />
          {adminWords.reread(done, total, fromRegion, region)}
        </>
      )}
    </p>
  );
}

export function FieldError({ path, errors }: { path: string; errors: Errors }) {
  const found = errors.find((error) => error.path === path || error.path.startsWith(`${path}.`));
  return found ? <span class="field-error">{found.message}</span> : null;
}

interface NumberProps {
  name: string;
  hint: string;
  max: number;
  value: number;
  path: string;
  errors: Errors;
  set(n: number): void;
}

function NumberField({ name, hint, max, value, path, errors, set }: NumberProps) {
  const id = useId();
  return (
    <div class="field">
      <label>
        <span>{name}</span>
        <input
          type="number"
          min={1}
          max={max}
          required
          aria-describedby={id}
          value={value}
          onInput={({ currentTarget }) => Number.isFinite(currentTarget.valueAsNumber) && set(Math.trunc(currentTarget.valueAsNumber))}
        />
      </label>
      <span class="faint" id={id}>
        {hint}
      </span>
      <FieldError path={path} errors={errors} />
    </div>
  );
}

function Tick({ name, hint, value, set }: { name: string; hint: string; value: boolean; set(on: boolean): void }) {
  const id = useId();
  return (
    <div class="field">
      <label class="check">
        <input type="checkbox" aria-describedby={id} checked={value} onChange={({ currentTarget }) => set(currentTarget.checked)} />
        <span>{name}</span>
      </label>
      <span class="faint" id={id}>
        {hint}
      </span>
    </div>
  );
}
