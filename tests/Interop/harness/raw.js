// JSTP texts over a bare WebSocket: everything that the real client would never send.

import { once } from 'node:events';
import net from 'node:net';

import { WebSocket } from 'ws';

import { Conversation } from './conversation.js';
import { patience, within } from './waiting.js';

export const subprotocol = 'metarhia-jstp';

/** One WebSocket connection that speaks JSTP texts. */
export class RawConnection extends Conversation {
  #socket;

  constructor(socket) {
    super();
    this.#socket = socket;
    socket.on('message', (data, isBinary) => this.received({ text: data.toString(), isBinary }));
    socket.on('close', code => this.ended(code, `the connection was closed with ${code}`));
    socket.on('error', () => {});
  }

  /** Opens a connection; the handshake of JSTP is still to be done. */
  static async open(server, { protocol = subprotocol, perMessageDeflate = false } = {}) {
    const socket = new WebSocket(server.url, protocol, { perMessageDeflate, maxPayload: 64 * 1024 * 1024 });
    const connection = new RawConnection(socket);
    await within(patience, 'the WebSocket handshake', once(socket, 'open'));
    return connection;
  }

  /** Opens a connection and performs an anonymous handshake, or the given one. */
  static async handshaken(server, handshake) {
    const connection = await RawConnection.open(server);
    await connection.shakeHands(handshake);
    return connection;
  }

  /** Restores a session; `count` is what this side claims to have received. `answer` is the answer of the server. */
  static async restored(server, sessionId, count, app = 'conformance') {
    const connection = await RawConnection.open(server);
    connection.answer = await connection.ask(`{handshake:[0,'${app}'],session:['${sessionId}',${count}]}`);
    connection.sessionId = sessionId;
    return connection;
  }

  /** The TCP socket below. */
  get tcp() {
    return this.#socket._socket;
  }

  get isOpen() {
    return this.#socket.readyState === WebSocket.OPEN && !this.tcp.isPaused();
  }

  /** The extensions that were agreed on. */
  get extensions() {
    return this.#socket.extensions;
  }

  /** The subprotocol that the server chose. */
  get protocol() {
    return this.#socket.protocol;
  }

  send(text, { binary = false } = {}) {
    this.#socket.send(binary ? Buffer.from(text) : text, { binary });
  }

  /** Sends one message cut into fragments. */
  sendFragments(...parts) {
    parts.forEach((part, i) => this.#socket.send(part, { fin: i === parts.length - 1 }));
  }

  /** Closes in order, with 1000. */
  async close() {
    this.byUs = true;
    this.#socket.close(1000);
    return this.closed();
  }

  /** Cuts the transport as a dead network does. */
  async abort() {
    this.byUs = true;
    this.#socket.terminate();
    return this.closed();
  }

  /** Stops reading and answering without closing: a peer that is gone while its TCP connection stands. */
  freeze() {
    this.tcp.pause();
  }
}

const upgradeRequest = (port, headers = [`Sec-WebSocket-Protocol: ${subprotocol}`]) =>
  [
    'GET / HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ...headers,
    '',
    '',
  ].join('\r\n');

/** A bare TCP connection to the server, for what no WebSocket library would send. */
export async function openTcp(server) {
  const socket = net.connect({ port: server.port, host: '127.0.0.1' });
  socket.on('error', () => {});
  await within(patience, 'a TCP connection', once(socket, 'connect'));
  return socket;
}

/** A TCP connection after the WebSocket handshake: from here on the test writes frames byte by byte. */
export async function openUpgraded(server) {
  const socket = await openTcp(server);
  socket.write(upgradeRequest(server.port));
  const [head] = await within(patience, 'the answer 101', once(socket, 'data'));
  if (!head.toString('latin1').startsWith('HTTP/1.1 101')) throw new Error(`Not upgraded: ${head}`);
  return socket;
}

/** The first bytes of an upgrade request that never gets its end. */
export const halfUpgradeRequest = port => upgradeRequest(port).slice(0, -2);
