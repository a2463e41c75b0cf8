import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { ended } from '../harness/server.js';
import { newPerson, Queue, recordMessage } from '../harness/api.js';

const ENV = { PATH: process.env.PATH };

/** The project's own example clients, as `cargo build --examples` makes them. */
export const suite = {
  name: 'Examples: Chinook import, feed consumer',
  packages: [],
  async run({ server, check }) {
    const example = (name) => join(server.examples, name);
    const connection = ['--url', server.url, ...(server.token ? ['--token', server.token] : [])];

    await check('import_chinook brings 59 people and 412 orders', async () => {
      const { code, output } = await finished(example('import_chinook'), connection, server.root);
      assert.equal(code, 0, output);
      assert.match(output, /59 people/);
      assert.match(output, /412 orders: 412 new, 0 known/);
    }, 120);

    await check('a second import finds them all there', async () => {
      const { code, output } = await finished(example('import_chinook'), connection, server.root);
      assert.equal(code, 0, output);
      assert.match(output, /59 people: 0 new, 59 known/);
      assert.match(output, /412 orders: 0 new, 412 known/);
    }, 120);

    await check('import_chinook fails where nobody listens', async () => {
      const { code } = await finished(example('import_chinook'), ['--url', 'http://127.0.0.1:9/graphql'], server.root);
      assert.notEqual(code, 0);
    });

    await check('feed_consumer prints a CloudEvent for what is recorded', async () => {
      assert.ok(server.redisUrl, 'REDIS_URL is needed beside RAPPORT_URL');
      const words = ['--redis-url', server.redisUrl, '--tenant', 'demo', '--group', `clients-${process.pid}`, '--from-now'];
      const child = spawn(example('feed_consumer'), words, { env: ENV, stdio: ['ignore', 'pipe', 'pipe'] });
      try {
        const lines = new Queue();
        createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line))).on('close', () => lines.fail(new Error('the consumer ended')));
        const [ready] = await once(createInterface(child.stderr), 'line');
        assert.match(ready, /waiting/);
        const person = await newPerson(server);
        const id = await recordMessage(server, person);
        for (;;) {
          const event = await lines.pull();
          assert.equal(event.specversion, '1.0');
          if ([id, person.id].some((known) => JSON.stringify(event).includes(known))) {
            break;
          }
        }
      } finally {
        await ended(child);
      }
    }, 60);
  },
};

async function finished(command, words, cwd) {
  const child = spawn(command, words, { cwd, env: ENV, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => (output += text));
  }
  const [code] = await once(child, 'close');
  return { code, output };
}
