// The words in which the suites make their claims.

import { after, before, it } from 'node:test';

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

/** One server for a whole file: started before its tests, ended after them. */
export function useServer(options) {
  const holder = { server: undefined };

  before(async () => {
    holder.server = await startServer(options);
  });
  after(() => holder.server?.stop());

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
  if (!server.isRunning) throw new Error(`The server has ended:\n${server.errorOutput}`);

  const client = await Client.connect(server, { app: 'conformance' });
  const [answer] = await client.call('calculator', 'answer');
  client.close();
  if (answer !== 42) throw new Error(`calculator.answer gave ${answer}`);
}
