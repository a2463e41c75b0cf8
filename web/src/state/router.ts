// Addresses: /app/… to a screen and back. Each entry of the browser's history has a key of its own, under which the
// place in a list is kept, so that Back returns to what was read.

import { batch, computed, signal } from '@preact/signals';

export type Screen = 'customers' | 'search' | 'customer' | 'feed' | 'reviews' | 'settings' | 'audit' | 'sources' | 'none';

export interface Route {
  screen: Screen;
  id: string;
}

const path = signal(location.pathname);
const query = signal(location.search);

/** How the present screen was reached. */
export const arrival = { back: false };

export const route = computed<Route>(() => readRoute(path.value));
export const params = computed(() => new URLSearchParams(query.value));
/** Something that changes with every move to another screen, but not with a filter. */
export const here = computed(() => path.value);

const PLAIN: Record<string, Screen> = {
  '': 'customers',
  search: 'search',
  feed: 'feed',
  reviews: 'reviews',
  settings: 'settings',
  audit: 'audit',
};

export function readRoute(pathname: string): Route {
  const parts = pathname.replace(/^\/app\/?/, '').replace(/\/$/, '').split('/');
  const [first = '', second = ''] = parts;
  if (first === 'customers' && second && parts.length === 2) {
    return { screen: 'customer', id: decode(second) };
  }
  if (first === 'settings' && second === 'sources' && parts.length === 2) {
    return { screen: 'sources', id: '' };
  }
  const screen = parts.length === 1 ? PLAIN[first] : undefined;
  return { screen: screen ?? 'none', id: '' };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const addressOf = {
  customers: '/app',
  feed: '/app/feed',
  reviews: '/app/reviews',
  settings: '/app/settings',
  audit: '/app/audit',
  sources: '/app/settings/sources',
  customer: (id: string) => `/app/customers/${encodeURIComponent(id)}`,
  search: (text: string) => `/app/search?q=${encodeURIComponent(text)}`,
};

function follow(back: boolean): void {
  batch(() => {
    arrival.back = back;
    path.value = location.pathname;
    query.value = location.search;
  });
}

export function go(address: string): void {
  if (address === location.pathname + location.search) return;
  // What Back returns to: how far it was scrolled, and the link that was followed.
  const followed = document.activeElement?.closest('a')?.getAttribute('href') ?? null;
  history.replaceState({ y: scrollY, followed }, '');
  history.pushState(null, '', address);
  follow(false);
  scrollTo(0, 0);
}

/** Another filter on the same screen: the address changes, Back does not stop at each of them. */
export function setParams(change: Record<string, string | null>): void {
  const next = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(change)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  const text = next.toString();
  history.replaceState(history.state, '', location.pathname + (text ? `?${text}` : ''));
  arrival.back = false;
  query.value = location.search;
}

/** The same person under another id, such as after a merge. */
export function replaceAddress(address: string): void {
  history.replaceState(history.state, '', address + location.search);
  follow(true);
}

/** After Back: to the place and the link that was followed. A long list keeps its own place, by its item. */
function restore(): void {
  const { y = 0, followed = null } = (history.state ?? {}) as { y?: number; followed?: string | null };
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      if (!document.querySelector('ol.rows')) scrollTo({ top: y, behavior: 'instant' });
      const link = followed && document.querySelector<HTMLElement>(`main a[href="${CSS.escape(followed)}"]`);
      (link || document.querySelector<HTMLElement>('main'))?.focus({ preventScroll: true });
    }),
  );
}

export function startRouter(): void {
  history.scrollRestoration = 'manual';
  addEventListener('popstate', () => {
    follow(true);
    restore();
  });
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.origin !== location.origin || link.target || link.hasAttribute('download')) return;
    if (link.pathname !== '/app' && !link.pathname.startsWith('/app/')) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}
