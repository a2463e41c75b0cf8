import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from '@graphql-codegen/cli';
import ts from 'typescript';

import { ask, newPerson, operationNames } from '../harness/api.js';

const here = fileURLToPath(new URL('..', import.meta.url));

/** graphql-codegen's client preset over schema.graphql and the clients' documents, compiled by TypeScript. */
export const suite = {
  name: 'graphql-codegen, client preset',
  packages: ['@graphql-codegen/cli', '@graphql-codegen/client-preset', 'typescript'],
  async run({ server, check }) {
    // Inside this folder, so that TypeScript finds the packages.
    const folder = mkdtempSync(join(here, '.work-'));
    try {
      await generated({ server, check, folder });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function generated({ server, check, folder }) {
  await check('types of every document are generated', async () => {
    await generate(
      {
        schema: server.schemaFile,
        documents: join(here, 'documents.graphql'),
        silent: true,
        generates: {
          [`${folder}/`]: {
            preset: 'client',
            presetConfig: { persistedDocuments: true },
            config: { scalars: { ContactNumber: 'number', DateTime: 'string', EmailAddress: 'string', JSON: 'unknown', PhoneNumber: 'string', URL: 'string' }, strictScalars: true },
          },
        },
      },
      true,
    );
    const text = readFileSync(join(folder, 'graphql.ts'), 'utf8');
    for (const name of operationNames) {
      assert.match(text, new RegExp(`export const ${name}Document`));
    }
  });

  await check('strict TypeScript takes them, and refuses a field that is not there', async () => {
    const use = (field) => `
      import type { ResultOf } from '@graphql-typed-document-node/core';
      import { CustomerPageDocument } from './graphql';
      type Page = ResultOf<typeof CustomerPageDocument>;
      export const show = (page: Page): string | null | undefined => page.customer?.${field};
    `;
    assert.deepEqual(compile(folder, use('primaryEmail')), []);
    assert.match(compile(folder, use('primaryMail')).join(), /primaryMail/);
  });

  await check('every persisted document of the manifest runs', async () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'persisted-documents.json'), 'utf8'));
    const person = await newPerson(server);
    const variables = { by: person.by, first: 3, q: person.email, phone: '+14155550100', input: { email: person.email }, inputs: [] };
    const documents = Object.values(manifest);
    assert.equal(documents.length, operationNames.length);
    for (const document of documents.filter((text) => !text.startsWith('subscription'))) {
      const taken = Object.fromEntries(Object.entries(variables).filter(([name]) => new RegExp(`\\$${name}\\b`).test(document)));
      await ask(server, document, taken);
    }
  });
}

function compile(folder, source) {
  const file = join(folder, 'use.ts');
  writeFileSync(file, source);
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
  });
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}
