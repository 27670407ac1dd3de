// JSTP over WebSocket with permessage-deflate, which `Jstp:WebSocket:Compression=true` turns on.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Browser } from '../browser/chromium.js';
import { useServer } from '../harness/claims.js';
import { RawConnection } from '../harness/raw.js';
import { kind } from '../harness/server.js';

/* global window -- in the page */

const skip = kind === 'reference' && 'the reference has no compression';
const mebibyte = 1024 * 1024;

/** Bytes that the server sends for an answer of a mebibyte that is easy to compress. */
async function answerCost(connection) {
  const before = connection.tcp.bytesRead;
  connection.send(`{call:[1,'echo'],value:['${'x'.repeat(mebibyte)}']}`);
  assert.equal(await connection.next(), `{callback:[1],ok:['${'x'.repeat(mebibyte)}']}`);
  return connection.tcp.bytesRead - before;
}

describe('JSTP compressed', { skip }, () => {
  const servers = useServer({ compression: true });

  const offers = [true, { serverNoContextTakeover: true, clientNoContextTakeover: true }, { serverMaxWindowBits: 10 }];

  for (const perMessageDeflate of offers) {
    it(`is what a client gets that offers ${JSON.stringify(perMessageDeflate)}`, async t => {
      const connection = await servers.raw(t, RawConnection.open(servers.current, { perMessageDeflate }));
      connection.send("{handshake:[0,'conformance']}");
      await connection.next();

      assert.equal(connection.extensions, 'permessage-deflate');
      assert.ok((await answerCost(connection)) < mebibyte / 10);

      for (let id = 2; id < 300; id++) {
        const text = `naïve 漢字 🚀 ${id} `.repeat(id);
        connection.send(`{call:[${id},'echo'],value:['${text}']}`);
        assert.equal(await connection.next(), `{callback:[${id}],ok:['${text}']}`);
      }
    });
  }

  it('is not what a client gets that offers nothing', async t => {
    const connection = await servers.raw(t, RawConnection.handshaken(servers.current));

    assert.equal(connection.extensions, '');
    assert.ok((await answerCost(connection)) > mebibyte);
  });

  it('serves the real client as before', async t => {
    const client = await servers.client(t, { login: ['alice', 'wonderland'] });
    const text = 'abcdefg '.repeat(100_000);

    assert.deepEqual(await client.call('echo', 'value', text), [text]);
    await client.bounce();
    assert.deepEqual(await client.call('session', 'username'), ['alice']);
  });

  it('serves the browser bundle in Chromium, which offers compression', async t => {
    const browser = await Browser.start();
    t.after(() => browser.stop());
    const page = await browser.open();

    const result = await page.evaluate(async url => {
      let extensions;
      const Original = window.WebSocket;
      window.WebSocket = class extends Original {
        constructor(...args) {
          super(...args);
          this.addEventListener('open', () => (extensions = this.extensions));
        }
      };
      const promised = start => new Promise((resolve, reject) => start((error, ...results) => (error ? reject(error) : resolve(results))));
      const [connection] = await promised(callback => window.api.jstp.ws.connect('conformance', null, url, callback));
      const text = 'naïve 漢字 🚀 '.repeat(20_000);
      const [back] = await promised(callback => connection.callMethod('echo', 'value', [text], callback));
      return { extensions, isSame: back === text };
    }, servers.current.url);

    assert.deepEqual(result, { extensions: 'permessage-deflate; server_no_context_takeover; client_no_context_takeover', isSame: true });
    assert.deepEqual(page.errors, []);
  });
});
