import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { describe, it } from 'node:test';

import { WebSocket } from 'ws';

import { assertAnswers, oursOnly, useServer } from '../harness/claims.js';
import { Client } from '../harness/client.js';
import { RawConnection, halfUpgradeRequest, openTcp, openUpgraded } from '../harness/raw.js';
import { startServer } from '../harness/server.js';
import { patience, within } from '../harness/waiting.js';

/** The status of the answer to an upgrade request that is refused. */
async function refusedUpgrade(server, protocols) {
  const socket = new WebSocket(server.url, protocols);
  socket.on('error', () => {});
  const [, response] = await within(patience, 'the refusal', once(socket, 'unexpected-response'));
  response.resume();
  return response.statusCode;
}

describe('HTTP and the WebSocket handshake', () => {
  const servers = useServer();

  for (const method of ['GET', 'POST', 'HEAD', 'DELETE']) {
    it(`a plain ${method} request is answered with 400`, async () => {
      const request = http.request({ port: servers.current.port, host: '127.0.0.1', path: '/any', method, agent: false }).end();
      const [response] = await within(patience, 'the response', once(request, 'response'));
      response.resume();

      assert.equal(response.statusCode, 400);
    });
  }

  it('an upgrade without subprotocol is refused with 403', async () => {
    assert.equal(await refusedUpgrade(servers.current, []), 403);
  });

  it('an upgrade with other subprotocols alone is refused with 403', async () => {
    assert.equal(await refusedUpgrade(servers.current, ['chat', 'metarhia']), 403);
  });

  it('the subprotocol is found among others', async t => {
    const raw = await servers.raw(t, RawConnection.open(servers.current, { protocol: ['chat', 'metarhia-jstp'] }));

    assert.equal(raw.protocol, 'metarhia-jstp');
    assert.match(await raw.ask("{handshake:[0,'conformance']}"), /^\{handshake:\[0\],ok:'/);
  });

  it('the subprotocol is compared without case and echoed as the client spelled it', async t => {
    const raw = await servers.raw(t, RawConnection.open(servers.current, { protocol: ['Metarhia-JSTP'] }));

    assert.equal(raw.protocol, 'Metarhia-JSTP');
  });

  it('any path is accepted', async t => {
    const socket = new WebSocket(`${servers.current.url}/some/path?query=1`, 'metarhia-jstp');
    t.after(() => socket.terminate());

    await within(patience, 'the WebSocket handshake', once(socket, 'open'));
  });

  it('the handshake may come in fragments and bytewise', async () => {
    const socket = await openUpgraded(servers.current);
    const text = Buffer.from("{handshake:[0,'conformance']}");
    const half = text.length >> 1;
    const fragment = (opcode, payload) => [Buffer.from([opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload];
    const bytes = Buffer.concat([...fragment(0x01, text.subarray(0, half)), ...fragment(0x80, text.subarray(half))]);

    socket.setNoDelay(true);
    for (const byte of bytes) socket.write(Buffer.from([byte]));
    const [answer] = await within(patience, 'the handshake answer', once(socket, 'data'));

    assert.match(answer.subarray(2).toString(), /^\{handshake:\[0\],ok:'/);
    socket.destroy();
  });

  it('requests right behind the handshake are answered behind its answer', async t => {
    const raw = await servers.raw(t, RawConnection.open(servers.current));

    raw.send("{handshake:[0,'conformance'],login:['alice','wonderland']}");
    raw.send("{call:[1,'session'],username:[]}");
    raw.send('{ping:[2]}');

    assert.match(await raw.next(), /^\{handshake:\[0\],ok:'/);
    assert.deepEqual(await raw.take(2), ["{callback:[1],ok:['alice']}", '{pong:[2]}']);
  });
});

describe('handshakes that stay half open', () => {
  const servers = useServer({ handshakeTimeout: 120_000 });
  const batch = 500;

  async function openMany(count, open) {
    const sockets = [];
    while (sockets.length < count) {
      sockets.push(...(await Promise.all(Array.from({ length: batch }, open))));
    }
    return sockets;
  }

  it('10 000 of them do not keep the server from answering others', async t => {
    const sockets = [];
    t.after(() => sockets.forEach(socket => socket.destroy()));

    // Half of them never finish the HTTP request, half never send the JSTP handshake.
    sockets.push(
      ...(await openMany(5000, async () => {
        const socket = await openTcp(servers.current);
        socket.write(halfUpgradeRequest(servers.current.port));
        return socket;
      }))
    );
    sockets.push(...(await openMany(5000, () => openUpgraded(servers.current))));

    await assertAnswers(servers.current);

    // The reference cannot be told to wait longer than 3 s, so by now it has closed some.
    if (servers.current.kind === 'ours') {
      assert.equal(sockets.filter(socket => socket.readable && !socket.destroyed).length, 10_000);
    }
  });

  it('the server answers when they are gone', () => assertAnswers(servers.current));
});

describe('the time of the handshake', () => {
  oursOnly('D22', 'ends with 1008 for a client that says nothing', async t => {
    const server = await startServer({ handshakeTimeout: 200 });
    t.after(() => server.stop());
    const raw = await RawConnection.open(server);

    assert.deepEqual(await raw.closed(), { code: 1008, by: 'server' });
  });

  oursOnly('5.5', 'is not extended by heartbeats, nor does it end a connection that is done', async t => {
    const server = await startServer({ handshakeTimeout: 300 });
    t.after(() => server.stop());
    const client = await Client.connect(server);
    t.after(() => client.close());
    const raw = await RawConnection.open(server);
    const heartbeat = setInterval(() => raw.send('{}'), 50);
    t.after(() => clearInterval(heartbeat));

    assert.deepEqual(await raw.closed(), { code: 1008, by: 'server' });
    assert.deepEqual(await client.call('calculator', 'answer'), [42]);
  });
});
