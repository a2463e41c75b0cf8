// A customer's history in Relay's store, kept live: Relay asks, the live core of the dashboard carries the subscription.

import {
  ConnectionHandler,
  createOperationDescriptor,
  Environment,
  fetchQuery,
  Network,
  Observable,
  RecordSource,
  requestSubscription,
  Store,
} from 'relay-runtime';

import { Connection } from '../../../web/src/live/connection';
import { follow } from '../../../web/src/live/follow';
import live from './__generated__/documentsLiveSubscription.graphql';
import page from './__generated__/documentsPageQuery.graphql';

const FIRST = 20;

export function makeConnection({ url, token, onState = () => {}, webSocketImpl }) {
  return new Connection({
    url: url.replace(/^http/, 'ws'),
    parameters: () => ({ authorization: `Bearer ${token}` }),
    onState,
    onForbidden: () => onState('forbidden'),
    webSocketImpl,
  });
}

export function makeEnvironment({ url, token, connection }) {
  const send = async ({ text }, variables) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query: text, variables }) })).json();
  };
  // A stream that is resumed after its last event, whatever becomes of the socket; it ends where the page is to be read anew.
  const listen = ({ text }, variables) =>
    Observable.create((sink) =>
      follow(connection, {
        query: text,
        variables,
        onEvent: (event) => sink.next({ data: { event } }),
        onReset: () => sink.complete(),
        onRefused: ({ message }) => sink.error(new Error(message)),
      }),
    );
  return new Environment({ network: Network.create(send, listen), store: new Store(new RecordSource()) });
}

/** Shows the history whenever it changes; the returned object reads on, and stops. */
export async function openHistory({ environment, id, show }) {
  const operation = createOperationDescriptor(page, { id, first: FIRST });
  const kept = environment.retain(operation);
  const read = (after) => fetchQuery(environment, page, { id, first: FIRST, after }, { networkCacheConfig: { force: true } }).toPromise();
  const { customer } = await read();
  const snapshot = environment.lookup(operation.fragment);
  const watch = environment.subscribe(snapshot, ({ data }) => show(data.customer));
  show(snapshot.data.customer);

  let stream;
  const begin = (after) => {
    stream = requestSubscription(environment, {
      subscription: live,
      variables: { id, after },
      updater: (store, data) => take(store, id, data.event, () => void read()),
      onCompleted: () => void read().then((again) => begin(again.customer.history.liveCursor)),
    });
  };
  begin(customer.history.liveCursor);
  return {
    older: () => read(environment.lookup(operation.fragment).data.customer.history.pageInfo.endCursor),
    stop() {
      stream.dispose();
      watch.dispose();
      kept.dispose();
    },
  };
}

function take(store, id, event, reread) {
  const history = ConnectionHandler.getConnection(store.get(id), 'page_history');
  if (!history) return;
  if (event.__typename === 'HistoryItemAdded') {
    const item = store.getRootField('customerHistory').getLinkedRecord('item');
    const edges = history.getLinkedRecords('edges');
    if (edges.some((edge) => edge.getLinkedRecord('node')?.getDataID() === item.getDataID())) return;
    const place = edges.findIndex((edge) => edge.getLinkedRecord('node')?.getValue('occurredAt') <= item.getValue('occurredAt'));
    // Older than what is loaded: it comes with its page.
    if (place < 0 && history.getLinkedRecord('pageInfo').getValue('hasNextPage')) return;
    const edge = ConnectionHandler.createEdge(store, history, item, 'HistoryEdge');
    history.setLinkedRecords(place < 0 ? [...edges, edge] : edges.toSpliced(place, 0, edge), 'edges');
  } else if (event.__typename === 'HistoryItemRemoved') {
    ConnectionHandler.deleteNode(history, event.itemId);
  } else if (event.__typename === 'CustomerRelinked') {
    reread();
  }
}
