// Reviews: links that a guard held back, for a person to decide.

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { AllowTogether, Decide, Reviews as ReviewsDocument, UndoMerge } from '../generated/documents';
import type { ReviewDecision, ReviewsQuery, ReviewState } from '../generated/types';
import { Chip, Empty, Failure, More, PersonLink, Skeleton, Time, Title } from '../parts/bits';
import { Icon } from '../parts/icon';
import { problemOf, Trouble } from '../parts/trouble';
import { ask } from '../state/api';
import { countHeld } from '../state/held';
import { addressesOf } from '../state/people';
import { usePaged } from '../state/resource';
import { params, setParams } from '../state/router';
import { mayWrite, onForget } from '../state/session';
import { words } from '../words/en';

export type Review = ReviewsQuery['linkReviews']['nodes'][number];

interface Decision {
  decision: ReviewDecision;
  merges: string[];
  rules: string[];
  undone: boolean;
  busy: boolean;
  problem: string | null;
}

/** What was decided here; it stays until the list is read anew, so that it can be taken back. */
const decisions = signal<Record<string, Decision>>({});
onForget(() => {
  decisions.value = {};
});

const set = (id: string, part: Partial<Decision>) => {
  const was = decisions.peek()[id] ?? { decision: 'JOIN', merges: [], rules: [], undone: false, busy: false, problem: null };
  decisions.value = { ...decisions.peek(), [id]: { ...was, ...part } };
};

async function decide(id: string, decision: ReviewDecision): Promise<void> {
  set(id, { decision, busy: true, problem: null });
  try {
    const { resolveLinkReview } = await ask(Decide, { id, decision });
    const [error] = resolveLinkReview.userErrors;
    if (error) {
      set(id, { busy: false, problem: error.message });
      return;
    }
    const { merges, keptApart } = resolveLinkReview;
    set(id, { busy: false, merges: merges.map((merge) => merge.id), rules: keptApart.map((rule) => rule.id) });
    done.add(id);
    justDecided = id;
    decisions.value = { ...decisions.peek() };
    void countHeld();
  } catch (failure) {
    set(id, { busy: false, problem: problemOf(failure) });
  }
}

const done = new Set<string>();
let justDecided = '';

/** The button that was pressed is gone: the focus goes to the one in its place. */
function focusOnce(id: string, button: HTMLButtonElement | null): void {
  if (button && justDecided === id) {
    justDecided = '';
    button.focus();
  }
}

async function takeBack(id: string): Promise<void> {
  const { merges, rules } = decisions.peek()[id] as Decision;
  set(id, { busy: true, problem: null });
  try {
    for (const mergeId of merges) {
      const { undoMerge } = await ask(UndoMerge, { mergeId, keepApart: false });
      if (undoMerge.userErrors[0]) throw new Error(undoMerge.userErrors[0].message);
    }
    for (const rule of rules) {
      const { allowTogether } = await ask(AllowTogether, { id: rule });
      if (allowTogether.userErrors[0]) throw new Error(allowTogether.userErrors[0].message);
    }
    set(id, { busy: false, undone: true });
  } catch (failure) {
    set(id, { busy: false, problem: failure instanceof Error ? failure.message : problemOf(failure) });
  }
}

const STATES = Object.keys(words.reviewStates) as ReviewState[];
const PAGE = 30;

export function ReviewsScreen() {
  const state = STATES.find((known) => known === params.value.get('state')) ?? 'OPEN';
  const list = usePaged<Review>(`reviews ${state}`, async (after) => {
    const { linkReviews } = await ask(ReviewsDocument, { state, first: PAGE, after });
    return { slice: linkReviews };
  });
  useEffect(() => {
    const look = () => document.visibilityState === 'visible' && list.nodes.peek().length <= PAGE && done.size === 0 && void list.load();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      done.clear();
      decisions.value = {};
    };
  }, [list]);
  const nodes = list.nodes.value;
  return (
    <div class="screen narrow-screen">
      <div class="screen-head" data-sticky>
        <Title>{words.reviews}</Title>
        <span class="grow" />
        <select aria-label={words.status} value={state} onChange={({ currentTarget }) => setParams({ state: currentTarget.value })}>
          {STATES.map((known) => (
            <option key={known} value={known}>
              {words.reviewStates[known]}
            </option>
          ))}
        </select>
      </div>
      <p class="faint lead">{words.reviewsHint}</p>
      {list.error.value && <Failure error={list.error.value} retry={() => void list.load()} />}
      {!list.loaded.value ? (
        !list.error.value && <Skeleton rows={3} />
      ) : nodes.length === 0 ? (
        <Empty title={words.noReviews} hint={words.noReviewsHint} icon="check" />
      ) : (
        <ul class="cards" aria-label={words.heldLinks}>
          {nodes.map((review) => (
            <li key={review.id} tabIndex={-1}>
              <ReviewCard review={review} />
            </li>
          ))}
        </ul>
      )}
      <More on={list.more.value} busy={list.loading.value} next={() => void list.next()} />
    </div>
  );
}

export function ReviewCard({ review }: { review: Review }) {
  const decision = decisions.value[review.id];
  const decided = done.has(review.id);
  return (
    <article class="review">
      <header>
        <Chip tone="warn">{words.holdRules[review.rule]}</Chip>
        <span class="faint">
          <Time at={review.createdAt} /> · {words.via(review.source)}
        </span>
      </header>
      <p dir="auto">{review.message}</p>
      <div class="pair">
        {review.customers.map((person) => (
          <div key={person.id} class="side">
            <PersonLink person={person} />
            <bdi class="faint">{addressesOf(person)}</bdi>
            {person.lastSeenAt && (
              <span class="faint">
                {words.lastSeen} <Time at={person.lastSeenAt} />
              </span>
            )}
          </div>
        ))}
      </div>
      {review.identities.length > 0 && (
        <ul class="addresses">
          {review.identities.map(({ kind, value, verification }) => (
            <li key={kind + value}>
              <Icon name={kind} size={14} />
              <span class="faint">{words.identityKinds[kind]}</span> <bdi>{value}</bdi>
              <Chip tone={verification === 'VERIFIED' ? 'good' : ''}>{words.verification[verification]}</Chip>
            </li>
          ))}
        </ul>
      )}
      <Trouble text={decision?.problem ?? null} />
      {decided ? (
        <div class="buttons" role="status">
          <Icon name="check" />
          <span>{decision?.undone ? words.undoneDecision : decision?.decision === 'JOIN' ? words.joined : words.keptApartNow}</span>
          {decision && !decision.undone && (
            <button ref={(button) => focusOnce(review.id, button)} type="button" class="small" disabled={decision.busy} onClick={() => void takeBack(review.id)}>
              {words.undo}
            </button>
          )}
        </div>
      ) : review.state !== 'OPEN' ? (
        <p class="faint">
          {words.reviewStates[review.state]} {review.decidedBy && words.by(review.decidedBy)} {review.decidedAt && <Time at={review.decidedAt} />}
        </p>
      ) : (
        mayWrite.value && (
          <div class="buttons">
            <button type="button" class="primary" disabled={decision?.busy} onClick={() => void decide(review.id, 'JOIN')}>
              {words.join}
            </button>
            <button type="button" disabled={decision?.busy} onClick={() => void decide(review.id, 'KEEP_APART')}>
              {words.apart}
            </button>
          </div>
        )
      )}
    </article>
  );
}
