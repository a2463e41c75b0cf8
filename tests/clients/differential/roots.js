// The root fields that documents use, and the arguments of those that write: such as may be repeated, or fail.

import { parse } from 'graphql';

/** Root fields of queries and subscriptions, with their weights. What an agent may not read is there too. */
const QUERIES = [
  [6, 'customer'], [5, 'customers'], [5, 'node'], [4, 'nodes'], [3, 'viewer'], [4, 'search'], [4, 'feed'], [2, 'whyLinked'],
  [2, 'mergePreview'], [1, 'linkReviews'], [1, 'rateLimit'], [0.6, 'tenantSettings'], [0.6, 'auditLog'], [0.3, 'exportCustomer'],
  [0.4, '__type'], [0.2, '__schema'],
];

const SUBSCRIPTIONS = [[4, 'customerHistory'], [3, 'feed'], [1, 'incomingCalls']];

/** The weights for the root type at hand; a field that nobody has weighed has 1. */
export function weighted(kind, type) {
  const names = Object.keys(type.getFields());
  const known = kind === 'query' ? QUERIES : SUBSCRIPTIONS;
  const others = names.filter((name) => !known.some(([, of]) => of === name));
  return [...known.filter(([, of]) => of.startsWith('__') || names.includes(of)), ...others.map((name) => [1, name])];
}

const UNKNOWN = 'QwAA3ej5PwjsAQ';

/** Root fields of mutations with the arguments that keep them harmless. */
export function writes(random, world, type) {
  const person = random.pick(world.people);
  const id = random.pick([UNKNOWN, 'a', random.pick(world.contacts)]);
  const { name, status, stage, tags } = person;
  const known = [
    [5, ['addComment', { input: { itemId: random.chance(0.7) ? world.commented : id, text: random.pick(['noted', '🚗', '']) } }]],
    [4, ['updateCustomer', { input: random.chance(0.8) ? { customerId: person.id, name, status, stage, tags } : { customerId: id } }]],
    [4, ['identify', { input: { email: person.primaryEmail, dryRun: true } }]],
    [2, ['updateCall', { input: { call: random.pick([{ id }, { source: { source: 'nowhere', sourceId: 'x' } }]), state: 'COMPLETED' } }]],
    [1, ['mergeCustomers', { input: { customerIds: [person.id], reason: null } }]],
    [1, ['undoMerge', { mergeId: id }]],
    [1, ['splitCustomer', { input: { customerId: id, identityIds: [id] } }]],
    [1, ['updateIdentity', { input: { identityId: id, expectedVersion: 1 } }]],
    [1, ['resolveLinkReview', { reviewId: id, decision: 'KEEP_APART' }]],
    [1, ['allowTogether', { keepApartId: id }]],
    [1, ['recordEngagements', { inputs: [] }]],
    [0.5, ['updateTenantSettings', { input: {} }]],
    [0.5, ['eraseCustomer', { customerId: id, dryRun: true }]],
  ];
  return random.weighted(known.filter(([, [of]]) => of in type.getFields()));
}

const TYPE_PARTS = [
  'name kind', 'description', 'fields { name args { name defaultValue } type { ...T } }', 'possibleTypes { name }', 'interfaces { name }',
  'inputFields { name type { kind name } }', 'enumValues(includeDeprecated: true) { name isDeprecated }', '__typename', 'isOneOf',
];
const SCHEMA_PARTS = [
  'queryType { name }', 'subscriptionType { name kind }', 'directives { name locations isRepeatable }', 'types { name }', 'description',
];

/** A selection below `__type` or `__schema`. */
export function introspected(random, root) {
  const parts = root === '__type' ? TYPE_PARTS : SCHEMA_PARTS;
  const chosen = random.shuffled(parts).slice(0, 1 + random.below(3));
  const text = chosen.join(' ').replace('...T', 'kind name ofType { name kind }');
  return parse(`{ ${text} }`, { noLocation: true }).definitions[0].selectionSet;
}
