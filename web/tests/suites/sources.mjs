import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { axe, sizes } from '../kit/stage.mjs';

const PATH = '/app/settings/sources';
const SETTINGS = 'mutation($blocked: [BlockedRuleInput!]) { updateTenantSettings(input: { blocked: $blocked }) { userErrors { message } } }';
const CREATE =
  'mutation($input: CreateSourceInput!) { createSource(input: $input) { source { id url writeKey verifyToken } secret userErrors { message path } } }';

/** A source, made through the API under the address that the page has. */
async function made(stage, input) {
  const response = await fetch(`${stage.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${stage.rapport.admin}` },
    body: JSON.stringify({ query: CREATE, variables: { input } }),
  });
  const { source, secret, userErrors } = (await response.json()).data.createSource;
  assert.deepEqual(userErrors, []);
  return { ...source, secret };
}

/** What an app on a phone delivers. */
const deliver = (url, secret, ...events) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
    body: JSON.stringify({ deviceId: 'pixel', sentAt: new Date().toISOString(), events }),
  });
const sms = (id, number = '+14155550100') => ({ id, type: 'sms', direction: 'inbound', number, text: `Text ${id}`, at: new Date().toISOString() });

const block = (stage, ...values) => stage.rapport.ask(SETTINGS, { blocked: values.map((value) => ({ kind: 'PHONE', match: 'EXACT', value, reason: 'a switchboard' })) });

