// What stands around every screen: search, navigation, the state of the line, the account, notes and calls.

import { effect, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

import { cards } from '../state/calls';
import { held } from '../state/held';
import { shortcutsOpen } from '../state/keys';
import { link } from '../state/live';
import { direction, singleKeys, theme } from '../state/look';
import { announcement, closeNote, notes } from '../state/notes';
import { askPermission, hasWorker, permission } from '../state/notify';
import { addressOf, arrival, go, here, route, type Screen } from '../state/router';
import { expiresAt, isAdmin, signOut, viewer } from '../state/session';
import { words } from '../words/en';
import { CallCards } from './call-cards';
import { Icon } from './icon';
import { Modal } from './modal';
import { type Command, PersonBox } from './person-box';

interface Destination {
  screen: Screen;
  name: string;
  href: string;
  icon: string;
}

function destinations(): Destination[] {
  const all: Destination[] = [
    { screen: 'customers', name: words.customers, href: addressOf.customers, icon: 'people' },
    { screen: 'feed', name: words.feed, href: addressOf.feed, icon: 'pulse' },
    { screen: 'reviews', name: words.reviews, href: addressOf.reviews, icon: 'inbox' },
  ];
  if (isAdmin.value) {
    all.push({ screen: 'settings', name: words.settings, href: addressOf.settings, icon: 'gear' });
    all.push({ screen: 'audit', name: words.audit, href: addressOf.audit, icon: 'log' });
  }
  return all;
}

function commandsFor(text: string, found: number): Command[] {
  const wanted = text.toLowerCase();
  const places = destinations()
    .filter(({ name }) => wanted.length > 1 && (name.toLowerCase().startsWith(wanted) || words.goTo(name).toLowerCase().startsWith(wanted)))
    .map(({ name, href }) => ({ label: words.goTo(name), run: () => go(href) }));
  return found > 0 ? [...places, { label: words.allResults(text), run: () => go(addressOf.search(text)) }] : places;
}

export function Frame({ children, hidden }: { children: ComponentChildren; hidden: boolean }) {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    let first = true;
    // A new screen: those who listen are led to its beginning.
    return effect(() => {
      void here.value;
      if (!first && !arrival.back) main.current?.focus({ preventScroll: true });
      first = false;
    });
  }, []);
  return (
    <div class="frame" hidden={hidden}>
      <a class="skip" href="#main">
        {words.skip}
      </a>
      <header class="top" data-sticky>
        <a class="brand" href="/app" aria-label={words.product}>
          <Mark />
          <span>{words.product}</span>
        </a>
        <PersonBox
          id="search-people"
          label={words.searchPeople}
          placeholder={words.searchHint}
          listLabel={words.searchResults}
          commands={commandsFor}
          pick={({ customer }) => go(addressOf.customer(customer.id))}
          submit={(text) => go(addressOf.search(text))}
        />
        <span class={`line ${link.value}`} role="status" aria-label={words.connection}>
          {link.value === 'live' ? words.live : link.value === 'offline' ? words.offline : words.reconnecting}
        </span>
        <Account />
      </header>
      <nav aria-label={words.main}>
        <ul>
          {destinations().map(({ screen, name, href, icon }) => (
            <li key={screen}>
              <a href={href} aria-current={route.value.screen === screen ? 'page' : screen === 'settings' && route.value.screen === 'sources' ? 'true' : undefined}>
                <Icon name={icon} size={18} />
                <span>{name}</span>
                {screen === 'reviews' && held.value > 0 && (
                  <span class="count" aria-hidden="true">
                    {words.number(held.value)}
                  </span>
                )}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <main id="main" tabIndex={-1} ref={main}>
        {children}
      </main>
      <CallCards />
      <Notes />
      <div class="sr" role="status" aria-label={words.announcements}>
        {announcement.value}
      </div>
      {shortcutsOpen.value && <Shortcuts />}
      <TabTitle />
    </div>
  );
}

function Mark() {
  return (
    <svg class="mark" width="22" height="22" viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="8" cy="12" r="5.5" />
      <circle cx="16" cy="12" r="5.5" />
    </svg>
  );
}

/** The tab says how many calls ring. */
function TabTitle() {
  const ringing = cards.value.filter(({ callState }) => callState === 'RINGING').length;
  useEffect(() => {
    const write = () => {
      const bare = document.title.replace(/^\(\d+\) /, '');
      const wanted = ringing > 0 ? `(${ringing}) ${bare}` : bare;
      if (document.title !== wanted) document.title = wanted;
    };
    write();
    const observer = new MutationObserver(write);
    const element = document.querySelector('title');
    if (element) observer.observe(element, { childList: true });
    return () => observer.disconnect();
  }, [ringing]);
  return null;
}

function Notes() {
  return (
    <div class="notes" role="status">
      {notes.value.map(({ id, text, action, failed }) => (
        <div key={id} class={`note ${failed ? 'bad' : ''}`}>
          <span dir="auto">{text}</span>
          {action && (
            <button
              type="button"
              class="small"
              onClick={() => {
                closeNote(id);
                action.run();
              }}
            >
              {action.label}
            </button>
          )}
          <button type="button" class="small quiet icon-only" aria-label={words.close} onClick={() => closeNote(id)}>
            <Icon name="close" size={14} />
          </button>
        </div>
      ))}
    </div>
  );
}

function Account() {
  const open = useSignal(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open.value) return;
    const leave = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) open.value = false;
    };
    document.addEventListener('pointerdown', leave);
    document.addEventListener('focusin', leave);
    return () => {
      document.removeEventListener('pointerdown', leave);
      document.removeEventListener('focusin', leave);
    };
  }, [open.value]);
  const me = viewer.value;
  return (
    <div
      class="account"
      ref={box}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && open.value) {
          event.stopPropagation();
          open.value = false;
          button.current?.focus();
        }
      }}
    >
      <button
        type="button"
        ref={button}
        class="quiet icon-only round"
        aria-label={words.account}
        aria-expanded={open.value}
        aria-controls={open.value ? id : undefined}
        onClick={() => (open.value = !open.value)}
      >
        <Icon name="user" size={18} />
      </button>
      {open.value && (
        <div class="menu" id={id}>
          {me && (
            <p>
              <bdi class="strong">{me.subject}</bdi>
              <span class="faint">
                <bdi>{me.tenant}</bdi> · {words.roles[me.role]}
              </span>
              {expiresAt.value && <span class="faint">{words.tokenEnds(words.ago(new Date(expiresAt.value)))}</span>}
            </p>
          )}
          <label>
            <span>{words.theme}</span>
            <select value={theme.value} onChange={({ currentTarget }) => (theme.value = currentTarget.value as typeof theme.value)}>
              {Object.entries(words.themes).map(([name, text]) => (
                <option key={name} value={name}>
                  {text}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span>{words.textDirection}</span>
            <select value={direction.value} onChange={({ currentTarget }) => (direction.value = currentTarget.value as typeof direction.value)}>
              {Object.entries(words.textDirections).map(([name, text]) => (
                <option key={name} value={name}>
                  {text}
                </option>
              ))}
            </select>
          </label>
          <label class="check">
            <input type="checkbox" checked={singleKeys.value} onChange={({ currentTarget }) => (singleKeys.value = currentTarget.checked)} />
            <span>{words.singleKeys}</span>
          </label>
          {hasWorker.value &&
            (permission.value === 'default' ? (
              <button type="button" onClick={() => void askPermission()}>
                <Icon name="CALL" />
                {words.notifyMe}
              </button>
            ) : (
              <p class="faint">{permission.value === 'granted' ? words.notifyOn : words.notifyDenied}</p>
            ))}
          <button
            type="button"
            onClick={() => {
              open.value = false;
              button.current?.focus();
              shortcutsOpen.value = true;
            }}
          >
            {words.shortcuts}
          </button>
          <button type="button" onClick={signOut}>
            {words.signOut}
          </button>
        </div>
      )}
    </div>
  );
}

function Shortcuts() {
  return (
    <Modal title={words.shortcuts} onClose={() => (shortcutsOpen.value = false)}>
      <dl class="keys">
        {words.keyList.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
