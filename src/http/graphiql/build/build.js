// Bundles src/page.js into ../app.js.gz and ../app.css.gz, and the licences of what went in into ../THIRD-PARTY.txt.
// With --check it writes nothing and fails where the repository's files differ.

import { build } from 'esbuild';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';

const outside = (name) => new URL(`../${name}`, import.meta.url);

/** GraphiQL's style sheet carries its fonts; the page uses the system's. */
const withoutFonts = {
  name: 'without-fonts',
  setup({ onLoad }) {
    onLoad({ filter: /graphiql\.css$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/@font-face\s*\{[^}]*\}/g, ''),
      loader: 'css',
    }));
  },
};

/**
 * The editor of variables marks what is right: a field that may be left out because its default is `false`, and
 * an object where the scalar JSON is asked for.
 */
const REPAIRS = [
  ['!field.defaultValue)', 'field.defaultValue === undefined)'],
  ['if ((type instanceof GraphQLEnumType ||', "if (type.name !== 'JSON' && (type instanceof GraphQLEnumType ||"],
];
const withRepairs = {
  name: 'with-repairs',
  setup({ onLoad }) {
    onLoad({ filter: /codemirror-graphql\/esm\/variables\/lint\.js$/ }, ({ path }) => {
      const contents = REPAIRS.reduce((text, [wrong, right]) => {
        if (text.split(wrong).length !== 2) {
          throw new Error(`${path} is another one now: is ${wrong} still wrong?`);
        }
        return text.replace(wrong, right);
      }, readFileSync(path, 'utf8'));
      return { contents, loader: 'js' };
    });
  },
};

const result = await build({
  entryPoints: { app: 'src/page.js' },
  outdir: 'dist',
  write: false,
  bundle: true,
  minify: true,
  metafile: true,
  format: 'iife',
  target: 'es2020',
  legalComments: 'none',
  define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
  plugins: [withoutFonts, withRepairs],
});

const folders = new Set(
  Object.keys(result.metafile.inputs)
    .map((path) => path.match(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0])
    .filter(Boolean),
);
const notices = [...folders].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(`${folder}/${file}`, 'utf8').trim() : `(${license}; the package carries no text)`;
  return `${name} ${version} (${license})\n\n${text}\n`;
});

const made = new Map(result.outputFiles.map(({ path, contents }) => [`app.${path.split('.').pop()}.gz`, Buffer.from(contents)]));
made.set('THIRD-PARTY.txt', Buffer.from(notices.join(`\n${'-'.repeat(80)}\n\n`)));

for (const [name, contents] of made) {
  const packed = name.endsWith('.gz');
  if (process.argv.includes('--check')) {
    // The contents count: another Node may compress the same contents differently.
    const kept = readFileSync(outside(name));
    if (!contents.equals(packed ? gunzipSync(kept) : kept)) {
      console.error(`${name} is not what the sources give: run npm run build and commit it`);
      process.exitCode = 1;
    }
  } else {
    const bytes = packed ? gzipSync(contents, { level: 9 }) : contents;
    writeFileSync(outside(name), bytes);
    console.log(`${name}: ${contents.length} bytes, ${bytes.length} written`);
  }
}