/** A command that succeeds, with something to read. */
async function command(name, words, input) {
  const child = spawn(name, words, { stdio: ['pipe', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (text) => (complaint += text));
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  assert.equal(code, 0, complaint);
}

const cardOf = (page, name) => page.getByRole('list', { name: 'Sources' }).getByRole('article', { name, exact: true });
const countOf = (page, name, count) => cardOf(page, name).locator('.counts > div').filter({ hasText: count }).locator('dd');
/** The page tells a count; where it does not, both sides are told. */
async function counted(page, name, count, value) {
  const cell = countOf(page, name, count);
  await cell.waitFor();
  const until = Date.now() + 20_000;
  while ((await cell.innerText()) !== String(value)) {
    if (Date.now() > until) throw new Error(`${name}, ${count}: not ${value} in ${await cardOf(page, name).innerText()}`);
    await page.waitForTimeout(100);
  }
}
const eventsOf = (page) => page.getByRole('region', { name: 'Events that were not recorded' });

async function start(page, kind, name) {
  await page.getByRole('button', { name: 'New source' }).click();
  const dialog = page.getByRole('dialog', { name: 'New source' });
  await dialog.getByRole('combobox', { name: 'Kind' }).selectOption(kind);
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  return dialog;
}

/** Sources: made, delivered to, mended, replayed, switched off, given new secrets, changed. */
export const suite = {
  about: 'sources, what could not be recorded, and replay',
  async run({ stage, check }) {
    const { rapport } = stage;

    await check('the way there, nothing yet, and admins only', async () => {
      const page = await stage.open('/app/settings');
      await page.getByRole('main').getByRole('link', { name: 'Sources' }).click();
      await page.getByRole('heading', { level: 1, name: 'Sources' }).waitFor();
      assert.equal(new URL(page.url()).pathname, PATH);
      assert.equal(await page.title(), 'Sources · rapport');
      await page.getByText('No sources yet').waitFor();
      const nav = page.getByRole('navigation', { name: 'Main' });
      assert.deepEqual(await nav.getByRole('link').allInnerTexts(), ['Customers', 'Live feed', 'Reviews', 'Settings', 'Audit log']);
      for (const role of ['agent', 'viewer']) {
        const other = await stage.open(PATH, { token: rapport.token(role) });
        await other.getByRole('heading', { level: 1, name: 'Admins only' }).waitFor();
        assert.equal(await other.getByRole('button', { name: 'New source' }).count(), 0);
      }
    });

    await check('each kind asks for its own fields only', async () => {
      const page = await stage.open(PATH);
      await page.getByRole('button', { name: 'New source' }).click();
      const dialog = page.getByRole('dialog', { name: 'New source' });
      for (const [kind, fields] of Object.entries({
        SEGMENT: ['Name'],
        TWILIO: ['Name', 'Auth token', 'Answer to calls'],
        META: ['Name', 'App secret', 'Verify token', 'Access token'],
        POSTMARK: ['Name', 'Own addresses'],
        EMAIL: ['Name', 'Own addresses'],
        TELEGRAM: ['Name', 'Bot token'],
        DEVICE: ['Name'],
        WEBHOOK: ['Name'],
      })) {
        await dialog.getByRole('combobox', { name: 'Kind' }).selectOption(kind);
        const names = await dialog.getByRole('textbox').evaluateAll((boxes) => boxes.map((box) => box.labels[0].textContent));
        assert.deepEqual(names, fields, kind);
      }
    });

    await check('a website: errors at their fields, then address, write key and snippet', async () => {
      const page = await stage.open(PATH);
      const dialog = await start(page, 'SEGMENT', 'My Website');
      await dialog.getByRole('button', { name: 'Create source' }).click();
      await dialog.getByText('a name is 1 to 64').waitFor();
      const name = dialog.getByRole('textbox', { name: 'Name' });
      assert.equal(await name.getAttribute('aria-invalid'), 'true');
      assert.equal(await page.evaluate(() => document.activeElement.labels?.[0].textContent), 'Name');
      const told = await name.evaluate((field) => document.getElementById(field.getAttribute('aria-describedby').split(' ')[0]).textContent);
      assert.match(told, /a name is 1 to 64/);
      await name.fill('website');
      await name.press('Enter');
      const ready = page.getByRole('dialog', { name: 'website is ready' });
      await ready.getByText('/rapport.js').waitFor();
      assert.equal(await ready.getByText('It is not shown again').count(), 0, 'a write key is no secret');
      const { sources } = await rapport.ask('{ sources { nodes { kind name writeKey } } }');
      const [{ writeKey, ...source }] = sources.nodes;
      assert.deepEqual(source, { kind: 'SEGMENT', name: 'website' });
      const snippet = await ready.getByRole('group', { name: 'Every page of the website' }).innerText();
      assert.equal(snippet, `<script async src="${stage.origin}/rapport.js" data-key="${writeKey}"></script>`);
      assert.ok((await fetch(`${stage.origin}/rapport.js`)).ok);
      await ready.getByRole('button', { name: 'Done' }).click();
      await cardOf(page, 'website').getByText('Nothing has arrived yet.').waitFor();
      assert.equal(await page.evaluate(() => document.activeElement.textContent), 'New source', 'the focus is given back');

      const again = await start(page, 'SEGMENT', 'website');
      await again.getByRole('button', { name: 'Create source' }).click();
      await again.getByText('another source has this name').waitFor();
      await again.getByRole('combobox', { name: 'Kind' }).selectOption('TWILIO');
      await again.getByRole('textbox', { name: 'Name' }).fill('twilio');
      await again.getByRole('button', { name: 'Create source' }).click();
      await again.getByText('auth token is needed').waitFor();
      assert.equal(await again.getByRole('textbox', { name: 'Auth token' }).getAttribute('aria-invalid'), 'true');
      // Closed by mistake: what was typed is there again. Cancelled: it is not.
      await page.keyboard.press('Escape');
      await again.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'New source' }).click();
      assert.equal(await again.getByRole('textbox', { name: 'Name' }).inputValue(), 'twilio');
      await again.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('button', { name: 'New source' }).click();
      assert.equal(await again.getByRole('textbox', { name: 'Name' }).inputValue(), '');
    });

    await check('the website’s snippet is delivered to, and a call without a name waits', async () => {
      const { sources } = await rapport.ask('{ sources { nodes { name url writeKey } } }');
      const { writeKey } = sources.nodes.find(({ name }) => name === 'website');
      const page = await stage.open(PATH);
      await cardOf(page, 'website').waitFor();
      const batch = [
        { type: 'page', messageId: 'p1', anonymousId: 'v1', properties: { url: 'https://shop.example/cars' } },
        { type: 'track', messageId: 't1', anonymousId: 'v1' },
        { type: 'dance', messageId: 'd1', anonymousId: 'v1' },
      ];
      const answer = await fetch(`${stage.origin}/v1/batch`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ writeKey, batch }) });
      assert.equal(answer.status, 200);
      await counted(page, 'website', 'Received', 3);
      await counted(page, 'website', 'Recorded', 1);
      await counted(page, 'website', 'Rejected', 1);
      await counted(page, 'website', 'Unknown', 1);
      // The list follows the counts by itself.
      const events = eventsOf(page).getByRole('list', { name: 'Events' });
      await events.getByRole('article', { name: 'track' }).getByText('Rejected').waitFor();
      await events.getByRole('article', { name: 'dance' }).getByText('Unknown').waitFor();
      await eventsOf(page).getByRole('combobox', { name: 'Outcome' }).selectOption('UNKNOWN');
      await events.getByRole('article', { name: 'track' }).waitFor({ state: 'detached' });
      assert.match(page.url(), /outcome=UNKNOWN/);
      await page.reload();
      await events.getByRole('article', { name: 'dance' }).waitFor();
      assert.equal(await events.getByRole('article').count(), 1);
    });

    let phones;
    await check('phones: the secret once, copied; leaving without it is asked once', async () => {
      const page = await stage.open(PATH, { permissions: ['clipboard-read', 'clipboard-write'] });
      const dialog = await start(page, 'DEVICE', 'phones');
      await dialog.getByRole('button', { name: 'Create source' }).click();
      const ready = page.getByRole('dialog', { name: 'phones is ready' });
      await ready.getByText('It is not shown again').waitFor();
      await page.keyboard.press('Escape');
      await ready.getByRole('alert').getByText('was not copied').waitFor();
      await ready.getByRole('button', { name: 'Copy', exact: true }).click();
      await ready.getByRole('status').getByText('Copied').waitFor();
      const secret = await page.evaluate(() => navigator.clipboard.readText());
      await ready.getByRole('button', { name: 'Copy address' }).click();
      await page.waitForFunction((was) => navigator.clipboard.readText().then((now) => now !== was), secret);
      const url = await page.evaluate(() => navigator.clipboard.readText());
      assert.match(url, new RegExp(`^${stage.origin}/hooks/device/[A-Za-z0-9_-]{20,}$`));
      await page.keyboard.press('Escape');
      await ready.waitFor({ state: 'detached' });
      assert.ok(!(await page.content()).includes(secret), 'the secret is still in the page');
      await cardOf(page, 'phones').getByRole('button', { name: 'Copy address' }).click();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), url);
      phones = { url, secret };
    });

    await check('without a clipboard of the platform the older command copies, in a dialog too', async () => {
      const page = await stage.open(PATH, { permissions: ['clipboard-read', 'clipboard-write'] });
      await page.addInitScript(() => {
        const real = navigator.clipboard;
        window.readCopied = () => real.readText();
        Object.defineProperty(navigator, 'clipboard', { value: undefined });
      });
      await page.reload();
      const dialog = await start(page, 'WEBHOOK', 'erp');
      await dialog.getByRole('button', { name: 'Create source' }).click();
      const ready = page.getByRole('dialog', { name: 'erp is ready' });
      await ready.getByRole('button', { name: 'Copy', exact: true }).click();
      await ready.getByRole('status').getByText('Copied').waitFor();
      assert.match(await page.evaluate(() => window.readCopied()), /^whsec_/);
      assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Copy');
    });

    await check('deliver, count, refuse; a bad event appears, is mended and replayed', async () => {
      await block(stage, '+14155550177');
      const page = await stage.open(PATH);
      await cardOf(page, 'phones').waitFor();
      assert.equal(await countOf(page, 'phones', 'Received').innerText(), '0');
      assert.equal((await deliver(phones.url, phones.secret, sms('1'))).status, 200);
      assert.equal((await deliver(phones.url, phones.secret, sms('1'))).status, 200);
      await counted(page, 'phones', 'Received', 2);
      await counted(page, 'phones', 'Recorded', 1);
      await counted(page, 'phones', 'Duplicates', 1);
      await cardOf(page, 'phones').getByText('Last received').waitFor();
      assert.equal((await deliver(phones.url, 'not-the-secret', sms('2'))).status, 401);
      await counted(page, 'phones', 'Refused', 1);
      await cardOf(page, 'phones').getByText(/Last refused .*secret/i).waitFor();

      const results = await (await deliver(phones.url, phones.secret, sms('blocked', '+14155550177'), sms('3'))).json();
      assert.deepEqual(results.results.map(({ outcome }) => outcome), ['REJECTED', 'RECORDED']);
      await counted(page, 'phones', 'Rejected', 1);
      await cardOf(page, 'phones').getByRole('button', { name: 'Show its events' }).click();
      await page.waitForURL(/source=/);
      assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Events that were not recorded');
      const event = eventsOf(page).getByRole('article', { name: 'sms' });
      await event.getByText('Rejected').waitFor();
      assert.equal(await eventsOf(page).getByRole('article').count(), 1, 'the filter of the source');
      await event.getByText('phones').waitFor();
      await event.getByRole('listitem').first().waitFor();
      await event.getByText('Payload').click();
      await event.getByRole('group', { name: 'Payload' }).getByText('"+14155550177"').waitFor();

      await event.getByRole('button', { name: 'Replay' }).click();
      await eventsOf(page).getByRole('status').getByText('0 of 1 event recorded; the others are kept').waitFor();
      await page.waitForFunction(() => document.activeElement.textContent === 'Replay');
      await block(stage);
      await event.getByRole('button', { name: 'Replay' }).click();
      await eventsOf(page).getByRole('status').getByText('1 event was recorded.').waitFor();
      await event.waitFor({ state: 'detached' });
      await eventsOf(page).getByText('No events match').waitFor();
      await page.waitForFunction(() => document.activeElement.textContent === 'Events that were not recorded');
      const { feed } = await rapport.ask('{ feed(first: 20) { nodes { sourceId summary } } }');
      assert.ok(feed.nodes.some(({ summary }) => summary === 'Text blocked'), JSON.stringify(feed.nodes));
      await eventsOf(page).getByRole('button', { name: 'Clear filters' }).click();
      await eventsOf(page).getByRole('article', { name: 'track' }).waitFor();
    });

    await check('replay all: what the filter shows, of several sources, page by page', async () => {
      await block(stage, '+14155550177');
      const other = await made(stage, { kind: 'DEVICE', name: 'tablets' });
      const many = (n) => Array.from({ length: n }, (_, index) => sms(`many-${index}`, '+14155550177'));
      for (const { url, secret } of [phones, other]) assert.equal((await deliver(url, secret, ...many(60))).status, 200);
      const page = await stage.open(`${PATH}?outcome=REJECTED`);
      const list = eventsOf(page).getByRole('list', { name: 'Events' });
      await list.getByRole('listitem').nth(29).waitFor();
      await block(stage);
      // 120 of both, and the call without a name, which stays; the unknown one is not of this filter.
      await eventsOf(page).getByRole('button', { name: 'Replay all' }).click();
      await eventsOf(page).getByRole('status').getByText('120 of 121 events recorded').waitFor({ timeout: 60_000 });
      await list.getByRole('article', { name: 'sms' }).first().waitFor({ state: 'detached' });
      await list.getByRole('article', { name: 'track' }).waitFor();
      const { sourceEvents } = await rapport.ask('{ sourceEvents { nodes { type } } }');
      assert.deepEqual(sourceEvents.nodes.map(({ type }) => type).sort(), ['dance', 'track']);
    }, 150_000);

    await check('what is to be pasted works as it stands: mail by the command, Postmark by the address', async () => {
      const page = await stage.open(PATH);
      const pasted = async (kind, name, label) => {
        const dialog = await start(page, kind, name);
        await dialog.getByRole('textbox', { name: 'Own addresses' }).fill('@acme.example');
        await dialog.getByRole('button', { name: 'Create source' }).click();
        const ready = page.getByRole('dialog', { name: `${name} is ready` });
        const text = await ready.getByRole('group', { name: label }).innerText();
        await ready.getByRole('button', { name: 'Done' }).click();
        await ready.getByRole('button', { name: 'Close all the same' }).click();
        await ready.waitFor({ state: 'detached' });
        return text;
      };
      const mail = 'From: Ada <ada@example.com>\r\nTo: support@acme.example\r\nSubject: A roadster\r\nMessage-ID: <m1@example.com>\r\n\r\nHello\r\n';
      await command('sh', ['-c', await pasted('EMAIL', 'mailbox', 'Command')], mail);
      await counted(page, 'mailbox', 'Recorded', 1);
      const inbound = { FromFull: { Email: 'ada@example.com', Name: 'Ada' }, ToFull: [{ Email: 'support@acme.example' }], Subject: 'Hello', TextBody: 'Again', MessageID: 'pm-1', Headers: [] };
      const address = await pasted('POSTMARK', 'postmark', 'Address with the secret');
      await command('curl', ['--fail', '--silent', '--show-error', '--header', 'content-type: application/json', '--data-binary', '@-', address], JSON.stringify(inbound));
      await counted(page, 'postmark', 'Recorded', 1);
      const bot = await start(page, 'TELEGRAM', 'bot');
      await bot.getByRole('button', { name: 'Create source' }).click();
      const ready = page.getByRole('dialog', { name: 'bot is ready' });
      const secret = await ready.locator('.secret-line code').innerText();
      assert.match(await ready.getByRole('group', { name: 'Command' }).innerText(), new RegExp(`secret_token='${secret}'`));
    });

    await check('switched off and on, and a new secret beside the old one', async () => {
      const page = await stage.open(PATH);
      const card = cardOf(page, 'phones');
      await card.getByRole('button', { name: 'Switch off' }).click();
      await card.getByText('Off', { exact: true }).waitFor();
      assert.equal((await deliver(phones.url, phones.secret, sms('4'))).status, 404);
      await page.getByRole('button', { name: 'Undo' }).click();
      await card.getByText('On', { exact: true }).waitFor();
      assert.equal((await deliver(phones.url, phones.secret, sms('4'))).status, 200);

      await card.getByRole('button', { name: 'New secret…' }).click();
      const ask = page.getByRole('dialog', { name: 'New secret for phones' });
      await ask.getByText('24 hours').waitFor();
      await ask.getByRole('button', { name: 'Cancel' }).click();
      await page.waitForFunction(() => document.activeElement.textContent === 'New secret…');
      await card.getByRole('button', { name: 'New secret…' }).click();
      await ask.getByRole('button', { name: 'Make a new secret' }).click();
      const told = page.getByRole('dialog', { name: 'New secret of phones' });
      const later = await told.locator('.secret-line code').innerText();
      assert.notEqual(later, phones.secret);
      for (const secret of [later, phones.secret]) assert.equal((await deliver(phones.url, secret, sms('5'))).status, 200);
      await told.getByRole('button', { name: 'Done' }).click();
      await told.getByRole('button', { name: 'Close all the same' }).click();
      await told.waitFor({ state: 'detached' });
      // A website has no secret, and nothing to change.
      assert.deepEqual(await cardOf(page, 'website').locator('header').getByRole('button').allInnerTexts(), ['Switch off']);
    });

    await check('changed: an answer, a conflict, a secret that stays, own addresses', async () => {
      const twilio = await made(stage, { kind: 'TWILIO', name: 'twilio', providerSecret: 'first' });
      await made(stage, { kind: 'EMAIL', name: 'mail', addresses: ['support@acme.example'] });
      const page = await stage.open(PATH);
      await cardOf(page, 'twilio').getByRole('button', { name: 'Edit…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Edit twilio' });
      const answer = dialog.getByRole('textbox', { name: 'Answer to calls' });
      await answer.fill('Hello');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByText('is TwiML').waitFor();
      await answer.fill('<Response><Dial>+14155550199</Dial></Response>');
      await rapport.ask('mutation($id: ID!) { updateSource(input: { id: $id, answer: "<Response/>" }) { userErrors { message } } }', { id: twilio.id });
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByRole('alert').getByText('Answer to calls: none → <Response/>').waitFor();
      assert.equal(await answer.inputValue(), '<Response><Dial>+14155550199</Dial></Response>', 'what was typed is lost');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'detached' });
      await cardOf(page, 'twilio').getByText('<Dial>+14155550199</Dial>').waitFor();

      await cardOf(page, 'mail').getByRole('button', { name: 'Edit…' }).click();
      const mail = page.getByRole('dialog', { name: 'Edit mail' });
      const own = mail.getByRole('textbox', { name: 'Own addresses' });
      assert.equal(await own.inputValue(), 'support@acme.example');
      await own.fill('support@acme.example\n\nacme.example');
      await mail.getByRole('button', { name: 'Save' }).click();
      await mail.getByText('acme.example: is a mail address').waitFor();
      await own.fill('support@acme.example\n@acme.example');
      await mail.getByRole('button', { name: 'Save' }).click();
      await mail.waitFor({ state: 'detached' });
      await cardOf(page, 'mail').getByText('@acme.example, support@acme.example').waitFor();
      const { auditLog } = await rapport.ask('{ auditLog(first: 50) { nodes { action } } }');
      const actions = new Set(auditLog.nodes.map(({ action }) => action));
      for (const action of ['CREATE_SOURCE', 'UPDATE_SOURCE', 'ROTATE_SOURCE_SECRET', 'REPLAY_SOURCE_EVENTS']) assert.ok(actions.has(action), action);
      await page.goto(`${stage.origin}/app/audit`);
      await page.getByRole('table', { name: 'Audit log' }).getByText('Made a new secret').waitFor();
    });

    await check('payloads and reasons are text, whatever stands in them', async () => {
      const { sources } = await rapport.ask('{ sources { nodes { name writeKey } } }');
      const { writeKey } = sources.nodes.find(({ name }) => name === 'website');
      const batch = [{ type: '<img src=x onerror=alert(1)>', messageId: '<b>id</b>', anonymousId: 'v1', text: '</pre><script>alert(1)</script>' }];
      await fetch(`${stage.origin}/v1/batch`, { method: 'POST', body: JSON.stringify({ writeKey, batch }) });
      const page = await stage.open(PATH);
      const event = eventsOf(page).getByRole('article', { name: '<img src=x onerror=alert(1)>' });
      await event.getByText('<b>id</b>').first().waitFor();
      await event.getByText('Payload').click();
      await event.getByText('</pre><script>alert(1)</script>').waitFor();
      assert.equal(await page.locator('main img, main pre script').count(), 0);
    });

    await check('an error with its request, the way on, and a line that breaks', async () => {
      const page = await stage.open('/app', { expectTrouble: true });
      await page.getByRole('status', { name: 'Connection' }).getByText('Live').waitFor();
      await page.route('**/graphql', async (route) => {
        if (!/query Sources\b/.test(route.request().postData() ?? '')) return route.continue();
        const answer = { errors: [{ message: 'the store is away', extensions: { code: 'UNAVAILABLE' } }] };
        return route.fulfill({ status: 503, headers: { 'x-request-id': 'req-17', 'content-type': 'application/json' }, body: JSON.stringify(answer) });
      });
      await page.goto(`${stage.origin}${PATH}`);
      await page.getByRole('alert').getByText('the store is away').waitFor();
      await page.getByRole('alert').getByText('req-17').waitFor();
      await page.unroute('**/graphql');
      await page.getByRole('button', { name: 'Try again' }).click();
      await cardOf(page, 'phones').waitFor();
      await page.getByRole('status', { name: 'Connection' }).getByText('Live').waitFor();

      const dialog = await start(page, 'SEGMENT', 'later');
      stage.line.cut();
      await page.getByRole('status', { name: 'Connection' }).filter({ hasNotText: 'Live' }).waitFor({ state: 'attached' });
      await dialog.getByRole('button', { name: 'Create source' }).click();
      await dialog.getByRole('alert').getByText('cannot be reached').waitFor();
      stage.line.mend();
      await dialog.getByRole('button', { name: 'Create source' }).click();
      await page.getByRole('dialog', { name: 'later is ready' }).getByRole('button', { name: 'Done' }).click();
      await cardOf(page, 'later').waitFor();
      await cardOf(page, 'phones').waitFor();
    });

    await check('keyboard alone: make a source, and back', async () => {
      const page = await stage.open(PATH);
      await page.getByRole('button', { name: 'New source' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: 'New source' }).waitFor();
      assert.equal(await page.evaluate(() => document.activeElement.labels?.[0].textContent.startsWith('Kind')), true);
      await page.keyboard.press('w');
      await page.keyboard.press('e');
      await page.keyboard.press('Tab');
      await page.keyboard.type('by-hand');
      await page.keyboard.press('Enter');
      const ready = page.getByRole('dialog', { name: 'by-hand is ready' });
      await ready.waitFor();
      for (let tab = 0; tab < 20 && (await page.evaluate(() => document.activeElement.textContent)) !== 'Done'; tab += 1) await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await ready.waitFor({ state: 'detached' });
      assert.equal(await page.evaluate(() => document.activeElement.textContent), 'New source');
      await page.getByRole('heading', { level: 1 }).focus();
      for (const name of ['website', 'phones']) {
        await page.keyboard.press('j');
        assert.equal(await page.evaluate(() => document.activeElement.querySelector('h2').textContent), name);
      }
    });

    const clean = async (page, where) => {
      assert.deepEqual(await axe(page), [], where);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= page.viewportSize().width, `${where} is ${wide} px wide`);
    };
    for (const [width, size] of Object.entries(sizes)) {
      for (const scheme of ['light', 'dark']) {
        await check(`axe-core on the screen and its dialogs: ${width}, ${scheme}`, async () => {
          const page = await stage.open(PATH, { size, scheme });
          await cardOf(page, 'phones').waitFor();
          await clean(page, 'sources');
          for (const summary of await page.getByText('Where to paste it').all()) await summary.click();
          await eventsOf(page).getByText('Payload').first().click();
          await eventsOf(page).getByRole('group', { name: 'Payload' }).waitFor();
          await clean(page, 'disclosures');
          const dialog = await start(page, 'META', 'Wrong Name');
          await clean(page, 'new source');
          await dialog.getByRole('button', { name: 'Create source' }).click();
          await dialog.locator('[aria-invalid]').waitFor();
          await clean(page, 'new source, wrong');
          await dialog.getByRole('textbox', { name: 'Name' }).fill(`meta-${width}-${scheme}`);
          await dialog.getByRole('textbox', { name: 'App secret' }).fill('of the app');
          await dialog.getByRole('button', { name: 'Create source' }).click();
          const ready = page.getByRole('dialog', { name: /is ready/ });
          await ready.waitFor();
          await clean(page, 'a source that is ready');
          await ready.getByRole('button', { name: 'Done' }).click();
          await cardOf(page, `meta-${width}-${scheme}`).getByRole('button', { name: 'Edit…' }).click();
          await page.getByRole('dialog', { name: /^Edit/ }).getByRole('checkbox', { name: 'Take the access token away' }).waitFor();
          await clean(page, 'edit');
          await page.keyboard.press('Escape');
          await cardOf(page, 'phones').getByRole('button', { name: 'New secret…' }).click();
          const ask = page.getByRole('dialog', { name: 'New secret for phones' });
          await clean(page, 'new secret');
          await ask.getByRole('button', { name: 'Make a new secret' }).click();
          const told = page.getByRole('dialog', { name: 'New secret of phones' });
          await told.getByRole('button', { name: 'Done' }).click();
          await told.getByRole('alert').waitFor();
          await clean(page, 'a secret that was not copied');
        }, 150_000);
      }
    }
  },
};
