// What broken documents are made of.

/** Literals that are wrong somewhere. */
export const LITERALS = [
  '1', '-7', '2147483648', '1.5', '"text"', '"NAME_ASC"', 'NAME_ASC', 'INBOUND', 'true', 'null', '[]', '[1]', '["a", null]',
  '{}', '{ id: "a" }', '{ id: null }', '{ id: "a", contactId: 1 }', '{ nope: 1 }', '[[EMAIL]]', '{ kind: EMAIL }',
  '"yesterday"', '{ since: 5 }', '9007199254740993',
];

/** The same for JSON. */
export const JSON_VALUES = [
  null, 'a', 1, 1.5, true, 2 ** 31, [], [null], {}, { id: null }, { id: 'a', contactId: 1 }, { nope: 1 }, 'NOPE', -0.5, [[1]],
  'yesterday',
];

export const TYPES = ['Int', 'String', 'ID', 'Int!', '[ID!]!', '[ID]', 'Boolean', 'JSON', 'CustomerRef', 'Customer', 'Nope'];

export const SELECTIONS = [
  'nope', 'id { name }', 'viewer', 'nodes', '...Nope', '... on Nope { id }', '... on Channel { id }', '... on CustomerRef { id }',
  '... on Viewer { role }', '... on Part { __typename }', '... on TextPart { text }', 'x: id', 'x: name', 'x: name x: id',
  'id @nope', '__typename @nope', '__typename @include(if: $none)', 'id @include', 'id @skip(if: "yes")', 'id(a: 1)',
  'id @skip(if: true, unless: 1)', '__typename(a: 1)', '__typename { x }', '... @nope { __typename }', '__schema { types { name } }',
  '... @include(if: 1) { __typename }', '... on Message { t: text } ... on Comment { t: text }',
  '... on Call { u: callState } ... on Email { u: emailState }',
];

export const DEFINITIONS = [
  'fragment Unused on Query { viewer { role } }', 'fragment Unused on Channel { id }', 'fragment Unused on Nope { id }',
  'query Second { viewer { role } } query Second { viewer { role } }', '{ viewer { role } }', 'type Nope { a: Int }', 'scalar Nope',
  'extend type Query { a: Int }', 'directive @nope on FIELD', 'query Third { ...Nope }', 'query Seventh { nope }',
  'mutation Eighth { nope }',
  'subscription Fourth { feed { cursor } incomingCalls { __typename } }', 'query Fifth @skip(if: true) { viewer { role } }',
  'query Sixth($a: Nope) { viewer { role } }',
];

export const VARIABLES = [
  '$w: Nope', '$w: Customer', '$w: Int = "a"', '$w: Int! = null', '$w: [Channel!] = [NOPE]', '$w: CustomerRef = {}', '$w: HistoryItem',
  '$w: CustomerRef = { id: null }', '$w: Int @nope', '$w: Int @skip(if: true)', '$w: Int, $w: Int', '$w: String', '$w: JSON',
];

/** Operations with a variable of a type that is no input, where nothing else is wrong: JSON takes anything. */
export const OUTPUT_VARIABLES = ['Customer', 'HistoryItem', 'Part'].map((type) =>
  `mutation($w: ${type}) { updateCustomer(input: { customerId: "a", traits: { w: $w } }) { customer { id } } }`);

export const SUBSCRIPTIONS = [
  'subscription { feed { cursor } more: feed { cursor } }', 'subscription { feed @include(if: true) { cursor } }',
  'subscription($yes: Boolean!) { feed @skip(if: $yes) { cursor } }', 'subscription { ... @include(if: true) { feed { cursor } } }',
  'subscription { ...F } fragment F on Subscription { feed { cursor } __typename }', 'subscription { __typename }',
  'subscription { ...F @skip(if: false) } fragment F on Subscription { feed { cursor } }',
  'subscription { feed { cursor } feed { __typename } }', 'subscription { feed { ... @include(if: true) { cursor } } }',
  'subscription { ...F ...F } fragment F on Subscription { feed { cursor } }', 'subscription { __schema { types { name } } }',
];
