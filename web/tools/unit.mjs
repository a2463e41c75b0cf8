// Runs the unit tests of src: bundled for Node, then by its own test runner.

import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = `${root}.work/unit`;
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const entryPoints = readdirSync(`${root}src`, { recursive: true })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `${root}src/${name}`);
await build({ entryPoints, outdir: out, bundle: true, platform: 'node', format: 'esm', outExtension: { '.js': '.mjs' }, target: 'node20', packages: 'external', logLevel: 'error' });
const files = readdirSync(out, { recursive: true }).filter((name) => name.endsWith('.test.mjs')).map((name) => `${out}/${name}`);
const { status } = spawnSync(process.execPath, ['--test', ...files], { stdio: 'inherit', cwd: root });
process.exit(status ?? 1);
