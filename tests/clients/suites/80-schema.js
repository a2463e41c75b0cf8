import assert from 'node:assert/strict';
import plugin from '@graphql-eslint/eslint-plugin';
import { ESLint } from 'eslint';
import { buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, parse, printSchema, validate } from 'graphql';

import { examples } from '../../../src/http/graphiql/build/src/examples.js';
import { ask, operation, operationNames } from '../harness/api.js';

const RULES = {
  'require-description': { types: true, FieldDefinition: true, InputValueDefinition: true, EnumValueDefinition: true, DirectiveDefinition: true },
  'relay-connection-types': undefined,
  'relay-edge-types': { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
  'relay-arguments': { includeBoth: false },
  'relay-page-info': undefined,
  'no-hashtag-description': undefined,
  'no-unreachable-types': undefined,
  'require-deprecation-reason': undefined,
  'unique-enum-value-names': undefined,
  'no-scalar-result-type-on-mutation': undefined,
};

/** The SDL spells out GraphQL's own directives, which no type of it reaches and whose arguments nobody describes. */
const BUILT_IN = /^Directive `(deprecated|include|oneOf|skip|specifiedBy)` is unreachable|in directive "(deprecated|include|skip|specifiedBy)"$/;

/** schema.graphql as tools see it: linted, the same as introspection tells, and fit for the documents in use. */
export const suite = {
  name: 'Schema, lint and drift',
  packages: ['@graphql-eslint/eslint-plugin', 'graphql'],
  async run({ server, check }) {
    for (const [rule, options] of Object.entries(RULES)) {
      await check(`lint: ${rule}`, async () => assert.deepEqual(await lint(server, rule, options), []));
    }

    const sorted = (schema) => printSchema(lexicographicSortSchema(schema));
    await check('introspection tells what schema.graphql says', async () => {
      const told = buildClientSchema(await ask(server, getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true, oneOf: true })));
      assert.equal(sorted(told), sorted(buildSchema(server.schemaText)));
    });

    const schema = buildSchema(server.schemaText);
    for (const name of operationNames) {
      await check(`documents.graphql: ${name} fits`, async () => assert.deepEqual(validate(schema, parse(operation(name))), []));
    }
    for (const { query } of examples) {
      const document = parse(query);
      await check(`GraphiQL's tab ${document.definitions[0].name.value} fits`, async () => assert.deepEqual(validate(schema, document), []));
    }
  },
};

async function lint(server, rule, options) {
  const eslint = new ESLint({
    cwd: server.schemaFile.replace(/\/[^/]*$/, ''),
    overrideConfigFile: true,
    overrideConfig: [
      {
        files: ['**/*.graphql'],
        plugins: { '@graphql-eslint': plugin },
        languageOptions: { parser: plugin.parser, parserOptions: { graphQLConfig: { schema: server.schemaFile } } },
        rules: { [`@graphql-eslint/${rule}`]: options ? ['error', options] : 'error' },
      },
    ],
  });
  const results = await eslint.lintFiles([server.schemaFile]);
  assert.equal(results.length, 1, 'the schema was not linted');
  return results[0].messages.filter(({ message }) => !BUILT_IN.test(message)).map(({ line, message }) => `${line}: ${message}`);
}
