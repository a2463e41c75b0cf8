// How a person is called, and the other small readings of what the server says.

import { words } from '../words/en';

export interface Named {
  name: string | null;
  primaryEmail: string | null;
  primaryPhone: string | null;
}

export function nameOf(person: Named): string {
  return person.name || person.primaryEmail || person.primaryPhone || words.nobody;
}

/** What stands below the name: the addresses that are not the name itself. */
export function addressesOf(person: Named): string {
  return [person.primaryEmail, person.primaryPhone].filter((value) => value && value !== nameOf(person)).join(' · ');
}

export interface Piece {
  text: string;
  hit: boolean;
}

/** A text cut at ranges of code points. */
export function cut(text: string, ranges: readonly { start: number; end: number }[]): Piece[] {
  const points = Array.from(text);
  const pieces: Piece[] = [];
  let at = 0;
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (start < at) continue;
    if (start > at) pieces.push({ text: points.slice(at, start).join(''), hit: false });
    pieces.push({ text: points.slice(start, end).join(''), hit: true });
    at = end;
  }
  if (at < points.length) pieces.push({ text: points.slice(at).join(''), hit: false });
  return pieces;
}

export interface Linked {
  text: string;
  href: string | null;
}

/** A text with its https links: nothing else of it means anything. */
export function links(text: string): Linked[] {
  const pieces: Linked[] = [];
  let at = 0;
  for (const { 0: found, index } of text.matchAll(/https:\/\/[^\s<>"'`]+/g)) {
    const href = found.replace(/[.,;:!?)\]}]+$/, '');
    if (!URL.canParse(href) || new URL(href).username) continue;
    if (index > at) pieces.push({ text: text.slice(at, index), href: null });
    pieces.push({ text: href, href });
    at = index + href.length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), href: null });
  return pieces;
}

export const isHttps = (url: string | null | undefined): url is string => !!url && URL.canParse(url) && new URL(url).protocol === 'https:';
