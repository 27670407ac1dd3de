import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { oursOnly, useServer } from '../harness/claims.js';
import { Client } from '../harness/client.js';
import { kind } from '../harness/server.js';

/** Every method of the conformance application with the number of its arguments. */
const methods = {
  echo: { value: 1, many: 3, nothing: 0, asyncValue: 1, size: 1 },
  calculator: { answer: 0, add: 2, divide: 2 },
  errors: { code: 1, message: 1, custom: 2, info: 3, throws: 0, asyncThrows: 0 },
  time: { delay: 1, never: 0 },
  events: { emitBack: 2, burst: 1, burstLater: 2, broadcast: 2 },
  session: { username: 0, set: 2, get: 1, count: 0, drop: 0, node: 0 },
  version: { current: 0 },
};

describe('calls', () => {
  const servers = useServer(kind === 'ours' ? { node: 'interop-node' } : {});
  let client;

  before(async () => {
    client = await Client.connect(servers.current);
  });
  after(() => client?.close());

  const answers = [
    ['echo', 'value', ['text'], ['text']],
    ['echo', 'value', [0], [0]],
    ['echo', 'value', [-1.5], [-1.5]],
    ['echo', 'value', [9007199254740991], [9007199254740991]],
    ['echo', 'value', [null], [null]],
    ['echo', 'value', [false], [false]],
    ['echo', 'value', [''], ['']],
    ['echo', 'value', ["quotes ' \" \\ and\nlines\u2028\u0000"], ["quotes ' \" \\ and\nlines\u2028\u0000"]],
    ['echo', 'value', ['naïve 漢字 🚀'], ['naïve 漢字 🚀']],
    ['echo', 'value', [[]], [[]]],
    ['echo', 'value', [{}], [{}]],
    ['echo', 'value', [{ a: [1, { b: null }], 'with space': true }], [{ a: [1, { b: null }], 'with space': true }]],
    ['echo', 'many', [1, 'two', [3]], [1, 'two', [3]]],
    ['echo', 'nothing', [], []],
    ['echo', 'asyncValue', [{ x: 1 }], [{ x: 1 }]],
    ['echo', 'size', ['a🚀é'], [4]],
    ['calculator', 'answer', [], [42]],
    ['calculator', 'add', [0.1, 0.2], [0.1 + 0.2]],
    ['calculator', 'divide', [1, 3], [1 / 3]],
    ['time', 'delay', [5], [5]],
    ['session', 'node', [], [kind === 'ours' ? 'interop-node' : 'reference']],
    ['version', 'current', [], ['2.0.0']],
  ];
  for (const [interfaceName, method, args, results] of answers) {
    const text = args.map(value => JSON.stringify(value)).join(', ');

    it(`${interfaceName}.${method}(${text}) answers ${JSON.stringify(results)}`, async () => {
      assert.deepEqual(await client.call(interfaceName, method, ...args), results);
    });
  }

  const failures = [
    ['errors', 'code', [2001], [2001, '2001']],
    ['errors', 'code', [16], [16, 'Internal API error']],
    ['errors', 'code', [-7], [-7, '-7']],
    ['errors', 'message', ['jammed'], [1, 'jammed']],
    ['errors', 'custom', [2002, 'Quota'], [2002, 'Quota']],
    ['errors', 'info', [2003, 'Quota', { max: 3 }], [2003, 'Quota', { max: 3 }]],
    ['errors', 'info', [2003, 'Quota', null], [2003, 'Quota', null]],
    ['errors', 'throws', [], [16, 'Internal API error']],
    ['errors', 'asyncThrows', [], [16, 'Internal API error']],
    ['calculator', 'divide', [1, 0], [1, 'Division by zero']],
    ['nowhere', 'value', [1], [12, 'Interface not found']],
    ['', 'value', [1], [12, 'Interface not found']],
    ['echo', 'nothingness', [], [14, 'Method not found']],
    ['echo', 'Value', [1], [14, 'Method not found']],
    ['echo', 'v'.repeat(300), [1], [14, 'Method not found']],
  ];
  for (const [interfaceName, method, args, error] of failures) {
    const text = args.map(value => JSON.stringify(value)).join(', ');

    it(`${interfaceName}.${method.slice(0, 20)}(${text}) fails with ${JSON.stringify(error)}`, async () => {
      assert.deepEqual(await client.failure(interfaceName, method, ...args), error);
    });
  }

  for (const [interfaceName, arities] of Object.entries(methods)) {
    for (const [method, arity] of Object.entries(arities)) {
      it(`${interfaceName}.${method} takes ${arity} arguments and no other number`, async () => {
        const wrong = [arity - 1, arity + 1].filter(count => count >= 0);

        for (const count of wrong) {
          const [code] = await client.failure(interfaceName, method, ...Array(count).fill(0));
          assert.equal(code, 17, `${count} arguments`);
        }
      });
    }
  }

  it('the state of the session keeps what was set', async t => {
    const own = await servers.client(t);

    assert.deepEqual((await own.call('session', 'get', 'colour'))[0], undefined);
    assert.deepEqual(await own.call('session', 'set', 'colour', { red: 1 }), []);
    assert.deepEqual(await own.call('session', 'get', 'colour'), [{ red: 1 }]);
    assert.deepEqual(await own.call('session', 'count'), [1]);
    assert.deepEqual(await own.call('session', 'count'), [2]);
  });

  it('the state of one session is not that of another', async t => {
    const [one, other] = [await servers.client(t), await servers.client(t)];

    await one.call('session', 'set', 'colour', 'red');

    assert.equal((await other.call('session', 'get', 'colour'))[0], undefined);
    assert.deepEqual(await other.call('session', 'count'), [1]);
  });

  it('a slow call does not hold up those behind it', async () => {
    const order = [];
    const note = name => () => order.push(name);

    await Promise.all([client.call('time', 'delay', 100).then(note('slow')), client.call('calculator', 'answer').then(note('quick'))]);

    assert.deepEqual(order, ['quick', 'slow']);
  });

  it('time.never is not answered while later calls are', async t => {
    const own = await servers.client(t);
    let answered = false;

    own.connection.callMethod('time', 'never', [], () => (answered = true));
    await own.call('time', 'delay', 20);

    assert.equal(answered, false);
  });

  it('a thousand calls at once are each answered with their own value', async () => {
    const values = Array.from({ length: 1000 }, (_, i) => i);
    const half = i => (i % 2 ? 'value' : 'asyncValue');

    const results = await Promise.all(values.map(i => client.call('echo', half(i), i)));

    assert.deepEqual(results, values.map(i => [i]));
  });

  it('the application other has echo alone', async t => {
    const other = await servers.client(t, { app: 'other' });

    assert.deepEqual(await other.call('echo', 'value', 1), [1]);
    assert.equal((await other.failure('calculator', 'answer'))[0], 12);
  });

  oursOnly('D21', 'an infinite result arrives as null and the connection lives', async t => {
    const own = await servers.client(t);

    assert.deepEqual(await own.call('calculator', 'divide', 1e308, 1e-10), [null]);
    assert.deepEqual(await own.call('calculator', 'answer'), [42]);
  });

  it('failing methods end nothing but their call', async t => {
    const own = await servers.client(t);

    for (let i = 0; i < 20; i++) {
      assert.equal((await own.failure('errors', i % 2 ? 'throws' : 'asyncThrows'))[0], 16);
    }

    assert.deepEqual(await own.call('calculator', 'answer'), [42]);
  });
});
