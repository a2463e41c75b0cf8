// rapport's snippet: tells rapport which pages of a website are seen, by whom, and what else the website says.
//
//   <script async src="https://rapport.example/rapport.js" data-key="WRITEKEY"></script>
//
// The website calls rapport.page, rapport.track, rapport.identify and rapport.reset; before the script is there, it
// queues calls: (window.rapport = window.rapport || []).push(['identify', 'user-1']). Nothing here may break the website:
// what goes wrong is told in the console once, and costs events, not pages.
(function () {
  'use strict';

  const VERSION = '1';
  const STORE = 'rapport';
  const LEFT_OVER = 'rapport.waiting';
  const GATHER_MS = 250;
  const MOST_WAITING = 200;
  // Browsers refuse more than 64 KB in requests that outlive the page.
  const MOST_BYTES = 60000;
  const LONGEST_PAUSE_MS = 60000;

  const early = window.rapport;
  if (early && early.version) {
    return;
  }

  const script =
    document.currentScript || document.querySelector('script[data-key][src*="rapport.js"]');
  const key = script && script.getAttribute('data-key');
  const manual = script && script.getAttribute('data-pages') === 'manual';
  const endpoint = script && script.src ? new URL('v1/batch', script.src).href : '';

  const told = new Set();
  function warn(text) {
    if (!told.has(text)) {
      told.add(text);
      console.warn('rapport: ' + text);
    }
  }

  // --- Who: an anonymous id and, from login to logout, a user id; read again for each event, because other tabs write
  // them too. Where storage is blocked they last as long as the page.

  let memory = {};
  let lasting = false;

  function stored() {
    if (!lasting && memory.anonymousId) {
      return memory;
    }
    try {
      const read = JSON.parse(window.localStorage.getItem(STORE));
      return read && typeof read === 'object' ? read : {};
    } catch (blocked) {
      return {};
    }
  }

  function store(who) {
    memory = who;
    try {
      window.localStorage.setItem(STORE, JSON.stringify(who));
      lasting = true;
    } catch (blocked) {
      lasting = false;
    }
  }

  function who() {
    const known = stored();
    if (known.anonymousId) {
      return known;
    }
    store({ anonymousId: uuid() });
    return memory;
  }

  function uuid() {
    const random = window.crypto;
    if (random && random.randomUUID) {
      return random.randomUUID();
    }
    const bytes = new Uint8Array(16);
    if (random && random.getRandomValues) {
      random.getRandomValues(bytes);
    } else {
      bytes.forEach((_, n) => (bytes[n] = Math.random() * 256));
    }
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  // --- What: events wait a moment, so that those of one moment travel together.

  let waiting = [];
  let timer = null;
  let sending = false;
  let failures = 0;
  let gone = false;

  function seenPage() {
    return {
      url: location.href,
      path: location.pathname,
      search: location.search,
      title: document.title,
      referrer: document.referrer,
    };
  }

  function enqueue(type, members) {
    const { anonymousId, userId } = who();
    const event = Object.assign({ type, messageId: uuid(), timestamp: new Date().toISOString(), anonymousId }, members);
    if (userId) {
      event.userId = userId;
    }
    const library = { name: 'rapport.js', version: VERSION };
    event.context = { page: seenPage(), locale: navigator.language, library };
    waiting.push(event);
    if (waiting.length > MOST_WAITING) {
      waiting.shift();
      warn('more than ' + MOST_WAITING + ' events wait; the oldest are lost');
    }
    later(GATHER_MS);
    return event;
  }

  function later(ms) {
    if (timer === null && !sending) {
      timer = setTimeout(send, ms);
    }
  }

  /** As many of the first events as may travel in one request, as its body. */
  function parcel() {
    const texts = [];
    let bytes = 200;
    for (const event of waiting) {
      const text = JSON.stringify(event);
      bytes += new Blob([text]).size + 1;
      if (texts.length > 0 && bytes > MOST_BYTES) {
        break;
      }
      texts.push(text);
    }
    const events = waiting.splice(0, texts.length);
    const sentAt = new Date().toISOString();
    const body = '{"batch":[' + texts.join(',') + '],"sentAt":"' + sentAt + '","writeKey":' + JSON.stringify(key) + '}';
    return { events, body, small: bytes <= MOST_BYTES };
  }

  async function send() {
    timer = null;
    if (sending || waiting.length === 0) {
      return;
    }
    nameViewedPage();
    const { events, body, small } = parcel();
    sending = true;
    let again = false;
    try {
      const answer = await fetch(endpoint, { method: 'POST', body, keepalive: small, credentials: 'omit' });
      again = answer.status === 408 || answer.status === 429 || answer.status >= 500;
      if (!answer.ok && !again) {
        warn('events were refused with status ' + answer.status);
      }
    } catch (unreachable) {
      again = true;
      // Browsers give up on the way, too, when the page is left.
      gone || warn('cannot reach ' + endpoint + '; if the page has a Content-Security-Policy, connect-src must allow it');
    }
    sending = false;
    failures = again ? failures + 1 : 0;
    if (again) {
      // An event that arrived after all is known by its messageId.
      waiting = events.concat(waiting).slice(-MOST_WAITING);
    }
    if (gone) {
      leaveBehind(waiting);
    } else if (waiting.length > 0) {
      later(again ? Math.min(1000 * 2 ** (failures - 1), LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2) : 0);
    }
  }

  /**
   * The page is left, perhaps for good: everything that waits goes now. What the browser does not take any more (it takes
   * 64 KB), and what may not arrive, waits for the next page of the website; what arrives twice counts once.
   */
  function leave() {
    gone = true;
    nameViewedPage();
    let left = failures > 0 ? waiting.slice() : [];
    while (waiting.length > 0) {
      const { events, body } = parcel();
      const taken = navigator.sendBeacon && navigator.sendBeacon(endpoint, new Blob([body], { type: 'text/plain' }));
      if (!taken) {
        left = failures > 0 ? left : events.concat(waiting);
        waiting = [];
      }
    }
    leaveBehind(left);
  }

  function leftBehind() {
    try {
      const left = JSON.parse(window.localStorage.getItem(LEFT_OVER));
      return Array.isArray(left) ? left : [];
    } catch (blocked) {
      return [];
    }
  }

  function leaveBehind(events) {
    try {
      if (events.length > 0) {
        window.localStorage.setItem(LEFT_OVER, JSON.stringify(leftBehind().concat(events).slice(-MOST_WAITING)));
      }
    } catch (blocked) {
      // They are lost.
    }
  }

  /** At the beginning, and when a browser brings the page back. */
  function takeUp() {
    gone = false;
    const left = leftBehind();
    if (left.length > 0) {
      window.localStorage.removeItem(LEFT_OVER);
      waiting = left.concat(waiting).slice(-MOST_WAITING);
      later(GATHER_MS);
    }
  }

  function now() {
    clearTimeout(timer);
    timer = null;
    send();
  }

  // --- Pages: one view for each address, at load and whenever the website moves on by itself.

  let viewed = null;
  let viewedEvent = null;

  /** The address without a fragment, unless the website routes by it. */
  function address() {
    return /^#[!/]/.test(location.hash) ? location.href : location.href.split('#')[0];
  }

  /** Websites set a title after the address: it is read as late as can be. */
  function nameViewedPage() {
    if (viewedEvent && viewed === address()) {
      viewedEvent.properties.title = viewedEvent.context.page.title = document.title;
    }
  }

  function view() {
    if (!manual && viewed !== address()) {
      const referrer = viewed;
      viewed = address();
      viewedEvent = enqueue('page', { properties: seenPage() });
      if (referrer) {
        viewedEvent.properties.referrer = viewedEvent.context.page.referrer = referrer;
      }
      setTimeout(guarded(nameViewedPage), 0);
    }
  }

  function watch() {
    for (const name of ['pushState', 'replaceState']) {
      const original = history[name];
      history[name] = function () {
        guarded(nameViewedPage)();
        const result = original.apply(this, arguments);
        guarded(view)();
        return result;
      };
    }
    window.addEventListener('popstate', guarded(view));
    window.addEventListener('pagehide', guarded(leave));
    window.addEventListener('online', guarded(now));
    window.addEventListener('pageshow', (event) => {
      if (event.persisted) {
        guarded(takeUp)();
        viewed = null;
        guarded(view)();
      }
    });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') {
        guarded(now)();
      }
    });
  }

  // --- What a website calls.

  /** A copy: the website may change its own afterwards. */
  function copy(object) {
    return object && typeof object === 'object' ? JSON.parse(JSON.stringify(object)) : {};
  }

  const calls = {
    /** `page()`, `page(name)`, `page(properties)` or `page(name, properties)`. */
    page(name, properties) {
      if (name && typeof name === 'object') {
        return calls.page(undefined, name);
      }
      enqueue('page', { name, properties: Object.assign(seenPage(), copy(properties)) });
    },

    track(event, properties) {
      enqueue('track', { event, properties: copy(properties) });
    },

    /** `identify(userId)`, `identify(userId, traits)`, or `identify(traits)` of somebody without a login. */
    identify(userId, traits) {
      if (userId && typeof userId === 'object') {
        return calls.identify(undefined, userId);
      }
      const id = userId === undefined || userId === null ? '' : String(userId).trim();
      if (id) {
        store(Object.assign({}, who(), { userId: id }));
      }
      enqueue('identify', { traits: copy(traits) });
    },

    /** Whoever comes next is somebody else: a new anonymous id, and no user id. */
    reset() {
      store({ anonymousId: uuid() });
    },
  };

  function guarded(work) {
    return function () {
      try {
        work.apply(undefined, arguments);
      } catch (problem) {
        warn(String(problem && problem.message));
      }
    };
  }

  function push(call) {
    const [name, ...args] = Array.from(call || []);
    if (Object.prototype.hasOwnProperty.call(api, name) && calls[name]) {
      api[name](...args);
    } else {
      warn('there is no call ' + name);
    }
  }

  const api = { version: VERSION, push: guarded(push) };
  for (const name of Object.keys(calls)) {
    api[name] = key && endpoint ? guarded(calls[name]) : function () {};
  }
  window.rapport = api;

  if (!key || !endpoint) {
    warn('the script needs its src and a data-key');
    return;
  }
  guarded(watch)();
  guarded(takeUp)();
  for (const call of Array.isArray(early) ? early : []) {
    api.push(call);
  }
  // A page that is loaded ahead is seen when it is shown.
  if (document.prerendering) {
    document.addEventListener('prerenderingchange', guarded(view), { once: true });
  } else {
    guarded(view)();
  }
})();
