import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';

import { oursOnly, useServer } from '../harness/claims.js';
import { CallError, Client } from '../harness/client.js';
import { Random } from '../harness/random.js';
import { RawConnection } from '../harness/raw.js';

const ticks = n => Array.from({ length: n }, (_, i) => ['events', 'tick', [i]]);
const tickText = (id, i) => `{event:[${id},'events'],tick:[${i}]}`;
/** Resolves when so many milliseconds have passed on the server. */
async function serverTime(servers, t, milliseconds) {
  const clock = await servers.client(t);
  await clock.call('time', 'delay', milliseconds);
}

const isLost = error => error instanceof CallError && error.code === -1;

describe('a session after the loss of its connection', () => {
  const servers = useServer();

  it('is resumed with its id, its user and its state when the server cuts the transport', async t => {
    const client = await servers.client(t, { login: ['alice', 'wonderland'] });
    const { id } = client.session;
    await client.call('session', 'set', 'colour', 'red');
    await client.call('session', 'count');

    client.connection.callMethod('session', 'drop', [], () => {});
    await client.reconnect();

    assert.equal(client.session.id, id);
    assert.deepEqual(await client.call('session', 'username'), ['alice']);
    assert.deepEqual(await client.call('session', 'get', 'colour'), ['red']);
    assert.deepEqual(await client.call('session', 'count'), [2]);
  });

  it('is resumed any number of times', async t => {
    const client = await servers.client(t);

    for (let i = 1; i <= 5; i++) {
      assert.deepEqual(await client.call('session', 'count'), [i]);
      await client.bounce();
    }

    assert.deepEqual(await client.call('session', 'count'), [6]);
  });

  it('delivers the events of the time without connection once and in order', async t => {
    const client = await servers.client(t);

    await client.call('events', 'burstLater', 100, 20);
    client.cut();
    await client.lost();
    await serverTime(servers, t, 60);
    assert.deepEqual(client.events.entries, []);
    await client.reconnect();
    await client.events.first(100);
    await client.ping();

    assert.deepEqual(client.events.entries, ticks(100));
  });

  oursOnly('D1', 'delivers each event once and in order over many losses', async t => {
    const client = await servers.client(t);
    const rounds = 15;

    for (let i = 0; i < rounds; i++) {
      await client.call('events', 'burstLater', 10, i % 3);
      await client.bounce();
      // Two bursts at once have no order between them.
      await client.events.first(10 * (i + 1));
    }
    await client.ping();

    assert.deepEqual(client.events.entries, Array(rounds).fill(ticks(10)).flat());
  });

  oursOnly('D1, D3', 'executes each request once and delivers each event once, whenever the network fails', async t => {
    const random = new Random(6);
    const rounds = 10;

    async function live() {
      const client = await servers.client(t);
      const counts = [];

      for (let round = 0; round < rounds; round++) {
        for (let i = random.below(5); i >= 0; i--) counts.push(client.call('session', 'count').catch(error => error));
        client.connection.callMethod('events', 'burst', [5], () => {});
        // Sometimes the network fails before anything has left, sometimes while it is on its way.
        for (let turns = random.below(4); turns > 0; turns--) await setImmediate();
        await client.bounce();
      }

      const outcomes = await Promise.all(counts);
      await client.ping();
      assert.deepEqual(await client.call('session', 'count'), [counts.length + 1]);
      assert.deepEqual(client.events.entries, Array(rounds).fill(ticks(5)).flat());
      return outcomes;
    }

    const outcomes = (await Promise.all(Array.from({ length: 10 }, live))).flat();

    assert.deepEqual(outcomes.filter(result => !Array.isArray(result) && !isLost(result)), []);
  });

  it('executes the requests of the time without connection once and in order', async t => {
    const client = await servers.client(t);
    client.cut();
    await client.lost();

    const counts = Promise.all(Array.from({ length: 10 }, () => client.call('session', 'count')));
    client.emit('events', 'ping', 'offline');
    await client.reconnect();

    assert.deepEqual(await counts, Array.from({ length: 10 }, (_, i) => [i + 1]));
    assert.deepEqual(await client.events.first(1), [['events', 'pong', ['offline']]]);
  });

  it('fails a call whose answer was lost with -1', async t => {
    const client = await servers.client(t);

    const never = assert.rejects(client.call('time', 'never'), isLost);
    const drop = assert.rejects(client.call('session', 'drop'), isLost);
    await client.reconnect();

    await Promise.all([never, drop]);
    assert.deepEqual(await client.call('calculator', 'answer'), [42]);
  });

  it('answers the requests that the client makes between its session handshake and the answer', async t => {
    const client = await servers.client(t);
    for (const value of ['a', 'b', 'c']) await client.call('echo', 'value', value);

    let window;
    client.inReconnectWindow = () => {
      window = [client.call('echo', 'value', 'window'), client.call('session', 'username')];
    };
    await client.bounce();

    assert.deepEqual(await Promise.all(window), [['window'], [null]]);
    assert.deepEqual(await client.call('echo', 'value', 'after'), ['after']);
  });

  it('lives on after a clean close', async t => {
    const raw = await RawConnection.handshaken(servers.current);
    assert.equal(await raw.ask("{call:[1,'session'],count:[]}"), '{callback:[1],ok:[1]}');
    await raw.close();

    const again = await servers.raw(t, RawConnection.restored(servers.current, raw.sessionId, 0));

    assert.equal(again.answer, '{handshake:[0],ok:1}');
    assert.equal(await again.ask("{call:[2,'session'],count:[]}"), '{callback:[2],ok:[2]}');
  });

  it('is found by a client that kept its session through a restart', async t => {
    const first = await Client.connect(servers.current, { login: ['alice', 'wonderland'] });
    await first.call('session', 'count');
    const session = first.copySession();
    first.close();

    const second = await servers.client(t, { session });

    assert.deepEqual(await second.call('session', 'username'), ['alice']);
    assert.deepEqual(await second.call('session', 'count'), [2]);
  });

  it('resends unchanged and in order what the client says it has not received', async t => {
    const raw = await RawConnection.handshaken(servers.current);
    raw.send("{call:[1,'events'],burst:[5]}");
    const sent = await raw.take(6);
    await raw.abort();

    const again = await servers.raw(t, RawConnection.restored(servers.current, raw.sessionId, 2));

    assert.equal(again.answer, '{handshake:[0],ok:1}');
    assert.deepEqual(await again.take(3), sent.slice(2, 5));
    assert.deepEqual(await again.settle(2), []);
  });

  it('answers a restore with the last id, not with the highest', async t => {
    const raw = await RawConnection.handshaken(servers.current);
    for (const id of [5, 9, 7]) await raw.ask(`{ping:[${id}]}`);
    await raw.abort();

    const again = await servers.raw(t, RawConnection.restored(servers.current, raw.sessionId, 0));

    assert.equal(again.answer, '{handshake:[0],ok:7}');
  });

  it('has an id that is compared exactly', async t => {
    const raw = await servers.raw(t, RawConnection.handshaken(servers.current));
    const swapped = raw.sessionId.replace(/[a-z]/i, c => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase()));

    const refused = await servers.raw(t, RawConnection.restored(servers.current, swapped, 0));

    assert.equal(refused.answer, '{handshake:[0],error:[11]}');
  });

  it('has an id of its own of at least 122 bits', async t => {
    const ids = new Set();
    for (let i = 0; i < 50; i++) {
      const raw = await servers.raw(t, RawConnection.handshaken(servers.current));
      ids.add(raw.sessionId);
      assert.ok(raw.sessionId.length >= 21, raw.sessionId);
    }

    assert.equal(ids.size, 50);
  });

  oursOnly('D1', 'goes on behind the last id that the server used', async t => {
    const raw = await RawConnection.handshaken(servers.current);
    raw.send("{call:[1,'events'],burst:[2]}");
    await raw.take(3);
    await raw.abort();

    const second = await RawConnection.restored(servers.current, raw.sessionId, 2);
    assert.equal(await second.ask("{call:[2,'events'],burst:[1]}"), tickText(-3, 0));
    await second.abort();

    const third = await servers.raw(t, RawConnection.restored(servers.current, raw.sessionId, 2));
    assert.equal(await third.next(), tickText(-3, 0));
    assert.equal(await third.ask("{call:[3,'events'],burst:[1]}"), tickText(-4, 0));
  });

  oursOnly('D1', 'starts its ids at -1 when nothing was sent before the loss', async t => {
    const raw = await RawConnection.handshaken(servers.current);
    await raw.abort();

    const again = await servers.raw(t, RawConnection.restored(servers.current, raw.sessionId, 0));

    assert.equal(await again.ask("{call:[1,'events'],burst:[2]}"), tickText(-1, 0));
    assert.equal(await again.next(), tickText(-2, 1));
  });

  oursOnly('D2', 'gets broadcasts again once it is resumed', async t => {
    const client = await servers.client(t);
    const speaker = await servers.client(t);

    for (const word of ['one', 'two']) {
      await client.bounce();
      await speaker.call('events', 'broadcast', 'news', [word]);
    }

    await client.events.first(2);
    assert.deepEqual(client.events.entries, [['events', 'news', ['one']], ['events', 'news', ['two']]]);
  });

  oursOnly('D20', 'is bound to its application and unharmed by a try under another', async t => {
    const raw = await RawConnection.handshaken(servers.current);
    await raw.abort();

    const refused = await servers.raw(t, RawConnection.restored(servers.current, raw.sessionId, 0, 'other'));
    assert.equal(refused.answer, '{handshake:[0],error:[11]}');
    await refused.closed();

    const again = await servers.raw(t, RawConnection.restored(servers.current, raw.sessionId, 0));
    assert.equal(again.answer, '{handshake:[0],ok:0}');
  });

  oursOnly('D24', 'resumes with the application that its handshake asks for', async t => {
    const raw = await RawConnection.handshaken(servers.current, "{handshake:[0,'conformance','1.0.0']}");
    assert.equal(await raw.ask("{call:[1,'version'],current:[]}"), "{callback:[1],ok:['1.0.0']}");
    await raw.abort();

    const again = await servers.raw(t, RawConnection.open(servers.current));
    assert.equal(
      await again.ask(`{handshake:[0,'conformance','^1.0.0'],session:['${raw.sessionId}',0]}`),
      '{handshake:[0],ok:1}'
    );
    assert.equal(await again.ask("{call:[2,'version'],current:[]}"), "{callback:[2],ok:['1.2.0']}");
  });

  for (const count of ["'x'", '-1', '1.5', '[]', '{}', 'null', 'true', "'3'"]) {
    oursOnly('D9', `is refused with 11 for the count ${count}, and unharmed`, async t => {
      const raw = await RawConnection.handshaken(servers.current);
      await raw.abort();

      const refused = await servers.raw(t, RawConnection.restored(servers.current, raw.sessionId, count));
      assert.equal(refused.answer, '{handshake:[0],error:[11]}');

      const again = await servers.raw(t, RawConnection.restored(servers.current, raw.sessionId, 0));
      assert.equal(again.answer, '{handshake:[0],ok:0}');
    });
  }

  it('is resumed from 0 without a count', async t => {
    const raw = await RawConnection.handshaken(servers.current);
    raw.send("{call:[1,'events'],burst:[1]}");
    await raw.take(2);
    await raw.abort();

    const again = await servers.raw(t, RawConnection.open(servers.current));

    assert.equal(await again.ask(`{handshake:[0,'conformance'],session:['${raw.sessionId}']}`), '{handshake:[0],ok:1}');
    assert.equal(await again.next(), tickText(-1, 0));
  });

  oursOnly('D8', 'takes a count beyond what was sent for what was sent', async t => {
    const raw = await RawConnection.handshaken(servers.current);
    await raw.abort();
    const boaster = await RawConnection.restored(servers.current, raw.sessionId, '1000000000000');
    assert.equal(boaster.answer, '{handshake:[0],ok:0}');
    boaster.send("{call:[1,'events'],burst:[2]}");
    assert.deepEqual(await boaster.take(2), [tickText(-1, 0), tickText(-2, 1)]);
    await boaster.abort();

    const again = await servers.raw(t, RawConnection.restored(servers.current, raw.sessionId, 0));

    assert.deepEqual(await again.take(2), [tickText(-1, 0), tickText(-2, 1)]);
  });

  oursOnly('D8', 'keeps its events when ids that were never issued are acknowledged', async t => {
    const raw = await RawConnection.handshaken(servers.current);
    raw.send("{call:[1,'events'],burst:[2]}");
    await raw.take(3);
    for (const id of ['-3000000000', '3000000000', '-9007199254740991', '2', '-3']) {
      raw.send(`{callback:[${id}],ok:[]}`);
      raw.send(`{pong:[${id}]}`);
    }
    assert.deepEqual(await raw.settle(2), []);
    await raw.abort();

    const again = await servers.raw(t, RawConnection.restored(servers.current, raw.sessionId, 0));

    assert.deepEqual(await again.take(2), [tickText(-1, 0), tickText(-2, 1)]);
  });

  oursOnly('D23', 'is given up after five unparseable messages in a row', async t => {
    let raw = await RawConnection.handshaken(servers.current);
    const { sessionId } = raw;
    let closes = 0;

    do {
      raw.send("{call:[1,'echo'],value:[");
      assert.deepEqual(await raw.closed(), { code: 1007, by: 'server' });
      closes++;
      raw = await servers.raw(t, RawConnection.restored(servers.current, sessionId, 0));
    } while (raw.answer === '{handshake:[0],ok:0}' && closes < 10);

    assert.equal(raw.answer, '{handshake:[0],error:[11]}');
    assert.equal(closes, 5);
  });
});

