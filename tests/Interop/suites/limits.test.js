import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';

import { assertAnswers, oursOnly, useServer } from '../harness/claims.js';
import { RawConnection, openUpgraded } from '../harness/raw.js';
import { patience, within } from '../harness/waiting.js';

const mebibyte = 1024 * 1024;
const limit = 8 * mebibyte;

/** A call of echo.size whose whole text has so many bytes. */
function callOfSize(bytes) {
  const [head, tail] = ["{call:[1,'echo'],size:['", "']}"];
  return head + 'a'.repeat(bytes - head.length - tail.length) + tail;
}

const lengthOf = text => text.length - "{call:[1,'echo'],size:['']}".length;

describe('sizes', () => {
  const servers = useServer();

  it('the real client sends and receives 7 MiB', async t => {
    const client = await servers.client(t);
    const text = 'abcdefg '.repeat((7 * mebibyte) / 8);

    const [back] = await client.call('echo', 'value', text);

    assert.ok(back === text, 'the text came back changed');
  });

  it('the real client sends and receives 3 MiB of text outside ASCII', async t => {
    const client = await servers.client(t);
    const text = '漢字🚀'.repeat((3 * mebibyte) / 10);

    const [back] = await client.call('echo', 'value', text);

    assert.ok(back === text, 'the text came back changed');
  });

  it('the real client receives an event of 7 MiB', async t => {
    const client = await servers.client(t);
    const text = 'x'.repeat(7 * mebibyte);

    await client.call('events', 'emitBack', 'large', [text]);

    assert.ok(client.events.entries[0][2][0] === text, 'the text came back changed');
  });

  it('a message of exactly 8 MiB is accepted in one frame and in fragments', async t => {
    const text = callOfSize(limit);
    const raw = await servers.raw(t, RawConnection.handshaken(servers.current));

    assert.equal(await raw.ask(text), `{callback:[1],ok:[${lengthOf(text)}]}`);

    raw.sendFragments(text.slice(0, 10), text.slice(10, limit / 2), text.slice(limit / 2));
    assert.equal(await raw.next(), `{callback:[1],ok:[${lengthOf(text)}]}`);
  });

  it('a frame that announces one byte more than 8 MiB is refused with 1009 before its payload', async () => {
    const socket = await openUpgraded(servers.current);
    const header = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
    header.writeBigUInt64BE(BigInt(limit + 1), 2);

    socket.write(header);
    const [answer] = await within(patience, 'a close frame', once(socket, 'data'));
    socket.destroy();

    assert.deepEqual([answer[0], answer.readUInt16BE(2)], [0x88, 1009]);
  });

  it('fragments of one byte more than 8 MiB in all are refused with 1009', async t => {
    const text = callOfSize(limit + 1);
    const raw = await servers.raw(t, RawConnection.handshaken(servers.current));

    raw.sendFragments(text.slice(0, limit), text.slice(limit));

    assert.deepEqual(await raw.closed(), { code: 1009, by: 'server' });
  });

  it('the session outlives a message that was too large', async t => {
    const client = await servers.client(t);
    await client.call('session', 'count');

    client.connection.callMethod('echo', 'size', ['a'.repeat(limit)], () => {});
    // Whether the client sees the close frame depends on how much it was still sending when the server gave up.
    await client.lost();

    const again = await servers.client(t, { session: Object.assign(client.copySession(), { buffer: new Map() }) });
    assert.deepEqual(await again.call('session', 'count'), [2]);
  });

  oursOnly('1, 15', 'an event that no client could receive is refused where it is made, and the connection lives', async t => {
    // 5 MiB of quotes become 10 MiB of text when they are written.
    const quotes = "'".repeat(5 * mebibyte);
    const raw = await servers.raw(t, RawConnection.handshaken(servers.current));
    raw.send(`{call:[1,'events'],emitBack:['large',["${quotes}"]]}`);

    assert.equal(await raw.next(), '{callback:[1],error:[16]}');
    assert.deepEqual(await raw.settle(2), []);
  });

  oursOnly('15', 'nesting deeper than 512 is refused with 1007', async t => {
    const raw = await servers.raw(t, RawConnection.handshaken(servers.current));

    raw.send(`{call:[1,'echo'],value:[${'['.repeat(600)}${']'.repeat(600)}]}`);

    assert.deepEqual(await raw.closed(), { code: 1007, by: 'server' });
  });

  it('nesting of 400 is accepted', async t => {
    const raw = await servers.raw(t, RawConnection.handshaken(servers.current));
    const nest = '['.repeat(400) + ']'.repeat(400);

    assert.equal(await raw.ask(`{call:[1,'echo'],value:[${nest}]}`), `{callback:[1],ok:[${nest}]}`);
  });

  it('the server still answers', () => assertAnswers(servers.current));
});
