// The development server: dist as the binary serves it, and everything else passed on to a running rapport.
//
//   node tools/serve.mjs [port] [address of rapport]

import { readFileSync, readdirSync, watch } from 'node:fs';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);

const POLICY = [
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'",
  "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "require-trusted-types-for 'script'; trusted-types rapport",
].join('; ');

const TYPES = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  webmanifest: 'application/manifest+json',
};

/** By the name under which a file is found below /app/. */
function files() {
  const found = new Map();
  for (const name of readdirSync(dist, { recursive: true })) {
    const plain = name.replace(/\.gz$/, '');
    const type = TYPES[plain.split('.').pop()];
    if (!type || !name.includes('.')) continue;
    const stored = readFileSync(new URL(name, dist));
    const packed = name.endsWith('.gz');
    const contents = packed ? gunzipSync(stored) : stored;
    const hash = createHash('sha256').update(contents).digest('hex').slice(0, 16);
    const keep = plain.startsWith('app.');
    const address = keep ? `assets/app-${hash}.${plain.slice(4)}` : plain;
    found.set(address, { type, stored, packed, contents, hash, keep });
  }
  return found;
}

function answer(name, file, { method, headers }, response) {
  const etag = `"${file.hash}"`;
  const gzip = file.packed && /\bgzip\b/.test(headers['accept-encoding'] ?? '');
  const common = {
    'content-security-policy': POLICY,
    'cache-control': file.keep ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    vary: 'accept-encoding',
    ...(name === 'sw.js' && { 'service-worker-allowed': '/app' }),
  };
  if (headers['if-none-match'] === etag) {
    response.writeHead(304, common).end();
    return;
  }
  const body = gzip ? file.stored : file.contents;
  response.writeHead(200, { ...common, 'content-type': file.type, 'content-length': body.length, ...(gzip && { 'content-encoding': 'gzip' }) });
  response.end(method === 'HEAD' ? undefined : body);
}

/** Serves on a port (0: any) in front of `upstream`, an `http://host:port`. */
export function serve(port, upstream) {
  let known = files();
  const watcher = watch(dist, () => {
    try {
      known = files();
    } catch {
      // A build is under way.
    }
  });
  const target = new URL(upstream);
  const server = createServer((incoming, response) => {
    const { pathname } = new URL(incoming.url, upstream);
    if (pathname === '/') {
      response.writeHead(307, { location: '/app' }).end();
    } else if (pathname === '/app' || pathname.startsWith('/app/')) {
      const name = pathname.replace(/^\/app\/?/, '');
      const file = name.includes('.') ? (name === 'page.html' ? undefined : known.get(name)) : known.get('page.html');
      if (file) answer(name, file, incoming, response);
      else response.writeHead(404, { 'content-type': 'application/json' }).end('{"errors":[{"message":"there is nothing here"}]}');
    } else {
      const onward = request({ host: target.hostname, port: target.port, method: incoming.method, path: incoming.url, headers: incoming.headers }, (reply) => {
        response.writeHead(reply.statusCode, reply.headers);
        reply.pipe(response);
      });
      onward.on('error', () => response.headersSent ? response.destroy() : response.writeHead(502).end());
      response.on('close', () => onward.destroy());
      incoming.pipe(onward);
    }
  });
  server.on('upgrade', (incoming, socket, head) => {
    const onward = connect(Number(target.port), target.hostname, () => {
      const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
      for (let at = 0; at < incoming.rawHeaders.length; at += 2) lines.push(`${incoming.rawHeaders[at]}: ${incoming.rawHeaders[at + 1]}`);
      onward.write(`${lines.join('\r\n')}\r\n\r\n`);
      onward.write(head);
      onward.pipe(socket);
      socket.pipe(onward);
    });
    const end = () => {
      onward.destroy();
      socket.destroy();
    };
    for (const side of [onward, socket]) side.on('error', end).on('close', end);
  });
  server.on('close', () => watcher.close());
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [port = '5173', upstream = 'http://127.0.0.1:8000'] = process.argv.slice(2);
  await serve(Number(port), upstream);
  console.log(`http://127.0.0.1:${port}/app, in front of ${upstream}`);
}
