import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { oursOnly, useServer } from '../harness/claims.js';
import { CallError, jstp } from '../harness/client.js';
import { RawConnection } from '../harness/raw.js';

const interfaces = {
  echo: ['value', 'many', 'nothing', 'asyncValue', 'size'],
  calculator: ['answer', 'add', 'divide'],
  errors: ['code', 'message', 'custom', 'info', 'throws', 'asyncThrows'],
  time: ['delay', 'never'],
  events: ['emitBack', 'burst', 'burstLater', 'broadcast'],
  session: ['username', 'set', 'get', 'count', 'drop', 'node'],
  version: ['current'],
};

describe('inspection', () => {
  const servers = useServer();

  for (const [name, methods] of Object.entries(interfaces)) {
    it(`${name} has its methods in the order of declaration`, async t => {
      const raw = await servers.raw(t, RawConnection.handshaken(servers.current));

      assert.equal(
        await raw.ask(`{inspect:[1,'${name}']}`),
        `{callback:[1],ok:[${methods.map(method => `'${method}'`).join(',')}]}`
      );
    });
  }

  it('an unknown interface fails with 12', async t => {
    const client = await servers.client(t);

    await assert.rejects(client.inspect('nowhere'), error => error instanceof CallError && error.code === 12);
    assert.deepEqual(await client.call('calculator', 'answer'), [42]);
  });

  it('the proxy of an interface calls its methods and emits its events', async t => {
    const client = await servers.client(t);
    const proxy = await client.inspect('events');
    const ticks = [];
    proxy.on('tick', i => ticks.push(i));

    const [n] = await new Promise((resolve, reject) =>
      proxy.burst(3, (error, ...results) => (error ? reject(error) : resolve(results)))
    );

    assert.deepEqual([n, ticks], [3, [0, 1, 2]]);

    proxy.emit('ping', 'hello');
    await client.events.until(events => events.some(([, name]) => name === 'pong'), 'the pong');
    assert.deepEqual(client.events.entries.at(-1), ['events', 'pong', ['hello']]);
  });

  it('connectAndInspect gives a proxy for each interface', async t => {
    const { connection, proxies } = await new Promise((resolve, reject) =>
      jstp.ws.connectAndInspect(
        'conformance',
        null,
        Object.keys(interfaces),
        null,
        servers.current.url,
        (error, connection, proxies) => (error ? reject(error) : resolve({ connection, proxies }))
      )
    );
    t.after(() => connection.close());

    assert.deepEqual(Object.keys(proxies), Object.keys(interfaces));
    assert.equal(typeof proxies.calculator.add, 'function');
  });

  oursOnly('D10', 'names that every object inherits are unknown interfaces', async t => {
    const raw = await servers.raw(t, RawConnection.handshaken(servers.current));

    for (const [i, name] of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'].entries()) {
      assert.equal(await raw.ask(`{inspect:[${i + 1},'${name}']}`), `{callback:[${i + 1}],error:[12]}`);
    }
  });

  it('an interface that is no string fails with 12', async t => {
    const raw = await servers.raw(t, RawConnection.handshaken(servers.current));

    for (const [i, name] of ['7', '[]', '{}', 'true', 'null', 'undefined'].entries()) {
      assert.equal(await raw.ask(`{inspect:[${i + 1},${name}]}`), `{callback:[${i + 1}],error:[12]}`);
    }
  });
});
