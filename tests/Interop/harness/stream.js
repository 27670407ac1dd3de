// Texts over a byte stream, each followed by a zero byte, without a client: for what the real client would never send.

import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';

import { Conversation } from './conversation.js';
import { patience, within } from './waiting.js';

const portOf = url => Number(new URL(url).port);

const dialling = {
  net: ({ endpoints }) => [net.connect({ port: portOf(endpoints.tcp), host: '127.0.0.1' }), 'connect'],
  tls: ({ endpoints, certificate }) => [
    tls.connect({ port: portOf(endpoints.tls), host: '127.0.0.1', ca: certificate.pem }),
    'secureConnect',
  ],
  unix: ({ endpoints }) => [net.connect(endpoints.unix.slice('unix:'.length)), 'connect'],
};

/** One connection that carries texts. */
export class RawStream extends Conversation {
  #socket;
  #rest = Buffer.alloc(0);

  constructor(socket) {
    super();
    this.#socket = socket;
    socket.on('data', data => this.#receive(data));
    socket.on('error', () => {});
    socket.on('close', () => this.ended(null, 'the stream has ended')); // a stream has no codes
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
    await connection.shakeHands();
    return connection;
  }

  #receive(data) {
    this.#rest = Buffer.concat([this.#rest, data]);
    for (let end; (end = this.#rest.indexOf(0)) >= 0; this.#rest = this.#rest.subarray(end + 1)) {
      this.received({ text: this.#rest.subarray(0, end).toString() });
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

  /** Ends the stream in order. */
  close() {
    this.byUs = true;
    this.#socket.end();
    return this.closed();
  }

  /** Cuts the stream as a dead network does. */
  abort() {
    this.byUs = true;
    this.#socket.destroy();
    return this.closed();
  }

  /** Stops reading and writing without closing. */
  freeze() {
    this.#socket.pause();
  }
}
