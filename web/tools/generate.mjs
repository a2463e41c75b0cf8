// Makes src/generated from ../schema.graphql and src/documents: types by graphql-codegen, one typed string for each
// operation (those of the admins' screens in a file of their own, which the page loads with these), and the manifest of
// persisted documents. With --check it writes nothing and fails where a file differs.

import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as operations from '@graphql-codegen/typescript-operations';
import { buildASTSchema, concatAST, Kind, parse, print, stripIgnoredCharacters, validate, visit } from 'graphql';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Documents of the admins' screens alone. */
const ADMIN = ['admin.graphql', 'sources.graphql'];

const here = (name) => new URL(`../${name}`, import.meta.url);
const read = (name) => readFileSync(here(name), 'utf8');

/** Names of the fragments that a definition spreads, with those inside them. */
function fragmentsOf(definition, fragments, found = new Set()) {
  visit(definition, {
    FragmentSpread({ name }) {
      if (!found.has(name.value)) {
        found.add(name.value);
        fragmentsOf(fragments.get(name.value), fragments, found);
      }
    },
  });
  return found;
}

const schemaNode = parse(read('../schema.graphql'));
const schema = buildASTSchema(schemaNode);
const sources = readdirSync(here('src/documents')).filter((name) => name.endsWith('.graphql')).sort();
const documents = sources.map((name) => ({ location: name, document: parse(read(`src/documents/${name}`)) }));
const whole = concatAST(documents.map(({ document }) => document));
const wrong = validate(schema, whole);
if (wrong.length > 0) {
  wrong.forEach((problem) => console.error(String(problem)));
  process.exit(1);
}

const config = {
  enumsAsTypes: true,
  useTypeImports: true,
  skipTypename: true,
  avoidOptionals: { field: true, inputValue: false, object: false, defaultValue: false },
  onlyOperationTypes: true,
  dedupeFragments: true,
  strictScalars: true,
  scalars: Object.fromEntries(
    ['DateTime', 'EmailAddress', 'PhoneNumber', 'URL'].map((name) => [name, 'string']).concat([['ContactNumber', 'number'], ['JSON', 'unknown']]),
  ),
};
const types = await codegen({
  filename: 'types.ts',
  schema: schemaNode,
  documents,
  config,
  plugins: [{ typescript: {} }, { operations: {} }],
  pluginMap: { typescript, operations },
});

const fragments = new Map();
const named = [];
const ofAdmins = new Set();
for (const { location, document } of documents) {
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    } else {
      named.push(definition);
    }
    if (ADMIN.includes(location)) ofAdmins.add(definition);
  }
}
const small = (definition) => stripIgnoredCharacters(print(definition));
const manifest = {};
const lines = [];
const adminLines = [];
const shared = new Set();
const suffix = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' };
for (const operation of named) {
  const used = [...fragmentsOf(operation, fragments)].sort();
  const text = [operation, ...used.map((name) => fragments.get(name))].map(small).join(' ');
  manifest[createHash('sha256').update(text).digest('hex')] = text;
  const type = `T.${operation.name.value}${suffix[operation.operation]}`;
  const parts = [`'${small(operation).replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`, ...used.map((name) => `fragment${name}`)];
  if (ofAdmins.has(operation)) used.filter((name) => !ofAdmins.has(fragments.get(name))).forEach((name) => shared.add(name));
  (ofAdmins.has(operation) ? adminLines : lines).push(`export const ${operation.name.value} = typed<${type}, ${type}Variables>(\n  ${parts.join(",\n  ")},\n);`);
}
const texts = (admin) =>
  [...fragments.values()]
    .filter((definition) => ofAdmins.has(definition) === admin)
    .map((definition) => `${shared.has(definition.name.value) ? 'export ' : ''}const fragment${definition.name.value} =\n  '${small(definition)}';`);
const head = '// Made by tools/generate.mjs from src/documents and schema.graphql; never edited.\n';
const made = new Map([
  ['src/generated/types.ts', `${head}\n${types.trim()}\n`],
  [
    'src/generated/documents.ts',
    [
      head,
      "import { typed } from '../state/document';",
      "import type * as T from './types';",
      '',
      ...texts(false),
      '',
      lines.join('\n\n'),
      '',
    ].join('\n'),
  ],
  [
    'src/generated/admin.ts',
    [
      head,
      "import { typed } from '../state/document';",
      `import { ${[...shared].sort().map((name) => `fragment${name}`).join(', ')} } from './documents';`,
      "import type * as T from './types';",
      '',
      ...texts(true),
      '',
      adminLines.join('\n\n'),
      '',
    ].join('\n'),
  ],
  ['dist/manifest.json', `${JSON.stringify(manifest, null, 1)}\n`],
]);
mkdirSync(here('dist'), { recursive: true });
for (const [name, text] of made) {
  if (process.argv.includes('--check')) {
    if (!existsSync(here(name)) || read(name) !== text) {
      console.error(`${name} is not what schema and documents give: run npm run build and commit it`);
      process.exitCode = 1;
    }
  } else {
    writeFileSync(here(name), text);
  }
}
