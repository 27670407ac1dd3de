import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { assertAnswers, useServer } from '../harness/claims.js';
import { CallError } from '../harness/client.js';
import { Random } from '../harness/random.js';
import { RawConnection } from '../harness/raw.js';
import { kind, startServer } from '../harness/server.js';
import { RawStream } from '../harness/stream.js';

const mebibyte = 1024 * 1024;
const limit = 8 * mebibyte;
const transports = ['net', 'tls', 'unix', 'wss'];
const streams = ['net', 'tls', 'unix'];
const skip = kind === 'reference' && 'the reference of this harness listens over WebSocket alone';
const ticks = n => Array.from({ length: n }, (_, i) => ['events', 'tick', [i]]);

for (const transport of transports) {
  describe(`the real client over ${transport}`, { skip }, () => {
    const servers = useServer({ transports });
    const connect = (t, options) => servers.client(t, { transport, ...options });

    it('calls, and gets results and errors', async t => {
      const client = await connect(t);

      assert.deepEqual(await client.call('echo', 'many', 1, 'naïve 漢字 🚀', [{ a: null }]), [1, 'naïve 漢字 🚀', [{ a: null }]]);
      assert.deepEqual(await client.failure('errors', 'info', 2003, 'Quota', { max: 3 }), [2003, 'Quota', { max: 3 }]);
      assert.deepEqual(await client.failure('nowhere', 'value', 1), [12, 'Interface not found']);
    });

    it('logs in, inspects and calls through the proxy', async t => {
      const client = await connect(t, { login: ['alice', 'wonderland'] });

      const proxy = await client.inspect('calculator');

      assert.equal(typeof proxy.add, 'function');
      assert.deepEqual(await client.call('session', 'username'), ['alice']);
    });

    it('is told why its handshake was refused', async t => {
      await assert.rejects(connect(t, { app: 'nowhere' }), error => error instanceof CallError && error.code === 10);
      await assert.rejects(connect(t, { login: ['alice', 'wrong'] }), error => error instanceof CallError && error.code === 11);
    });

    it('has a thousand calls at once each answered with their own value', async t => {
      const client = await connect(t);
      const values = Array.from({ length: 1000 }, (_, i) => i);

      const results = await Promise.all(values.map(i => client.call('echo', i % 2 ? 'value' : 'asyncValue', i)));

      assert.deepEqual(results, values.map(i => [i]));
    });

    it('sends and receives 7 MiB', async t => {
      const client = await connect(t);
      const text = 'abcdefg '.repeat((7 * mebibyte) / 8);

      const [back] = await client.call('echo', 'value', text);

      assert.ok(back === text, 'the text came back changed');
    });

    it('sends and receives events', async t => {
      const client = await connect(t);

      client.emit('events', 'ping', 'hello');
      await client.call('events', 'burst', 100);

      const events = await client.events.first(101);
      assert.deepEqual(events, [['events', 'pong', ['hello']], ...ticks(100)]);
    });

    it('resumes its session with state and user when the server cuts the transport', async t => {
      const client = await connect(t, { login: ['alice', 'wonderland'] });
      const { id } = client.session;
      await client.call('session', 'set', 'colour', 'red');

      client.connection.callMethod('session', 'drop', [], () => {});
      await client.reconnect();

      assert.equal(client.session.id, id);
      assert.deepEqual(await client.call('session', 'username'), ['alice']);
      assert.deepEqual(await client.call('session', 'get', 'colour'), ['red']);
    });

    it('gets each event once and in order, and has each request executed once, over many losses', async t => {
      const client = await connect(t);
      const random = new Random(9);
      const rounds = 10;
      const counts = [];

      for (let round = 0; round < rounds; round++) {
        for (let i = random.below(5); i >= 0; i--) counts.push(client.call('session', 'count').catch(error => error));
        await client.call('events', 'burstLater', 10, round % 3);
        await client.bounce();
        await client.events.first(10 * (round + 1));
      }
      await Promise.all(counts);
      await client.ping();

      assert.deepEqual(client.events.entries, Array(rounds).fill(ticks(10)).flat());
      assert.deepEqual(await client.call('session', 'count'), [counts.length + 1]);
    });

    it('has its requests of the time without connection executed in order', async t => {
      const client = await connect(t);
      client.cut();
      await client.lost();

      const counts = Promise.all(Array.from({ length: 10 }, () => client.call('session', 'count')));
      await client.reconnect();

      assert.deepEqual(await counts, Array.from({ length: 10 }, (_, i) => [i + 1]));
    });

    it('has its heartbeat answered ping by ping', async t => {
      const client = await connect(t, { heartbeatInterval: 10 });

      await client.incoming.until(messages => messages.filter(message => message.pong).length >= 3, 'three pongs');
    });

    it('restores a session that began over WebSocket', async t => {
      const first = await servers.client(t);
      await first.call('session', 'set', 'colour', 'red');

      const second = await connect(t, { session: first.copySession() });

      assert.deepEqual(await second.call('session', 'get', 'colour'), ['red']);
    });

    it('is shut out and finds its server stopped in order', async () => {
      const server = await startServer({ transports });
      const raw = transport === 'wss' ? undefined : await RawStream.handshaken(server, transport);

      server.signal('SIGTERM');

      if (raw) assert.equal((await raw.closed()).by, 'server');
      assert.deepEqual(await server.exited, { code: 0, signal: null });
      await server.stop();
    });
  });
}

