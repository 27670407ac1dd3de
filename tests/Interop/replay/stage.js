// The application `stage` of the fixture server (README.md), which acts on the connections of a replay.

import { Client } from '../harness/client.js';

export class Stage {
  #server;
  #sessions;
  #clients = new Map();
  #outcome;

  /** @param {Map<number, string>} sessions the session ids by their number in the transcript */
  constructor(server, sessions) {
    this.#server = server;
    this.#sessions = sessions;
  }

  async #client(app) {
    if (!this.#clients.has(app)) this.#clients.set(app, await Client.connect(this.#server, { app }));
    return this.#clients.get(app);
  }

  async #call(method, ...args) {
    const client = await this.#client('stage');
    return client.call('stage', method, ...args);
  }

  emit(session, interfaceName, name, args) {
    return this.#call('emit', this.#sessions.get(session), interfaceName, name, args);
  }

  /** Starts a call to a client; `outcome` waits for its end. */
  async invoke(session, interfaceName, method, args) {
    this.#begin(await this.#client('stage'), 'invoke', this.#sessions.get(session), interfaceName, method, args);
  }

  /** Starts an inspection of a client; `outcome` waits for its end. */
  async inspect(session, interfaceName) {
    this.#begin(await this.#client('stage'), 'inspect', this.#sessions.get(session), interfaceName);
  }

  #begin(client, method, ...args) {
    this.#outcome = client.call('stage', method, ...args);
    // Not every replay lasts until the end of the call.
    this.#outcome.catch(() => {});
  }

  /** What the server's application got of the last call: ['ok', ...results] or ['error', code]. */
  outcome() {
    return this.#outcome;
  }

  ping(session) {
    return this.#call('ping', this.#sessions.get(session));
  }

  broadcast(interfaceName, name, args) {
    return this.#call('broadcast', interfaceName, name, args);
  }

  updateApplications() {
    return this.#call('updateApplications');
  }

  updateConnectionsApi() {
    return this.#call('updateConnectionsApi');
  }

  /** Lets time pass on the server. */
  pause(milliseconds) {
    return this.#call('pause', milliseconds);
  }

  /** Answers a held call of the depot. */
  async release(key, value) {
    const client = await this.#client('depot');
    return client.call('stock', 'release', key, value);
  }

  close() {
    for (const client of this.#clients.values()) client.close();
  }
}
