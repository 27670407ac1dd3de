import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { setImmediate } from 'node:timers/promises';

import { oursOnly, useServer } from '../harness/claims.js';
import { Random } from '../harness/random.js';

/** 1 … n */
const numbers = n => Array.from({ length: n }, (_, i) => i + 1);

describe('a server that keeps answers, and the unmodified client', () => {
  const servers = useServer({ keepAnswers: true });

  for (const seed of [1, 2, 3]) {
    oursOnly('10.6', `each call runs once and is answered, however often the connection is cut (seed ${seed})`, async t => {
      const random = new Random(seed);
      const client = await servers.client(t);
      const answers = [];

      for (let round = 0; round < 40; round++) {
        for (let calls = random.below(8); calls > 0; calls--) answers.push(client.call('session', 'count'));
        for (let turns = random.below(12); turns > 0; turns--) await setImmediate();
        client.cut();
        await client.lost();
        for (let calls = random.below(3); calls > 0; calls--) answers.push(client.call('session', 'count')); // made while it is away
        await client.reconnect();
      }

      const counts = (await Promise.all(answers)).map(([count]) => count);
      assert.deepEqual(counts.sort((a, b) => a - b), numbers(counts.length));
      assert.deepEqual(await client.call('session', 'count'), [counts.length + 1]);
      assert.deepEqual(client.errors, []);
    });
  }

  oursOnly('10.6', 'a call that runs while its client is away gets its answer', async t => {
    const client = await servers.client(t);
    const answer = client.call('time', 'delay', 50);
    client.connection.callMethod('session', 'drop', [], () => {}); // so the call has arrived

    await client.reconnect();

    assert.deepEqual(await answer, [50]);
  });

  oursOnly('10.6', 'an event that the client sends again is handled once', async t => {
    const client = await servers.client(t);
    const answer = client.call('time', 'delay', 50); // nothing behind it counts as received while it is open
    for (const i of numbers(10)) client.emit('events', 'ping', i);
    await client.events.first(10);

    await client.bounce();
    await client.bounce();

    assert.deepEqual(await answer, [50]);
    await client.ping();
    assert.deepEqual(client.events.entries, numbers(10).map(i => ['events', 'pong', [i]]));
  });
});
