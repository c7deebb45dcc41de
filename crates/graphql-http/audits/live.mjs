// Subscribes to the endpoint whose URL is the first argument with clients that are not ours: `graphql-ws` over a WebSocket
// and `graphql-sse` over event streams. Prints what went wrong; exits with 1 unless nothing did.
import assert from 'node:assert/strict';
import { createClient as overEvents } from 'graphql-sse';
import { createClient as overSocket } from 'graphql-ws';
import WebSocket from 'ws';

const url = process.argv[2];
if (!url) {
  console.error('usage: node live.mjs http://127.0.0.1:PORT/graphql');
  process.exit(2);
}

// Everything that a subscription says, until it ends by itself or `stop` says so.
function heard(client, query, stop = () => false) {
  return new Promise((resolve, reject) => {
    const results = [];
    const end = client.subscribe(
      { query },
      {
        next(result) {
          results.push(result);
          if (stop(results)) end();
        },
        error: reject,
        complete: () => resolve(results),
      },
    );
  });
}

async function check(name, client) {
  const counted = await heard(client, 'subscription { count(to: 3) }');
  assert.deepEqual(counted, [1, 2, 3].map((count) => ({ data: { count } })), name);
  assert.deepEqual(await heard(client, '{ one }'), [{ data: { one: 1 } }], name);
  assert.equal((await heard(client, 'mutation { bump }')).length, 1, name);
  const stopped = await heard(client, 'subscription { flood }', (results) => results.length === 5);
  // what was on its way when the client stopped may still be heard of
  assert.ok(stopped.length >= 5, name);
  const stumbled = await heard(client, 'subscription { stumbles }');
  assert.equal(stumbled[1].errors[0].extensions.code, 'INTERNAL', name);
  const many = Array.from({ length: 20 }, () => heard(client, 'subscription { count(to: 2) }'));
  assert.equal((await Promise.all(many)).flat().length, 40, name);
}

const pings = [];
const socket = overSocket({
  url: url.replace('http', 'ws'),
  webSocketImpl: WebSocket,
  lazy: false,
  keepAlive: 50,
  connectionParams: { token: 'any' },
  on: { pong: () => pings.push(1) },
});
await check('graphql-ws', socket);
await assert.rejects(heard(socket, 'subscription { nothing }'), (errors) => {
  return errors[0].extensions.code === 'GRAPHQL_VALIDATION_FAILED';
});
while (pings.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
await socket.dispose();

const events = overEvents({ url });
await check('graphql-sse', events);
const [refused] = await heard(events, 'subscription { nothing }');
assert.equal(refused.errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
events.dispose();
console.log('the clients of both live transports are content');
