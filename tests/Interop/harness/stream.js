// Texts over a byte stream, each followed by a zero byte, without a client: for what the real client would never send.

import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';

import { Log, patience, within } from './waiting.js';

const portOf = url => Number(new URL(url).port);

const dialling = {
  net: ({ endpoints }) => [net.connect({ port: portOf(endpoints.tcp), host: '127.0.0.1' }), 'connect'],
  tls: ({ endpoints, certificate }) => [
    tls.connect({ port: portOf(endpoints.tls), host: '127.0.0.1', ca: certificate.pem }),
    'secureConnect',
  ],
  unix: ({ endpoints }) => [net.connect(endpoints.unix.slice('unix:'.length)), 'connect'],
};

/** One connection that carries texts; the same members as RawConnection, as far as a stream has them. */
export class RawStream {
  #socket;
  #messages = new Log();
  #rest = Buffer.alloc(0);
  #read = 0;
  #closed;
  #byUs = false;

  constructor(socket) {
    this.#socket = socket;
    socket.on('data', data => this.#receive(data));
    socket.on('error', () => {});
    this.#closed = new Promise(resolve => {
      socket.on('close', () => {
        this.#messages.end(new Error('the stream has ended'));
        // A stream has no codes.
        resolve({ code: null, by: this.#byUs ? 'client' : 'server' });
      });
    });
  }

  /** Opens a connection; the handshake of JSTP is still to be done. */
  static async open(server, transport = 'net') {
    const [socket, event] = dialling[transport](server);
    const connection = new RawStream(socket);
    await within(patience, `a connection over ${transport}`, once(socket, event));
    return connection;
  }

  /** Opens a connection and performs an anonymous handshake. */
  static async handshaken(server, transport = 'net') {
    const connection = await RawStream.open(server, transport);
    const answer = await connection.ask("{handshake:[0,'conformance']}");
    connection.sessionId = /^\{handshake:\[0\],ok:'(.+)'\}$/.exec(answer)?.[1];
    return connection;
  }

  #receive(data) {
    this.#rest = Buffer.concat([this.#rest, data]);
    for (let end; (end = this.#rest.indexOf(0)) >= 0; this.#rest = this.#rest.subarray(end + 1)) {
      this.#messages.push(this.#rest.subarray(0, end).toString());
    }
  }

  get isOpen() {
    return !this.#socket.destroyed && !this.#socket.isPaused();
  }

  /** Sends a text and its zero byte. */
  send(text) {
    this.write(`${text}\0`);
  }

  /** Sends bytes or characters as they are. */
  write(bytes) {
    this.#socket.write(bytes);
  }

  async next() {
    const index = this.#read++;
    await this.#messages.until(entries => entries.length > index, `message ${index + 1} from the server`);
    return this.#messages.entries[index];
  }

  async take(count) {
    const texts = [];
    while (texts.length < count) texts.push(await this.next());
    return texts;
  }

  ask(text) {
    this.send(text);
    return this.next();
  }

  /** Messages that came before the answer to a ping. */
  async settle(pingId = 9000) {
    this.send(`{ping:[${pingId}]}`);
    const texts = [];
    for (;;) {
      const text = await this.next();
      if (text === `{pong:[${pingId}]}`) return texts;
      texts.push(text);
    }
  }

  /** Resolves with { code, by } when the stream has ended; the code is null. */
  closed() {
    return within(patience, 'the end of the stream', this.#closed);
  }

  /** Ends the stream in order. */
  close() {
    this.#byUs = true;
    this.#socket.end();
    return this.closed();
  }

  /** Cuts the stream as a dead network does. */
  abort() {
    this.#byUs = true;
    this.#socket.destroy();
    return this.closed();
  }

  /** Stops reading and writing without closing. */
  freeze() {
    this.#socket.pause();
  }
}
