// Bundles src into dist: app.js.gz and app.core.js.gz, which the page begins with, app.admin.js.gz, which it loads with the
// first screen that is for admins, app.css.gz and sw.js.gz, page.html with the names of what it needs, the icons, and the
// licences of what went in. With --check it writes nothing and fails where a file of dist differs.

import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';

const here = (name) => new URL(`../${name}`, import.meta.url);
const check = process.argv.includes('--check');

const common = {
  outdir: 'dist',
  absWorkingDir: new URL('..', import.meta.url).pathname,
  write: false,
  bundle: true,
  minify: true,
  metafile: true,
  target: 'es2023',
  legalComments: 'none',
  charset: 'utf8',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  format: 'iife',
  define: { 'process.env.NODE_ENV': '"production"' },
};
const results = await Promise.all([
  build({ ...common, entryPoints: { app: 'src/main.tsx' }, format: 'esm', splitting: true, chunkNames: '[name]' }),
  build({ ...common, entryPoints: { style: 'src/app.css' } }),
  build({ ...common, entryPoints: { sw: 'src/sw.ts' } }),
]);
const output = (ending) => Buffer.from(results.flatMap(({ outputFiles }) => outputFiles).find(({ path }) => path.endsWith(ending)).contents);
const [style, worker] = [output('style.css'), output('sw.js')];

/** The name under which the server keeps a file for ever. */
const named = (contents, kind) => `app-${createHash('sha256').update(contents).digest('hex').slice(0, 16)}.${kind}`;

// The scripts name each other: whoever is named gets its name first.
const chunks = new Map(results[0].outputFiles.map(({ path, contents }) => [path.split('/').pop(), Buffer.from(contents)]));
if ([...chunks.keys()].sort().join() !== 'admin.js,app.js,chunk.js') {
  console.error(`the scripts are ${[...chunks.keys()].join(', ')}, and not the three that the server knows`);
  process.exit(1);
}
const renamed = (contents, names) => {
  let text = contents.toString();
  for (const [own, name] of Object.entries(names)) {
    if (!text.includes(`"./${own}"`)) throw new Error(`a script does not name ${own}`);
    text = text.replaceAll(`"./${own}"`, `"./${name}"`);
  }
  return Buffer.from(text);
};
const core = chunks.get('chunk.js');
const coreName = named(core, 'core.js');
const admin = renamed(chunks.get('admin.js'), { 'chunk.js': coreName });
const adminName = named(admin, 'admin.js');
const script = renamed(chunks.get('app.js'), { 'chunk.js': coreName, 'admin.js': adminName });

const folders = new Set(
  results
    .flatMap(({ metafile }) => Object.keys(metafile.inputs))
    .map((path) => path.match(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0])
    .filter(Boolean),
);
const notices = [...folders].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(here(`${folder}/package.json`), 'utf8'));
  const file = readdirSync(here(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(here(`${folder}/${file}`), 'utf8').trim() : `(${license}; the package carries no text)`;
  return `${name} ${version} (${license})\n\n${text}\n`;
});

const page = readFileSync(here('src/page.html'), 'utf8').replace('{js}', named(script, 'js')).replace('{core}', coreName).replace('{css}', named(style, 'css'));
const made = new Map([
  ['app.js.gz', script],
  ['app.core.js.gz', core],
  ['app.admin.js.gz', admin],
  ['app.css.gz', style],
  ['sw.js.gz', worker],
  ['page.html', Buffer.from(page)],
  ['manifest.webmanifest', readFileSync(here('src/manifest.webmanifest'))],
  ['THIRD-PARTY.txt', Buffer.from(notices.join(`\n${'-'.repeat(80)}\n\n`))],
  ...readdirSync(here('src/icons')).map((name) => [`icons/${name}`, readFileSync(here(`src/icons/${name}`))]),
]);

mkdirSync(here('dist/icons'), { recursive: true });
for (const [name, contents] of made) {
  const packed = name.endsWith('.gz');
  const file = here(`dist/${name}`);
  if (check) {
    // The contents count: another Node may compress the same contents differently.
    const kept = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    if (!contents.equals(packed && kept.length > 0 ? gunzipSync(kept) : kept)) {
      console.error(`dist/${name} is not what the sources give: run npm run build and commit it`);
      process.exitCode = 1;
    }
  } else {
    const bytes = packed ? gzipSync(contents, { level: 9 }) : contents;
    writeFileSync(file, bytes);
    console.log(`${name}: ${contents.length} bytes, ${bytes.length} written`);
  }
}
if (check) {
  const strange = readdirSync(here('dist'), { recursive: true }).filter((name) => name !== 'manifest.json' && name !== 'icons' && !made.has(name));
  if (strange.length > 0) {
    console.error(`dist has what the sources do not give: ${strange.join(', ')}`);
    process.exitCode = 1;
  }
}

const weight = ['app.js.gz', 'app.core.js.gz', 'app.css.gz'].reduce((sum, name) => sum + readFileSync(here(`dist/${name}`)).length, 0);
console.log(`script and style: ${(weight / 1000).toFixed(1)} kB gzip, ${folders.size} packages`);
if (weight > 62_000 || folders.size > 6) {
  console.error('that is more than the page may weigh: 62 kB gzip, 6 packages');
  process.exitCode = 1;
}
