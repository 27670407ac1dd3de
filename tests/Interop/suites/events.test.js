import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { oursOnly, useServer } from '../harness/claims.js';
import { RawConnection } from '../harness/raw.js';

const ticks = n => Array.from({ length: n }, (_, i) => ['events', 'tick', [i]]);

describe('events', () => {
  const servers = useServer();

  for (const args of [[], [1], ['a', null, { b: [true] }], [[]]]) {
    it(`emitBack emits with the arguments ${JSON.stringify(args)} before it answers`, async t => {
      const client = await servers.client(t);

      assert.deepEqual(await client.call('events', 'emitBack', 'greeting', args), []);

      assert.deepEqual(client.events.entries, [['events', 'greeting', args]]);
    });
  }

  it('a burst arrives whole, in order, and before the answer', async t => {
    const client = await servers.client(t);

    assert.deepEqual(await client.call('events', 'burst', 1000), [1000]);

    assert.deepEqual(client.events.entries, ticks(1000));
  });

  it('burstLater answers first and emits later', async t => {
    const client = await servers.client(t);

    assert.deepEqual(await client.call('events', 'burstLater', 3, 10), [3]);

    assert.deepEqual(await client.events.first(3), ticks(3));
  });

  it('the event ping is answered by the event pong to the sender alone', async t => {
    const [sender, other] = [await servers.client(t), await servers.client(t)];

    for (const x of [1, 'two', null, { three: [3] }]) sender.emit('events', 'ping', x);
    await sender.events.first(4);
    await other.ping();

    assert.deepEqual(sender.events.entries, [1, 'two', null, { three: [3] }].map(x => ['events', 'pong', [x]]));
    assert.deepEqual(other.events.entries, []);
  });

  it('unknown events and events of unknown interfaces are ignored', async t => {
    const client = await servers.client(t);

    client.emit('events', 'unheard', 1);
    client.emit('nowhere', 'ping', 1);
    client.emit('echo', 'ping', 1);
    await client.ping();

    assert.deepEqual(client.events.entries, []);
    assert.equal(client.connection.handshakeDone, true);
  });

  it('a broadcast reaches every client of every version once, and no other application', async t => {
    const clients = [];
    for (const app of ['conformance', 'conformance@1.0.0', 'conformance@^1.0.0', 'conformance']) {
      clients.push(await servers.client(t, { app }));
    }
    const stranger = await servers.client(t, { app: 'other' });

    assert.deepEqual(await clients[0].call('events', 'broadcast', 'news', ['lunch', 2]), []);
    await Promise.all(clients.map(client => client.events.first(1)));
    await Promise.all([...clients, stranger].map(client => client.ping()));

    for (const client of clients) assert.deepEqual(client.events.entries, [['events', 'news', ['lunch', 2]]]);
    assert.deepEqual(stranger.events.entries, []);
  });

  it('the server numbers its events -1, -2, -3 and each client has its own numbers', async t => {
    const raws = [
      await servers.raw(t, RawConnection.handshaken(servers.current)),
      await servers.raw(t, RawConnection.handshaken(servers.current)),
    ];

    for (const raw of raws) {
      raw.send("{call:[1,'events'],burst:[3]}");
      assert.deepEqual(await raw.take(4), [
        "{event:[-1,'events'],tick:[0]}",
        "{event:[-2,'events'],tick:[1]}",
        "{event:[-3,'events'],tick:[2]}",
        '{callback:[1],ok:[3]}',
      ]);
    }
  });

  it('text frames alone leave the server', async t => {
    const raw = await servers.raw(t, RawConnection.open(servers.current));

    raw.send("{handshake:[0,'conformance']}", { binary: true });
    assert.equal((await raw.nextMessage()).isBinary, false);

    raw.send("{call:[1,'events'],burst:[1]}", { binary: true });
    assert.equal((await raw.nextMessage()).isBinary, false);
    assert.equal((await raw.nextMessage()).isBinary, false);
  });

  oursOnly('D11', 'events that nobody acknowledges draw a ping before they fill the memory', async t => {
    const raw = await servers.raw(t, RawConnection.handshaken(servers.current));

    raw.send("{call:[1,'events'],burst:[400]}");
    const texts = await raw.take(401);
    while (!texts.some(text => text.startsWith('{ping:['))) texts.push(await raw.next());

    assert.equal(texts.filter(text => text.startsWith('{ping:[')).length, 1);
  });

  oursOnly('D11', 'a client that answers pings can receive events without end', async t => {
    const client = await servers.client(t);

    for (let i = 0; i < 5; i++) await client.call('events', 'burst', 20_000);

    assert.equal(client.events.entries.length, 100_000);
    assert.deepEqual(client.events.entries.at(-1), ['events', 'tick', [19_999]]);
  });

  oursOnly('D10', 'event names that every object inherits are ignored', async t => {
    const raw = await servers.raw(t, RawConnection.handshaken(servers.current));

    raw.send("{event:[1,'constructor'],x:[]}");
    raw.send("{event:[2,'events'],hasOwnProperty:[]}");
    raw.send("{event:[3,'__proto__'],toString:[]}");

    assert.deepEqual(await raw.settle(4), []);
  });
});
