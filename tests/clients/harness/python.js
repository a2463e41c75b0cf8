// Python with packages of PyPI, in a folder of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../.work-python', import.meta.url));

export const program = (name) => join(FOLDER, 'bin', name);

/** Sees to it that this package, such as `name==1.0`, is there. */
export async function install(wanted) {
  if (!existsSync(program('python'))) {
    const made = await finished('python3', ['-m', 'venv', '--clear', FOLDER]);
    if (made.code !== 0) {
      throw new Error(`Python 3 with its venv module must be there (python3 -m venv): ${made.output}`);
    }
  }
  const pip = ['-m', 'pip', '--quiet', '--disable-pip-version-check'];
  const there = await finished(program('python'), [...pip, 'freeze']);
  if (there.code === 0 && there.output.split('\n').includes(wanted)) {
    return;
  }
  const got = await finished(program('python'), [...pip, 'install', wanted]);
  if (got.code !== 0) {
    throw new Error(`${wanted} must be there, or pip must reach PyPI to install it: ${got.output.slice(-200)}`);
  }
}

/** Runs a program to its end: its exit code, and all that it wrote. */
export async function finished(command, words, options = {}) {
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => (output += text));
  }
  try {
    const [code] = await once(child, 'close');
    return { code, output };
  } catch (problem) {
    return { code: -1, output: problem.message };
  }
}
