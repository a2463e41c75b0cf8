// The merges that made a person, the rules that keep others apart, people who may be the same, links that wait.

import { AllowTogether, Reviews } from '../generated/documents';
import type { Person } from '../screens/customer';
import { ReviewCard } from '../screens/reviews';
import { ask } from '../state/api';
import { held } from '../state/held';
import { tell } from '../state/notes';
import { addressesOf } from '../state/people';
import { useResource } from '../state/resource';
import { mayWrite } from '../state/session';
import { words } from '../words/en';
import { Chip, PersonLink, Time } from './bits';
import { problemOf } from './trouble';

export function Merges({ person, undo, reload }: { person: Person; undo(mergeId: string): void; reload(): void }) {
  const { nodes } = person.merges;
  const lift = async (id: string) => {
    try {
      const { allowTogether } = await ask(AllowTogether, { id });
      const [error] = allowTogether.userErrors;
      tell(error ? error.message : words.allowed, undefined, Boolean(error));
      reload();
    } catch (failure) {
      tell(problemOf(failure), undefined, true);
    }
  };
  return (
    <section class="card" aria-labelledby="merges-heading">
      <header>
        <h2 id="merges-heading">{words.merges}</h2>
        {nodes.length > 0 && <span class="faint">{words.number(nodes.length)}</span>}
      </header>
      {nodes.length === 0 && <p class="faint">{words.noMerges}</p>}
      <ul class="plain">
        {nodes.map((merge) => (
          <li key={merge.id}>
            <p>
              <span class="strong">{words.rules[merge.rule]}</span>
              {!merge.active && <Chip>{words.undone}</Chip>}
            </p>
            {merge.from && merge.to && (
              <p class="faint">
                <bdi>{merge.from.value}</bdi> {words.and} <bdi>{merge.to.value}</bdi>
              </p>
            )}
            {merge.reason && <p dir="auto">{merge.reason}</p>}
            <p class="faint">
              <Time at={merge.createdAt} /> {merge.actor && words.by(merge.actor)}
            </p>
            {!merge.active && merge.customers.length > 1 && (
              <p class="faint">
                {merge.customers
                  .filter(({ id }) => id !== person.id)
                  .map((other) => (
                    <PersonLink key={other.id} person={other} />
                  ))}
              </p>
            )}
            {merge.active && mayWrite.value && (
              <button type="button" class="small" onClick={() => undo(merge.id)}>
                {words.undoMerge}
              </button>
            )}
          </li>
        ))}
      </ul>
      {person.keptApart.length > 0 && (
        <>
          <h3>{words.keptApart}</h3>
          <ul class="plain">
            {person.keptApart.map((rule) => (
              <li key={rule.id} class="row-line">
                <span>
                  {rule.customers
                    .filter(({ id }) => id !== person.id)
                    .map((other) => (
                      <PersonLink key={other.id} person={other} />
                    ))}
                </span>
                {mayWrite.value && (
                  <button type="button" class="small quiet" onClick={() => void lift(rule.id)}>
                    {words.allowTogether}
                  </button>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

export function Suggestions({ person }: { person: Person }) {
  if (person.suggestions.length === 0) return null;
  return (
    <section class="card" aria-labelledby="suggestions-heading">
      <header>
        <h2 id="suggestions-heading">{words.suggestions}</h2>
      </header>
      <p class="faint">{words.suggestionsHint}</p>
      <ul class="plain">
        {person.suggestions.map((other) => (
          <li key={other.id}>
            <PersonLink person={other} />
            <p class="faint">
              <bdi>{addressesOf(other)}</bdi>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Of the links that wait, those of this person; asked for only while some wait. */
export function HeldHere({ id }: { id: string }) {
  return held.value > 0 ? <HeldOf id={id} /> : null;
}

const LOOKED_AT = 30;

function HeldOf({ id }: { id: string }) {
  const reviews = useResource(Reviews, { state: 'OPEN', first: LOOKED_AT });
  const own = (reviews.data.value?.linkReviews.nodes ?? []).filter(({ customers }) => customers.some((person) => person.id === id));
  if (own.length === 0) return null;
  return (
    <section class="card" aria-labelledby="held-heading">
      <header>
        <h2 id="held-heading">{words.heldHere}</h2>
        <span class="faint">{words.number(own.length)}</span>
      </header>
      <ul class="plain">
        {own.map((review) => (
          <li key={review.id}>
            <ReviewCard review={review} />
          </li>
        ))}
      </ul>
    </section>
  );
}
