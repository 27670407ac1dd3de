// The echo sample with its own defaults, as conformance suites play at it: messages of 16 MiB, in the smallest fragments and packets, a thousand compressed
// messages for every set of parameters, pings in a row, and a client that looks who ends TCP.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';

import WebSocket from 'ws';

import { EchoServer } from '../harness/echo.js';
import { frame, FramePeer, opcodes } from '../harness/frames.js';
import { within } from '../harness/waiting.js';

const mebibyte = 1024 * 1024;
const limit = 60_000;

describe('the echo sample', () => {
  let server;

  before(async () => {
    server = await EchoServer.start({ args: ['--deflate'] });
  });

  after(async () => {
    assert.ok(server.isRunning);
    await server.stop();
  });

  async function connect(t) {
    const peer = await FramePeer.connect(server.url);
    t.after(() => peer.destroy());
    return peer;
  }

  const payloads = {
    text: length => Buffer.from('€uro '.repeat(length / 7 + 1)).subarray(0, length - (length % 7)),
    binary: randomBytes,
  };

  for (const type of ['text', 'binary']) {
    for (const [length, fragment] of [[16 * mebibyte, 16 * mebibyte], [16 * mebibyte, 64], [4 * mebibyte, 1000]]) {
      it(`gives ${type} of ${length} bytes in frames of ${fragment} back`, async t => {
        const peer = await connect(t);
        const payload = payloads[type](length);
        const frames = [];
        for (let start = 0; start < payload.length; start += fragment) {
          const end = Math.min(start + fragment, payload.length);
          frames.push(frame(start === 0 ? opcodes[type] : opcodes.continuation, payload.subarray(start, end), { fin: end === payload.length }));
        }

        peer.write(Buffer.concat(frames));
        const message = await within(limit, 'the echo', peer.message());

        assert.equal(message.opcode, opcodes[type]);
        assert.ok(message.payload.equals(payload));
      });
    }

    it(`gives ${type} of a mebibyte in packets of 64 bytes back`, async t => {
      const peer = await connect(t);
      const payload = payloads[type](mebibyte);

      await peer.writeChopped(frame(opcodes[type], payload), 64);

      assert.ok((await within(limit, 'the echo', peer.message())).payload.equals(payload));
    });
  }

  for (const packet of [1, Infinity]) {
    it(`answers ten pings in a row, ${packet} byte a packet`, async t => {
      const peer = await connect(t);
      const pings = Array.from({ length: 10 }, (_, i) => frame(opcodes.ping, Buffer.from(`payload-${i}`)));

      await peer.writeChopped(Buffer.concat(pings), packet);

      for (let i = 0; i < 10; i++) {
        const { opcode, payload } = await within(limit, 'a pong', peer.next());
        assert.deepEqual([opcode, payload.toString()], [opcodes.pong, `payload-${i}`]);
      }
    });
  }

  const closes = [
    [[], []],
    [[0x03], 1002],
    [[0x03, 0xe8], 1000],
    [[0x0b, 0xb8, ...Buffer.from('reason')], 3000],
    [[0x03, 0xe8, 0xce, 0xba, 0xed, 0xa0, 0x80], 1007],
    ...[0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999].map(code => [[code >> 8, code & 255], 1002]),
    ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999].map(code => [[code >> 8, code & 255], code]),
  ];

  for (const [payload, expected] of closes) {
    it(`answers a Close with [${payload}] and ends TCP first, whatever comes behind it`, async t => {
      const peer = await connect(t);

      peer.write(Buffer.concat([frame(opcodes.close, Buffer.from(payload)), frame(opcodes.ping, Buffer.from('late')), frame(opcodes.text, Buffer.from('late'))]));
      const close = await within(limit, 'the Close', peer.next());
      await within(limit, 'the end of TCP', peer.ended);

      assert.equal(close.opcode, opcodes.close);
      assert.deepEqual(close.payload.length < 2 ? [] : close.payload.readUInt16BE(0), expected);
      assert.equal(peer.rest.length, 0);
    });
  }

  it('gives a message back before it answers the Close behind it, and refuses a broken frame behind a message', async t => {
    const peer = await connect(t);
    const long = randomBytes(256 * 1024);
    peer.write(Buffer.concat([frame(opcodes.binary, long), frame(opcodes.close, Buffer.from([0x03, 0xe8]))]));
    assert.ok((await within(limit, 'the echo', peer.message())).payload.equals(long));
    assert.equal((await within(limit, 'the Close', peer.next())).payload.readUInt16BE(0), 1000);

    const broken = await connect(t);
    broken.write(Buffer.concat([frame(opcodes.text, Buffer.from('sound')), frame(opcodes.text, Buffer.from('x'), { reserved: 3 }), frame(opcodes.ping, Buffer.alloc(0))]));
    assert.equal((await within(limit, 'the echo', broken.message())).payload.toString(), 'sound');
    assert.equal((await within(limit, 'the Close', broken.next())).payload.readUInt16BE(0), 1002);
    await within(limit, 'the end of TCP', broken.ended);
  });

  const parameters = [
    true,
    ...[8, 9, 11, 13, 15].map(bits => ({ serverMaxWindowBits: bits, clientMaxWindowBits: Math.max(bits, 9) })),
    { serverNoContextTakeover: true },
    { clientNoContextTakeover: true, serverMaxWindowBits: 9 },
    { serverNoContextTakeover: true, clientNoContextTakeover: true, serverMaxWindowBits: 15 },
  ];
  const sizes = [16, 64, 256, 1024, 4096, 8192, 16_384, 32_768, 65_536, 131_072];
  const records = Buffer.from(Array.from({ length: 40_000 }, (_, i) => `{"id":${(i * 7919) % 100_003},"name":"n${i % 977}","ok":${i % 3 === 0}},`).join(''));

  for (const perMessageDeflate of parameters) {
    it(`gives 1,000 compressed messages back, whole and in fragments, with ${JSON.stringify(perMessageDeflate)}`, async t => {
      const client = new WebSocket(server.url, { perMessageDeflate: { threshold: 0, ...(perMessageDeflate === true ? {} : perMessageDeflate) } });
      t.after(() => client.terminate());
      await once(client, 'open');
      assert.equal(client.extensions, 'permessage-deflate');

      for (let i = 0, start = 0; i < 1000; i++) {
        const size = sizes[i % sizes.length];
        start = start + size > records.length ? 0 : start + size;
        const message = records.subarray(start, start + size);
        const fragment = [size, 256, 1024, 4096][i % 4];
        for (let at = 0; at < message.length; at += fragment) {
          client.send(message.subarray(at, at + fragment), { binary: false, fin: at + fragment >= message.length });
        }

        const [answer, isBinary] = await within(limit, 'the echo', once(client, 'message'));
        assert.ok(!isBinary && message.equals(answer), `message ${i} of ${size} bytes`);
      }

      client.close(1000);
      assert.equal((await once(client, 'close'))[0], 1000);
    });
  }
});
