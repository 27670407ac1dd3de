import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { useServer } from '../harness/claims.js';
import { RawConnection } from '../harness/raw.js';

const pings = client => client.incoming.entries.filter(message => message.ping);

describe('pings of the client', () => {
  const servers = useServer();

  it('a ping is answered with its id', async t => {
    const raw = await servers.raw(t, RawConnection.handshaken(servers.current));

    for (const id of [1, 2, 7, 3, -4, 0, 9007199254740991]) {
      assert.equal(await raw.ask(`{ping:[${id}]}`), `{pong:[${id}]}`);
    }
  });

  it('a ping is answered while a method runs', async t => {
    const client = await servers.client(t);
    client.connection.callMethod('time', 'never', [], () => {});

    await client.ping();
  });

  it('the heartbeat of the client is answered ping by ping', async t => {
    const client = await servers.client(t, { heartbeatInterval: 10 });

    await client.incoming.until(messages => messages.filter(message => message.pong).length >= 3, 'three pongs');

    const pongs = client.incoming.entries.filter(message => message.pong).map(message => message.pong[0]);
    assert.deepEqual(pongs.slice(0, 3), [1, 2, 3]);
  });

  it('without an interval the server sends no pings', async t => {
    const client = await servers.client(t);

    await client.call('time', 'delay', 50);

    assert.deepEqual(pings(client), []);
  });

  it('empty objects are heartbeats before and after the handshake and are not answered', async t => {
    const raw = await servers.raw(t, RawConnection.open(servers.current));

    raw.send('{}');
    raw.send('{}');
    assert.match(await raw.ask("{handshake:[0,'conformance']}"), /^\{handshake:\[0\],ok:'/);
    raw.send('{}');

    assert.deepEqual(await raw.settle(1), []);
  });
});

describe('the heartbeat of the server', () => {
  const servers = useServer({ heartbeatInterval: 60 });

  it('pings with descending ids, which the client answers', async t => {
    const client = await servers.client(t);

    await client.incoming.until(() => pings(client).length >= 3, 'three pings');

    assert.deepEqual(pings(client).slice(0, 3).map(message => message.ping), [[-1], [-2], [-3]]);
  });

  it('a pong releases the events before it, so a restore does not repeat them', async t => {
    const raw = await servers.raw(t, RawConnection.handshaken(servers.current));
    raw.send("{call:[1,'events'],burst:[2]}");
    const texts = await raw.take(3);
    while (!texts.at(-1).startsWith('{ping:')) texts.push(await raw.next());
    const lastId = Number(/-?\d+/.exec(texts.at(-1))[0]);
    raw.send(`{pong:[${lastId}]}`);
    await raw.settle(2);
    await raw.abort();

    const again = await servers.raw(t, RawConnection.restored(servers.current, raw.sessionId, 0));

    const late = await again.settle(3);
    assert.equal(again.answer, '{handshake:[0],ok:2}');
    assert.deepEqual(late.filter(text => text.startsWith('{event:')), []);
  });
});
