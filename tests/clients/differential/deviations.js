// The smallest documents of what was once answered otherwise than the specification has it, each with its section.

import assert from 'node:assert/strict';

import { ask } from '../harness/api.js';
import { post } from './post.js';

const COMMENTS = 'query($id: ID!) { node(id: $id) { ... on HistoryItem { comments(first: 200) { nodes { id } } } } }';

function refused({ body }) {
  assert.ok(!('data' in body), `answered ${JSON.stringify(body)}`);
  assert.equal(body.errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
}

/** The data, keys in their order, or what a function finds right; and the paths of all errors. */
const answers = (wanted, ...paths) => ({ body }) => {
  if (typeof wanted === 'function') {
    assert.ok(body.data && wanted(body.data), JSON.stringify(body));
  } else {
    assert.equal(JSON.stringify(body.data), JSON.stringify(wanted), JSON.stringify(body));
  }
  assert.deepEqual((body.errors ?? []).map(({ path }) => path?.join('.')), paths, JSON.stringify(body));
};
const keys = (object, ...names) => Object.keys(object).join() === names.join();

/** A document with an item as `$id`, and an input for a comment on it as `$input`. */
const asked = (query) => (server, { commented }) =>
  post(server, { query, variables: { id: commented, input: { itemId: commented, text: 'once' } } });

/** The same, of a mutation that adds one comment; nothing else adds any there. */
const oneComment = (query) => async (server, world) => {
  const count = async () => (await ask(server, COMMENTS, { id: world.commented })).node.comments.nodes.length;
  const before = await count();
  const answer = await asked(query)(server, world);
  assert.equal(await count(), before + 1, `comments were added by ${JSON.stringify(answer.body)}`);
  return answer;
};

const LIST = [
  ['6.3.2', 'fields of one key run once: a mutation that stands twice', oneComment(`mutation($input: AddCommentInput!) {
    addComment(input: $input) { comment { id } } addComment(input: $input) { comment { text } }
  }`), answers(({ addComment: { comment } }) => keys(comment, 'id', 'text'))],
  ['6.3.2', 'fields of one key run once: a fragment that is spread twice', oneComment(
    'mutation($input: AddCommentInput!) { ...F ...F } fragment F on Mutation { addComment(input: $input) { comment { text } } }',
  ), answers({ addComment: { comment: { text: 'once' } } })],
  ['6.4.4', 'a field that failed is null, not left out', asked(
    '{ customer(by: { id: "a" }) { id } viewer { __typename } }',
  ), answers({ customer: null, viewer: { __typename: 'Viewer' } }, 'customer')],
  ['6.4.4', 'null goes up from a field that is never null', asked(
    '{ exportCustomer(customerId: "a") viewer { role } }',
  ), answers(null, 'exportCustomer')],
  ['6.4.4', 'null goes up through lists of what is never null', asked(
    '{ customers(first: 1) { nodes { history(after: "x") { liveCursor } } } }',
  ), answers(null, 'customers.nodes.0.history')],
  ['6.4.4', 'a field that fails and stands twice has one error', asked(
    '{ customer(by: { id: "a" }) { id } customer(by: { id: "a" }) { name } }',
  ), answers({ customer: null }, 'customer')],
  ['7.1.2', 'an error below an interface has its path', asked(
    'mutation($input: AddCommentInput!) { addComment(input: $input) { item { comments(after: "x") { nodes { id } } } } }',
  ), answers({ addComment: { item: null } }, 'addComment.item.comments')],
  ['6.3', 'an object of which nothing is left is {}', asked('{ viewer { role @skip(if: true) } }'), answers({ viewer: {} })],
  ['6.3', 'an object of another type than all conditions is {}', asked(
    'query($id: ID!) { node(id: $id) { ... on Call { callState } } }',
  ), answers({ node: {} })],
  ['6.3.2', 'fields of one key are merged below lists too', asked(
    '{ customers(first: 1) { edges { node { name @skip(if: true) } } edges { node { id } } } }',
  ), answers(({ customers: { edges: [edge] } }) => edge?.node && keys(edge.node, 'id'))],
  ['6.1.2', 'the default of a variable counts in @include', asked(
    'query($d: Boolean! = true) { viewer { __typename @include(if: $d) } }',
  ), answers({ viewer: { __typename: 'Viewer' } })],
  ['6.4.1', 'a variable without a value leaves the argument its default', asked(
    'query($n: Int) { search(query: "", first: $n) { nodes { score } } }',
  ), answers({ search: { nodes: [] } })],
  ['7.2.2', 'keys stand in the order of what is collected', asked(
    '{ viewer { role @skip(if: true) tenant role } }',
  ), answers(({ viewer }) => keys(viewer, 'tenant', 'role'))],
  ['5.3.2', 'fields that merge are compared at every depth', asked('{ viewer { a: role } viewer { a: tenant } }'), refused],
  ['5.6.3', 'an input field stands once', asked(
    '{ mergePreview(input: { customerIds: [], reason: "a", reason: "b" }) { expectedVersion } }',
  ), refused],
  ['5.6.1', 'a string is no enum value', asked('{ customers(orderBy: "NAME_ASC", first: 1) { nodes { id } } }'), refused],
  ['5.8.3', 'a variable of a directive is defined', asked('{ viewer { __typename @include(if: $none) } }'), refused],
  ['5.7.1', 'a directive of __typename exists', asked('{ viewer { __typename @nope } }'), refused],
  ['5.2.4.1', 'a subscription has one root field', asked(
    'subscription { feed { cursor } incomingCalls { call { id } } }',
  ), refused],
  ['5.2.4.1', 'the root of a subscription takes no @include', asked('subscription { feed @include(if: true) { cursor } }'), refused],
  ['2.9.4', '\\u{…} is a character', asked('{ search(query: "\\u{1F697}") { nodes { score } } }'), answers({ search: { nodes: [] } })],
  ['2.9.4', 'two surrogates are a character', asked(
    '{ search(query: "\\uD83D\\uDE97") { nodes { score } } }',
  ), answers({ search: { nodes: [] } })],
  ['2.4', 'operations, variables and fragments may have descriptions', asked(`"who" query Who("how" $d: Boolean! = false) {
    viewer { ...F @skip(if: $d) }
  }
  """what""" fragment F on Viewer { __typename }`), answers({ viewer: { __typename: 'Viewer' } })],
];

/** `{section, says, run, wants}`: what the specification says, how to ask, and what must come. */
export const deviations = LIST.map(([section, says, run, wants]) => ({ section, says, run, wants }));
