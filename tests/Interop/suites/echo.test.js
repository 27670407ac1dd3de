// The WebSocket layer alone: real clients against the echo sample, over ws and wss, with and without compression.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';

import { chromium } from 'playwright-core';
import websocket from 'websocket';
import WebSocket from 'ws';

import { EchoServer } from '../harness/echo.js';

const sizes = [0, 1, 125, 126, 1023, 1024, 65_535, 65_536, 300_000];

/** Half noise, half text: neither nothing nor all of it can be compressed. */
const binary = size => Buffer.concat([randomBytes(size >> 1), Buffer.alloc(size - (size >> 1), 'pattern ')]);
const text = size => '{call:[1],€}'.repeat(size).slice(0, size);

for (const tls of [false, true]) {
  describe(`echo over ${tls ? 'wss' : 'ws'}`, () => {
    let server;

    before(async () => {
      server = await EchoServer.start({ tls, args: ['--deflate', 'true'] });
    });

    after(async () => {
      assert.ok(server.isRunning);
      await server.stop();
    });

    const deflates = [
      false,
      true,
      { serverNoContextTakeover: true, clientNoContextTakeover: true },
      { serverMaxWindowBits: 9 },
      { serverMaxWindowBits: 12, clientMaxWindowBits: 10, serverNoContextTakeover: true },
    ];

    for (const perMessageDeflate of deflates) {
      it(`ws gets its messages back, compression ${JSON.stringify(perMessageDeflate)}`, async () => {
        const client = new WebSocket(server.url, { perMessageDeflate, rejectUnauthorized: false });
        await once(client, 'open');
        assert.equal(client.extensions.includes('permessage-deflate'), perMessageDeflate !== false);

        for (const size of sizes) {
          for (const message of [binary(size), text(size)]) {
            client.send(message);
            const [answer, isBinary] = await once(client, 'message');
            assert.equal(isBinary, typeof message !== 'string');
            assert.ok(isBinary ? message.equals(answer) : message === answer.toString(), `${size} ${isBinary ? 'bytes' : 'characters'}`);
          }
        }

        client.ping('are you there');
        assert.equal(String((await once(client, 'pong'))[0]), 'are you there');

        client.close(4001, 'enough');
        assert.equal((await once(client, 'close'))[0], 4001);
      });
    }

    it('websocket gets its messages back, in fragments too', async () => {
      const options = { tlsOptions: { rejectUnauthorized: false }, fragmentationThreshold: 1000, maxReceivedFrameSize: 1 << 20 };
      const client = new websocket.client(options);
      client.connect(server.url, 'some-protocol');
      const [connection] = await once(client, 'connect');
      assert.equal(connection.protocol, 'some-protocol');

      for (const size of sizes) {
        connection.sendUTF(text(size));
        assert.equal((await once(connection, 'message'))[0].utf8Data, text(size));
        const bytes = binary(size);
        connection.sendBytes(bytes);
        assert.ok(bytes.equals((await once(connection, 'message'))[0].binaryData));
      }

      connection.close();
      assert.equal((await once(connection, 'close'))[0], 1000);
    });

    it('curl is upgraded', async () => {
      const curl = spawn('curl', [
        '--silent', '--insecure', '--verbose', '--http1.1', '--max-time', '20',
        '--header', 'Connection: Upgrade', '--header', 'Upgrade: websocket',
        '--header', 'Sec-WebSocket-Version: 13', '--header', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        server.url.replace(/^ws/, 'http'),
      ]);
      let answer = '';

      // What it is verbose about comes at once; the answer's body, which never ends, would hold back the rest.
      for await (const chunk of curl.stderr) {
        answer += chunk;
        if (answer.includes('\n< \r\n')) break;
      }

      curl.kill();
      assert.match(answer, /^< HTTP\/1\.1 101 /m);
      assert.match(answer, /^< Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/m);
    });

    it('Chromium gets its messages back, compressed', async t => {
      const pages = http.createServer((_, response) => response.end('<!doctype html>')).listen(0, '127.0.0.1');
      t.after(() => pages.close());
      await once(pages, 'listening');
      const browser = await chromium.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--ignore-certificate-errors', '--disable-background-networking'],
      });
      t.after(() => browser.close());
      const page = await browser.newPage({ ignoreHTTPSErrors: true });
      await page.goto(`http://127.0.0.1:${pages.address().port}/`);

      const result = await page.evaluate(async ([url, sizes]) => {
        const socket = new WebSocket(url, ['first', 'second']);
        socket.binaryType = 'arraybuffer';
        const next = name => new Promise((resolve, reject) => {
          socket.addEventListener(name, resolve, { once: true });
          socket.addEventListener('error', () => reject(new Error('error event')), { once: true });
        });
        await next('open');
        const wrong = [];

        for (const size of sizes) {
          const text = 'abc€'.repeat(size).slice(0, size);
          socket.send(text);
          if ((await next('message')).data !== text) wrong.push(`text ${size}`);

          const bytes = new Uint8Array(size).map((_, i) => i * i);
          socket.send(bytes);
          const answer = new Uint8Array((await next('message')).data);
          if (answer.length !== size || answer.some((value, i) => value !== bytes[i])) wrong.push(`binary ${size}`);
        }

        socket.close(4000, 'done');
        const { code, wasClean } = await next('close');
        return { wrong, code, wasClean, extensions: socket.extensions, protocol: socket.protocol };
      }, [server.url, sizes]);

      assert.deepEqual(result, { wrong: [], code: 4000, wasClean: true, extensions: 'permessage-deflate', protocol: 'first' });
    });
  });
}
