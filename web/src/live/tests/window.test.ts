import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HistoryWindow, type Page, type Row, type Source } from '../window';

interface Item extends Row {
  text?: string;
}

const at = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString();
const item = (n: number, id = `i${n}`): Item => ({ id, occurredAt: at(n) });

/** A server with a history, newest first; a cursor is the time of an item. */
class Server implements Source<Item> {
  items: Item[];
  asked = 0;
  gate: Promise<void> | undefined;

  constructor(count: number) {
    this.items = Array.from({ length: count }, (_, index) => item(count - index));
  }

  #page(rows: Item[], older: boolean): Page<Item> {
    return { rows, startCursor: rows[0]?.occurredAt ?? null, endCursor: rows.at(-1)?.occurredAt ?? null, older, total: this.items.length, liveCursor: 'live' };
  }

  async older(first: number, after: string | null): Promise<Page<Item>> {
    this.asked += 1;
    const rest = after === null ? this.items : this.items.filter(({ occurredAt }) => occurredAt < after);
    const page = this.#page(rest.slice(0, first), rest.length > first);
    await this.gate;
    return page;
  }

  async newer(last: number, before: string): Promise<Page<Item>> {
    this.asked += 1;
    const rest = this.items.filter(({ occurredAt }) => occurredAt > before);
    return this.#page(rest.slice(-last), true);
  }
}

/** What is loaded must be a piece of the server's list: nothing missing inside, nothing twice, in order. */
function whole(window: HistoryWindow<Item>, server: Server): void {
  const ids = window.rows.map(({ id }) => id);
  const from = server.items.findIndex(({ id }) => id === ids[0]);
  assert.deepEqual(ids, server.items.slice(from, from + ids.length).map(({ id }) => id));
}

test('pages follow one another, once each', async () => {
  const server = new Server(500);
  const window = new HistoryWindow<Item>(server, { firstPage: 50, page: 100 });
  await window.load();
  assert.equal(window.rows.length, 50);
  assert.equal(window.total, 500);
  await Promise.all([window.loadOlder(), window.loadOlder()]);
  assert.equal(window.rows.length, 150, 'two at once are one');
  while (window.hasOlder) await window.loadOlder();
  assert.equal(window.rows.length, 500);
  const before = server.asked;
  await window.loadOlder();
  assert.equal(server.asked, before, 'nothing is asked at the end');
  whole(window, server);
});

test('far from the reader rows are let go, and come back in order', async () => {
  const server = new Server(2000);
  const window = new HistoryWindow<Item>(server, { firstPage: 50, page: 100, limit: 300 });
  await window.load();
  while (window.hasOlder) {
    await window.loadOlder();
    assert.ok(window.rows.length <= 400, `${window.rows.length} rows are held`);
    whole(window, server);
    assert.equal(server.items[window.above]?.id, window.rows[0]?.id, 'the number above is right');
  }
  assert.equal(window.rows.at(-1)?.id, 'i1');
  while (window.hasNewer) {
    await window.loadNewer();
    assert.ok(window.rows.length <= 400);
    whole(window, server);
  }
  assert.equal(window.rows[0]?.id, 'i2000');
  assert.ok(window.hasOlder, 'what was let go below can be fetched again');
});

test('a live item goes where its time says; ties stand above', async () => {
  const server = new Server(10);
  const window = new HistoryWindow<Item>(server, { firstPage: 50 });
  await window.load();
  assert.equal(window.apply({ kind: 'added', row: item(20, 'new') }), 'inserted');
  assert.equal(window.rows[0]?.id, 'new');
  assert.equal(window.apply({ kind: 'added', row: item(5, 'tie') }), 'inserted');
  assert.deepEqual(window.rows.map(({ id }) => id).slice(5, 8), ['i6', 'tie', 'i5']);
  assert.equal(window.apply({ kind: 'added', row: item(-1, 'oldest') }), 'inserted');
  assert.equal(window.rows.at(-1)?.id, 'oldest');
  assert.equal(window.total, 13);
});

test('the same event twice is one item; a known id is updated in place, or moves with its time', async () => {
  const server = new Server(10);
  const window = new HistoryWindow<Item>(server, { firstPage: 50 });
  await window.load();
  window.apply({ kind: 'added', row: item(20, 'new') });
  assert.equal(window.apply({ kind: 'added', row: { ...item(20, 'new'), text: 'again' } }), 'updated');
  assert.equal(window.rows.filter(({ id }) => id === 'new').length, 1);
  assert.equal(window.rows[0]?.text, 'again');
  window.apply({ kind: 'updated', row: { ...item(3, 'new') } });
  assert.equal(window.rows.findIndex(({ id }) => id === 'new'), 7);
  assert.equal(window.apply({ kind: 'updated', row: item(99, 'unknown') }), 'none');
});

