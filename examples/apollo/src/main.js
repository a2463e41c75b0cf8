// The page: ?server=http://127.0.0.1:8000&customer=<id>#token=<token>

import { keepLive, makeClient, makeConnection, PAGE } from './history.js';

const query = new URLSearchParams(location.search);
const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
const url = new URL('/graphql', query.get('server') ?? 'http://127.0.0.1:8000').href;
const id = query.get('customer') ?? '';

const client = makeClient({ url, token });
const show = (selector, text) => (document.querySelector(selector).textContent = text);
const connection = makeConnection({ url, token, onState: (state) => show('#state', state) });

const watched = client.watchQuery({ query: PAGE, variables: { id } });
watched.subscribe(({ data }) => {
  if (!data?.customer?.history) return;
  show('h1', data.customer.name ?? 'Somebody');
  const rows = data.customer.history.edges.map(({ node }) => {
    const row = document.createElement('li');
    row.textContent = `${new Date(node.occurredAt).toLocaleString()} ${node.kind}: ${node.summary}`;
    return row;
  });
  document.querySelector('ol').replaceChildren(...rows);
  document.querySelector('button').hidden = !data.customer.history.pageInfo.hasNextPage;
});
document.querySelector('button').addEventListener('click', () => {
  const { customer } = client.readQuery({ query: PAGE, variables: { id } });
  void watched.fetchMore({ variables: { after: customer.history.pageInfo.endCursor } });
});
addEventListener('online', () => connection.wake());
await keepLive({ client, connection, id });
