// The pictures of the README: a customer and the feed on a desk, light and dark, and both on a phone.

import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { call, message, record } from './kit/data.mjs';
import { closeBrowser, sizes, Stage } from './kit/stage.mjs';

const out = fileURLToPath(new URL('../screenshots/', import.meta.url));
mkdirSync(out, { recursive: true });
const stage = await Stage.up({ demo: true });
let customer = null;
while (!customer) {
  ({ customer } = await stage.rapport.ask('{ customer(by: {identity: {kind: EMAIL, value: "ada@example.com"}}) { id } }'));
}
const ada = customer.id;
const talk = [
  ['INBOUND', 'WHATSAPP', 'Hello, is the roadster in green still there?', 52],
  ['OUTBOUND', 'WHATSAPP', 'It is. Shall I keep it for you until Friday?', 49],
  ['INBOUND', 'WHATSAPP', 'Yes please. Can I bring my own tyres?', 31],
  ['OUTBOUND', 'SMS', 'Of course. Here is the way: https://shop.example/way', 12],
];
for (let day = 0; day < 160; day += 1 + (day % 5)) {
  await record(stage.rapport, message('ada@example.com', 'Thank you, until then!', day * 1440 + 200, { channel: day % 3 ? 'WHATSAPP' : 'EMAIL', body: day % 3 ? { message: { text: 'Thank you, until then!' } } : { email: { subject: 'Your order', text: 'It left our house this morning.' } } }));
}
await record(stage.rapport, ...talk.map(([direction, channel, text, minutes]) => message('ada@example.com', text, minutes, { direction, channel })));
const more = await stage.rapport.ask('mutation($id: ID!) { updateCustomer(input: {customerId: $id, stage: CUSTOMER, tags: ["vip"]}) { customer { history(first: 3) { nodes { id } } } } }', { id: ada });
await stage.rapport.ask('mutation($id: ID!) { addComment(input: {itemId: $id, text: "Promised to call back before noon"}) { userErrors { message } } }', {
  id: more.updateCustomer.customer.history.nodes[2].id,
});
const shoot = async (name, path, options, ready) => {
  const page = await stage.open(path, options);
  await ready(page);
  await page.waitForTimeout(900);
  await page.screenshot({ path: `${out}${name}.png` });
  await page.context().close();
};
const rows = (page) => page.locator('ol.rows > li').nth(3).waitFor();
await shoot('customer-desk', `/app/customers/${ada}`, { size: sizes.desk }, rows);
await shoot('customer-phone', `/app/customers/${ada}`, { size: sizes.phone }, rows);
await shoot('feed-desk-dark', '/app/feed', { size: sizes.desk, scheme: 'dark' }, async (page) => {
  await rows(page);
  await page.getByRole('status', { name: 'Connection' }).getByText('Live').waitFor();
  await record(stage.rapport, call('grace@example.com', 'picture'));
  await page.getByRole('dialog', { name: 'Incoming call' }).first().waitFor();
});
await shoot('feed-phone-dark', '/app/feed', { size: sizes.phone, scheme: 'dark' }, rows);
stage.contexts = [];
await stage.down();
await closeBrowser();
