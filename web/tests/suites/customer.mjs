import assert from 'node:assert/strict';

import { call, identify, message, people, record } from '../kit/data.mjs';

/** The customer page: profile, addresses, history, comments, merge, undo, split, erase. */
export const suite = {
  about: 'profile, addresses, history, comments, merge, undo, split, erase',
  async run({ stage, check }) {
    const { rapport } = stage;
    const { ada, grace, bob, mallory } = await people(rapport);
    const open = async (id = ada, options) => {
      const page = await stage.open(`/app/customers/${id}`, options);
      await page.getByRole('region', { name: 'History' }).getByRole('listitem').first().waitFor();
      return page;
    };
    const history = (page) => page.getByRole('region', { name: 'History' }).getByRole('list', { name: 'History' });
    const rows = (page) => history(page).locator(':scope > li');

    await check('the regions, and a history that counts itself', async () => {
      const page = await open();
      for (const name of ['Profile', 'Identities', 'History', 'Merges', 'Activity']) {
        await page.getByRole('region', { name, exact: true }).waitFor();
      }
      await page.getByRole('region', { name: 'Profile' }).getByText('London').waitFor();
      const first = rows(page).first();
      assert.equal(await first.getAttribute('aria-posinset'), '1');
      const { customer } = await rapport.ask('query($id: ID!) { customer(by: {id: $id}) { history(first: 1) { totalCount { count } } } }', { id: ada });
      assert.equal(await first.getAttribute('aria-setsize'), String(customer.history.totalCount.count));
      assert.ok(await first.locator('time[datetime]').count());
      await page.getByRole('region', { name: 'Activity' }).getByRole('img', { name: /items in the last 26 weeks/ }).waitFor();
    });

    await check('filters are pressed buttons and live in the address; none matches; cleared', async () => {
      const page = await open();
      const group = page.getByRole('group', { name: 'Filter' });
      await group.getByRole('button', { name: 'Calls' }).click();
      await page.waitForURL(/kinds=CALL/);
      await history(page).getByText('1:28 min').waitFor();
      assert.equal(await rows(page).count(), 1);
      assert.equal(await group.getByRole('button', { name: 'Calls' }).getAttribute('aria-pressed'), 'true');
      await page.getByRole('searchbox', { name: 'Search this history' }).fill('zzzz');
      await page.getByText('No items match').waitFor();
      await group.getByRole('button', { name: 'Clear filters' }).click();
      await rows(page).nth(5).waitFor();
      assert.equal(new URL(page.url()).search, '');
      await page.getByRole('searchbox', { name: 'Search this history' }).fill('stainless');
      await history(page).getByText('Does it come in stainless steel?').waitFor();
      await page.waitForFunction(() => document.querySelectorAll('ol.rows > li').length === 1);
    });

    await check('a jump to a date, and back to the newest', async () => {
      const page = await open();
      const day = new Date(Date.now() - 5 * 86_400_000).toLocaleDateString('sv', { timeZone: 'Europe/Berlin' });
      await page.getByLabel('Jump to date').fill(day);
      await page.waitForURL(/until=/);
      await page.waitForFunction((wanted) => document.querySelector('ol.rows time')?.getAttribute('datetime').slice(0, 10) <= wanted, day);
      await page.getByRole('button', { name: 'Back to the newest' }).click();
      await history(page).getByText('DeLorean', { exact: true }).waitFor();
    });

    await check('why linked: the evidence of an address', async () => {
      const page = await open();
      await page.getByRole('region', { name: 'Identities' }).getByRole('button', { name: 'Why linked: +14155550100' }).click();
      const dialog = page.getByRole('dialog', { name: 'Why linked' });
      await dialog.getByRole('list', { name: 'Evidence' }).getByRole('listitem').first().waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      assert.match(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), /^Why linked: \+14155550100/);
    });

    await check('a comment is there at once, sent once, kept', async () => {
      const page = await open();
      const row = rows(page).first();
      await row.hover();
      await row.getByRole('button', { name: 'Comment' }).click();
      await row.getByRole('textbox', { name: 'Comment' }).fill('Called back, all well');
      await row.getByRole('button', { name: 'Add comment' }).click();
      const comments = row.getByRole('list', { name: 'Comments' });
      await comments.getByText('Called back, all well').waitFor();
      await page.waitForFunction(() => document.querySelectorAll('.comments .pending').length === 0);
      assert.equal(await comments.getByRole('listitem').count(), 1);
      await page.reload();
      await rows(page).first().getByText('Called back, all well').waitFor();
      assert.equal(await rows(page).first().getByRole('list', { name: 'Comments' }).getByRole('listitem').count(), 1);
    });

    await check('a comment that the line lost is sent again, once', async () => {
      const page = await open(ada, { expectTrouble: true });
      const row = rows(page).nth(1);
      await row.focus();
      let lost = 0;
      await page.route('**/graphql', async (route) => {
        if (route.request().postData()?.includes('mutation AddComment') && lost === 0) {
          lost += 1;
          // The server gets it, the answer never comes back.
          await route.fetch();
          await route.abort();
        } else {
          await route.continue();
        }
      });
      await page.keyboard.press('c');
      await page.keyboard.type('lost and found');
      await page.keyboard.press('Control+Enter');
      await row.getByRole('list', { name: 'Comments' }).getByText('lost and found').first().waitFor();
      await page.waitForTimeout(600);
      const again = row.getByRole('button', { name: 'Try again' });
      if (await again.count()) await again.click();
      await page.waitForFunction(() => document.querySelectorAll('.comments .pending').length === 0);
      assert.equal(await row.getByText('lost and found').count(), 1);
      const { customer } = await rapport.ask('query($id: ID!) { customer(by: {id: $id}) { history(first: 5) { nodes { comments { nodes { text } } } } } }', { id: ada });
      assert.equal(customer.history.nodes.flatMap(({ comments }) => comments.nodes).filter(({ text }) => text === 'lost and found').length, 1);
    });

    await check('a comment that cannot be sent stays, with Try again, over a reload', async () => {
      const page = await open(ada, { expectTrouble: true });
      await page.route('**/graphql', (route) => (route.request().postData()?.includes('mutation AddComment') ? route.abort() : route.continue()));
      await rows(page).nth(2).focus();
      await page.keyboard.press('c');
      await page.keyboard.type('do not lose me');
      await page.keyboard.press('Control+Enter');
      await rows(page).nth(2).getByRole('alert').waitFor();
      await rows(page).nth(2).getByRole('button', { name: 'Try again' }).waitFor();
      await page.unroute('**/graphql');
      await page.reload();
      const field = rows(page).nth(2).getByRole('textbox', { name: 'Comment' });
      await field.waitFor();
      assert.equal(await field.inputValue(), 'do not lose me');
      await rows(page).nth(2).getByRole('button', { name: 'Add comment' }).click();
      await page.waitForFunction(() => document.querySelectorAll('.comments .pending').length === 0);
      assert.equal(await rows(page).nth(2).getByText('do not lose me').count(), 1);
    });

    await check("people's texts are text: no markup, only https links, no picture fetched", async () => {
      const page = await open(mallory);
      assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), '<img src=x onerror=alert(1)>');
      await history(page).getByText('<b>bold</b> <script>alert(1)</script>').waitFor();
      const hrefs = await history(page).locator('a').evaluateAll((links) => links.map((link) => [link.getAttribute('href'), link.rel]));
      assert.deepEqual(hrefs.map(([href]) => href), ['https://secure.example/a?b=c', 'https://pictures.example/cat.png']);
      assert.ok(hrefs.every(([, rel]) => rel.includes('noopener')));
      assert.equal(await page.locator('main img, main script, main b').count(), 0);
    });

    await check('the profile is edited; another edit meanwhile is shown, nothing typed is lost', async () => {
      const page = await stage.open(`/app/customers/${bob}`);
      await page.getByRole('region', { name: 'Profile' }).getByRole('button', { name: 'Edit' }).click();
      const dialog = page.getByRole('dialog', { name: 'Edit profile' });
      await dialog.getByLabel('Tags').fill('vip, berlin');
      await rapport.ask('mutation($id: ID!) { updateCustomer(input: {customerId: $id, name: "Robert"}) { userErrors { message } } }', { id: bob });
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByRole('alert').getByText('Bob → Robert').waitFor();
      assert.equal(await dialog.getByLabel('Tags').inputValue(), 'vip, berlin');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'detached' });
      await page.getByRole('heading', { level: 1, name: 'Robert' }).waitFor();
      await page.getByRole('region', { name: 'Profile' }).getByText('vip').waitFor();
    });

    await check('merge with preview and reason; the note undoes; kept apart; a lifted rule merges again', async () => {
      const page = await stage.open(`/app/customers/${grace}`);
      await page.getByRole('button', { name: 'Merge with…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Merge', exact: true });
      await dialog.getByRole('combobox', { name: 'Find the other person' }).fill('robert');
      await dialog.getByRole('option').first().click();
      await dialog.getByRole('region', { name: 'Preview' }).getByText('bob@example.com').waitFor();
      await dialog.getByRole('list', { name: 'Warnings' }).waitFor();
      await dialog.getByRole('textbox', { name: 'Reason' }).fill('same person, she said');
      await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
      await page.getByText(/^Merged into/).waitFor();
      await page.getByRole('region', { name: 'Merges' }).getByText('same person, she said').waitFor();
      await page.getByRole('button', { name: 'Undo', exact: true }).click();
      const undo = page.getByRole('dialog', { name: 'Undo merge' });
      await undo.getByRole('checkbox', { name: 'Keep them apart from now on' }).waitFor();
      await undo.getByRole('button', { name: 'Undo merge' }).click();
      await page.getByRole('region', { name: 'Merges' }).getByText('Undone', { exact: true }).waitFor();
      await page.getByRole('region', { name: 'Merges' }).getByRole('button', { name: 'Allow together' }).waitFor();
      await page.getByRole('button', { name: 'Merge with…' }).click();
      await dialog.getByRole('combobox', { name: 'Find the other person' }).fill('robert');
      await dialog.getByRole('option').first().click();
      await dialog.getByRole('button', { name: 'Lift the rule' }).click();
      await dialog.getByText('Refused').waitFor({ state: 'detached' });
      await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
      await page.getByRole('region', { name: 'Merges' }).getByRole('button', { name: 'Undo merge' }).click();
      await undo.getByRole('checkbox').uncheck();
      await undo.getByRole('button', { name: 'Undo merge' }).click();
      await undo.waitFor({ state: 'detached' });
      await page.getByRole('region', { name: 'Merges' }).getByRole('button', { name: 'Undo merge' }).waitFor({ state: 'detached' });
    });

    await check('the id of somebody merged leads to who stayed', async () => {
      const late = await identify(rapport, { email: 'late@example.com', name: 'Late' });
      await rapport.ask('mutation($ids: [ID!]!) { mergeCustomers(input: {customerIds: $ids}) { userErrors { message } } }', { ids: [grace, late] });
      const page = await stage.open(`/app/customers/${late}`);
      await page.waitForURL(new RegExp(`customers/${grace}`));
      await page.getByRole('region', { name: 'History' }).getByRole('button', { name: 'Undo merge' }).first().waitFor();
    });

    await check('split: some addresses become a person of their own', async () => {
      await identify(rapport, { email: 'split@example.com', phoneNumber: '+14155550190', name: 'Sam Split' });
      const id = await identify(rapport, { email: 'split@example.com' });
      await record(rapport, message('+14155550190', 'from the phone'));
      const page = await open(id);
      await page.getByRole('button', { name: 'Split…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Split' });
      assert.ok(await dialog.getByRole('button', { name: 'Split', exact: true }).isDisabled());
      await dialog.getByRole('checkbox', { name: /\+14155550190/ }).check();
      await dialog.getByRole('button', { name: 'Split', exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Why linked: +14155550190' }).waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Open', exact: true }).click();
      await history(page).getByText('from the phone').waitFor();
    });

    await check('erase: rehearsal, typed word, receipt to download', async () => {
      const id = await identify(rapport, { email: 'gone@example.com', name: 'Gone Girl' });
      await record(rapport, message('gone@example.com', 'forget me'), call('gone@example.com', 'gone-call', 'COMPLETED'));
      const page = await open(id);
      await page.getByRole('button', { name: 'Erase…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Erase' });
      await dialog.getByRole('table').getByRole('row').nth(2).waitFor();
      assert.ok(await dialog.getByRole('button', { name: 'Erase for good' }).isDisabled());
      await dialog.getByRole('textbox', { name: 'Confirm by typing ERASE' }).fill('ERASE');
      await dialog.getByRole('button', { name: 'Erase for good' }).click();
      await page.getByRole('region', { name: 'Receipt' }).waitFor();
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download receipt' }).click()]);
      assert.match(download.suggestedFilename(), /^rapport-erased-.*\.json$/);
      await page.waitForTimeout(1200);
      await page.getByRole('region', { name: 'Receipt' }).getByRole('button', { name: 'Close' }).click();
      await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
      const { customer } = await rapport.ask('query($id: ID!) { customer(by: {id: $id}) { id } }', { id });
      assert.equal(customer, null);
    });
  },
};
