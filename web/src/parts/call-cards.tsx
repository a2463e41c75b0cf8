// Calls that ring, at the edge of the screen. A card takes no focus; the key `i` leads into the newest.

import { useRef } from 'preact/hooks';

import { cards, type Card, dismiss, titleOf } from '../state/calls';
import { addressOf } from '../state/router';
import { words } from '../words/en';
import { Chip, Time } from './bits';
import { Icon } from './icon';
import { toneOfCall } from './item';

const LAST = 5;

export function CallCards() {
  return (
    <div class="calls">
      {cards.value.slice(0, 4).map((card) => (
        <CallCard key={card.id} card={card} />
      ))}
    </div>
  );
}

function CallCard({ card }: { card: Card }) {
  const before = useRef<HTMLElement | null>(null);
  const element = useRef<HTMLDivElement>(null);
  const heading = `call-${card.id}`;
  const leave = () => {
    const inside = element.current?.contains(document.activeElement);
    dismiss(card.id);
    if (inside) (before.current?.isConnected ? before.current : document.querySelector<HTMLElement>('main'))?.focus({ preventScroll: true });
  };
  const items = (card.customer?.history.nodes ?? []).filter(({ id }) => id !== card.id).slice(0, LAST);
  return (
    <div
      ref={element}
      class="call-card"
      role="dialog"
      aria-label={words.incomingCall}
      onFocusIn={(event) => {
        if (event.relatedTarget instanceof HTMLElement && !element.current?.contains(event.relatedTarget)) before.current = event.relatedTarget;
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          leave();
        }
      }}
    >
      <div class="call-head">
        <span class={`ring ${card.callState === 'RINGING' ? 'rings' : ''}`}>
          <Icon name="CALL" size={18} />
        </span>
        <div>
          <h2 id={heading} dir="auto">
            {titleOf(card)}
          </h2>
          <p class="faint">
            {card.caller && card.caller.value !== titleOf(card) && <bdi>{card.caller.value}</bdi>}
            <Chip tone={toneOfCall(card.callState)}>{words.callStates[card.callState]}</Chip>
          </p>
        </div>
      </div>
      {items.length > 0 ? (
        <ul aria-label={words.recentHistory}>
          {items.map((item) => (
            <li key={item.id}>
              <Icon name={item.kind === 'MESSAGE' ? item.channel : item.kind} size={14} />
              <span class="sr">{words.kinds[item.kind]}</span>
              <span class="cut" dir="auto">
                {item.summary}
              </span>
              <Time at={item.occurredAt} />
            </li>
          ))}
        </ul>
      ) : (
        <p class="faint">{words.nothingBefore}</p>
      )}
      <div class="buttons">
        {card.customer && (
          <a class="button primary small" href={addressOf.customer(card.customer.id)}>
            {words.openCustomer}
          </a>
        )}
        <button type="button" class="small" onClick={leave}>
          {words.dismiss}
        </button>
      </div>
    </div>
  );
}
