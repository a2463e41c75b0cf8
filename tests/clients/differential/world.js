// What the server under test knows, so that documents ask for things that are there.

import { ask, newPerson, recordMessage } from '../harness/api.js';
import { again } from './post.js';

const PEOPLE = 12;
const SECONDS = 120;

const CUSTOMERS = `query World($people: Int!) {
  customers(orderBy: CREATED_DESC, last: $people) {
    nodes {
      id name status stage tags primaryEmail primaryPhone
      contacts { id contactId }
      identities { nodes { id kind value } }
      history(last: 9) { nodes { id kind source sourceId } }
      page: history(first: 2) { pageInfo { endCursor } }
      liveCursor: history(first: 1) { liveCursor }
    }
  }
  feed(first: 3) { liveCursor pageInfo { endCursor } }
  search(query: "a", first: 1) { pageInfo { endCursor } }
  LAST_SEEN_DESC: customers(first: 2) { pageInfo { endCursor } }
  CREATED_DESC: customers(first: 2, orderBy: CREATED_DESC) { pageInfo { endCursor } }
  NAME_ASC: customers(first: 2, orderBy: NAME_ASC) { pageInfo { endCursor } }
}`;

/** The oldest people, which `serve --demo` made, once they are all there; and an item to comment on. */
export async function collectWorld(server) {
  const end = Date.now() + SECONDS * 1000;
  let told = await collected(server);
  while (!complete(told) && Date.now() < end) {
    await new Promise((next) => setTimeout(next, 200));
    told = await collected(server);
  }
  const people = told.customers.nodes;
  if (people.length === 0) {
    throw new Error('the server knows nobody: start it with --demo');
  }
  const person = await newPerson(server);
  return {
    people,
    customers: people.map(({ id }) => id),
    contacts: people.flatMap(({ contacts }) => contacts.map(({ id }) => id)),
    contactNumbers: people.flatMap(({ contacts }) => contacts.map(({ contactId }) => contactId)),
    identities: people.flatMap(({ identities }) => identities.nodes),
    items: people.flatMap(({ history }) => history.nodes),
    commented: await recordMessage(server, person, 'to comment on'),
    cursors: {
      customers: ['LAST_SEEN_DESC', 'CREATED_DESC', 'NAME_ASC'].map((order) => told[order].pageInfo.endCursor),
      history: people.map(({ page }) => page.pageInfo.endCursor),
      feed: [told.feed.pageInfo.endCursor],
      search: [told.search.pageInfo.endCursor],
      live: [told.feed.liveCursor, ...people.map(({ liveCursor }) => liveCursor.liveCursor)],
    },
  };
}

const collected = (server) => again(() => ask(server, CUSTOMERS, { people: PEOPLE }));

const complete = ({ customers }) => customers.nodes.length === PEOPLE && customers.nodes.every(({ history }) => history.nodes.length === 9);
