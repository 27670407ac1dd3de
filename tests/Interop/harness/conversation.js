// What a connection without a client has, whatever carries its texts: the next message, an answer, a proof that all was handled.

import { Log, patience, within } from './waiting.js';

/** One connection of a test that writes and reads JSTP texts itself. */
export class Conversation {
  #messages = new Log();
  #read = 0;
  #end;
  #closed = new Promise(resolve => (this.#end = resolve));

  /** Whether the end, when it comes, is our doing. */
  byUs = false;

  /** Takes note of a message from the server: `text`, and how it came. */
  received(message) {
    this.#messages.push(message);
  }

  /** Takes note of the end; the code is null where the transport has none. */
  ended(code, reason) {
    this.#messages.end(new Error(reason));
    this.#end({ code, by: this.byUs ? 'client' : 'server' });
  }

  /** Performs an anonymous handshake, or the given one. */
  async shakeHands(handshake = "{handshake:[0,'conformance']}") {
    const answer = await this.ask(handshake);
    this.sessionId = /^\{handshake:\[0\],ok:'(.+)'\}$/.exec(answer)?.[1];
  }

  /** The next message from the server, as text. */
  async next() {
    const { text } = await this.nextMessage();
    return text;
  }

  /** The next message from the server and how it came. */
  async nextMessage() {
    const index = this.#read++;
    await this.#messages.until(entries => entries.length > index, `message ${index + 1} from the server`);
    return this.#messages.entries[index];
  }

  /** The next `count` messages. */
  async take(count) {
    const texts = [];
    while (texts.length < count) texts.push(await this.next());
    return texts;
  }

  /** Sends a text and returns the next message. */
  ask(text) {
    this.send(text);
    return this.next();
  }

  /** Messages that came before the answer to a ping: proves that everything sent earlier was handled. */
  async settle(pingId = 9000) {
    this.send(`{ping:[${pingId}]}`);
    const texts = [];
    for (;;) {
      const text = await this.next();
      if (text === `{pong:[${pingId}]}`) return texts;
      texts.push(text);
    }
  }

  /** Resolves with { code, by } when the connection has ended; without a closing handshake the code is 1006, on a stream null. */
  closed() {
    return within(patience, 'the end of the connection', this.#closed);
  }
}
