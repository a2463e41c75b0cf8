// A rapport of the tests: started on a free port with an empty store, killed, frozen and started again.

import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(new URL('../../../', import.meta.url)));
const START_SECONDS = 60;

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export class Rapport {
  /** With `demo`, requests without a token are an agent's, and there are sample people with live traffic. */
  static async start({ demo = false, env = {} } = {}) {
    const binary = resolve(process.env.RAPPORT_BIN ?? join(root, 'target/debug/rapport'));
    if (!existsSync(binary)) {
      throw new Error(`${binary} is missing: cargo build, or set RAPPORT_BIN`);
    }
    const rapport = new Rapport();
    rapport.binary = binary;
    rapport.demo = demo;
    rapport.folder = mkdtempSync(join(tmpdir(), 'rapport-web-'));
    rapport.port = await freePort();
    rapport.origin = `http://127.0.0.1:${rapport.port}`;
    rapport.env = {
      PATH: process.env.PATH,
      HOME: rapport.folder,
      DATABASE_URL: `sqlite://${join(rapport.folder, 'rapport.db')}`,
      RAPPORT_LISTEN: `127.0.0.1:${rapport.port}`,
      RAPPORT_JWT_HS256_SECRET: randomBytes(32).toString('hex'),
      RAPPORT_ENV: 'development',
      RAPPORT_LOG: 'warn',
      ...env,
    };
    await rapport.run();
    rapport.admin = rapport.token('admin');
    rapport.agent = rapport.token('agent');
    return rapport;
  }

  async run() {
    this.log = '';
    this.child = spawn(this.binary, this.demo ? ['serve', '--demo'] : ['serve'], { env: this.env, cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.on('data', (text) => (this.log = (this.log + text).slice(-20_000)));
    }
    const until = Date.now() + START_SECONDS * 1000;
    for (;;) {
      if (this.child.exitCode !== null) throw new Error(`rapport ended:\n${this.log}`);
      const answer = await fetch(`${this.origin}/healthz`).catch(() => null);
      if (answer?.ok) return;
      if (Date.now() > until) throw new Error(`rapport does not answer:\n${this.log}`);
      await new Promise((next) => setTimeout(next, 50));
    }
  }

  token(role, { subject = role, expiresIn = '2h', tenant = 'demo' } = {}) {
    const words = ['token', '--tenant', tenant, '--role', role, '--subject', subject, '--expires-in', expiresIn];
    return execFileSync(this.binary, words, { env: this.env, cwd: this.folder, encoding: 'utf8' }).trim();
  }

  async ask(query, variables = {}, token = this.admin) {
    const response = await fetch(`${this.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  async kill() {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  async stop() {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGKILL');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
