import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

/** The lines that `serve --demo` prints, run as they are by a shell: one for each kind of source. */
export const suite = {
  name: "The demo's lines for a shell, one for each kind of source",
  packages: [],
  async run({ server, check }) {
    const lines = () => {
      assert.ok(server.greeting, 'only a server that these tests have started tells its lines');
      const said = server.greeting();
      const own = said.slice(said.indexOf('one line for each kind of source')).split('\n').slice(1);
      return own.filter((line) => line.startsWith('  ')).map((line) => line.trim());
    };
    const counts = async () => {
      const document = '{ sources(first: 200) { nodes { name kind stats { received recorded refused } } } }';
      const answer = await fetch(server.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...server.adminHeaders },
        body: JSON.stringify({ query: document }),
      }).then((response) => response.json());
      return answer.data.sources.nodes.filter(({ name }) => name.startsWith('demo-'));
    };

    await check('there is one for each kind', async () => {
      const kinds = (await counts()).map(({ kind }) => kind).sort();
      assert.deepEqual(kinds, ['DEVICE', 'EMAIL', 'META', 'POSTMARK', 'SEGMENT', 'TELEGRAM', 'TWILIO', 'WEBHOOK']);
      assert.equal(lines().length, kinds.length);
    });

    await check('each delivers what it says', async () => {
      for (const line of lines()) {
        const shown = execFileSync('sh', ['-c', line.replaceAll(/curl (--fail )?/g, 'curl -sS --fail-with-body ')], { encoding: 'utf8' });
        assert.doesNotMatch(shown, /"error":\{/, line);
      }
      for (const { name, stats } of await counts()) {
        assert.deepEqual([stats.received, stats.recorded, stats.refused], [1, 1, 0], name);
      }
    }, 60);
  },
};
