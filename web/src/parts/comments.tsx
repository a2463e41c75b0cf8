// Comments in place: what the server has, what is on its way, and the field for the next.

import { useEffect, useRef, useState } from 'preact/hooks';

import { ItemComments } from '../generated/documents';
import type { CommentTextFragment } from '../generated/types';
import { ask } from '../state/api';
import { arrived, change, draftOf, giveUp, pending, send, sendAgain } from '../state/drafts';
import type { Item } from '../state/history';
import { mayWrite } from '../state/session';
import { words } from '../words/en';
import { Time, Words } from './bits';
import { Icon } from './icon';

interface Props {
  item: Item;
  replace(item: Item): void;
}

/** The item with a comment that the server has taken. */
function withComment(item: Item, comment: CommentTextFragment): Item {
  if (item.comments.nodes.some(({ id }) => id === comment.id)) return item;
  return {
    ...item,
    comments: { totalCount: { count: item.comments.totalCount.count + 1 }, nodes: [...item.comments.nodes, comment] },
  };
}

export function Comments({ item, replace }: Props) {
  const draft = draftOf(item.id).value;
  const waiting = pending.value.filter((entry) => entry.itemId === item.id && !arrived(entry, item.comments.nodes));
  const latest = useRef({ item, replace });
  latest.current = { item, replace };
  const done = (comment: CommentTextFragment) => latest.current.replace(withComment(latest.current.item, comment));
  const { nodes, totalCount } = item.comments;
  const some = nodes.length > 0 || waiting.length > 0;
  return (
    <>
      {some && (
        <ul class="comments" aria-label={words.comments}>
          {nodes.map((comment) => (
            <li key={comment.id}>
              <p class="faint">
                <bdi class="strong">{comment.author}</bdi> <Time at={comment.createdAt} />
              </p>
              <p class="text" dir="auto">
                <Words text={comment.text} />
              </p>
            </li>
          ))}
          {waiting.map((entry) => (
            <li key={entry.key} class="pending">
              <p class="faint">
                <bdi class="strong">{entry.author}</bdi> {entry.error === null && words.sending}
              </p>
              <p class="text" dir="auto">
                <Words text={entry.text} />
              </p>
              {entry.error !== null && (
                <div class="inline-failure">
                  <span role="alert">{words.commentFailed(entry.error)}</span>
                  <button type="button" class="small" onClick={() => void sendAgain(entry, done)}>
                    {words.tryAgain}
                  </button>
                  <button type="button" class="small quiet" onClick={() => giveUp(entry)}>
                    {words.backToDraft}
                  </button>
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      {totalCount.count > nodes.length && <AllComments item={item} replace={replace} />}
      {mayWrite.value && draft.open && <Composer id={item.id} submit={() => void send(item.id, nodes.map(({ id }) => id), done)} />}
    </>
  );
}

export function CommentButton({ item }: { item: Item }) {
  if (!mayWrite.value || draftOf(item.id).value.open) return null;
  return (
    <button type="button" class="comment quiet small" onClick={() => change(item.id, { open: true })}>
      <Icon name="NOTE" size={14} />
      <span>{words.comment}</span>
    </button>
  );
}

function AllComments({ item, replace }: Props) {
  const [busy, setBusy] = useState(false);
  const read = async () => {
    setBusy(true);
    try {
      const all: CommentTextFragment[] = [];
      let after: string | null = null;
      let count = item.comments.totalCount.count;
      for (let pages = 0; pages < 10; pages += 1) {
        const { node }: Awaited<ReturnType<typeof readComments>> = await readComments(item.id, after);
        if (!node || !('comments' in node)) break;
        all.push(...node.comments.nodes);
        count = node.comments.totalCount.count;
        after = node.comments.pageInfo.endCursor;
        if (!node.comments.pageInfo.hasNextPage) break;
      }
      replace({ ...item, comments: { totalCount: { count }, nodes: all } });
    } catch {
      // The button stays.
    } finally {
      setBusy(false);
    }
  };
  return (
    <button type="button" class="small quiet" disabled={busy} onClick={() => void read()}>
      {words.allComments(item.comments.totalCount.count)}
    </button>
  );
}

const readComments = (id: string, after: string | null) => ask(ItemComments, { id, after });

function Composer({ id, submit }: { id: string; submit(): void }) {
  const draft = draftOf(id).value;
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => fit(field.current), [draft.text]);
  const back = () => field.current?.closest<HTMLElement>('li[data-row]')?.focus({ preventScroll: true });
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        back();
        submit();
      }}
    >
      <textarea
        ref={(element) => {
          // At once, not after a frame: what is typed right after the key must land here.
          if (element && !field.current) element.focus({ preventScroll: true });
          field.current = element;
        }}
        aria-label={words.comment}
        rows={2}
        maxLength={5000}
        dir="auto"
        value={draft.text}
        onInput={(event) => change(id, { text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            back();
            submit();
          } else if (event.key === 'Escape') {
            event.stopPropagation();
            back();
            change(id, { open: false });
          }
        }}
      />
      <div class="buttons">
        <button type="submit" class="small primary" disabled={!draft.text.trim()}>
          {words.addComment}
        </button>
        <button
          type="button"
          class="small quiet"
          onClick={() => {
            back();
            change(id, { open: false });
          }}
        >
          {words.cancel}
        </button>
      </div>
    </form>
  );
}

function fit(field: HTMLTextAreaElement | null): void {
  if (!field) return;
  field.style.height = 'auto';
  field.style.height = `${Math.min(320, field.scrollHeight + 2)}px`;
}
