// One item of a history: kind and channel as icon and word, direction, time, what was said, comments.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

import type { Item } from '../state/history';
import { tick } from '../state/look';
import { mayWrite } from '../state/session';
import { words } from '../words/en';
import { Chip, Outside, PersonLink, Time, Words } from './bits';
import { CommentButton, Comments } from './comments';
import { Icon } from './icon';

const LONG = 480;

export interface ItemProps {
  item: Item;
  /** The item above: a day separator stands between two days. */
  newer: Item | undefined;
  /** Names of people, where the list is of many. */
  named: boolean;
  replace(item: Item): void;
  undo(mergeId: string): void;
}

export function dayOf(at: string): string {
  return new Date(at).toDateString();
}

function Day({ at }: { at: string }) {
  void tick.value;
  return <p class="day">{dayName(at)}</p>;
}

function dayName(at: string): string {
  const date = new Date(at);
  const now = new Date();
  if (date.toDateString() === now.toDateString()) return words.today;
  now.setDate(now.getDate() - 1);
  return date.toDateString() === now.toDateString() ? words.yesterday : words.dayOf(date);
}

export function ItemRow({ item, newer, named, replace, undo }: ItemProps) {
  const day = !newer || dayOf(newer.occurredAt) !== dayOf(item.occurredAt);
  return (
    <>
      {day && <Day at={item.occurredAt} />}
      <article class={`item kind-${item.kind.toLowerCase()} ${(item.direction ?? '').toLowerCase()}`}>
        <span class="badge">
          <Icon name={item.kind === 'MESSAGE' || item.kind === 'RECORD' ? iconOf(item) : item.kind} />
        </span>
        <div class="body">
          <header>
            <div class="told">
              {named && item.customer && <PersonLink person={item.customer} />}
              <span class="what">{whatOf(item)}</span>
              {channelSaysMore(item) && (
                <span class="via">
                  <Icon name={item.channel} size={13} />
                  {words.channels[item.channel]}
                </span>
              )}
              {item.direction && (
                <span class="way">
                  <Icon name={item.direction} size={13} />
                  {words.directions[item.direction]}
                </span>
              )}
              <State item={item} />
              <Line item={item} undo={undo} />
            </div>
            <CommentButton item={item} />
            <Time at={item.occurredAt} as="clock" />
          </header>
          <Content item={item} />
          <Comments item={item} replace={replace} />
        </div>
      </article>
    </>
  );
}

const iconOf = (item: Item) => (item.kind === 'MESSAGE' ? item.channel : item.kind);

/** A call by telephone and an email by email say their channel with the kind. */
function channelSaysMore({ kind, channel }: Item): boolean {
  return !((kind === 'CALL' && channel === 'VOICE') || (kind === 'EMAIL' && channel === 'EMAIL') || kind === 'IDENTITY');
}

function whatOf(item: Item): string {
  if (item.__typename === 'RecordEvent') return item.recordType.charAt(0).toUpperCase() + item.recordType.slice(1);
  if (item.__typename === 'IdentityEvent') return words.identityActions[item.action];
  return words.kinds[item.kind];
}

/** How far it has come: what went wrong stands out, the usual does not. */
function State({ item }: { item: Item }) {
  switch (item.__typename) {
    case 'Call':
      return item.callState === 'COMPLETED' ? null : <Chip tone={toneOfCall(item.callState)}>{words.callStates[item.callState]}</Chip>;
    case 'Message':
      return item.deliveryState && item.direction === 'OUTBOUND' ? (
        <span class={item.deliveryState === 'FAILED' ? 'failed' : ''}>{words.deliveries[item.deliveryState]}</span>
      ) : null;
    case 'Email':
      return item.emailState && item.direction === 'OUTBOUND' ? (
        <span class={item.emailState === 'BOUNCED' ? 'failed' : ''}>{words.emailStates[item.emailState]}</span>
      ) : null;
    case 'RecordEvent':
      return item.recordState ? <Chip>{item.recordState}</Chip> : null;
    default:
      return null;
  }
}

