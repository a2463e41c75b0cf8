// The service worker: keeps the shell of the page, never an answer of the server's API, and leads a click on a
// notification to the customer.

/// <reference lib="webworker" />
declare const self: ServiceWorkerGlobalScope;

const SHELL = 'rapport-shell';
const PAGE = '/app';

/** The page and what it names: the addresses carry hashes, so the page alone says what belongs to it. */
async function keepShell(): Promise<void> {
  const cache = await caches.open(SHELL);
  const response = await fetch(PAGE, { cache: 'no-cache' });
  if (!response.ok) return;
  const text = await response.clone().text();
  const named = [...text.matchAll(/(?:src|href)="(\/app\/[^"]+)"/g)].map(([, address]) => address as string);
  for (const address of named) {
    if (!(await cache.match(address))) await cache.add(address);
  }
  await cache.put(PAGE, response);
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (pathname !== PAGE && !named.some((address) => address.split('?')[0] === pathname && url.endsWith(address))) {
      await cache.delete(url);
    }
  }
}

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin || (url.pathname !== PAGE && !url.pathname.startsWith(`${PAGE}/`))) return;
  if (request.mode === 'navigate') {
    event.respondWith(page(event));
  } else {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});

/** The newest page where the server answers soon, else the one that is kept. */
async function page(event: FetchEvent): Promise<Response> {
  try {
    const response = await fetch(event.request);
    if (response.ok) event.waitUntil(keepShell().catch(() => {}));
    return response;
  } catch (problem) {
    const kept = await caches.match(PAGE);
    if (kept) return kept;
    throw problem;
  }
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { customer } = (event.notification.data ?? {}) as { customer?: string | null };
  const address = customer ? `/app/customers/${encodeURIComponent(customer)}` : PAGE;
  event.waitUntil(
    (async () => {
      const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
      const open = windows.find(({ url }) => new URL(url).pathname.startsWith(PAGE));
      if (open) {
        await open.focus();
        open.postMessage({ go: address });
      } else {
        await self.clients.openWindow(address);
      }
    })(),
  );
});
