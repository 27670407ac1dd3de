// Plays the client's half of a recorded exchange to a server and compares the server's half with the recording.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { RawConnection } from '../harness/raw.js';
import { RawStream } from '../harness/stream.js';
import { cues, remarks } from './cues.js';
import { Stage } from './stage.js';

const isAnswer = text => text.startsWith('{callback:') || text.startsWith('{pong:');

/** One run of one transcript. */
class Replay {
  #server;
  #open;
  #cues;
  #expectation;
  #connections = new Map();
  #sessions = new Map();
  #unknownSession = randomUUID();
  #given = new Set();
  #stage;

  constructor(server, transport, transcript, expectation) {
    this.#server = server;
    this.#open = transport === 'ws' ? () => RawConnection.open(server) : () => RawStream.open(server, transport);
    this.#cues = new Map(Object.entries(cues[transcript.id] ?? {}));
    this.#expectation = expectation;
    this.#stage = new Stage(server, this.#sessions);
  }

  async run(messages, { endless }) {
    try {
      let at = 0;
      while (at < messages.length) at += await this.#play(messages, at);

      if (!endless) await this.#assertSilent();
    } finally {
      this.#stage.close();
      await Promise.all([...this.#connections.values()].map(connection => connection.abort()));
    }
  }

  /** Plays the entry at this index; returns how many entries were played. */
  async #play(messages, at) {
    const { event, control, from, conn = 1, ...entry } = messages[at];
    await this.#giveCue(control ?? (event ? `${event} ${conn}` : entry.text));

    if (control) {
      const isKnown = remarks.some(remark => remark.test(control)) || this.#given.has(control);
      assert.ok(isKnown, `No cue for the control '${control}'.`);
    } else if (event) {
      await this.#transportEvent(event, conn, entry);
    } else if (from === 'client') {
      // What was lost on its way never reached the server.
      if (!entry.lost) this.#connections.get(conn).send(this.#bound(entry.text), { binary: entry.frame === 'binary' });
    } else if (this.#expectation.unordered) {
      return this.#expectRun(messages, at);
    } else {
      await this.#expect(conn, entry.text);
    }

    return 1;
  }

  async #giveCue(key) {
    if (!this.#cues.has(key) || this.#given.has(key)) return;

    this.#given.add(key);
    await this.#cues.get(key)(this.#stage, this.#connections);
  }

  async #transportEvent(event, conn, { by, code }) {
    const connection = this.#connections.get(conn);

    if (event === 'opened') {
      this.#connections.set(conn, await this.#open());
    } else if (event === 'aborted') {
      await connection.abort();
    } else if (by === 'client') {
      this.#assertClosed(await connection.close(), { code, by });
    } else {
      this.#assertClosed(await connection.closed(), { code: this.#expectation.closeCode ?? code, by });
    }
  }

  #assertClosed(close, recorded) {
    // A stream ends without saying why.
    assert.deepEqual(close, close.code === null ? { ...recorded, code: null } : recorded);
  }

  /** Expects one recorded text of the server, or what the expectations say instead. */
  async #expect(conn, recorded) {
    const expected = this.#instead(recorded);
    if (expected.length === 0) return;

    const text = await this.#connections.get(conn).next();
    assert.ok(
      expected.some(candidate => this.#matches(candidate, text)),
      `Expected ${expected.map(candidate => this.#bound(candidate)).join(' or ')}\n but got ${text}`
    );
  }

  /** Expects a run of texts on one connection of which the answers may come in any order. */
  async #expectRun(messages, start) {
    const conn = messages[start].conn ?? 1;
    let end = start;
    while (end < messages.length && messages[end].from === 'server' && (messages[end].conn ?? 1) === conn) end++;

    const expected = messages.slice(start, end).flatMap(({ text }) => this.#instead(text));
    const got = await this.#connections.get(conn).take(expected.length);
    const inOrder = texts => texts.filter(text => !isAnswer(text));

    inOrder(expected).forEach((candidate, i) =>
      assert.ok(this.#matches(candidate, inOrder(got)[i] ?? ''), `Expected ${candidate}\n but got ${got.join('\n')}`)
    );
    assert.deepEqual(got.filter(isAnswer).sort(), expected.filter(isAnswer).map(text => this.#bound(text)).sort());
    return end - start;
  }

  /** The texts that may stand in place of a recorded one; none where nothing is sent. */
  #instead(recorded) {
    const { texts = {} } = this.#expectation;
    return Object.hasOwn(texts, recorded) ? [texts[recorded] ?? []].flat() : [recorded];
  }

  /** Compares exactly; a placeholder that stands for no session yet takes the id at its place. */
  #matches(expected, text) {
    const placeholder = /<SESSION-(\d+)>/.exec(expected);
    const number = Number(placeholder?.[1]);

    if (placeholder && !this.#sessions.has(number)) {
      const [before, after] = expected.split(placeholder[0]);
      if (!text.startsWith(before) || !text.endsWith(after)) return false;
      this.#sessions.set(number, text.slice(before.length, text.length - after.length));
    }

    return text === this.#bound(expected);
  }

  #bound(text) {
    return text
      .replace(/<SESSION-(\d+)>/g, (placeholder, number) => this.#sessions.get(Number(number)) ?? placeholder)
      .replace('<UNKNOWN-SESSION>', this.#unknownSession);
  }

  /** Fails if the server has sent anything that was not recorded. */
  async #assertSilent() {
    for (const connection of this.#connections.values()) {
      if (connection.isOpen) assert.deepEqual(await connection.settle(), []);
    }
  }
}

/**
 * Replays a transcript.
 * @param {Server} server
 * @param {object} transcript an entry of jstp-transcripts.json
 * @param {object} expectation the entry of expectations.js, or an empty object for the recording as it is
 * @param {object} options
 * @param {boolean} options.endless whether the exchange has no end that can be waited for
 * @param {'ws'|'net'|'tls'|'unix'} [options.transport]
 */
export function replay(server, transcript, expectation, { transport = 'ws', ...options }) {
  return new Replay(server, transport, transcript, expectation).run(expectation.messages ?? transcript.messages, options);
}
