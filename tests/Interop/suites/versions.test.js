import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { oursOnly, useServer } from '../harness/claims.js';
import { CallError, Client } from '../harness/client.js';
import { RawConnection } from '../harness/raw.js';
import { transcripts } from '../replay/transcripts.js';

describe('versions that the real client asks for', () => {
  const servers = useServer();

  const found = {
    '': '2.0.0',
    '1.0.0': '1.0.0',
    '1.2.0': '1.2.0',
    '1': '1.2.0',
    '1.x': '1.2.0',
    '1.0': '1.0.0',
    '^1.0.0': '1.2.0',
    '~1.0.0': '1.0.0',
    '~1': '1.2.0',
    '*': '2.0.0',
    '>1.0.0': '2.0.0',
    '>=1.0.0 <2.0.0': '1.2.0',
    '<1.2.0': '1.0.0',
    '<=1.2.0': '1.2.0',
    '1.0.0 - 1.9.9': '1.2.0',
    '3 || 1.0.0': '1.0.0',
  };
  for (const [version, answer] of Object.entries(found)) {
    it(`'${version}' is served by ${answer}`, async t => {
      const client = await servers.client(t, { app: { name: 'conformance', version } });

      assert.deepEqual(await client.call('version', 'current'), [answer]);
    });
  }

  it("a range behind '@' is split off the name", async t => {
    const client = await servers.client(t, { app: 'conformance@~1.0.0' });

    assert.deepEqual(await client.call('version', 'current'), ['1.0.0']);
  });

  const missing = ['conformance@1.1.0', 'conformance@^3.0.0', 'conformance@>2.0.0', 'nowhere', 'nowhere@1.0.0', 'Conformance'];
  for (const app of missing) {
    it(`${app} is not found: 10`, async () => {
      const refused = await Client.connect(servers.current, { app }).catch(error => error);

      assert.ok(refused instanceof CallError);
      assert.deepEqual([refused.code, refused.text], [10, 'Application not found']);
    });
  }

  it('an invalid range fails in the client already', async () => {
    await assert.rejects(Client.connect(servers.current, { app: 'conformance@latest' }), /Invalid semver/);
  });

  oursOnly('D10', 'names that every object inherits are no applications', async t => {
    for (const name of ['__proto__', 'constructor', 'toString', 'x'.repeat(300)]) {
      const raw = await servers.raw(t, RawConnection.open(servers.current));

      assert.equal(await raw.ask(`{handshake:[0,'${name}']}`), '{handshake:[0],error:[10]}');
    }
  });
});

describe('recorded version lookups', () => {
  const servers = useServer({ fixture: 'catalogue' });

  for (const { request, version, error, jstpActorsMayAnswer } of transcripts.versionLookups.cases) {
    it(`${request} gives ${version ?? `error ${error}`}`, async t => {
      const raw = await servers.raw(t, RawConnection.open(servers.current));
      const answer = await raw.ask(request);

      if (answer.startsWith('{handshake:[0],error:') && error !== undefined) {
        assert.equal(answer, `{handshake:[0],error:[${error}]}`);
      } else {
        const mayFind = servers.current.kind === 'ours' ? jstpActorsMayAnswer : undefined;
        assert.match(answer, /^\{handshake:\[0\],ok:'/);
        assert.equal(await raw.ask("{call:[1,'info'],version:[]}"), `{callback:[1],ok:['${version ?? mayFind}']}`);
      }
    });
  }
});
