// The functions given to `evaluate` run in the page, where the browser bundle of the package is `window.api.jstp`.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Browser } from '../browser/chromium.js';
import { oursOnly, useServer } from '../harness/claims.js';

/* global window -- in the page */

/** Defines promise helpers in the page. */
function helpers() {
  window.promised = start =>
    new Promise((resolve, reject) =>
      start((error, ...results) => (error ? reject(new Error(`code ${error.code ?? error}`)) : resolve(results)))
    );

  window.connect = async (url, app, login) => {
    const client = login ? { connectPolicy: new window.api.jstp.SimpleConnectPolicy(...login) } : null;
    const [connection] = await window.promised(callback => window.api.jstp.ws.connect(app, client, url, callback));
    window.connection = connection;
    window.events = [];
    connection.on('event', (...event) => window.events.push(event));
  };

  window.call = (interfaceName, method, ...args) =>
    window.promised(callback => window.connection.callMethod(interfaceName, method, args, callback));
}

describe('the browser bundle of the reference', () => {
  const servers = useServer();
  let browser;

  before(async () => {
    browser = await Browser.start();
  });
  after(() => browser?.stop());

  /** A page with a connection to the server. */
  async function connectedPage(t, { app = 'conformance', login } = {}) {
    const page = await browser.open();
    t.after(() => page.close());
    await page.evaluate(helpers);
    await page.evaluate(([url, ...rest]) => window.connect(url, ...rest), [servers.current.url, app, login]);
    return page;
  }

  const call = (page, ...args) => page.evaluate(list => window.call(...list), args);

  it('connects and calls', async t => {
    const page = await connectedPage(t);

    assert.deepEqual(await call(page, 'calculator', 'add', 2, 40), [42]);
    assert.deepEqual(await call(page, 'echo', 'value', { a: ['naïve 漢字 🚀', null] }), [{ a: ['naïve 漢字 🚀', null] }]);
    assert.deepEqual(await call(page, 'session', 'username'), [null]);
    assert.deepEqual(page.errors, []);
  });

  it('logs in, and gets the versions and errors of the application', async t => {
    const page = await connectedPage(t, { app: 'conformance@^1.0.0', login: ['alice', 'wonderland'] });

    assert.deepEqual(await call(page, 'session', 'username'), ['alice']);
    assert.deepEqual(await call(page, 'version', 'current'), ['1.2.0']);
    await assert.rejects(call(page, 'errors', 'throws'), /code 16/);
    await assert.rejects(call(page, 'nowhere', 'value', 1), /code 12/);
  });

  it('is refused with a wrong password', async t => {
    await assert.rejects(connectedPage(t, { login: ['alice', 'x'] }), /code 11/);
  });

  it('inspects and calls through the proxy', async t => {
    const page = await connectedPage(t);

    const [methods, sum] = await page.evaluate(async () => {
      const [proxy] = await window.promised(callback => window.connection.inspectInterface('calculator', callback));
      const [result] = await window.promised(callback => proxy.add(1, 2, callback));
      return [Object.keys(proxy).filter(key => typeof proxy[key] === 'function'), result];
    });

    assert.deepEqual(methods, ['answer', 'add', 'divide']);
    assert.equal(sum, 3);
  });

  it('exchanges events both ways', async t => {
    const page = await connectedPage(t);

    await page.evaluate(() => window.connection.emitRemoteEvent('events', 'ping', ['from the page']));
    await call(page, 'events', 'burst', 3);

    assert.deepEqual(await page.evaluate(() => window.events), [
      ['events', 'pong', ['from the page']],
      ['events', 'tick', [0]],
      ['events', 'tick', [1]],
      ['events', 'tick', [2]],
    ]);
  });

  it('sends and receives 7 MiB', async t => {
    const page = await connectedPage(t);

    const isSame = await page.evaluate(async () => {
      const text = 'x'.repeat(7 * 1024 * 1024);
      const [back] = await window.call('echo', 'value', text);
      return back === text;
    });

    assert.ok(isSame);
  });

  it('reconnects by itself when the server cuts the transport, with its session and the events it missed', async t => {
    const page = await connectedPage(t, { login: ['alice', 'wonderland'] });
    assert.deepEqual(await call(page, 'session', 'count'), [1]);

    await page.evaluate(async () => {
      await window.call('events', 'burstLater', 5, 50);
      const reconnected = new Promise(resolve => {
        window.connection.on('reconnect', error => error || resolve());
      });
      window.connection.callMethod('session', 'drop', [], () => {});
      await reconnected;
      await window.promised(callback => window.connection.ping(callback));
    });

    assert.deepEqual(await page.evaluate(() => window.events.map(([, , [i]]) => i)), [0, 1, 2, 3, 4]);
    assert.deepEqual(await call(page, 'session', 'count'), [2]);
    assert.deepEqual(await call(page, 'session', 'username'), ['alice']);
    assert.deepEqual(page.errors, []);
  });

  oursOnly('D2', 'gets broadcasts after it has reconnected', async t => {
    const page = await connectedPage(t);
    const speaker = await servers.client(t);

    await page.evaluate(async () => {
      const reconnected = new Promise(resolve => {
        window.connection.on('reconnect', error => error || resolve());
      });
      window.connection.callMethod('session', 'drop', [], () => {});
      await reconnected;
    });
    await speaker.call('events', 'broadcast', 'news', ['lunch']);
    await page.evaluate(() => window.promised(callback => window.connection.ping(callback)));

    assert.deepEqual(await page.evaluate(() => window.events), [['events', 'news', ['lunch']]]);
  });
});
