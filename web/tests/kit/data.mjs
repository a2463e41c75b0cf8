// People and what happened with them, through the API as any client would.

const IDENTIFY = 'mutation($input: IdentifyInput!) { identify(input: $input) { outcome customer { id version } review { id } userErrors { message } } }';
const RECORD =
  'mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { item { id } duplicate userErrors { message path } } } }';
const VIEWS = 'mutation($inputs: [PageViewInput!]!) { recordPageViews(inputs: $inputs) { results { item { id } userErrors { message } } } }';
const CALL = 'mutation($input: UpdateCallInput!) { updateCall(input: $input) { call { callState } userErrors { message } } }';

export async function identify(rapport, input) {
  const { identify: answer } = await rapport.ask(IDENTIFY, { input });
  if (answer.userErrors.length > 0) throw new Error(JSON.stringify(answer.userErrors));
  return answer.customer.id;
}

export async function record(rapport, ...inputs) {
  const { recordEngagements } = await rapport.ask(RECORD, { inputs });
  const wrong = recordEngagements.results.flatMap(({ userErrors }) => userErrors);
  if (wrong.length > 0) throw new Error(JSON.stringify(wrong.slice(0, 3)));
  return recordEngagements.results.map(({ item }) => item.id);
}

export const by = (value) => ({ identity: { kind: value.includes('@') ? 'EMAIL' : 'PHONE', value } });
const at = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();

export const message = (who, text, minutes = 0, more = {}) => ({
  customer: by(who),
  channel: 'SMS',
  direction: 'INBOUND',
  occurredAt: at(minutes),
  body: { message: { text } },
  ...more,
});

export const call = (who, sourceId, state = 'RINGING') => ({
  ...(who && { customer: by(who) }),
  channel: 'VOICE',
  direction: 'INBOUND',
  source: 'pbx',
  sourceId,
  body: { call: { state } },
});

export const updateCall = (rapport, sourceId, state) => rapport.ask(CALL, { input: { call: { source: { source: 'pbx', sourceId } }, state } });

/** Ada with a history of every kind, Grace, Bob and Mallory whose texts are not what they seem. */
export async function people(rapport) {
  const ada = await identify(rapport, { email: 'ada@example.com', phoneNumber: '+14155550100', name: 'Ada Lovelace', traits: { city: 'London' } });
  const grace = await identify(rapport, { email: 'grace@example.com', phoneNumber: '+14155550101', name: 'Grace Hopper' });
  const bob = await identify(rapport, { email: 'bob@example.com', name: 'Bob' });
  const mallory = await identify(rapport, { email: 'mallory@example.com', name: '<img src=x onerror=alert(1)>' });
  const inputs = [];
  for (let day = 0; day < 12; day += 1) {
    inputs.push(message('ada@example.com', `Is the roadster still available? (${day})`, day * 1440 + 60));
    inputs.push(message('ada@example.com', `Yes, come by on day ${day}.`, day * 1440 + 50, { direction: 'OUTBOUND', channel: 'WHATSAPP' }));
  }
  inputs.push({ ...call('ada@example.com', 'old-call', 'COMPLETED'), occurredAt: at(180), body: { call: { state: 'COMPLETED', durationSeconds: 88 } } });
  inputs.push({ customer: by('ada@example.com'), channel: 'EMAIL', direction: 'INBOUND', occurredAt: at(300), body: { email: { subject: 'The delorean', text: 'Does it come in stainless steel?' } } });
  inputs.push({ customer: by('ada@example.com'), channel: 'INTERNAL', occurredAt: at(310), body: { note: { text: 'Prefers to be called in the morning' } } });
  inputs.push({ customer: by('ada@example.com'), channel: 'WEB', occurredAt: at(320), body: { record: { recordType: 'order', recordId: 'A-17', recordState: 'paid', text: 'One set of tyres' } } });
  inputs.push(message('mallory@example.com', '<b>bold</b> <script>alert(1)</script> http://plain.example https://secure.example/a?b=c. javascript:alert(1)', 5, {
    body: { message: { text: '<b>bold</b> <script>alert(1)</script> http://plain.example https://secure.example/a?b=c. javascript:alert(1)', parts: [{ image: { url: 'https://pictures.example/cat.png', alt: 'A cat' } }] } },
  }));
  await record(rapport, ...inputs);
  await rapport.ask(VIEWS, { inputs: [{ customer: by('ada@example.com'), url: 'https://shop.example/cars/delorean-88', title: 'DeLorean', occurredAt: at(30) }] });
  return { ada, grace, bob, mallory };
}

/** A link that the guard for logins holds back. */
export async function heldLink(rapport, name) {
  const first = await identify(rapport, { email: `${name}@example.com`, name, identities: [{ kind: 'USER_ID', value: `${name}-1` }] });
  await identify(rapport, { email: `${name}@example.com`, identities: [{ kind: 'USER_ID', value: `${name}-2` }] });
  return first;
}
