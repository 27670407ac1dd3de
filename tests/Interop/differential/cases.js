// What a client does, once against our server and once against the reference. A case is a function of a connected real
// client and gives a value; the values of the two servers must be equal.

import { CallError } from '../harness/client.js';
import { Random } from '../harness/random.js';

/** What became of a call: { ok: results } or { error: [code, message, info] }. */
async function outcome(client, interfaceName, method, ...args) {
  try {
    return { ok: await client.call(interfaceName, method, ...args) };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    return { error: [error.code, error.text, error.info] };
  }
}

const calls = (...list) => async client => {
  const outcomes = [];
  for (const call of list) outcomes.push(await outcome(client, ...call));
  return outcomes;
};

const arities = {
  echo: ['value', 'many', 'nothing', 'asyncValue', 'size'],
  calculator: ['answer', 'add', 'divide'],
  errors: ['code', 'message', 'custom', 'info', 'throws', 'asyncThrows'],
  events: ['emitBack', 'burst', 'burstLater', 'broadcast'],
  version: ['current'],
};

/** Four and more arguments, which no method takes. */
const wrongNumbers = Object.entries(arities).flatMap(([interfaceName, methods]) =>
  methods.flatMap(method => [4, 5, 6].map(count => [interfaceName, method, ...Array(count).fill(1)]))
);

const numbers = [0, -0, 1, -1, 0.1, 1.5e-7, 123456.789, 2 ** 31, -(2 ** 53) + 1, 2 ** 53, 1e15, 1e20, 1e21, 1e300, 5e-324];
const strings = [
  ...['', ' ', "'", '"', '\\', 'ends with \\', 'a\nb\tc\r', '\u0000\u001f\u007f'],
  ...['\u2028\u2029\ufeff', 'é漢🚀', '</script>', '//', '/* */'],
];
const objects = [
  ...[{}, { a: undefined, b: 1 }, { '': 1 }, { 7: 'seven' }],
  ...[{ 'a-b': 1, $: 2, _: 3, класс: 4 }, { true: 1, null: 2, class: 3 }],
];
const arrays = [[], [[]], [[], [[]]], [null, false, 0, ''], [undefined, 1], [1, undefined]];

function randomValues(seed, count) {
  const random = new Random(seed);
  return Array.from({ length: count }, () => random.value(4));
}

const handshakes = [
  {},
  { login: ['alice', 'wonderland'] },
  { login: ['alice', 'wrong'] },
  { login: ['mallory', 'wonderland'] },
  ...['1.0.0', '1.2.0', '2.0.0', '^1.0.0', '~1.0.0', '1.x', '*', '>=1.2.0', '3', '1.1.0'].map(range => ({ app: `conformance@${range}` })),
  { app: 'other' },
  { app: 'nowhere' },
];

/** Cases that need nothing but a connected client. */
export const cases = {
  'numbers come back as they were sent': calls(...numbers.map(value => ['echo', 'value', value])),
  'strings come back as they were sent': calls(...strings.map(value => ['echo', 'value', value])),
  'objects come back as they were sent': calls(...objects.map(value => ['echo', 'value', value])),
  'arrays come back as they were sent': calls(...arrays.map(value => ['echo', 'value', value])),
  'constants come back as they were sent': calls(...[null, undefined, true, false].map(value => ['echo', 'value', value])),
  '500 generated values come back as they were sent': calls(...randomValues(11, 500).map(value => ['echo', 'value', value])),
  '100 generated values come back asynchronously': calls(...randomValues(12, 100).map(value => ['echo', 'asyncValue', value])),
  'several results': calls(['echo', 'many', 1, [2], { three: 3 }], ['echo', 'many', null, false, ''], ['echo', 'nothing']),
  'sizes of strings': calls(...strings.map(value => ['echo', 'size', value])),
  calculations: calls(
    ['calculator', 'answer'],
    ...numbers.flatMap(a => [['calculator', 'add', a, 0.1], ['calculator', 'divide', a, 3], ['calculator', 'divide', a, 0]])
  ),
  'errors in all forms': calls(
    ...[2, 11, 16, 999, -5].map(code => ['errors', 'code', code]),
    ...strings.filter(text => text !== '').map(text => ['errors', 'message', text]),
    ...[2000, 2001].flatMap(code => [['errors', 'custom', code, 'text'], ['errors', 'info', code, 'text', { a: [1] }]]),
    ...[null, false, 0, [], 'x', [1, 2]].map(info => ['errors', 'info', 3000, 'text', info]),
    ['errors', 'throws'],
    ['errors', 'asyncThrows']
  ),
  'numbers of arguments that no method takes': calls(...wrongNumbers),
  'names that nothing has': calls(
    ['nowhere', 'value', 1],
    ['', 'value', 1],
    ['Echo', 'value', 1],
    ['echo', 'Value', 1],
    ['echo', 'no such method'],
    ['echo', 'x'.repeat(1000)],
    ['x'.repeat(1000), 'value']
  ),
  'the session': calls(
    ['session', 'username'],
    ['session', 'get', 'key'],
    ['session', 'set', 'key', { a: [1, null, 'x'] }],
    ['session', 'get', 'key'],
    ['session', 'set', 'key', null],
    ['session', 'get', 'key'],
    ['session', 'count'],
    ['session', 'count']
  ),
  'the version': calls(['version', 'current']),
  'delays': calls(['time', 'delay', 0], ['time', 'delay', 3]),
  'what an inspection gives': async client => {
    const found = {};
    for (const name of ['echo', 'calculator', 'errors', 'time', 'events', 'session', 'version', 'nowhere']) {
      const callback = new Promise(resolve => client.connection.inspectInterface(name, error => resolve(error?.code ?? 'found')));
      found[name] = [await callback, client.incoming.entries.at(-1)];
    }
    return found;
  },
  'events and answers in their order and with their ids': async client => {
    await client.call('events', 'emitBack', 'one', [1, 'x', null]);
    await client.call('events', 'burst', 5);
    client.emit('events', 'ping', { a: 1 });
    client.emit('events', 'unheard', 1);
    await client.call('events', 'burstLater', 2, 0);
    await client.events.first(9);
    await client.ping();
    return client.incoming.entries.slice(1);
  },
  'what survives the loss of a connection': async client => {
    await client.call('session', 'set', 'key', 'kept');
    const never = outcome(client, 'time', 'never');
    const drop = outcome(client, 'session', 'drop');
    await client.lost();
    const offline = [outcome(client, 'session', 'count'), outcome(client, 'session', 'get', 'key')];
    await client.reconnect();
    return Promise.all([never, drop, ...offline]);
  },
};

/** Cases that connect for themselves: `connect` takes the options of Client.connect. */
export const connecting = Object.fromEntries(
  handshakes.map(options => [
    `a handshake with ${JSON.stringify(options)}`,
    async connect => {
      try {
        const client = await connect(options);
        return [await outcome(client, 'session', 'username'), await outcome(client, 'version', 'current')];
      } catch (error) {
        return [error.code, error.text, error.info];
      }
    },
  ])
);

