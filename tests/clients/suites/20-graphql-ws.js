import assert from 'node:assert/strict';
import { once } from 'node:events';
import { CloseCode, createClient, GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import WebSocket from 'ws';

import { liveRoundTrip, newPerson, operation, recordMessage } from '../harness/api.js';

/** The reference client of graphql-transport-ws, and the close codes that its protocol names. */
export const suite = {
  name: 'graphql-ws, reference client',
  packages: ['graphql-ws', 'ws'],
  async run({ server, check }) {
    const client = (more = {}) =>
      createClient({ url: server.socketUrl, webSocketImpl: WebSocket, connectionParams: server.headers, retryAttempts: 0, ...more });
    const shared = client();
    const one = async (payload) => (await shared.iterate(payload).next()).value;
    const person = await newPerson(server);
    const live = (variables = {}) => shared.iterate({ query: operation('Live'), variables: { customer: person.by, ...variables } });
    const pull = (events) => async () => {
      const { value, done } = await events.next();
      return done ? undefined : value.data.customerHistory;
    };

    await check('a query over the socket', async () => {
      const { data } = await one({ query: '{ viewer { tenant } }' });
      assert.equal(typeof data.viewer.tenant, 'string');
    });

    await check('a mutation over the socket', async () => {
      const { data } = await one({ query: operation('Identify'), variables: { input: { email: person.email } } });
      assert.equal(data.identify.outcome, 'MATCHED');
    });

    await check('a live history catches up, then brings what is recorded', async () => {
      const events = live();
      await liveRoundTrip(pull(events), () => recordMessage(server, person));
      await events.return();
    });

    await check('a live history goes on after its cursor', async () => {
      const first = live();
      const { caughtUp, added } = await liveRoundTrip(pull(first), () => recordMessage(server, person));
      await first.return();
      const missed = await recordMessage(server, person);
      const second = live({ after: added.cursor });
      const replayed = await pull(second)();
      assert.equal(replayed.item?.id, missed);
      assert.notEqual(caughtUp.cursor, added.cursor);
      await second.return();
    });

    await check('two subscriptions share a socket', async () => {
      const sides = [live(), live()];
      // Both have caught up before the one message is recorded.
      let waiting = sides.length;
      let bothCaughtUp;
      const recorded = new Promise((done) => (bothCaughtUp = done)).then(() => recordMessage(server, person));
      const act = () => {
        waiting -= 1;
        if (waiting === 0) {
          bothCaughtUp();
        }
        return recorded;
      };
      await Promise.all(sides.map((events) => liveRoundTrip(pull(events), act)));
      await Promise.all(sides.map((events) => events.return()));
    });

    await check('a document that does not fit is an error message, not a result', async () => {
      await assert.rejects(one({ query: '{ nothingLikeThis }' }), (errors) => Array.isArray(errors) && errors.length > 0);
    });

    await check('the socket closes when nobody needs it', async () => {
      let lazy;
      const closed = new Promise((done) => (lazy = client({ on: { closed: (event) => done(event.code) } })));
      await lazy.iterate({ query: '{ viewer { tenant } }' }).next();
      assert.equal(await closed, 1000);
    });

    await check('ping is answered with pong', async () => {
      const socket = await opened(server);
      socket.send(JSON.stringify({ type: 'connection_init', payload: server.headers }));
      await received(socket, 'connection_ack');
      socket.send(JSON.stringify({ type: 'ping' }));
      await received(socket, 'pong');
      socket.terminate();
    });

    await check('a wrong token closes the socket', async () => {
      const stranger = client({ connectionParams: { authorization: 'Bearer not.a.token' } });
      await assert.rejects(stranger.iterate({ query: '{ viewer { tenant } }' }).next(), ({ code }) => [4401, 4403].includes(code));
    });

    const closing = [
      ['something that is no message', CloseCode.BadRequest, false, ['nonsense']],
      ['a subscription before the connection is acknowledged', CloseCode.Unauthorized, false, [subscribe('1')]],
      ['a second connection_init', CloseCode.TooManyInitialisationRequests, true, [{ type: 'connection_init', payload: server.headers }]],
      ['an id that is in use', CloseCode.SubscriberAlreadyExists, true, [subscribe('1'), subscribe('1')]],
      ['no connection_init at all', CloseCode.ConnectionInitialisationTimeout, false, []],
    ];
    for (const [what, code, acknowledged, messages] of closing) {
      await check(`${what} closes with ${code}`, async () => {
        const socket = await opened(server);
        const closed = once(socket, 'close');
        if (acknowledged) {
          socket.send(JSON.stringify({ type: 'connection_init', payload: server.headers }));
          await received(socket, 'connection_ack');
        }
        for (const message of messages) {
          socket.send(typeof message === 'string' ? message : JSON.stringify(message));
        }
        assert.equal((await closed)[0], code);
      });
    }

    await check('the retired protocol is not spoken', async () => {
      const socket = new WebSocket(server.socketUrl, 'graphql-ws');
      const outcome = await new Promise((done) => socket.on('error', () => done('refused')).on('close', done));
      assert.ok([CloseCode.SubprotocolNotAcceptable, 'refused'].includes(outcome), String(outcome));
    });

    await shared.dispose();
  },
};

function subscribe(id) {
  return { id, type: 'subscribe', payload: { query: 'subscription { feed { cursor } }' } };
}

async function opened(server) {
  const socket = new WebSocket(server.socketUrl, GRAPHQL_TRANSPORT_WS_PROTOCOL);
  await once(socket, 'open');
  return socket;
}

async function received(socket, type) {
  for (;;) {
    const [text] = await once(socket, 'message');
    if (JSON.parse(text).type === type) {
      return;
    }
  }
}
