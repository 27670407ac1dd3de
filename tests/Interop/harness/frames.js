// WebSocket frames by hand over a bare socket: what client libraries would not send, or would hide.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/** A masked frame. `reserved` has RSV1 to RSV3 as the bits 4, 2, 1. */
export function frame(opcode, payload, { fin = true, reserved = 0 } = {}) {
  const extended = payload.length < 126 ? 0 : payload.length < 65_536 ? 2 : 8;
  const bytes = Buffer.alloc(2 + extended + 4 + payload.length);
  bytes[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  bytes[1] = 0x80 | { 0: payload.length, 2: 126, 8: 127 }[extended];
  if (extended > 0) bytes.writeUIntBE(payload.length, extended === 2 ? 2 : 4, extended === 2 ? 2 : 6);

  const mask = randomBytes(4);
  const start = 2 + extended + 4;
  mask.copy(bytes, start - 4);
  for (let i = 0; i < payload.length; i++) bytes[start + i] = payload[i] ^ mask[i & 3];
  return bytes;
}

/** One end of a WebSocket connection that reads frames and does nothing by itself. */
export class FramePeer {
  #socket;
  #chunks = [];
  #length = 0;
  #arrived = () => {};

  constructor(socket) {
    this.#socket = socket;
    this.ended = once(socket, 'end');
    this.ended.catch(() => {});
    socket.setNoDelay();
    socket.on('error', () => {});
    socket.on('data', chunk => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      this.#arrived();
    });
    socket.on('end', () => this.#arrived());
  }

  static async connect(url) {
    const { hostname, port } = new URL(url);
    const socket = net.connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const peer = new FramePeer(socket);
    peer.write(
      `GET / HTTP/1.1\r\nHost: ${hostname}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
    );

    let end;
    while ((end = peer.rest.indexOf('\r\n\r\n')) < 0) await peer.#more();
    const head = peer.#take(end + 4).toString();
    if (!head.startsWith('HTTP/1.1 101 ')) throw new Error(head);
    return peer;
  }

  /** What arrived and was not read. */
  get rest() {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] ?? Buffer.alloc(0);
  }

  write(bytes) {
    this.#socket.write(bytes);
  }

  /** Writes in packets of so many bytes, each in a turn of its own. */
  async writeChopped(bytes, size) {
    for (let start = 0; start < bytes.length; start += size) {
      this.#socket.write(bytes.subarray(start, start + size));
      await new Promise(setImmediate);
    }
  }

  /** The next frame. */
  async next() {
    const start = await this.#peek(2);
    const short = start[1] & 0x7f;
    const extended = short < 126 ? 0 : short === 126 ? 2 : 8;
    const header = await this.#peek(2 + extended);
    const length = extended === 0 ? short : extended === 2 ? header.readUInt16BE(2) : Number(header.readBigUInt64BE(2));
    await this.#peek(header.length + length);
    const payload = this.#take(header.length + length).subarray(header.length);
    return { opcode: start[0] & 15, fin: (start[0] & 0x80) !== 0, payload };
  }

  /** The next message, put together. */
  async message() {
    const first = await this.next();
    const payloads = [first.payload];
    for (let last = first; !last.fin; ) {
      last = await this.next();
      if (last.opcode !== opcodes.continuation) throw new Error(`Opcode ${last.opcode} within a message.`);
      payloads.push(last.payload);
    }
    return { opcode: first.opcode, payload: Buffer.concat(payloads) };
  }

  destroy() {
    this.#socket.destroy();
  }

  async #peek(length) {
    while (this.#length < length) await this.#more();
    return this.rest.subarray(0, length);
  }

  #take(length) {
    const taken = this.rest.subarray(0, length);
    this.#chunks = [this.rest.subarray(length)];
    this.#length -= length;
    return taken;
  }

  async #more() {
    if (this.#socket.readableEnded) throw new Error('The server has ended the connection.');
    await new Promise(resolve => (this.#arrived = resolve));
  }
}
