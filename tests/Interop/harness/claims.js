// The words in which the suites make their claims.

import assert from 'node:assert/strict';
import { after, before, beforeEach, it } from 'node:test';

import { Client } from './client.js';
import { kind, startServer } from './server.js';

/** With JSTP_SHOW_DEFECTS=1 the claims that the reference cannot meet run against it too, and must fail. */
const showsDefects = process.env.JSTP_SHOW_DEFECTS === '1';

/**
 * A claim that the reference does not meet.
 * @param {string} reason the defect of the protocol page, section 14 ('D8'), or the section that column J adds
 */
export function oursOnly(reason, claim, test) {
  const skip = kind === 'reference' && !showsDefects && `the reference differs: ${reason}`;
  it(`${claim} (${reason})`, { skip }, test);
}

/**
 * One server for a whole suite: started before its tests, ended after them. It must have lived so long; only where
 * defects are shown is it started anew after the test that ended it.
 */
export function useServer(options) {
  const holder = { server: undefined };

  before(async () => {
    holder.server = await startServer(options);
  });

  if (showsDefects) {
    beforeEach(async () => {
      if (!holder.server.isRunning) holder.server = await startServer(options);
    });
  }

  after(async () => {
    assert.ok(showsDefects || holder.server.isRunning, `The server has ended:\n${holder.server.errorOutput}`);
    await holder.server.stop();
  });

  return {
    get current() {
      return holder.server;
    },

    /** Connects the real client; it is closed when the test ends. */
    async client(test, options) {
      const client = await Client.connect(holder.server, options);
      test.after(() => client.close());
      return client;
    },

    /** Adopts a raw connection: it is cut when the test ends. */
    async raw(test, opening) {
      const connection = await opening;
      test.after(() => connection.abort());
      return connection;
    },
  };
}

/** Fails unless the server process lives and answers a new client. */
export async function assertAnswers(server) {
  assert.ok(server.isRunning, `The server has ended:\n${server.errorOutput}`);

  const client = await Client.connect(server);
  assert.deepEqual(await client.call('calculator', 'answer'), [42]);
  client.close();
}
