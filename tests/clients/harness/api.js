// What every suite needs: the clients' documents, and people of its own to work on.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse, print } from 'graphql';

const documents = parse(readFileSync(new URL('../documents.graphql', import.meta.url), 'utf8'));

export const operationNames = documents.definitions.map(({ name }) => name.value);

/** One operation of documents.graphql, as text. */
export function operation(name) {
  const found = documents.definitions.find((definition) => definition.name?.value === name);
  if (!found) {
    throw new Error(`documents.graphql has no ${name}`);
  }
  return print(found);
}

/** The data of one request over plain HTTP; errors throw. */
export async function ask(server, query, variables = {}) {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { accept: 'application/graphql-response+json', 'content-type': 'application/json', ...server.headers },
    body: JSON.stringify({ query, variables }),
  });
  const body = await response.json();
  if (body.errors) {
    throw new Error(JSON.stringify(body.errors));
  }
  return body.data;
}

/** A person nobody knew before. */
export async function newPerson(server) {
  const email = `${randomUUID()}@example.org`;
  const { identify } = await ask(server, operation('Identify'), { input: { email, name: 'Grace Example' } });
  if (!identify.customer) {
    throw new Error(JSON.stringify(identify.userErrors));
  }
  return { email, id: identify.customer.id, by: { identity: { kind: 'EMAIL', value: email } } };
}

export function message(person, text) {
  return {
    customer: person.by,
    channel: 'WHATSAPP',
    direction: 'INBOUND',
    source: 'clients',
    sourceId: randomUUID(),
    body: { message: { text } },
  };
}

/** Records one message of the person; its item's id. */
export async function recordMessage(server, person, text = 'hello') {
  const { recordEngagements } = await ask(server, operation('Record'), { inputs: [message(person, text)] });
  const [result] = recordEngagements.results;
  if (!result.item) {
    throw new Error(JSON.stringify(result));
  }
  return result.item.id;
}

/**
 * Reads a live history until it has caught up, calls `act`, and reads on until the item that `act` returned the id of
 * has arrived. `pull` gives the next event, or `undefined` at the end.
 */
export async function liveRoundTrip(pull, act) {
  const until = async (wanted) => {
    for (;;) {
      const event = await pull();
      if (event === undefined) {
        throw new Error('the stream ended early');
      }
      if (wanted(event)) {
        return event;
      }
    }
  };
  const caughtUp = await until((event) => event.__typename === 'CaughtUp');
  const id = await act();
  const added = await until((event) => event.__typename === 'HistoryItemAdded' && event.item.id === id);
  return { caughtUp, added };
}

/** Turns callbacks into something to pull from; problems are thrown at the reader. */
export class Queue {
  #values = [];
  #waiting = [];

  push(value) {
    this.#settle({ value });
  }

  fail(problem) {
    this.#settle({ problem });
  }

  async pull() {
    const { value, problem } = this.#values.shift() ?? (await new Promise((done) => this.#waiting.push(done)));
    if (problem) {
      throw problem;
    }
    return value;
  }

  #settle(entry) {
    const reader = this.#waiting.shift();
    if (reader) {
      reader(entry);
    } else {
      this.#values.push(entry);
    }
  }
}
