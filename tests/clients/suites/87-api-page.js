import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSchema, parse, validate } from 'graphql';
import ts from 'typescript';

import { finished } from '../harness/python.js';
import { startOwnServer } from '../harness/server.js';

const WORK = fileURLToPath(new URL('../.work', import.meta.url));
const PRINTED = '127.0.0.1:8000';
/** What a program prints between two sections. */
const NEXT = '=====';

/** The examples of docs/api.md, each language as one program on a server of its own. */
export const suite = {
  name: 'docs/api.md in curl, TypeScript and Python',
  packages: ['typescript', 'graphql-ws'],
  async run({ server, check }) {
    const page = readFileSync(join(server.root, 'docs/api.md'), 'utf8');
    const sections = page.split('\n## ').slice(1).map(read).filter(({ answers }) => answers.length > 0);
    const documents = sections.flatMap(({ blocks }) => blocks.filter(({ language }) => language === 'graphql').map(({ text }) => text));

    await check('the documents fit the schema', async () => {
      const schema = buildSchema(server.schemaText);
      assert.ok(documents.length >= sections.length);
      for (const text of documents) {
        assert.deepEqual(validate(schema, parse(text)), [], text);
      }
    });
    await check('each task is shown in all three', async () => {
      for (const { title, blocks } of sections) {
        const shown = blocks.map(({ language }) => language).filter((language) => language in LANGUAGES);
        assert.deepEqual(shown, Object.keys(LANGUAGES), title);
      }
    });

    mkdirSync(WORK, { recursive: true });
    for (const [language, { name, program }] of Object.entries(LANGUAGES)) {
      const own = await startOwnServer();
      try {
        const told = await check(`${name} runs`, () => output(program(sections, documents.map(constant)), own), 120);
        if (told === undefined) {
          continue;
        }
        const printed = told.split(`${NEXT}\n`);
        for (const [n, { title, answers }] of sections.entries()) {
          await check(`${name}: ${title}`, async () => {
            const said = (printed[n] ?? '').split('\n').filter(Boolean).map((line) => JSON.parse(line));
            const bare = language === 'sh' ? said.map(({ data, errors }) => (assert.equal(errors, undefined, JSON.stringify(errors)), data)) : said;
            assert.deepEqual(bare.map((answer, at) => alike(answer, answers[at])), answers);
          });
        }
      } finally {
        await own.stop();
      }
    }
  },
};

/** How a program is made of the page's blocks: its constants hold the documents. */
const LANGUAGES = {
  sh: {
    name: 'curl',
    program(sections, constants) {
      const text = [
        'set -eu',
        ...constants.map(({ name, text }) => `${name}='${text}'`),
        ...sections.flatMap((section) => [block(section, 'sh'), `echo ${NEXT}`]),
      ];
      return { command: 'bash', file: 'api.sh', text: text.join('\n') };
    },
  },
  ts: {
    name: 'TypeScript',
    program(sections, constants) {
      const blocks = sections.flatMap((section) => [block(section, 'ts'), `console.log('${NEXT}');`]).join('\n');
      const imports = blocks.match(/^import .*$/gm) ?? [];
      const text = [...imports, ...constants.map(({ name, text }) => `const ${name} = ${JSON.stringify(text)};`), blocks.replace(/^import .*$/gm, '')].join('\n');
      writeFileSync(join(WORK, 'api.ts'), `${text}\nexport {};\n`);
      typecheck(join(WORK, 'api.ts'));
      const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } });
      return { command: process.execPath, file: 'api.mjs', text: outputText };
    },
  },
  python: {
    name: 'Python',
    program(sections, constants) {
      const text = [
        ...constants.map(({ name, text }) => `${name} = """${text}"""`),
        ...sections.flatMap((section) => [block(section, 'python'), `print("${NEXT}")`]),
      ];
      return { command: 'python3', file: 'api.py', text: text.join('\n') };
    },
  },
};

/** What a program prints, which must end well. */
async function output({ command, file, text }, server) {
  const path = join(WORK, file);
  writeFileSync(path, text.replaceAll(PRINTED, new URL(server.origin).host));
  const token = server.adminHeaders.authorization.replace('Bearer ', '');
  const { code, output: printed } = await finished(command, [path], { env: { PATH: process.env.PATH, HOME: process.env.HOME, RAPPORT_TOKEN: token } });
  assert.equal(code, 0, printed.slice(-1_500));
  return printed;
}

function typecheck(file) {
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    types: ['node'],
  });
  const problems = ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  assert.deepEqual(problems, []);
}

/** A section of the page: its title, its blocks and the answers that it prints. */
function read(section) {
  const blocks = [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({ language, text }));
  const answers = blocks.filter(({ language }) => language === 'json').flatMap(({ text }) => text.split(/\n(?=\{)/).map((one) => JSON.parse(one)));
  return { title: section.split('\n')[0], blocks, answers };
}

const block = ({ blocks }, wanted) => blocks.find(({ language }) => language === wanted).text;

/** The name by which the page's calls speak of a document: `WhoAmI` is WHO_AM_I. */
function constant(text) {
  const [definition] = parse(text).definitions;
  return { name: definition.name.value.replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_').toUpperCase(), text: text.trim() };
}

/** The answer, with `…` where the page has that. */
function alike(answer, printed) {
  if (printed === '…') {
    assert.ok(answer !== undefined && answer !== null && answer !== '');
    return '…';
  }
  if (Array.isArray(answer) && Array.isArray(printed)) {
    return answer.map((one, n) => alike(one, printed[n]));
  }
  if (answer && printed && typeof answer === 'object' && typeof printed === 'object') {
    return Object.fromEntries(Object.entries(answer).map(([key, inner]) => [key, alike(inner, printed[key])]));
  }
  return answer;
}
