// One source: what it is, what came through it, and what can be done with it.

import { useId } from 'preact/hooks';

import type { SourceFragment, SourceKind } from '../../generated/types';
import { Chip, Time } from '../../parts/bits';
import { Icon } from '../../parts/icon';
import { words } from '../../words/en';
import { adminWords } from '../../words/en-admin';
import { Steps } from './copy';
import { OWN_SECRET, PARTS_OF } from './fields';
import { Keys } from './secret';

export const ICONS: Record<SourceKind, string> = {
  SEGMENT: 'WEB',
  TWILIO: 'CALL',
  META: 'MESSAGE',
  POSTMARK: 'EMAIL',
  EMAIL: 'inbox',
  TELEGRAM: 'TELEGRAM',
  DEVICE: 'DEVICE',
  WEBHOOK: 'IDENTITY',
};

type Count = keyof typeof adminWords.sources.counts;

const COUNTS = Object.keys(adminWords.sources.counts) as Count[];
const TONES: Partial<Record<Count, string>> = { rejected: 'bad', unknown: 'warn', refused: 'bad' };

interface Props {
  source: SourceFragment;
  busy: boolean;
  edit(): void;
  rotate(): void;
  turn(on: boolean): void;
  showEvents(): void;
}

export function SourceCard({ source, busy, edit, rotate, turn, showEvents }: Props) {
  const { kind, name, enabled, stats, addresses, answer } = source;
  const { sources } = adminWords;
  const id = useId();
  return (
    <article class={enabled ? 'source' : 'source shut'} aria-labelledby={id}>
      <header>
        <span class="avatar kind">
          <Icon name={ICONS[kind]} />
        </span>
        <div class="who">
          <h2 id={id}>
            <bdi>{name}</bdi>
          </h2>
          <span class="faint">{sources.kinds[kind]}</span>
        </div>
        <Chip tone={enabled ? 'good' : 'warn'}>{enabled ? sources.on : sources.off}</Chip>
        <div class="buttons">
          {PARTS_OF[kind].length > 0 && (
            <button type="button" class="small" aria-describedby={id} onClick={edit}>
              {sources.edit}
            </button>
          )}
          {OWN_SECRET.includes(kind) && (
            <button type="button" class="small" aria-describedby={id} onClick={rotate}>
              {sources.rotate}
            </button>
          )}
          <button type="button" class="small" aria-describedby={id} disabled={busy} onClick={() => turn(!enabled)}>
            {enabled ? sources.switchOff : sources.switchOn}
          </button>
        </div>
      </header>
      <dl class="counts" aria-label={sources.countsOf(name)}>
        {COUNTS.map((count) => (
          <div key={count} class={stats[count] > 0 ? TONES[count] : undefined}>
            <dt>{sources.counts[count]}</dt>
            <dd>{words.number(stats[count])}</dd>
          </div>
        ))}
      </dl>
      <p class="faint source-when">
        {stats.lastReceivedAt ? (
          <span>
            {sources.lastReceived} <Time at={stats.lastReceivedAt} />
          </span>
        ) : (
          <span>{sources.neverReceived}</span>
        )}
        {stats.rejected + stats.unknown > 0 && (
          <button type="button" class="link" aria-describedby={id} onClick={showEvents}>
            {sources.showEvents}
          </button>
        )}
      </p>
      {stats.lastRefusal && (
        <p class="notice">
          <span>
            {sources.lastRefusal} <Time at={stats.lastRefusal.at} />: <span dir="auto">{stats.lastRefusal.reason}</span>
          </span>
        </p>
      )}
      <Keys source={source} />
      {answer && (
        <div class="copy-line">
          <span class="faint">{sources.answer}</span>
          <code dir="ltr">{answer}</code>
        </div>
      )}
      {addresses.length > 0 && (
        <div class="copy-line">
          <span class="faint">{sources.addresses}</span>
          <bdi>{addresses.join(', ')}</bdi>
        </div>
      )}
      <details>
        <summary>{sources.stepsTitle}</summary>
        <Steps source={source} />
      </details>
    </article>
  );
}
