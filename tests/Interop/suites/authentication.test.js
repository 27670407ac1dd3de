import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { CallError, Client } from '../harness/client.js';
import { oursOnly, useServer } from '../harness/claims.js';
import { RawConnection } from '../harness/raw.js';

describe('authentication', () => {
  const servers = useServer();

  it('a client without login has no user name', async t => {
    const client = await servers.client(t);

    assert.deepEqual(await client.call('session', 'username'), [null]);
  });

  it('a client with the right password has its user name', async t => {
    const client = await servers.client(t, { login: ['alice', 'wonderland'] });

    assert.deepEqual(await client.call('session', 'username'), ['alice']);
    assert.equal(client.connection.username, 'alice');
  });

  for (const login of [['alice', 'looking-glass'], ['bob', 'wonderland'], ['__proto__', 'x']]) {
    it(`login ${login.join('/')} is refused with 11`, async () => {
      const refused = await Client.connect(servers.current, { login }).catch(error => error);

      assert.ok(refused instanceof CallError);
      assert.deepEqual([refused.code, refused.text, refused.info], [11, 'Authentication failed', null]);
    });
  }

  const strategies = [
    ['anonymous named explicitly', 'anonymous:true', null],
    ["a token that is good", "token:['t0ken']", 'token-user'],
  ];
  for (const [name, strategy, user] of strategies) {
    it(`${name} is accepted`, async t => {
      const raw = await servers.raw(t, RawConnection.handshaken(servers.current, `{handshake:[0,'conformance'],${strategy}}`));

      assert.ok(raw.sessionId);
      assert.equal(await raw.ask("{call:[1,'session'],username:[]}"), `{callback:[1],ok:[${user && `'${user}'`}]}`);
    });
  }

  const refusals = [
    ['a banned token', "token:['banned']", "[1001,'Account is suspended']"],
    ['an unknown token', "token:['x']", '[11]'],
    ['a token that is no array', "token:'t0ken'", '[11]'],
    ['login without credentials', 'login:[]', '[11]'],
    ['login with null', 'login:null', '[11]'],
    ['login with numbers', 'login:[1,2]', '[11]'],
    ['an unknown strategy', "oauth:['t0ken']", '[11]'],
    ['a user name as strategy', "alice:'wonderland'", '[11]'],
    ['a session that was never issued', "session:['4c5b8f5e-0000-4000-8000-000000000000',0]", '[11]'],
  ];
  for (const [name, strategy, error] of refusals) {
    it(`${name} is refused with ${error} and the connection closed with 1000`, async t => {
      const raw = await servers.raw(t, RawConnection.open(servers.current));

      assert.equal(await raw.ask(`{handshake:[0,'conformance'],${strategy}}`), `{handshake:[0],error:${error}}`);
      assert.deepEqual(await raw.closed(), { code: 1000, by: 'server' });
    });
  }

  const malformed = [
    ['credentials that are no array', 'session:1', 'D5'],
    ['a session id that is no text', 'session:[7,0]', '10.3'],
    ['no credentials at all', 'session:[]', '10.3'],
  ];
  for (const [name, strategy, reason] of malformed) {
    oursOnly(reason, `a restore with ${name} is refused with 11`, async t => {
      const raw = await servers.raw(t, RawConnection.open(servers.current));

      assert.equal(await raw.ask(`{handshake:[0,'conformance'],${strategy}}`), '{handshake:[0],error:[11]}');
    });
  }

  it('a client that is refused can connect again with the right password', async t => {
    await assert.rejects(Client.connect(servers.current, { login: ['alice', 'x'] }));

    const client = await servers.client(t, { login: ['alice', 'wonderland'] });

    assert.deepEqual(await client.call('session', 'username'), ['alice']);
  });
});
