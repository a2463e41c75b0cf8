// A phone that delivers its SMS and calls.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { deliver } from './deliveries.js';

/** The most that goes into one request. */
export const MOST_EVENTS = 500;

export const iso = (time) => new Date(time).toISOString();

/** A phone as `examples/android` is one: a queue, a clock of its own, and what is dropped when. */
export class Phone {
  constructor({ url, secret, clockOff = 0 }) {
    Object.assign(this, { url, secret, clockOff, id: `phone-${randomUUID().slice(0, 8)}`, queue: [], uploads: 0 });
  }

  /** What the phone's clock shows at this true time. */
  shows(time) {
    return iso(time + this.clockOff);
  }

  /** Notes what happened at this true time; its id. */
  note(event, time = Date.now()) {
    const id = event.id ?? randomUUID();
    this.queue.push({ ...event, id, at: this.shows(time) });
    return id;
  }

  sms(number, text, time) {
    return this.note({ type: 'sms', direction: 'inbound', number, text }, time);
  }

  call(state, more, time) {
    return this.note({ type: 'call', direction: 'inbound', state, ...more }, time);
  }

  body(events) {
    return JSON.stringify({ deviceId: this.id, sentAt: this.shows(Date.now()), events });
  }

  send(events, secret = this.secret) {
    return deliver(this.url, this.body(events), { 'content-type': 'application/json', authorization: `Bearer ${secret}` });
  }

  /** Sends what waits, and drops what was answered. False where there was no answer of that kind. */
  async upload() {
    const part = this.queue.slice(0, MOST_EVENTS);
    const { status, text } = await this.send(part);
    this.uploads += 1;
    if (status !== 200) {
      return false;
    }
    const { results } = JSON.parse(text);
    assert.deepEqual(results.map(({ id }) => id), part.map(({ id }) => id), 'a result for each event, in order');
    // The app notes on while it sends: what is dropped are places, for a call stands there several times under one id.
    this.queue.splice(0, part.length);
    this.results = results;
    return true;
  }
}
