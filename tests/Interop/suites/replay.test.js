import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';

import { kind, startServer } from '../harness/server.js';
import { setups } from '../replay/cues.js';
import { endless, expectations } from '../replay/expectations.js';
import { replay } from '../replay/replay.js';
import { transcripts } from '../replay/transcripts.js';

/** Servers by their setup and transport, so that exchanges with one setup share one, and none finds what another transport left. */
class Servers {
  #running = new Map();

  for(id, transport) {
    const setup = { ...(setups[id] ?? { fixture: 'depot' }), transports: transport === 'ws' ? [] : [transport] };
    const key = JSON.stringify(setup);
    if (!this.#running.has(key)) this.#running.set(key, startServer(setup));
    return this.#running.get(key);
  }

  async stop() {
    for (const server of await Promise.all(this.#running.values())) {
      assert.ok(server.isRunning, `The server has ended:\n${server.errorOutput}`);
      await server.stop();
    }
  }
}

/** The reference listens where the recordings were made, over WebSocket. */
const transports = kind === 'ours' ? ['ws', 'net'] : ['ws'];

describe('recorded exchanges', () => {
  const servers = new Servers();
  after(() => servers.stop());

  for (const transport of transports) {
    for (const transcript of transcripts.transcripts) {
      const expectation = kind === 'ours' ? expectations[transcript.id] ?? {} : {};
      const difference = expectation.reason ? ` (${expectation.reason})` : '';

      it(`${transport}, ${transcript.id}: ${transcript.title}${difference}`, async () => {
        const server = await servers.for(transcript.id, transport);
        const started = performance.now();

        await replay(server, transcript, expectation, { endless: endless[kind].includes(transcript.id), transport });

        if (transcript.id === 'handshake-timeout') {
          const elapsed = performance.now() - started;
          assert.ok(elapsed > 2900 && elapsed < 6000, `closed after ${elapsed} ms`);
        }
      });
    }
  }

  it('each expectation belongs to a recorded exchange and to texts that occur in it', () => {
    for (const [id, { texts = {} }] of Object.entries(expectations)) {
      const transcript = transcripts.transcripts.find(candidate => candidate.id === id);
      assert.ok(transcript, `no transcript ${id}`);

      const recorded = transcript.messages.map(message => message.text);
      for (const text of Object.keys(texts)) assert.ok(recorded.includes(text), `${id} has no ${text}`);
    }
  });

  it('every exchange with a defect of the reference has an expectation', () => {
    // The process of the fixture outlives its exceptions, and the recorded texts stand.
    const asRecorded = ['call-exceptions', 'session-call-resend-reference', 'session-call-in-reconnect-window'];
    const defects = transcripts.transcripts.filter(({ referenceDefect }) => referenceDefect).map(({ id }) => id);

    assert.deepEqual(defects.filter(id => !expectations[id] && !asRecorded.includes(id)), []);
  });
});
