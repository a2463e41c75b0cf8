// Small parts that every screen uses: times, states, texts of people.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import type { ApiError } from '../state/api';
import { tick } from '../state/look';
import { cut, isHttps, links, nameOf, type Named } from '../state/people';
import { addressOf } from '../state/router';
import { words } from '../words/en';
import { Icon } from './icon';

/** The heading of a screen: it takes the focus when the screen opens, and names the page. */
export function Title({ children, title }: { children: string; title?: string }) {
  useEffect(() => {
    document.title = `${title ?? children} · ${words.product}`;
  }, [children, title]);
  return (
    <h1 tabIndex={-1} dir="auto">
      {children}
    </h1>
  );
}

export function Time({ at, as = 'ago' }: { at: string; as?: 'ago' | 'clock' | 'date' }) {
  const date = new Date(at);
  if (as === 'ago') void tick.value;
  const text = as === 'clock' ? words.clock(date) : as === 'date' ? words.dateOf(date) : words.ago(date);
  return (
    <time dateTime={at} title={words.full(date)}>
      {text}
    </time>
  );
}

/** What people wrote: text, in its own direction, and of links only those of https. */
export function Words({ text }: { text: string }) {
  return (
    <>
      {links(text).map(({ text: piece, href }, index) =>
        href ? (
          <a key={index} href={href} rel="noopener noreferrer nofollow" target="_blank">
            {piece}
          </a>
        ) : (
          piece
        ),
      )}
    </>
  );
}

export function Outside({ href, children }: { href: string; children: ComponentChildren }) {
  return isHttps(href) ? (
    <a href={href} rel="noopener noreferrer nofollow" target="_blank">
      {children}
    </a>
  ) : (
    <span>{children}</span>
  );
}

export function Marked({ text, ranges }: { text: string; ranges: readonly { start: number; end: number }[] }) {
  return (
    <span dir="auto">
      {cut(text, ranges).map(({ text: piece, hit }, index) => (hit ? <mark key={index}>{piece}</mark> : piece))}
    </span>
  );
}

export function PersonLink({ person }: { person: Named & { id: string } }) {
  return (
    <a class="person" href={addressOf.customer(person.id)} dir="auto">
      {nameOf(person)}
    </a>
  );
}

/** Shows after 150 ms only: a quick answer never flickers. */
export function Skeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div class="skeleton" role="status" aria-label={words.loading}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} class="bone" />
      ))}
    </div>
  );
}

export function Empty({ title, hint, icon = 'inbox', children }: { title: string; hint?: string; icon?: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} size={28} />
      <p class="strong">{title}</p>
      {hint && <p>{hint}</p>}
      {children}
    </div>
  );
}

export function Failure({ error, retry }: { error: ApiError; retry?: () => void }) {
  return (
    <div class="failure" role="alert">
      <Icon name="warn" />
      <div>
        <p>{error.message}</p>
        {error.requestId && <p class="faint">{words.request(error.requestId)}</p>}
      </div>
      {retry && (
        <button type="button" class="small" onClick={retry}>
          {words.tryAgain}
        </button>
      )}
    </div>
  );
}

/** A row at the end of a list that fetches more when it comes near. */
export function More({ on, busy, next }: { on: boolean; busy: boolean; next(): void }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!on || !place.current) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && next(), { rootMargin: '800px' });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [on, busy, next]);
  return on ? (
    <div class="more" ref={place}>
      <button type="button" onClick={next} disabled={busy}>
        {busy ? words.loading : words.more}
      </button>
    </div>
  ) : null;
}

export function Chip({ children, tone = '' }: { children: ComponentChildren; tone?: string }) {
  return <span class={`chip ${tone}`}>{children}</span>;
}
