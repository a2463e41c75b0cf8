// A customer's history in Apollo's cache, kept live: pages by Apollo, events by the live core of the dashboard.

import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';

import { Connection } from '../../../web/src/live/connection';
import { follow } from '../../../web/src/live/follow';

const ITEM = gql`
  fragment Item on HistoryItem {
    id
    kind
    occurredAt
    channel
    summary
  }
`;

export const PAGE = gql`
  query Page($id: ID!, $after: String) {
    customer(by: { id: $id }) {
      id
      name
      history(first: 20, after: $after) {
        liveCursor
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          cursor
          node {
            ...Item
          }
        }
      }
    }
  }
  ${ITEM}
`;

const LIVE = `subscription($id: ID!, $after: String) {
  event: customerHistory(customer: { id: $id }, after: $after) {
    __typename
    cursor
    ... on HistoryItemAdded { item { ...Item } }
    ... on HistoryItemUpdated { item { ...Item } }
    ... on HistoryItemRemoved { itemId }
  }
}
fragment Item on HistoryItem { __typename id kind occurredAt channel summary }`;

const KINDS = ['Call', 'Email', 'IdentityEvent', 'Message', 'Note', 'PageView', 'RecordEvent'];

export function makeClient({ url, token }) {
  const cache = new InMemoryCache({
    possibleTypes: { HistoryItem: KINDS },
    typePolicies: { Customer: { fields: { history: relayStylePagination() } } },
  });
  return new ApolloClient({ link: new HttpLink({ uri: url, headers: { authorization: `Bearer ${token}` } }), cache });
}

export function makeConnection({ url, token, onState = () => {}, webSocketImpl }) {
  return new Connection({
    url: url.replace(/^http/, 'ws'),
    parameters: () => ({ authorization: `Bearer ${token}` }),
    onState,
    onForbidden: () => onState('forbidden'),
    webSocketImpl,
  });
}

/** Reads the first page, and keeps what is in the cache live until the returned function is called. */
export async function keepLive({ client, connection, id }) {
  const { data } = await client.query({ query: PAGE, variables: { id }, fetchPolicy: 'network-only' });
  let stop = follow(connection, {
    query: LIVE,
    variables: { id, after: data.customer.history.liveCursor },
    onEvent: (event) => take(client.cache, id, event, () => client.refetchQueries({ include: [PAGE] })),
    onReset: () => void keepLive({ client, connection, id }).then((next) => (stop = next)),
  });
  return () => stop();
}

/** Puts an event into the cache. Whoever watches the query sees it. */
function take(cache, id, event, reread) {
  const customer = cache.identify({ __typename: 'Customer', id });
  switch (event.__typename) {
    case 'HistoryItemAdded': {
      const node = cache.writeFragment({ fragment: ITEM, fragmentName: 'Item', data: event.item });
      cache.modify({ id: customer, fields: { history: (history, { readField }) => withEdge(history, node, event.item, readField) } });
      break;
    }
    case 'HistoryItemUpdated':
      cache.writeFragment({ fragment: ITEM, fragmentName: 'Item', data: event.item });
      break;
    case 'HistoryItemRemoved':
      cache.modify({
        id: customer,
        fields: { history: (history, { readField }) => ({ ...history, edges: history.edges.filter(({ node }) => readField('id', node) !== event.itemId) }) },
      });
      break;
    case 'CustomerRelinked':
      void reread();
      break;
    default:
  }
}

/** Newest first; an event that comes twice is one edge. */
function withEdge(history, node, item, readField) {
  const { edges } = history;
  if (edges.some((edge) => readField('id', edge.node) === item.id)) return history;
  const place = edges.findIndex((edge) => readField('occurredAt', edge.node) <= item.occurredAt);
  const edge = { __typename: 'HistoryEdge', cursor: '', node };
  // Older than what is loaded: it comes with its page.
  if (place < 0 && history.pageInfo.hasNextPage) return history;
  return { ...history, edges: place < 0 ? [...edges, edge] : edges.toSpliced(place, 0, edge) };
}
