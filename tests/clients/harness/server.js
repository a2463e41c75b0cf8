// The server under test: the one at RAPPORT_URL, or an own one from RAPPORT_BIN on a free port with an empty store and
// an own Redis.

import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(new URL('../../../', import.meta.url)));
const START_SECONDS = 60;

/** Everything a suite may need to know about the server. */
class Server {
  constructor({ origin, token, adminToken, redisUrl, greeting, stop }) {
    this.origin = origin;
    this.url = `${origin}/graphql`;
    this.socketUrl = this.url.replace(/^http/, 'ws');
    this.token = token;
    this.headers = token ? { authorization: `Bearer ${token}` } : {};
    this.adminHeaders = adminToken ? { authorization: `Bearer ${adminToken}` } : this.headers;
    this.redisUrl = redisUrl;
    this.greeting = greeting;
    this.stop = stop;
    this.schemaFile = process.env.RAPPORT_SCHEMA ?? join(root, 'schema.graphql');
    this.examples = process.env.RAPPORT_EXAMPLES ?? join(root, 'target/debug/examples');
    this.root = root;
  }

  get schemaText() {
    return readFileSync(this.schemaFile, 'utf8');
  }
}

export async function startServer() {
  if (process.env.RAPPORT_URL) {
    const origin = process.env.RAPPORT_URL.replace(/\/(graphql)?\/?$/, '');
    await answering(origin, () => null);
    const { RAPPORT_TOKEN: token, RAPPORT_ADMIN_TOKEN: adminToken, REDIS_URL: redisUrl } = process.env;
    return new Server({ origin, token, adminToken, redisUrl, stop: async () => {} });
  }
  return startOwnServer();
}

/** A server with an empty store, an own Redis and, where wanted, more settings. */
export async function startOwnServer(settings = {}) {
  const binary = resolve(process.env.RAPPORT_BIN ?? join(root, 'target/debug/rapport'));
  if (!existsSync(binary)) {
    throw new Error(`${binary} is missing: cargo build, or set RAPPORT_BIN or RAPPORT_URL`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'rapport-clients-'));
  const redis = await startRedis(folder);
  const listen = settings.RAPPORT_LISTEN ?? `127.0.0.1:${await freePort()}`;
  const origin = `http://${listen}`;
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    DATABASE_URL: `sqlite://${join(folder, 'rapport.db')}`,
    REDIS_URL: redis.url,
    RAPPORT_LISTEN: listen,
    RAPPORT_JWT_HS256_SECRET: randomBytes(32).toString('hex'),
    RAPPORT_ENV: 'development',
    // The suites together send more than one token is allowed at once.
    RAPPORT_RATE_PER_SECOND: '0',
    ...settings,
  };
  const child = spawn(binary, ['serve', '--demo'], { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => (log = (log + text).slice(-20_000)));
  }
  // What it says at its start, before it is asked for anything.
  let said = '';
  child.stdout.on('data', (text) => (said = (said + text).slice(0, 50_000)));
  const stop = async (signal) => {
    await ended(child, signal);
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await answering(origin, () => child.exitCode);
    const tokenOf = (role) =>
      execFileSync(binary, ['token', '--tenant', 'demo', '--role', role, '--subject', 'clients', '--expires-in', '1h'], { env, cwd: folder, encoding: 'utf8' }).trim();
    return new Server({ origin, token: tokenOf('agent'), adminToken: tokenOf('admin'), redisUrl: redis.url, greeting: () => said, stop });
  } catch (problem) {
    await stop();
    throw new Error(`${problem.message}\n${log}`);
  }
}

async function startRedis(folder) {
  const port = await freePort();
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder], { stdio: 'ignore' });
  const failed = once(child, 'error').then(([problem]) => Promise.reject(new Error(`redis-server: ${problem.message}`)));
  failed.catch(() => {});
  await Promise.race([failed, poll('Redis', () => child.exitCode, () => connects(port))]);
  return { url: `redis://127.0.0.1:${port}/`, stop: () => ended(child) };
}

/** A port that was free a moment ago. */
export async function freePort() {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address();
  listener.close();
  await once(listener, 'close');
  return port;
}

export async function ended(child, signal = 'SIGTERM') {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    const exit = once(child, 'exit');
    child.kill(signal);
    const killer = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await exit;
    clearTimeout(killer);
  }
}

function connects(port) {
  return new Promise((done) => {
    const socket = createConnection(port, '127.0.0.1', () => {
      socket.destroy();
      done(true);
    });
    socket.on('error', () => done(false));
  });
}

const answering = (origin, exitCode) =>
  poll(origin, exitCode, () => fetch(`${origin}/readyz`).then(({ ok }) => ok, () => false));

/** Asks until it is there; the process behind it must not have ended meanwhile. */
async function poll(what, exitCode, ready) {
  const end = Date.now() + START_SECONDS * 1000;
  while (!(await ready())) {
    if (exitCode() !== null) {
      throw new Error(`${what} did not start: exit code ${exitCode()}`);
    }
    if (Date.now() > end) {
      throw new Error(`${what} does not answer`);
    }
    await new Promise((next) => setTimeout(next, 100));
  }
}
