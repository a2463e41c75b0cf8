// Notifications of calls, by one tab only and closed with the call; and the worker that shows them and keeps the shell.

import { signal } from '@preact/signals';

import { words } from '../words/en';

const granted = () => ('Notification' in window ? Notification.permission : 'denied');

export const permission = signal<NotificationPermission>(granted());
export const hasWorker = signal(false);

let registration: ServiceWorkerRegistration | undefined;
let leads = false;

const policy = (
  window as unknown as { trustedTypes?: { createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string } } }
).trustedTypes?.createPolicy('rapport', {
  // The worker's address is the only one that passes.
  createScriptURL: (url) => {
    if (url !== '/app/sw.js') throw new TypeError(url);
    return url;
  },
});

export async function startWorker(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register(policy?.createScriptURL('/app/sw.js') ?? '/app/sw.js', { scope: '/app' });
    registration = await navigator.serviceWorker.ready;
    hasWorker.value = true;
    // Held as long as the tab lives: the next tab leads when this one is closed.
    void navigator.locks?.request('rapport.notify', () => {
      leads = true;
      return new Promise(() => {});
    });
  } catch {
    // Without a worker there are no notifications and no shell offline; everything else works.
  }
}

export async function askPermission(): Promise<void> {
  permission.value = await Notification.requestPermission();
}

export function showNotification(id: string, name: string, customer: string | null): void {
  if (!leads || granted() !== 'granted') return;
  void registration?.showNotification(words.incomingCall, { body: name, tag: id, icon: '/app/icons/icon-192.png', requireInteraction: true, data: { customer } });
}

export function closeNotification(id: string): void {
  void registration?.getNotifications({ tag: id }).then((shown) => shown.forEach((notification) => notification.close()));
}
