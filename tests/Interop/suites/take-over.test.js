import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { oursOnly, useServer } from '../harness/claims.js';
import { RawConnection } from '../harness/raw.js';

describe('a session that is taken over while its old connection lives', () => {
  const servers = useServer();

  const restored = (sessionId, count) => RawConnection.restored(servers.current, sessionId, count);

  it('works when the old peer is silent', async t => {
    const old = await servers.raw(t, RawConnection.handshaken(servers.current));
    await old.ask("{call:[1,'session'],count:[]}");
    old.freeze();

    const raw = await servers.raw(t, restored(old.sessionId, 0));

    assert.equal(raw.answer, '{handshake:[0],ok:1}');
    assert.equal(await raw.ask("{call:[2,'session'],count:[]}"), '{callback:[2],ok:[2]}');
  });

  it('closes the old connection with 1000', async t => {
    const old = await servers.raw(t, RawConnection.handshaken(servers.current));

    await servers.raw(t, restored(old.sessionId, 0));

    assert.deepEqual(await old.closed(), { code: 1000, by: 'server' });
  });

  oursOnly('D3', 'answers the real client on its new connection, before and after the old one has ended', async t => {
    const old = await servers.client(t, { login: ['alice', 'wonderland'] });
    await old.call('session', 'count');

    const client = await servers.client(t, { session: old.copySession() });

    assert.deepEqual(await client.call('session', 'count'), [2]);
    assert.equal(await old.closeCode(), 1000);
    assert.deepEqual(await client.call('session', 'count'), [3]);
    assert.deepEqual(await client.call('session', 'username'), ['alice']);
  });

  oursOnly('D3', 'delivers later events and broadcasts to the new connection alone', async t => {
    const old = await servers.client(t);
    const speaker = await servers.client(t);
    await old.call('events', 'burstLater', 5, 50);

    const client = await servers.client(t, { session: old.copySession() });
    await client.events.first(5);
    await speaker.call('events', 'broadcast', 'news', [1]);
    await client.events.first(6);

    assert.deepEqual(
      client.events.entries.map(([, name]) => name),
      ['tick', 'tick', 'tick', 'tick', 'tick', 'news']
    );
    assert.deepEqual(old.events.entries, []);
  });

  oursOnly('D3', 'executes each request once, whichever connection brought it', async t => {
    const requests = Array.from({ length: 50 }, (_, i) => `{call:[${i + 1},'session'],count:[]}`);

    for (let round = 0; round < 20; round++) {
      const old = await servers.raw(t, RawConnection.handshaken(servers.current));
      const raw = await servers.raw(t, RawConnection.open(servers.current));
      requests.forEach(request => old.send(request));
      const answer = await raw.ask(`{handshake:[0,'conformance'],session:['${old.sessionId}',0]}`);
      const received = Number(/ok:(\d+)/.exec(answer)[1]);

      requests.slice(received).forEach(request => raw.send(request));
      raw.send("{call:[51,'session'],count:[]}");
      let last;
      do last = await raw.next();
      while (!last.startsWith('{callback:[51]'));

      assert.equal(last, '{callback:[51],ok:[51]}', `round ${round}, ${received} had been received`);
    }
  });

  oursOnly('D3', 'goes from connection to connection as often as it is taken', async t => {
    const first = await servers.raw(t, RawConnection.handshaken(servers.current));
    let last = first;

    for (let i = 1; i <= 30; i++) {
      last = await servers.raw(t, restored(first.sessionId, 0));
      assert.equal(await last.ask(`{call:[${i},'session'],count:[]}`), `{callback:[${i}],ok:[${i}]}`);
    }
  });

  oursOnly('D3', 'belongs to one of many connections that take it at once, and works there', async t => {
    const first = await servers.raw(t, RawConnection.handshaken(servers.current));
    const connections = await Promise.all(
      Array.from({ length: 20 }, () => servers.raw(t, RawConnection.open(servers.current)))
    );

    connections.forEach(raw => raw.send(`{handshake:[0,'conformance'],session:['${first.sessionId}',0]}`));
    await first.closed();
    const survivor = await servers.raw(t, restored(first.sessionId, 0));

    assert.equal(survivor.answer, '{handshake:[0],ok:0}');
    assert.equal(await survivor.ask("{call:[1,'session'],count:[]}"), '{callback:[1],ok:[1]}');
    await Promise.all(connections.map(raw => raw.closed()));
    assert.equal(await survivor.ask("{call:[2,'session'],count:[]}"), '{callback:[2],ok:[2]}');
  });
});
