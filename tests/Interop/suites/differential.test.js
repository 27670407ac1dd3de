import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { cases, connecting } from '../differential/cases.js';
import { Client } from '../harness/client.js';
import { kind, startServer } from '../harness/server.js';

describe(`the same calls to ${kind} and to the reference`, () => {
  let servers;

  before(async () => {
    servers = await Promise.all([startServer(), startServer({ kind: 'reference' })]);
  });
  after(() => Promise.all((servers ?? []).map(server => server.stop())));

  /** Runs a case against both servers and compares what it gave. */
  async function compare(t, run) {
    const connect = server => async options => {
      const client = await Client.connect(server, options);
      t.after(() => client.close());
      return client;
    };
    const [ours, theirs] = await Promise.all(servers.map(server => run(connect(server))));

    assert.deepEqual(withoutTrailingUndefined(ours), withoutTrailingUndefined(theirs));
  }

  for (const [name, run] of Object.entries(cases)) {
    it(name, t => compare(t, async connect => run(await connect())));
  }

  for (const [name, run] of Object.entries(connecting)) {
    it(name, t => compare(t, run));
  }
});

/** The reference loses undefineds at the end of arrays when it writes them (mdsf.md 5.1); ours writes them. */
function withoutTrailingUndefined(value) {
  if (Array.isArray(value)) {
    const elements = Array.from(value, withoutTrailingUndefined);
    while (elements.length > 0 && elements.at(-1) === undefined) elements.pop();
    return elements;
  }
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutTrailingUndefined(member)]));
  }
  return value;
}
