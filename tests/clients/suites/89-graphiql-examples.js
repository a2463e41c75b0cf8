import assert from 'node:assert/strict';
import { buildSchema, parse } from 'graphql';

import { examples } from '../../../src/http/graphiql/build/src/examples.js';
import { startOwnServer } from '../harness/server.js';

/** Where an example's placeholder `an id of <example>` finds its id: in the answer of that example. */
const IDS = {
  Customers: ({ customers }) => customers.nodes[0].id,
  Record: ({ recordEngagements }) => recordEngagements.results[0].item.id,
  Comment: ({ addComment }) => addComment.comment.id,
  CustomerPage: ({ customer }) => customer.identities.nodes[0].id,
  MergeCustomers: ({ mergeCustomers }) => mergeCustomers.merges[0].id,
  UndoMerge: ({ undoMerge }) => undoMerge.keptApart[0].id,
  Sources: ({ sources }) => sources.nodes.find(({ kind }) => kind === 'WEBHOOK').id,
};
/** What a demo has none of. */
const MISSING = ['EndCall', 'ResolveLinkReview'];

/** Every example of GraphiQL, on a server of its own that nothing else looks at. */
export const suite = {
  name: "GraphiQL's examples, one for every root field",
  packages: ['graphql'],
  async run({ server, check }) {
    const schema = buildSchema(server.schemaText);
    const operations = examples.flatMap(({ query, variables }) =>
      parse(query).definitions.map((definition) => ({ query, variables, definition, name: definition.name.value })),
    );

    await check('every root field has one', async () => {
      const shown = new Set(operations.flatMap(({ definition }) => definition.selectionSet.selections.map(({ name }) => `${definition.operation}.${name.value}`)));
      const roots = { query: schema.getQueryType(), mutation: schema.getMutationType(), subscription: schema.getSubscriptionType() };
      const fields = Object.entries(roots).flatMap(([operation, type]) => Object.keys(type.getFields()).map((field) => `${operation}.${field}`));
      assert.ok(fields.length > 30);
      assert.deepEqual(fields.filter((field) => !shown.has(field)), []);
    });

    const own = await startOwnServer();
    try {
      const answers = {};
      for (const { query, variables, definition, name } of operations) {
        if (definition.operation === 'subscription') {
          continue;
        }
        await check(`${name} does what it says`, async () => {
          const response = await fetch(own.url, {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...own.adminHeaders },
            body: JSON.stringify({ query, operationName: name, variables: await filled(variables, answers, own) }),
          });
          const { data, errors } = await response.json();
          answers[name] = data;
          if (MISSING.includes(name)) {
            const code = errors?.[0].extensions.code ?? Object.values(data)[0].userErrors[0].code;
            assert.match(code, /^(INVALID|INVALID_ARGUMENT|NOT_FOUND)$/);
          } else {
            assert.deepEqual(errors ?? [], []);
            assert.deepEqual(userErrors(data), []);
          }
        });
      }
    } finally {
      await own.stop();
    }
  },
};

/** Variables with ids instead of their placeholders. */
async function filled(variables, answers, server) {
  const known = (of) => (answers[of] && IDS[of] ? IDS[of](answers[of]) : undefined);
  const others = await people(server);
  const replace = (value) => {
    if (Array.isArray(value)) {
      return value.map(replace);
    }
    if (value && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replace(inner)]));
    }
    const of = typeof value === 'string' && value.match(/^an id of (\w+)$/)?.[1];
    return of ? (known(of) ?? value) : value === 'another one' ? others.find((id) => id !== known('Customers')) : value;
  };
  const all = replace(variables);
  // Whose identity is split off must be its customer.
  if (all.split) {
    all.split.customerId = answers.CustomerPage.customer.id;
  }
  return all;
}

async function people(server) {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...server.adminHeaders },
    body: JSON.stringify({ query: '{ customers(first: 50, orderBy: CREATED_DESC) { nodes { id } } }' }),
  });
  return (await response.json()).data.customers.nodes.map(({ id }) => id);
}

/** Every `userErrors` anywhere in an answer. */
function userErrors(value) {
  if (Array.isArray(value)) {
    return value.flatMap(userErrors);
  }
  if (value && typeof value === 'object') {
    return Object.entries(value).flatMap(([key, inner]) => (key === 'userErrors' ? inner : userErrors(inner)));
  }
  return [];
}
