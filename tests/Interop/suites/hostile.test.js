import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';

import { assertAnswers, oursOnly, useServer } from '../harness/claims.js';
import { mdsf } from '../harness/packages.js';
import { RawConnection, openTcp, openUpgraded } from '../harness/raw.js';
import { Random } from '../harness/random.js';
import { patience, within } from '../harness/waiting.js';

/** Resolves when the server has ended this TCP connection. */
const ended = socket => within(patience, 'the end of the TCP connection', once(socket.resume(), 'close'));

/** A masked client frame. */
function frame(opcode, payload, { fin = true, mask = Buffer.from([1, 2, 3, 4]), rsv = 0 } = {}) {
  const size = payload.length;
  const length = size < 126 ? [size] : [126, size >> 8, size & 255];
  const head = Buffer.from([(fin ? 0x80 : 0) | rsv | opcode, (mask ? 0x80 : 0) | length[0], ...length.slice(1)]);
  return Buffer.concat(mask ? [head, mask, payload.map((byte, i) => byte ^ mask[i % 4])] : [head, payload]);
}

describe('what a hostile peer sends', () => {
  const servers = useServer();

  const fatalBeforeHandshake = [
    ['a call', "{call:[1,'echo'],value:[1]}", 1002],
    ['a ping', '{ping:[1]}', 1002],
    ['an unknown kind', '{state:[1]}', 1002],
    ['text that is no MDSF', 'hello', 1007],
    ['the empty text', '', 1007],
    ['an unfinished object', '{handshake:[0', 1007],
    ['a handshake without application', '{handshake:[0]}', 1002],
    ['a handshake with an empty application name', "{handshake:[0,'']}", 1002],
  ];
  for (const [name, text, code] of fatalBeforeHandshake) {
    it(`${name} before the handshake closes the connection`, async t => {
      const raw = await servers.raw(t, RawConnection.open(servers.current));

      raw.send(text);

      assert.deepEqual(await raw.closed(), { code: servers.current.kind === 'ours' ? code : 1000, by: 'server' });
    });
  }

  const crashesBeforeHandshake = [
    'null',
    'undefined',
    '{handshake:null}',
    '{handshake:5}',
    "{handshake:'x'}",
    '{handshake:[0],ok:1}',
    '{handshake:[0],error:[1]}',
    '{handshake:[]}',
    '5',
    'true',
    "'handshake'",
    '[]',
    "[{handshake:[0,'conformance']}]",
  ];
  for (const text of crashesBeforeHandshake) {
    oursOnly('D5', `${text} before the handshake closes the connection with 1002`, async t => {
      const raw = await servers.raw(t, RawConnection.open(servers.current));

      raw.send(text);

      assert.deepEqual(await raw.closed(), { code: 1002, by: 'server' });
      await assertAnswers(servers.current);
    });
  }

  const fatalAfterHandshake = [
    'null',
    'undefined',
    '5',
    'true',
    "'x'",
    '[]',
    '[1]',
    '{call:null}',
    '{inspect:null}',
    '{ping:null}',
    '{pong:null}',
    '{callback:null}',
    '{event:null}',
    "{call:'x',value:[1]}",
    "{call:{},value:[1]}",
    '{ping:[]}',
    "{ping:['1']}",
    '{ping:[1.5]}',
    '{ping:[9007199254740993]}',
    '{ping:[1e300]}',
    '{ping:[null]}',
    '{ping:[{}]}',
    "{call:['zz','echo'],value:[1]}",
    "{callback:['1'],ok:[]}",
  ];
  for (const text of fatalAfterHandshake) {
    oursOnly('D7', `${text} closes the connection with 1002 and keeps the session`, async t => {
      const raw = await servers.raw(t, RawConnection.handshaken(servers.current));
      await raw.ask('{ping:[3]}');

      raw.send(text);
      assert.deepEqual(await raw.closed(), { code: 1002, by: 'server' });

      const again = await servers.raw(t, RawConnection.restored(servers.current, raw.sessionId, 0));
      assert.equal(again.answer, '{handshake:[0],ok:3}');
    });
  }

  const assertInvalidSignature = args => async t => {
    const raw = await servers.raw(t, RawConnection.handshaken(servers.current));

    assert.equal(await raw.ask(`{call:[1,'echo'],value:${args}}`), '{callback:[1],error:[17]}');
  };
  for (const args of ['5', '{}', 'null']) {
    it(`the arguments ${args} are an invalid signature`, assertInvalidSignature(args));
  }
  for (const args of ['{length:1}', "'b'", 'true', "{'0':1}"]) {
    oursOnly('D7, D14', `the arguments ${args} are an invalid signature`, assertInvalidSignature(args));
  }

  oursOnly('D10', 'names that every object inherits reach nothing', async t => {
    const raw = await servers.raw(t, RawConnection.handshaken(servers.current));
    const names = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'isPrototypeOf', '__defineGetter__'];

    assert.equal(await raw.ask("{call:[1,'constructor'],setPrototypeOf:[]}"), '{callback:[1],error:[12]}');
    for (const name of names) {
      assert.equal(await raw.ask(`{call:[2,'${name}'],name:[]}`), '{callback:[2],error:[12]}');
      assert.equal(await raw.ask(`{call:[3,'echo'],${name}:[]}`), '{callback:[3],error:[14]}');
    }
  });

  oursOnly('D8', 'ids and counts of any size cost nothing', async t => {
    const raw = await servers.raw(t, RawConnection.handshaken(servers.current));
    const started = performance.now();

    for (const id of ['3000000000', '-3000000000', '9007199254740991', '-9007199254740991']) {
      raw.send(`{callback:[${id}],ok:[]}`);
      raw.send(`{pong:[${id}]}`);
      assert.equal(await raw.ask(`{ping:[${id}]}`), `{pong:[${id}]}`);
    }
    await raw.abort();
    const again = await servers.raw(t, RawConnection.restored(servers.current, raw.sessionId, '9007199254740991'));

    assert.equal(again.answer, '{handshake:[0],ok:9007199254740991}');
    assert.ok(performance.now() - started < 2000, 'the server was busy with numbers');
  });

  oursOnly('15', 'a client with 1 024 running calls is read no further until one of them has ended', async t => {
    const raw = await servers.raw(t, RawConnection.handshaken(servers.current));

    for (let id = 1; id <= 1030; id++) raw.send(`{call:[${id},'time'],delay:[200]}`);
    // So that the ping is in no buffer that was read already.
    raw.send(`{event:[1999,'nowhere'],padding:['${'x'.repeat(1024 * 1024)}']}`);
    raw.send('{ping:[2000]}');
    const first = await raw.next();

    assert.match(first, /^\{callback:\[\d+\],ok:\[200\]\}$/);
    const rest = await raw.take(1030);
    assert.ok(rest.includes('{pong:[2000]}'));
  });

  oursOnly('15', 'a client that acknowledges nothing is disconnected before its events fill the memory', async t => {
    const raw = await servers.raw(t, RawConnection.handshaken(servers.current));

    for (let id = 1; id <= 10; id++) raw.send(`{call:[${id},'events'],burst:[10000]}`);

    assert.equal((await raw.closed()).by, 'server');
    await assertAnswers(servers.current);
  });

  oursOnly('15', 'a session without connection is dropped before its events fill the memory', async t => {
    const raw = await RawConnection.handshaken(servers.current);
    // In one go and late enough: bursts that began while the connection is there would end it instead.
    for (let id = 1; id < 10; id++) raw.send(`{call:[${id},'events'],burstLater:[10000,500]}`);
    await raw.ask(`{call:[10,'events'],burstLater:[10000,500]}`);
    await raw.abort();
    const clock = await servers.client(t);
    await clock.call('time', 'delay', 1000);

    const refused = await servers.raw(t, RawConnection.restored(servers.current, raw.sessionId, 0));

    assert.equal(refused.answer, '{handshake:[0],error:[11]}');
  });

  it('random bytes instead of HTTP end their connections alone', async () => {
    const random = new Random(1);

    for (let i = 0; i < 100; i++) {
      const socket = await openTcp(servers.current);
      socket.end(random.bytes(1 + random.below(2000)));
      await ended(socket);
    }

    await assertAnswers(servers.current);
  });

  it('random bytes instead of frames end their connections alone', async () => {
    const random = new Random(2);

    for (let i = 0; i < 200; i++) {
      const socket = await openUpgraded(servers.current);
      socket.end(random.bytes(1 + random.below(500)));
      await ended(socket);
    }

    await assertAnswers(servers.current);
  });

  it('frames that break off end their connections alone', async () => {
    const random = new Random(3);
    const whole = frame(1, Buffer.from("{handshake:[0,'conformance']}"));

    for (let cut = 0; cut < whole.length; cut++) {
      const socket = await openUpgraded(servers.current);
      socket.write(whole.subarray(0, cut));
      if (random.below(2)) socket.destroy();
      else socket.end();
      await ended(socket);
    }

    await assertAnswers(servers.current);
  });

  const badFrames = {
    'a reserved opcode': frame(3, Buffer.from('{}')),
    'a reserved bit': frame(1, Buffer.from('{}'), { rsv: 0x40 }),
    'a fragmented ping': frame(9, Buffer.from('x'), { fin: false }),
    'a ping of 126 bytes': frame(9, Buffer.alloc(126)),
    'a continuation of nothing': frame(0, Buffer.from('{}')),
    'a length of 2^63 and more': Buffer.from([0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4]),
    'text that is not UTF-8': frame(1, Buffer.from([0x7b, 0xff, 0xfe, 0x7d])),
    'a close frame of one byte': frame(8, Buffer.from([3])),
    'a close frame with code 1005': frame(8, Buffer.from([3, 0xed])),
  };
  const assertRefused = bytes => async () => {
    const socket = await openUpgraded(servers.current);
    const [answer] = await within(patience, 'a close frame', (socket.write(bytes), once(socket, 'data')));

    assert.equal(answer[0], 0x88);
    assert.ok([1002, 1007, 1009].includes(answer.readUInt16BE(2)), `code ${answer.readUInt16BE(2)}`);
    socket.end();
    await ended(socket);
    await assertAnswers(servers.current);
  };
  for (const [name, bytes] of Object.entries(badFrames)) {
    it(`${name} ends the connection with a protocol error`, assertRefused(bytes));
  }
  oursOnly(
    'RFC 6455, 5.1',
    'an unmasked frame ends the connection with a protocol error',
    assertRefused(frame(1, Buffer.from('{}'), { mask: null }))
  );

  oursOnly('D5, D7', 'mutated texts are answered or close their connection, and end nothing else', async () => {
    const random = new Random(4);
    const texts = [
      "{call:[1,'echo'],value:[{a:[1,-2.5e3,'x'],b:null,'c d':true}]}",
      "{event:[2,'events'],ping:['\\u{1F680}',undefined]}",
      "{inspect:[3,'echo']}",
      '{callback:[-1],ok:[1,[2,{x:3}]]}',
      '{ping:[4]}',
      '{pong:[-1]}',
    ];
    const codes = new Set();

    for (let i = 0; i < 400; i++) {
      const raw = await RawConnection.handshaken(servers.current);
      raw.send(random.mutate(random.pick(texts)));
      raw.send('{ping:[5000]}');
      const outcome = await Promise.race([raw.closed(), raw.settle(6000).then(() => null)]).catch(() => raw.closed());
      if (outcome) codes.add(outcome.code);
      await raw.abort();
    }

    assert.deepEqual([...codes].filter(code => ![1002, 1007].includes(code)), []);
    await assertAnswers(servers.current);
  });

  oursOnly('D5', 'generated values of every shape in the place of a message end nothing but their connection', async () => {
    const random = new Random(5);
    const kinds = ['handshake', 'call', 'callback', 'event', 'inspect', 'ping', 'pong', 'state'];

    for (let i = 0; i < 400; i++) {
      const raw = i % 2 ? await RawConnection.open(servers.current) : await RawConnection.handshaken(servers.current);
      const message = { [random.pick(kinds)]: random.value(2), [random.pick(['ok', 'error', 'value'])]: random.value(2) };
      raw.send(random.below(4) ? mdsf.stringify(message) : mdsf.stringify(random.value(2)) || 'undefined');
      raw.send('{ping:[6000]}');
      await Promise.race([raw.closed(), raw.settle(6001)]).catch(() => raw.closed());
      await raw.abort();
    }

    await assertAnswers(servers.current);
  });
});
