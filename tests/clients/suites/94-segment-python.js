import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { finished, install, program } from '../harness/python.js';
import { createSource, customerWith, keptEvents, until } from '../harness/sources.js';

const PACKAGE = 'segment-analytics-python==2.4.0';

/** Segment's SDK for Python, which posts batches with the write key in the body, gzipped where it is asked to. */
export const suite = {
  name: `Segment, ${PACKAGE.replace('==', ' ')} of PyPI`,
  packages: [],
  async run({ server, check }) {
    const source = await createSource(server, 'SEGMENT');
    await check('the SDK is there', () => install(PACKAGE), 180);
    const run = (code, ...words) => python([...PRELUDE, ...code].join('\n'), [server.origin, source.writeKey, ...words]);

    await check('all calls become a person and a history', async () => {
      const userId = `user-${randomUUID()}`;
      await run(
        [
          "user = sys.argv[3]",
          "a.identify(user, {'firstName': 'Grace', 'lastName': 'Hopper', 'email': user + '@navy.example', 'rank': 'RADM'})",
          "a.track(user, 'Signed Up', {'plan': 'free'}, timestamp=datetime(2026, 11, 25, 10, 0, tzinfo=timezone.utc))",
          "a.page(user, 'Docs', 'Start', {'url': 'https://shop.example/docs'})",
          "a.screen(user, None, 'Home')",
          "a.group(user, 'g-2', {'name': 'Navy'})",
          "a.alias('before-' + user, user)",
          'a.flush()',
        ],
        userId,
      );
      const customer = await customerWith(server, 'USER_ID', userId);
      assert.equal(customer.name, 'Grace Hopper');
      assert.equal(customer.primaryEmail, `${userId}@navy.example`);
      assert.deepEqual(customer.traits, { rank: 'RADM' });
      assert.deepEqual(customer.identities.map(({ kind }) => kind).sort(), ['ANONYMOUS_ID', 'EMAIL', 'USER_ID']);
      const items = customer.items.filter(({ kind }) => kind !== 'IDENTITY');
      assert.deepEqual(items.map(({ url, text, recordId }) => url ?? recordId ?? text).sort(), ['/Home', 'Signed Up', 'g-2', 'https://shop.example/docs']);
      const event = items.find(({ text }) => text === 'Signed Up');
      assert.equal(Date.parse(event.occurredAt), Date.UTC(2026, 10, 25, 10));
    }, 60);

    await check('1,000 events are 1,000 items, gzipped', async () => {
      const prefix = `user-${randomUUID()}`;
      await run(
        ['a.gzip = True', 'for n in range(1000):', "    a.track(f'{sys.argv[3]}-{n % 10}', f'event {n}')", 'a.flush()'],
        prefix,
      );
      const said = new Set();
      for (let n = 0; n < 10; n += 1) {
        const { items } = await customerWith(server, 'USER_ID', `${prefix}-${n}`, 200);
        const events = items.filter(({ kind }) => kind === 'RECORD');
        assert.equal(events.length, 100);
        events.forEach(({ text }) => said.add(text));
      }
      assert.equal(said.size, 1000);
    }, 120);

    await check('a number that is none (NaN) costs no event', async () => {
      const userId = `user-${randomUUID()}`;
      await run(["a.track(sys.argv[3], 'Measured', {'ratio': float('nan'), 'inf': float('inf')})", "a.track(sys.argv[3], 'After')", 'a.flush()'], userId);
      const { items } = await until('both events', async () => {
        const customer = await customerWith(server, 'USER_ID', userId);
        return customer?.items.filter(({ kind }) => kind === 'RECORD').length === 2 && customer;
      });
      assert.deepEqual(items.find(({ text }) => text === 'Measured').data.properties, { ratio: null, inf: null });
    }, 60);

    await check('nothing was kept as refused', async () => {
      assert.deepEqual(await keptEvents(server, source), []);
    });
  },
};

/** The SDK reports what it gives up to `on_error`. */
const PRELUDE = [
  'import sys, os',
  'from datetime import datetime, timezone',
  'import segment.analytics as a',
  'a.host, a.write_key, a.upload_interval = sys.argv[1], sys.argv[2], 0.1',
  'def failed(error, batch):',
  "    print('given up:', error, file=sys.stderr)",
  '    sys.stderr.flush()',
  '    os._exit(3)',
  'a.on_error = failed',
];

async function python(code, words) {
  const { code: status, output } = await finished(program('python'), ['-c', code, ...words]);
  assert.equal(status, 0, output);
}
