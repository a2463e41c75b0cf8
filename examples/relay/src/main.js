// The page: ?server=http://127.0.0.1:8000&customer=<id>#token=<token>

import { makeConnection, makeEnvironment, openHistory } from './history.js';

const query = new URLSearchParams(location.search);
const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
const url = new URL('/graphql', query.get('server') ?? 'http://127.0.0.1:8000').href;

const text = (selector, words) => (document.querySelector(selector).textContent = words);
const connection = makeConnection({ url, token, onState: (state) => text('#state', state) });
const environment = makeEnvironment({ url, token, connection });
addEventListener('online', () => connection.wake());

const { older } = await openHistory({
  environment,
  id: query.get('customer') ?? '',
  show(customer) {
    text('h1', customer?.name ?? 'Somebody');
    const rows = (customer?.history.edges ?? []).map(({ node }) => {
      const row = document.createElement('li');
      row.textContent = `${new Date(node.occurredAt).toLocaleString()} ${node.kind}: ${node.summary}`;
      return row;
    });
    document.querySelector('ol').replaceChildren(...rows);
    document.querySelector('button').hidden = !customer?.history.pageInfo.hasNextPage;
  },
});
document.querySelector('button').addEventListener('click', () => void older());
