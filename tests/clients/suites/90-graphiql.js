import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { examples } from '../../../src/http/graphiql/build/src/examples.js';
import { ask, operation } from '../harness/api.js';
import { openPage, withBrowser } from '../harness/browser.js';

const ADA = { identity: { kind: 'EMAIL', value: 'ada@example.com' } };
const PICTURES = fileURLToPath(new URL('../.work', import.meta.url));

/** GraphiQL in a real browser that can reach nothing but the server. */
export const suite = {
  name: 'GraphiQL in Chromium, without internet',
  packages: ['playwright-core'],
  async run({ server, check }) {
    await withBrowser((context) => visit({ server, check, context }), { viewport: { width: 1400, height: 900 } });
  },
};

async function visit({ server, check, context }) {
  const asked = [];
  await context.route('**/*', (route) => {
    const url = new URL(route.request().url());
    asked.push(url);
    return url.origin === server.origin || url.protocol === 'data:' ? route.continue() : route.abort();
  });
  const { page, complaints } = await openPage(context);
  const unsigned = [];
  page.on('request', (request) => {
    if (request.url() === server.url && server.token && request.headers().authorization !== `Bearer ${server.token}`) {
      unsigned.push(request.postData());
    }
  });
  const greetings = [];
  page.on('websocket', (socket) => socket.once('framesent', ({ payload }) => greetings.push(JSON.parse(payload))));

  const seen = (name, body) =>
    check(name, async () => {
      try {
        await body();
      } catch (problem) {
        mkdirSync(PICTURES, { recursive: true });
        const picture = join(PICTURES, `${name.replace(/\W+/g, '-')}.png`);
        await page.screenshot({ path: picture });
        throw new Error(`${problem.message.split('\n')[0]} (${picture}) ${complaints.join(' | ')}`);
      }
    });
  const tab = (name) => page.locator('.graphiql-tab-button', { hasText: new RegExp(`^${name}$`) });
  const open = (name) => tab(name).click();
  // Just after a change of tabs the button may still be the menu of the tab that was left, which has several operations.
  const run = () => page.locator('.graphiql-execute-button:not([aria-haspopup])').click();
  const result = (wanted) =>
    page
      .waitForFunction((text) => document.querySelector('.result-window .CodeMirror')?.CodeMirror.getValue().includes(text), wanted, { timeout: 15_000 })
      .catch(async () => {
        throw new Error(`the answer has no ${wanted}: ${await page.evaluate(() => document.querySelector('.result-window .CodeMirror')?.CodeMirror.getValue())}`);
      });

  await seen('the page loads and reads the schema', async () => {
    const response = await page.goto(`${server.origin}/graphiql#token=${server.token}`);
    const policy = response.headers()['content-security-policy'];
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self';/);
    await page.locator('.graphiql-execute-button').waitFor();
    await page.locator('button[aria-label="Show Documentation Explorer"]').click();
    await page.locator('.graphiql-doc-explorer-content', { hasText: 'Subscription' }).waitFor();
  });

  await seen('the token of the fragment is in the headers editor', async () => {
    await page.locator('.graphiql-editor-tools button', { hasText: 'Headers' }).click();
    const headers = page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden) .CodeMirror');
    await headers.waitFor();
    assert.deepEqual(JSON.parse(await headers.evaluate((editor) => editor.CodeMirror.getValue())), { Authorization: `Bearer ${server.token}` });
  });

  await seen('no example has a mark in an editor', async () => {
    const names = await page.locator('.graphiql-tab-button').allTextContents();
    assert.equal(names.length, examples.length);
    const marks = [];
    for (const name of names) {
      await open(name);
      // The variables are judged by the query, which GraphiQL reads a moment later.
      await page.waitForFunction(() => {
        const { CodeMirror: editor } = document.querySelector('.graphiql-editor-tool .CodeMirror');
        const types = editor.options.lint.variableToType ?? {};
        return Object.keys(JSON.parse(editor.getValue() || '{}')).every((variable) => variable in types);
      });
      // The first of the tools below the query holds the variables.
      for (const editor of ['.graphiql-query-editor .CodeMirror', '.graphiql-editor-tool .CodeMirror']) {
        marks.push(...(await markedIn(page, editor)).map((text) => `${name}: ${text}`));
      }
    }
    assert.deepEqual(marks, []);
    await open('Identify');
  });

  await seen('a mutation: identify', async () => {
    await open('Identify');
    await run();
    await result('"outcome": "MATCHED"');
  });

  await seen('a mutation: record', async () => {
    await open('Record');
    await run();
    await result('"userErrors": []');
  });

  await seen('a query: the customer page', async () => {
    await open('CustomerPage');
    await run();
    await result('"primaryEmail": "ada@example.com"');
  });

  await seen('a query: search', async () => {
    await open('Search');
    await run();
    await result('"primaryEmail": "ada@example.com"');
  });

  await seen('a live history brings what another client records', async () => {
    await open('Live');
    await run();
    await result('CaughtUp');
    const text = `seen live ${Date.now()}`;
    await ask(server, operation('Record'), { inputs: [{ customer: ADA, channel: 'SMS', direction: 'INBOUND', body: { message: { text } } }] });
    await result('HistoryItemAdded');
    assert.deepEqual(greetings, [{ type: 'connection_init', payload: server.headers }]);
  });

  await seen('it goes on while another tab records, and shows what came', async () => {
    const live = tab('Live');
    await open('Record');
    await live.and(page.locator('[data-live]')).waitFor();
    assert.equal(await page.locator('.graphiql-execute-button').getAttribute('aria-label'), 'Execute query (Ctrl-Enter)');
    const text = `recorded in a tab ${Date.now()}`;
    await page.evaluate((value) => {
      const editor = [...document.querySelectorAll('.graphiql-editor-tool .CodeMirror')].map(({ CodeMirror }) => CodeMirror).find((one) => one.getValue().includes('hello-1'));
      editor.setValue(editor.getValue().replace('hello-1', `hello-${Date.now()}`).replace('Hello from GraphiQL', value));
    }, text);
    await run();
    await result('"duplicate": false');
    await live.and(page.locator('[data-live]:not([data-live="0"])')).waitFor();
    await page.locator('.graphiql-tab-add').click();
    await live.click();
    await result('HistoryItemAdded');
    await page.locator('.graphiql-execute-button[aria-label^="Stop"]').waitFor();
    assert.equal(await page.locator('[data-live]').count(), 0);
    const later = `seen after the return ${Date.now()}`;
    await ask(server, operation('Record'), { inputs: [{ customer: ADA, channel: 'SMS', direction: 'INBOUND', body: { message: { text: later } } }] });
    await result(later);
    await run();
    await page.locator('.graphiql-execute-button[aria-label^="Execute"]').waitFor();
    await ask(server, operation('Record'), { inputs: [{ customer: ADA, channel: 'SMS', direction: 'INBOUND', body: { message: { text: 'after the end' } } }] });
    await open('Record');
    await live.click();
    assert.equal(await page.locator('[data-live]').count(), 0, 'a stream that was stopped goes on');
    assert.deepEqual(greetings.length, 1, 'another socket');
  });

  await seen('the calls are watched, and the watch ends', async () => {
    await open('IncomingCalls');
    await run();
    await page.locator('.graphiql-execute-button[aria-label^="Stop"]').waitFor();
    await run();
    await page.locator('.graphiql-execute-button[aria-label^="Execute"]').waitFor();
  });

  await seen('a reload keeps the tabs and the token, and stores no token', async () => {
    await page.reload();
    await open('CustomerPage');
    await run();
    await result('"primaryEmail": "ada@example.com"');
    const stored = await page.evaluate(() => JSON.stringify(localStorage));
    assert.ok(!stored.includes(server.token), 'the token is in localStorage');
    assert.deepEqual(unsigned, [], 'requests without the token');
  });

  await seen('no other origin was asked, the token never sent in an address, and the console stayed clean', async () => {
    assert.ok(asked.length > 0);
    assert.deepEqual(asked.filter(({ origin, protocol }) => origin !== server.origin && protocol !== 'data:').map(String), []);
    assert.deepEqual(asked.filter(({ href }) => server.token && href.split('#')[0].includes(server.token)).map(String), []);
    assert.deepEqual(complaints, []);
  });
}

/** The marks of an editor, which must mark what is wrong. */
async function markedIn(page, selector) {
  return page.evaluate((where) => {
    const editor = document.querySelector(where).CodeMirror;
    const marked = (text) => {
      editor.setValue(text);
      editor.performLint();
      return editor.state.lint.marked.map(({ __annotation }) => __annotation.message);
    };
    const text = editor.getValue();
    if (marked(`${text} }`).length === 0) {
      throw new Error('the editor marks nothing');
    }
    return marked(text);
  }, selector);
}
