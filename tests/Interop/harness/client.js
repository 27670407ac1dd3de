// The unmodified client of @metarhia/jstp, with promises around its callbacks and with its reconnecting in our hands.

import { jstp } from './packages.js';
import { Log, patience, within } from './waiting.js';

export { jstp };

/** What the application of a client got instead of results: the code, the message and the info of the error. */
export class CallError extends Error {
  constructor(error) {
    // A lost callback is reported as the bare number.
    const { code, message, info } = typeof error === 'number' ? { code: error } : error;
    super(message ?? `error ${code}`);
    Object.assign(this, { code, info: info ?? null, text: message });
  }
}

const portOf = url => Number(new URL(url).port);

/** How the client is told where the server is, by transport: its function, and what stands before the callback. */
const dialling = {
  ws: ({ url }) => [jstp.ws.connect, null, url],
  // The client deletes tlsOptions from what it was given, so that it could not reconnect; it cannot delete what is inherited.
  wss: ({ endpoints, certificate }) => [jstp.wss.connect, Object.create({ tlsOptions: { ca: certificate.pem } }), endpoints.wss],
  net: ({ endpoints }) => [jstp.net.connect, portOf(endpoints.tcp), '127.0.0.1'],
  tls: ({ endpoints, certificate }) => [jstp.tls.connect, { host: '127.0.0.1', port: portOf(endpoints.tls), ca: certificate.pem }],
  unix: ({ endpoints }) => [jstp.net.connect, endpoints.unix.slice('unix:'.length)],
};

const promised = (what, start) =>
  within(
    patience,
    what,
    new Promise((resolve, reject) => {
      start((error, ...results) => (error ? reject(asError(error)) : resolve(results)));
    })
  );

function asError(error) {
  return typeof error === 'number' || error instanceof jstp.RemoteError ? new CallError(error) : error;
}

/** One connection of the real client. */
export class Client {
  /** Incoming events as [interface, name, args]. */
  events = new Log();
  /** Every incoming message as it was parsed. */
  incoming = new Log();
  /** Errors of the connection itself. */
  errors = [];
  /** Called between the session handshake of a reconnection and its answer, if set. */
  inReconnectWindow = null;

  #losses = new Log();
  #reconnects = 0;

  /**
   * Connects and performs the handshake.
   * @param {Server} server
   * @param {object} [options]
   * @param {string|object} [options.app] as the client takes it, 'name', 'name@range' or { name, version }
   * @param {[string, string]} [options.login] user and password
   * @param {Session} [options.session] a session to restore instead
   * @param {object} [options.api] interfaces that the client itself serves
   * @param {number} [options.heartbeatInterval]
   * @param {'ws'|'wss'|'net'|'tls'|'unix'} [options.transport]
   */
  static async connect(server, { app = 'conformance', login, session, api, heartbeatInterval, transport = 'ws' } = {}) {
    const client = new Client();
    const options = {
      session,
      heartbeatInterval,
      application: api && new jstp.Application('tests', api),
      connectPolicy: new jstp.SimpleConnectPolicy(...(login ?? [])),
      // Reconnecting happens when the test says so, not after the second or more of the default.
      reconnector: (connection, reconnect) => client.#losses.push(reconnect),
    };
    const policy = options.connectPolicy;
    options.connectPolicy = (name, connection, ...rest) => {
      client.#attach(connection);
      policy.connect(name, connection, ...rest);
      client.inReconnectWindow?.();
    };

    const [connect, ...place] = dialling[transport](server);
    await promised('the handshake', callback => connect(app, options, ...place, callback));
    return client;
  }

  #attach(connection) {
    if (this.connection === connection) return;

    this.connection = connection;
    connection.on('event', (...event) => this.events.push(event));
    connection.on('incomingMessage', message => this.incoming.push(message));
    connection.on('error', error => this.errors.push(error));
  }

  get session() {
    return this.connection.session;
  }

  /** A copy of the session, as an application finds it that stored it and was restarted. */
  copySession() {
    return jstp.Session.fromString(String(this.session));
  }

  /** Calls a method; resolves with the array of results, rejects with a CallError. */
  call(interfaceName, method, ...args) {
    return promised(`the answer of ${interfaceName}.${method}`, callback =>
      this.connection.callMethod(interfaceName, method, args, callback)
    );
  }

  /** Resolves with the error of a call that must fail, as [code, message, ...info]. */
  async failure(interfaceName, method, ...args) {
    try {
      const results = await this.call(interfaceName, method, ...args);
      throw new Error(`${interfaceName}.${method} answered ok: ${JSON.stringify(results)}`);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      return [error.code, error.text, ...(error.info ?? [])];
    }
  }

  /** Inspects an interface; resolves with the proxy. */
  async inspect(interfaceName) {
    const [proxy] = await promised(`the inspection of ${interfaceName}`, callback =>
      this.connection.inspectInterface(interfaceName, callback)
    );
    return proxy;
  }

  emit(interfaceName, name, ...args) {
    this.connection.emitRemoteEvent(interfaceName, name, args);
  }

  ping() {
    return promised('the pong', callback => this.connection.ping(callback));
  }

  /** Cuts the transport as a dead network does, without a closing handshake. */
  cut() {
    const transport = this.connection.getTransport();
    (transport.socket ?? transport).destroy();
  }

  /** Resolves when the connection was lost for the n-th time and the client is about to reconnect. */
  async lost() {
    await this.#losses.until(losses => losses.length > this.#reconnects, 'the loss of the connection');
  }

  /** Waits for the loss of the connection and reconnects. */
  async reconnect() {
    await this.lost();
    await promised('the reconnection', this.#losses.entries[this.#reconnects++]);
  }

  /** Cuts the transport and reconnects. */
  async bounce() {
    this.cut();
    await this.reconnect();
  }

  /** Resolves with the close code that the server sent. */
  async closeCode() {
    await this.lost();
    return this.connection.getTransport().closeReasonCode;
  }

  close() {
    this.connection.close();
  }
}
