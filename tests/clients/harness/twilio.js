// Twilio as it delivers: its fields, signed by its own SDK.

import { randomBytes } from 'node:crypto';
import twilio from 'twilio';

import { deliver } from './deliveries.js';

/** The company's number. */
export const OURS = '+14155550199';

/** The answer to whatever needs none. */
export const EMPTY = '<Response/>';

/** A new id of Twilio's. */
export const sid = (kind) => kind + randomBytes(16).toString('hex');

/** Twilio, as its account of this auth token delivers. */
export class Account {
  constructor(token) {
    this.token = token;
  }

  /** What the SDK signs: each field, and of one with several values each. */
  signature(address, fields) {
    return twilio.getExpectedTwilioSignature(this.token, address, fields);
  }

  /** POSTs a form; `signed` is the address that Twilio knows, where that is another than the one asked. */
  form(address, fields, { signed = address, signature = this.signature(signed, fields) } = {}) {
    const pairs = Object.entries(fields).flatMap(([name, values]) => [values].flat().map((value) => [name, value]));
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', 'i-twilio-idempotency-token': sid('') };
    return deliver(address, String(new URLSearchParams(pairs)), signature === null ? headers : { ...headers, 'x-twilio-signature': signature });
  }

  /** POSTs JSON, whose digest stands in the address. */
  json(url, body, { digest = twilio.getExpectedBodyHash(body), name = 'bodySHA256' } = {}) {
    const address = `${url}?${name}=${digest}`;
    const headers = { 'content-type': 'application/json', 'x-twilio-signature': this.signature(address, {}) };
    return deliver(address, body, headers);
  }
}

/** A message that comes in. */
export const sms = (from, text, more = {}) => {
  const id = sid('SM');
  return { ToCountry: 'US', ToState: '', SmsMessageSid: id, NumMedia: '0', SmsSid: id, SmsStatus: 'received', Body: text, To: OURS, MessageSid: id, AccountSid: 'AC1', From: from, ApiVersion: '2010-04-01', ...more };
};

/** How far a sent message has come. */
export const status = (id, to, state, more = {}) => ({ SmsSid: id, SmsStatus: state, MessageStatus: state, To: to, MessageSid: id, AccountSid: 'AC1', From: OURS, ApiVersion: '2010-04-01', ...more });

/** How far a call has come. */
export const call = (id, from, state, more = {}) => ({ CallSid: id, AccountSid: 'AC1', From: from, To: OURS, CallStatus: state, ApiVersion: '2010-04-01', Direction: 'inbound', ForwardedFrom: '', CallerName: '', ...more });