test('an item older than what is loaded is counted only, and comes with its page', async () => {
  const server = new Server(200);
  const window = new HistoryWindow<Item>(server, { firstPage: 50, page: 100 });
  await window.load();
  const late = { id: 'late', occurredAt: new Date(Date.UTC(2026, 0, 1) + 10_500).toISOString() };
  server.items.splice(server.items.findIndex(({ occurredAt }) => occurredAt < late.occurredAt), 0, late);
  assert.equal(window.apply({ kind: 'added', row: late }), 'counted');
  assert.equal(window.total, 201);
  while (window.hasOlder) await window.loadOlder();
  whole(window, server);
  assert.equal(window.rows.length, 201);
});

test('while the newest rows are let go, a newer item is counted, and is there on the way back', async () => {
  const server = new Server(1000);
  const window = new HistoryWindow<Item>(server, { firstPage: 50, page: 100, limit: 200 });
  await window.load();
  while (window.hasOlder) await window.loadOlder();
  const fresh = item(2000, 'fresh');
  server.items.unshift(fresh);
  const above = window.above;
  assert.equal(window.apply({ kind: 'added', row: fresh }), 'counted');
  assert.equal(window.above, above + 1);
  while (window.hasNewer) await window.loadNewer();
  assert.equal(window.rows[0]?.id, 'fresh');
  whole(window, server);
});

test('what comes live while a page is under way is not undone by the page', async () => {
  const server = new Server(120);
  const window = new HistoryWindow<Item>(server, { firstPage: 50, page: 100 });
  await window.load();
  let open = () => {};
  server.gate = new Promise((resolve) => (open = resolve));
  const reading = window.loadOlder();
  window.apply({ kind: 'updated', row: { ...item(20), text: 'later' } });
  window.apply({ kind: 'removed', id: 'i10' });
  open();
  await reading;
  assert.equal(window.get('i20')?.text, 'later');
  assert.equal(window.get('i10'), undefined);
});

test('a removed row hands its cursors on, so that no page is lost', async () => {
  const server = new Server(300);
  const window = new HistoryWindow<Item>(server, { firstPage: 50, page: 50, limit: 100 });
  await window.load();
  await window.loadOlder();
  const last = window.rows.at(-1) as Item;
  server.items = server.items.filter(({ id }) => id !== last.id);
  assert.equal(window.apply({ kind: 'removed', id: last.id }), 'removed');
  const first = window.rows[0] as Item;
  server.items = server.items.filter(({ id }) => id !== first.id);
  window.apply({ kind: 'removed', id: first.id });
  while (window.hasOlder) {
    await window.loadOlder();
    whole(window, server);
  }
  while (window.hasNewer) {
    await window.loadNewer();
    whole(window, server);
  }
});

test('a load that a later one overtook does not count', async () => {
  const server = new Server(100);
  const window = new HistoryWindow<Item>(server, { firstPage: 10, page: 10 });
  let open = () => {};
  server.gate = new Promise((resolve) => (open = resolve));
  const first = window.load();
  const second = window.load();
  open();
  assert.deepEqual(await Promise.all([first, second]), [false, true]);
  assert.equal(window.rows.length, 10);
});

test('reading again reaches down to the place that is read', async () => {
  const server = new Server(1000);
  const window = new HistoryWindow<Item>(server, { firstPage: 50, page: 100 });
  await window.load();
  for (let turn = 0; turn < 4; turn += 1) await window.loadOlder();
  const place = window.rows[400] as Item;
  await window.load(place.occurredAt);
  assert.ok(window.get(place.id));
  whole(window, server);
});

test('walking about while things happen: always a piece of the whole', async () => {
  let seed = 7;
  const random = () => (seed = (seed * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
  const server = new Server(1500);
  const window = new HistoryWindow<Item>(server, { firstPage: 50, page: 60, limit: 200 });
  await window.load();
  for (let turn = 0; turn < 600; turn += 1) {
    const dice = random();
    if (dice < 0.4) await window.loadOlder();
    else if (dice < 0.7) await window.loadNewer();
    else if (dice < 0.85) {
      const row = { id: `r${turn}`, occurredAt: new Date(Date.UTC(2026, 0, 1) + random() * 1_500_000).toISOString() };
      const place = server.items.findIndex(({ occurredAt }) => occurredAt <= row.occurredAt);
      server.items.splice(place < 0 ? server.items.length : place, 0, row);
      window.apply({ kind: 'added', row });
    } else {
      const gone = server.items[Math.floor(random() * server.items.length)] as Item;
      server.items = server.items.filter(({ id }) => id !== gone.id);
      window.apply({ kind: 'removed', id: gone.id });
    }
    whole(window, server);
  }
});
