import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { oursOnly, useServer } from '../harness/claims.js';
import { jstp } from '../harness/client.js';
import { RawConnection } from '../harness/raw.js';

const desk = {
  desk: {
    sign: (connection, form, callback) => {
      if (form === 'number') callback(4002);
      else if (form === 'remote') callback(new jstp.RemoteError(4003, 'No ink', ['blue']));
      else callback(null, `signed ${form}`, form.length);
    },
  },
};

const handshake = "{handshake:[0,'depot']}";

describe('calls from the server to the client', () => {
  const servers = useServer({ fixture: 'depot' });

  it('the server gets the results of a method of the client', async t => {
    const client = await servers.client(t, { app: 'depot', api: desk });

    assert.deepEqual(await client.call('feed', 'ask', 'F1'), ['ok', 'signed F1', 2]);
  });

  it('the server gets the error of a method of the client', async t => {
    const client = await servers.client(t, { app: 'depot', api: desk });

    assert.deepEqual(await client.call('feed', 'ask', 'number'), ['error 4002']);
    assert.deepEqual(await client.call('feed', 'ask', 'remote'), ['error 4003']);
  });

  it('a client without such a method answers 14', async t => {
    const client = await servers.client(t, { app: 'depot', api: { desk: {} } });

    assert.deepEqual(await client.call('feed', 'ask', 'F1'), ['error 14']);
  });

  it('a client without an application answers 12', async t => {
    const client = await servers.client(t, { app: 'depot' });

    assert.deepEqual(await client.call('feed', 'ask', 'F1'), ['error 12']);
  });

  it('a hundred calls to the client at once are each answered', async t => {
    const client = await servers.client(t, { app: 'depot', api: desk });
    const forms = Array.from({ length: 100 }, (_, i) => `F${i}`);

    const results = await Promise.all(forms.map(form => client.call('feed', 'ask', form)));

    assert.deepEqual(results, forms.map(form => ['ok', `signed ${form}`, form.length]));
  });

  it('answers of the client may come in any order', async t => {
    const raw = await servers.raw(t, RawConnection.handshaken(servers.current, handshake));

    raw.send("{call:[1,'feed'],ask:['A']}");
    raw.send("{call:[2,'feed'],ask:['B']}");
    assert.deepEqual(await raw.take(2), ["{call:[-1,'desk'],sign:['A']}", "{call:[-2,'desk'],sign:['B']}"]);

    assert.equal(await raw.ask("{callback:[-2],ok:['b']}"), "{callback:[2],ok:['ok','b']}");
    assert.equal(await raw.ask("{callback:[-1],ok:['a']}"), "{callback:[1],ok:['ok','a']}");
  });

  it('a second answer to one call is ignored', async t => {
    const raw = await servers.raw(t, RawConnection.handshaken(servers.current, handshake));

    await raw.ask("{call:[1,'feed'],ask:['A']}");
    assert.equal(await raw.ask("{callback:[-1],ok:['a']}"), "{callback:[1],ok:['ok','a']}");
    raw.send("{callback:[-1],ok:['again']}");

    assert.deepEqual(await raw.settle(2), []);
  });

  const oddAnswers = [
    ['ok that is no array', 'ok:5', 16],
    ['ok that is null, as no ok at all', 'ok:null', 16],
    ['neither ok nor error', 'fine:[]', 16],
    ['nothing but the id', '', 16],
    ['an error as a number', 'error:4009', 4009],
    ['an error as the object of the swift client', "error:{code:4010,message:'x'}", 4010],
    ['an error as a text', "error:'jammed'", 1],
  ];
  for (const [name, member, code] of oddAnswers) {
    oursOnly('D7', `an answer with ${name} fails the call with ${code}`, async t => {
      const raw = await servers.raw(t, RawConnection.handshaken(servers.current, handshake));

      await raw.ask("{call:[1,'feed'],ask:['A']}");

      assert.equal(
        await raw.ask(`{callback:[-1]${member && `,${member}`}}`),
        `{callback:[1],ok:['error ${code}']}`
      );
    });
  }
});
