// The conformance application (docs/spec/conformance-app.md) on the reference server.
//
//   node reference/conformance-server.js [--port N] [--heartbeat-interval MS] [--client-expiration-time MS]

import { DeliberateFault, jstp, readCommandLine, serve } from './serve.js';

const isConformance = connection => connection.application.name === 'conformance';

const echo = {
  value: (connection, x, callback) => callback(null, x),
  many: (connection, a, b, c, callback) => callback(null, a, b, c),
  nothing: (connection, callback) => callback(null),
  asyncValue: (connection, x, callback) => void setImmediate(callback, null, x),
  size: (connection, s, callback) => callback(null, s.length),
};

const calculator = {
  answer: (connection, callback) => callback(null, 42),
  add: (connection, a, b, callback) => callback(null, a + b),
  divide: (connection, a, b, callback) => (b === 0 ? callback([1, 'Division by zero']) : callback(null, a / b)),
};

const errors = {
  code: (connection, n, callback) => callback([n]),
  message: (connection, s, callback) => callback([1, s]),
  custom: (connection, n, s, callback) => callback([n, s]),
  info: (connection, n, s, x, callback) => callback([n, s, x]),
  // The callback stands for the arity: the reference counts the declared parameters.
  // eslint-disable-next-line no-unused-vars
  throws: (connection, callback) => {
    throw new DeliberateFault('thrown by errors.throws');
  },
  // eslint-disable-next-line no-unused-vars
  asyncThrows: async connection => {
    throw new DeliberateFault('thrown by errors.asyncThrows');
  },
};

const time = {
  delay: (connection, ms, callback) => void setTimeout(callback, ms, null, ms),
  // eslint-disable-next-line no-unused-vars
  never: (connection, callback) => {},
};

function emitTicks(connection, count) {
  for (let i = 0; i < count; i++) connection.emitRemoteEvent('events', 'tick', [i]);
}

const events = {
  emitBack: (connection, name, args, callback) => {
    connection.emitRemoteEvent('events', name, args);
    callback(null);
  },
  burst: (connection, n, callback) => {
    emitTicks(connection, n);
    callback(null, n);
  },
  burstLater: (connection, n, ms, callback) => {
    callback(null, n);
    const { session } = connection;
    setTimeout(() => emitTicks(session.connection, n), ms);
  },
  broadcast: (connection, name, args, callback) => {
    connection.server
      .getClientsArray()
      .filter(isConformance)
      .forEach(client => client.emitRemoteEvent('events', name, args));
    callback(null);
  },
};

const session = {
  username: (connection, callback) => callback(null, connection.username),
  set: (connection, key, value, callback) => {
    connection.session.set(key, value);
    callback(null);
  },
  get: (connection, key, callback) => callback(null, connection.session.get(key)),
  count: (connection, callback) => {
    const count = (connection.session.get('#count') ?? 0) + 1;
    connection.session.set('#count', count);
    callback(null, count);
  },
  // eslint-disable-next-line no-unused-vars
  drop: (connection, callback) => void connection.getTransport().socket.destroy(),
  node: (connection, callback) => callback(null, 'reference'),
};

const version = {
  current: (connection, callback) => callback(null, connection.application.version),
};

const eventHandlers = {
  events: { ping: (connection, x) => connection.emitRemoteEvent('events', 'pong', [x]) },
};

const api = { echo, calculator, errors, time, events, session, version };

function authPolicy(connection, application, strategy, credentials, callback) {
  const [first, second] = Array.isArray(credentials) ? credentials : [];

  if (strategy === 'login' && first === 'alice' && second === 'wonderland') {
    callback(null, 'alice');
  } else if (strategy === 'token' && first === 't0ken') {
    callback(null, 'token-user');
  } else if (strategy === 'token' && first === 'banned') {
    callback(new jstp.RemoteError(1001, 'Account is suspended'));
  } else {
    callback(new Error('refused'));
  }
}

const applications = [
  ...['1.0.0', '1.2.0', '2.0.0'].map(number => new jstp.Application(`conformance@${number}`, api, eventHandlers)),
  new jstp.Application('other@1.0.0', { echo }),
];

serve({ applications, authPolicy }, readCommandLine());