export function toneOfCall(state: string): string {
  if (state === 'RINGING' || state === 'IN_PROGRESS') return 'good';
  return state === 'COMPLETED' ? '' : 'bad';
}

/** What fits on the line of the heading. */
function Line({ item, undo }: { item: Item; undo(mergeId: string): void }) {
  switch (item.__typename) {
    case 'Call':
      return (
        <span class="line-text">
          {item.durationSeconds !== null && <span>{words.duration(item.durationSeconds)}</span>}
          {item.identity && <bdi class="faint">{item.identity.value}</bdi>}
          {item.recordingUrl && <Outside href={item.recordingUrl}>{words.recording}</Outside>}
        </span>
      );
    case 'PageView':
      return (
        <span class="line-text">
          <span dir="auto">{item.title || item.summary}</span>
          <bdi class="faint">{pathOf(item.url)}</bdi>
        </span>
      );
    case 'IdentityEvent':
      return (
        <span class="line-text">
          <span dir="auto">{item.summary}</span>
          {item.merge?.active && mayWrite.value && (
            <button type="button" class="small" onClick={() => undo(item.merge?.id ?? '')}>
              {words.undoMerge}
            </button>
          )}
          {item.merge && !item.merge.active && item.action === 'MERGED' && <Chip>{words.undone}</Chip>}
        </span>
      );
    case 'RecordEvent':
      return item.recordId ? <bdi>{item.recordId}</bdi> : null;
    default:
      return null;
  }
}

function Content({ item }: { item: Item }) {
  switch (item.__typename) {
    case 'Message':
      return <Said text={item.text} parts={item.parts} fallback={item.summary} edited={item.editedAt} />;
    case 'Email':
      return (
        <>
          {item.subject && (
            <p class="subject" dir="auto">
              {item.subject}
            </p>
          )}
          <Said text={item.text} parts={item.parts} fallback={item.subject ? '' : item.summary} edited={item.editedAt} />
        </>
      );
    case 'Note':
    case 'RecordEvent':
      return <Said text={item.text} parts={[]} fallback={item.summary} edited={item.editedAt} />;
    case 'PageView':
      return item.description ? (
        <p class="text" dir="auto">
          {item.description}
        </p>
      ) : null;
    default:
      return null;
  }
}

function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/]+/, '') || '/';
}

type Parts = Extract<Item, { __typename: 'Message' }>['parts'];

function Said({ text, parts, fallback, edited }: { text: string | null; parts: Parts; fallback: string; edited: string | null }) {
  const [open, setOpen] = useState(false);
  const whole = text || (parts.length === 0 ? fallback : '');
  const long = whole.length > LONG || whole.split('\n').length > 9;
  const shown = long && !open ? Array.from(whole).slice(0, LONG).join('').split('\n').slice(0, 8).join('\n') : whole;
  return (
    <>
      {whole && (
        <p class="text pre" dir="auto">
          <Words text={shown} />
          {long && !open && '… '}
          {long && !open && (
            <button type="button" class="link" onClick={() => setOpen(true)}>
              {words.showAll}
            </button>
          )}
          {edited && (
            <span class="faint" title={words.full(new Date(edited))}>
              {' '}
              ({words.edited})
            </span>
          )}
        </p>
      )}
      {parts.map((part, index) => (
        <PartLine key={index} part={part} text={text} />
      ))}
    </>
  );
}

/** Pictures and files are links: nothing of them is fetched before somebody asks. */
function PartLine({ part, text }: { part: Parts[number]; text: string | null }): ComponentChildren {
  if (part.__typename === 'TextPart') {
    return part.text === text ? null : (
      <p class="text pre" dir="auto">
        <Words text={part.text} />
      </p>
    );
  }
  return (
    <p class="text">
      <Icon name={part.__typename === 'ImagePart' ? 'INSTAGRAM' : 'log'} size={14} />
      <Outside href={part.url}>{part.__typename === 'ImagePart' ? words.picture(part.alt) : words.file(part.name)}</Outside>
      {part.__typename === 'FilePart' && part.contentType && <span class="faint">{part.contentType}</span>}
    </p>
  );
}
