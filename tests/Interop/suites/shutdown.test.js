import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { oursOnly } from '../harness/claims.js';
import { Client } from '../harness/client.js';
import { RawConnection } from '../harness/raw.js';
import { startServer } from '../harness/server.js';
import { within } from '../harness/waiting.js';

describe('SIGTERM', () => {
  oursOnly('1', 'closes every connection with 1001 and ends the process with 0', async t => {
    const server = await startServer();
    t.after(() => server.stop());
    const clients = await Promise.all(Array.from({ length: 20 }, () => Client.connect(server)));
    const raw = await RawConnection.handshaken(server);
    const half = await RawConnection.open(server);

    server.signal('SIGTERM');

    for (const client of clients) assert.equal(await client.closeCode(), 1001);
    assert.deepEqual(await raw.closed(), { code: 1001, by: 'server' });
    assert.deepEqual(await half.closed(), { code: 1001, by: 'server' });
    assert.deepEqual(await within(10_000, 'the end of the process', server.exited), { code: 0, signal: null });
  });

  oursOnly('1', 'ends the process although a peer does not answer the close and a call still runs', async t => {
    const server = await startServer();
    t.after(() => server.stop());
    const frozen = await RawConnection.handshaken(server);
    frozen.send("{call:[1,'time'],never:[]}");
    await frozen.settle(2);
    frozen.freeze();
    t.after(() => frozen.abort());

    server.signal('SIGTERM');

    assert.deepEqual(await within(15_000, 'the end of the process', server.exited), { code: 0, signal: null });
  });
});