describe('a session whose time in memory has passed', () => {
  const servers = useServer({ clientExpirationTime: 40 });

  it('comes back from the storage with its user, its state and its events', async t => {
    const client = await servers.client(t, { login: ['alice', 'wonderland'] });
    await client.call('session', 'set', 'colour', 'red');
    await client.call('events', 'burstLater', 3, 1);
    client.cut();
    await client.lost();
    await serverTime(servers, t, 150);

    await client.reconnect();

    assert.deepEqual(await client.events.first(3), ticks(3));
    assert.deepEqual(await client.call('session', 'username'), ['alice']);
    assert.deepEqual(await client.call('session', 'get', 'colour'), ['red']);
  });

  it('has the events that were emitted after it left the memory', async t => {
    const client = await servers.client(t);
    await client.call('events', 'burstLater', 3, 150);
    client.cut();
    await client.lost();
    await serverTime(servers, t, 250);

    await client.reconnect();

    assert.deepEqual(await client.events.first(3), ticks(3));
  });
});

describe('a call of the server whose client lost its connection', () => {
  const servers = useServer({ fixture: 'depot', clientExpirationTime: 40 });
  const open = () => RawConnection.handshaken(servers.current, "{handshake:[0,'depot']}");
  const restored = (sessionId, count) => RawConnection.restored(servers.current, sessionId, count, 'depot');

  it('fails with -1 when the client had received it', async t => {
    const stage = await servers.client(t, { app: 'stage' });
    const raw = await open();
    const outcome = stage.call('stage', 'invoke', raw.sessionId, 'desk', 'sign', ['F1']);
    await raw.next();
    await raw.abort();

    await servers.raw(t, restored(raw.sessionId, 1));

    assert.deepEqual(await outcome, ['error', -1]);
  });

  it('is repeated under its id and answered when the client had not received it', async t => {
    const stage = await servers.client(t, { app: 'stage' });
    const raw = await open();
    const outcome = stage.call('stage', 'invoke', raw.sessionId, 'desk', 'sign', ['F1']);
    const call = await raw.next();
    await raw.abort();

    const again = await servers.raw(t, restored(raw.sessionId, 0));

    assert.equal(await again.next(), call);
    again.send("{callback:[-1],ok:['signed']}");
    assert.deepEqual(await outcome, ['ok', 'signed']);
  });

  oursOnly('D12', 'fails with -1 also when a later call was answered before', async t => {
    const stage = await servers.client(t, { app: 'stage' });
    const raw = await open();
    const first = stage.call('stage', 'invoke', raw.sessionId, 'desk', 'sign', ['F1']);
    await raw.next();
    const second = stage.call('stage', 'invoke', raw.sessionId, 'desk', 'sign', ['F2']);
    await raw.next();
    raw.send("{callback:[-2],ok:['signed']}");
    assert.deepEqual(await second, ['ok', 'signed']);
    await raw.abort();

    await servers.raw(t, restored(raw.sessionId, 2));

    assert.deepEqual(await first, ['error', -1]);
  });

  oursOnly('D17', 'fails with -1 when the session had left the memory', async t => {
    const stage = await servers.client(t, { app: 'stage' });
    const raw = await open();
    const outcome = stage.call('stage', 'invoke', raw.sessionId, 'desk', 'sign', ['F1']);
    await raw.next();
    await raw.abort();
    await stage.call('stage', 'pause', 150);

    await servers.raw(t, restored(raw.sessionId, 1));

    assert.deepEqual(await outcome, ['error', -1]);
  });
});
