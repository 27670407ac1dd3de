// The application of the recorded exchanges (tests/data/jstp-transcripts.json, "fixture") on the reference server, with
// the application `stage` beside it, through which a replay makes the server act by itself. README.md describes both.
//
//   node reference/depot-server.js [--port N] [--fixture depot|no-policy|greeting|cat|catalogue] [--heartbeat-interval MS]
//                                  [--client-expiration-time MS]

import { DeliberateFault, jstp, readCommandLine, serve } from './serve.js';

const { Application, RemoteError } = jstp;

const held = new Map();

/* eslint-disable no-unused-vars -- the reference counts the declared parameters */

const stock = {
  count: (connection, sku, callback) => callback(null, sku === 'bolt' ? 12 : 0),
  locate: async (connection, sku) => ({ sku, bin: 'A3' }),
  move: (connection, from, to, qty, callback) => callback(null, 'moved', qty),
  nothing: (connection, callback) => callback(null),
  undef: async connection => undefined,
  gaps: (connection, callback) => callback(null, undefined, 7, undefined),
  echo: (connection, value, callback) => callback(null, value),
  hold: (connection, key, callback) => void held.set(key, callback),
  release: (connection, key, value, callback) => {
    held.get(key)(null, value);
    held.delete(key);
    callback(null);
  },
};

const faults = {
  code: (connection, callback) => callback(5001),
  text: (connection, callback) => callback('Shelf jammed'),
  array: (connection, callback) => callback([5002, 'Shelf missing', { shelf: 'Z' }]),
  plain: (connection, callback) => callback(new Error('door open')),
  remote: (connection, callback) => callback(new RemoteError(5003, 'Quota', [{ max: 3 }, 'retry later'])),
  bare: (connection, callback) => callback(new RemoteError(5004)),
  standard: (connection, callback) => callback(new RemoteError(16, 'On fire', ['floor 2'])),
  throws: (connection, callback) => {
    throw new DeliberateFault('thrown by faults.throws');
  },
  rejects: async connection => {
    throw new DeliberateFault('thrown by faults.rejects');
  },
  rejectsCode: async connection => {
    throw 5005;
  },
  rejectsRemote: async connection => {
    throw new RemoteError(5006, 'No lift', ['L2']);
  },
  rejectsNothing: async connection => {
    throw undefined;
  },
  twice: (connection, callback) => {
    callback(null, 1);
    callback(null, 2);
  },
};

/* eslint-enable no-unused-vars */

// A lost callback is reported by the reference as the bare number.
const codeOf = error => (typeof error === 'number' ? error : error.code);

const feed = {
  burst: (connection, n, callback) => {
    for (let i = 1; i <= n; i++) connection.emitRemoteEvent('floor', 'tick', [i]);
    callback(null, n);
  },
  ask: (connection, form, callback) => {
    connection.callMethod('desk', 'sign', [form], (error, ...results) =>
      error ? callback(null, `error ${codeOf(error)}`) : callback(null, 'ok', ...results)
    );
  },
};

const info = {
  version: (connection, callback) => callback(null, connection.application.version),
  who: (connection, callback) => callback(null, connection.username),
};

const depot = new Application(
  'depot@1.4.0',
  { stock, faults, feed, info },
  { floor: { seen: (connection, a, b) => connection.emitRemoteEvent('floor', 'ack', [a, b]) } }
);
const annex = new Application('annex@1.0.0', {
  door: { open: (connection, callback) => callback(null, connection.username) },
});
const versionsOf = (name, ...versions) => versions.map(version => new Application(`${name}@${version}`, { info }));

function connectionOf(server, sessionId) {
  return server._clientsBySessionId.get(sessionId);
}

/** Answers a stage call with what the client answered: 'ok' and the results, or 'error' and the code. */
const report = callback => (error, ...results) =>
  error ? callback(null, 'error', codeOf(error)) : callback(null, 'ok', ...results);

const stage = new Application('stage@1.0.0', {
  stage: {
    emit: ({ server }, sessionId, interfaceName, name, args, callback) => {
      connectionOf(server, sessionId).emitRemoteEvent(interfaceName, name, args);
      callback(null);
    },
    // Not `call`: a method named like its kind of message would hide it.
    invoke: ({ server }, sessionId, interfaceName, method, args, callback) =>
      connectionOf(server, sessionId).callMethod(interfaceName, method, args, report(callback)),
    inspect: ({ server }, sessionId, interfaceName, callback) =>
      connectionOf(server, sessionId).inspectInterface(interfaceName, error =>
        error ? callback(null, 'error', codeOf(error)) : callback(null, 'ok')
      ),
    ping: ({ server }, sessionId, callback) => {
      connectionOf(server, sessionId).ping();
      callback(null);
    },
    broadcast: ({ server }, interfaceName, name, args, callback) => {
      server.broadcast(interfaceName, name, ...args);
      callback(null);
    },
    pause: (connection, milliseconds, callback) => void setTimeout(callback, milliseconds, null),
    updateApplications: ({ server }, callback) => {
      server.updateApplications([...versionsOf('cat', '1.0.0', '1.1.0', '2.0.0'), stage]);
      callback(null);
    },
    updateConnectionsApi: ({ server }, callback) => {
      server.updateConnectionsApi();
      callback(null);
    },
  },
});

function authPolicy(connection, application, strategy, credentials, callback) {
  const [first, second] = Array.isArray(credentials) ? credentials : [];

  if (strategy === 'login' && first === 'ann' && second === 's3cret') {
    callback(null, 'ann');
  } else if (strategy === 'login' && first === 'bob') {
    callback(new RemoteError(4001, 'Account locked', ['until monday']));
  } else if (strategy === 'token' && first === 'k-123') {
    callback(null, 'svc');
  } else if (strategy === 'marcus' && credentials === 'hash') {
    callback(null, 'marcus');
  } else if (strategy === 'ghost') {
    callback(null, '');
  } else {
    callback(new Error('refused'));
  }
}

const greet = connection => {
  if (connection.application === depot) connection.emitRemoteEvent('floor', 'hello', [1]);
};

const fixtures = {
  depot: { applications: [depot, annex, stage], authPolicy },
  'no-policy': { applications: [depot, stage] },
  greeting: { applications: [depot, stage], authPolicy, onConnect: greet },
  cat: { applications: [...versionsOf('cat', '1.0.0'), stage] },
  catalogue: {
    applications: [
      ...versionsOf('cat', '0.9.0', '1.0.0', '1.2.3', '1.10.0', '2.0.0-beta.2', '2.0.0', '3.0.0-alpha.1'),
      ...versionsOf('pre', '1.0.0-rc.1'),
    ],
  },
};

const settings = readCommandLine();
serve(fixtures[settings.fixture], settings);