describe('the heartbeat of the server', { skip }, () => {
  const servers = useServer({ transports: streams, heartbeatInterval: 60 });

  for (const transport of streams) {
    it(`pings over ${transport} with descending ids, which the client answers`, async t => {
      const client = await servers.client(t, { transport });
      const pings = () => client.incoming.entries.filter(message => message.ping);

      await client.incoming.until(() => pings().length >= 3, 'three pings');

      assert.deepEqual(pings().slice(0, 3).map(message => message.ping), [[-1], [-2], [-3]]);
    });
  }
});

for (const transport of streams) {
  describe(`what a hostile peer sends over ${transport}`, { skip }, () => {
    const servers = useServer({ transports: streams });
    const open = t => servers.raw(t, RawStream.open(servers.current, transport));
    const handshaken = t => servers.raw(t, RawStream.handshaken(servers.current, transport));

    const fatal = {
      'an empty text': '\0',
      'a blank text': ' \r\n\0',
      null: 'null\0',
      'an array': '[]\0',
      'text that is no MDSF': 'hello\0',
      'text that is no UTF-8': Buffer.from([0x7b, 0xc3, 0x28, 0x7d, 0]),
      'an HTTP request with a zero byte': 'GET / HTTP/1.1\r\nHost: x\r\n\r\n\0',
    };
    for (const [name, bytes] of Object.entries(fatal)) {
      it(`${name} ends the stream before and after the handshake, and keeps the session`, async t => {
        const [early, late] = [await open(t), await handshaken(t)];
        await late.ask('{ping:[3]}');

        early.write(bytes);
        late.write(bytes);

        assert.equal((await early.closed()).by, 'server');
        assert.equal((await late.closed()).by, 'server');
        const again = await servers.raw(t, RawConnection.restored(servers.current, late.sessionId, 0));
        assert.equal(again.answer, '{handshake:[0],ok:3}');
      });
    }

    it('a fatal text lets those before it be answered and none behind it', async t => {
      const raw = await handshaken(t);

      raw.write("{call:[1,'session'],count:[]}\0{broken\0{call:[2,'session'],count:[]}\0");

      assert.equal(await raw.next(), '{callback:[1],ok:[1]}');
      assert.equal((await raw.closed()).by, 'server');
      const again = await servers.raw(t, RawConnection.restored(servers.current, raw.sessionId, 0));
      assert.equal(await again.ask("{call:[3,'session'],count:[]}"), '{callback:[3],ok:[2]}');
    });

    it('a refused handshake is answered and the stream ended, whatever follows it', async t => {
      const raw = await open(t);

      raw.write("{handshake:[0,'nowhere']}\0{handshake:[0,'conformance']}\0{ping:[1]}\0");

      assert.equal(await raw.next(), '{handshake:[0],error:[10]}');
      assert.equal((await raw.closed()).by, 'server');
    });

    it('a refused handshake is answered also to a peer that has sent much behind it', async t => {
      const raw = await open(t);

      raw.write(`{handshake:[0,'nowhere']}\0${'x'.repeat(128 * 1024)}`);

      assert.equal(await raw.next(), '{handshake:[0],error:[10]}');
      await raw.closed();
    });

    it('silence ends with the time of the handshake', async t => {
      const raw = await open(t);
      const started = performance.now();

      raw.write('{}\0{handshake:[0');

      assert.equal((await raw.closed()).by, 'server');
      const elapsed = performance.now() - started;
      assert.ok(elapsed > 2800 && elapsed < 6000, `closed after ${elapsed} ms`);
    });

    it('a text of 8 MiB is taken and one byte more ends the stream though its zero byte has not come', async t => {
      const raw = await handshaken(t);
      const [head, tail] = ["{call:[1,'echo'],size:['", "']}"];
      const text = head + 'a'.repeat(limit - head.length - tail.length) + tail;

      assert.equal(await raw.ask(text), `{callback:[1],ok:[${limit - head.length - tail.length}]}`);
      raw.write(`${text} `);

      assert.equal((await raw.closed()).by, 'server');
    });

    it('a text byte by byte is a text', async t => {
      const raw = await handshaken(t);

      for (const byte of Buffer.from("{call:[1,'echo'],value:['é🚀']}\0")) {
        raw.write(Buffer.from([byte]));
        await new Promise(resolve => setImmediate(resolve));
      }

      assert.equal(await raw.next(), "{callback:[1],ok:['é🚀']}");
    });

    it('mutated texts are answered or end their stream, and end nothing else', async t => {
      const random = new Random(7);
      const texts = [
        "{call:[1,'echo'],value:[{a:[1,-2.5e3,'x'],b:null,'c d':true}]}",
        "{event:[2,'events'],ping:['\\u{1F680}',undefined]}",
        "{inspect:[3,'echo']}",
        '{callback:[-1],ok:[1,[2,{x:3}]]}',
        '{pong:[-1]}',
      ];

      for (let i = 0; i < 200; i++) {
        const raw = await RawStream.handshaken(servers.current, transport);
        raw.send(random.mutate(random.pick(texts)));
        raw.send('{ping:[5000]}');
        await Promise.race([raw.closed(), raw.settle(6000)]).catch(() => raw.closed());
        await raw.abort();
      }

      await assertAnswers(servers.current);
    });

    it('random bytes end their streams alone', async () => {
      const random = new Random(8);

      for (let i = 0; i < 200; i++) {
        const raw = await RawStream.open(servers.current, transport);
        raw.write(Buffer.from(random.bytes(1 + random.below(2000))));
        await raw.close();
      }

      await assertAnswers(servers.current);
    });
  });
}
