// Waiting for what happens, with a limit and a name instead of a sleep.

/** The promise, or an error that says what was awaited when `milliseconds` have passed. */
export async function within(milliseconds, what, promise) {
  let timer;
  const limit = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited ${milliseconds} ms for ${what}.`)), milliseconds);
  });

  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** How long a test waits for one thing to happen, in milliseconds. */
export const patience = 10_000;

/** A log of things that arrive, which can be awaited. */
export class Log {
  entries = [];
  #waiting = new Set();
  #failure = null;

  push(entry) {
    this.entries.push(entry);
    this.#wake();
  }

  /** Ends the log: whoever still waits for more fails with this error. */
  end(error) {
    this.#failure ??= error;
    this.#wake();
  }

  /** Resolves with the first `count` entries as soon as there are so many. */
  async first(count, what = `${count} entries`) {
    await this.until(entries => entries.length >= count, what);
    return this.entries.slice(0, count);
  }

  /** Resolves as soon as the condition holds. */
  until(condition, what) {
    const met = new Promise((resolve, reject) => {
      const check = () => {
        if (condition(this.entries)) resolve();
        else if (this.#failure) reject(new Error(`No ${what}: ${this.#failure.message}`));
        else return;
        this.#waiting.delete(check);
      };
      this.#waiting.add(check);
      check();
    });

    return within(patience, what, met);
  }

  #wake() {
    for (const check of [...this.#waiting]) check();
  }
}
