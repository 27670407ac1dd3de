// A seeded source of test data: the same seed gives the same run.

export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** The next 32 bits (Mulberry32). */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let x = this.#state;
    x = Math.imul(x ^ (x >>> 15), x | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return (x ^ (x >>> 14)) >>> 0;
  }

  /** A whole number from 0 to limit - 1. */
  below(limit) {
    return this.next() % limit;
  }

  pick(values) {
    return values[this.below(values.length)];
  }

  bytes(count) {
    return Buffer.from(Array.from({ length: count }, () => this.below(256)));
  }

  /** The text with one to four of its characters removed, doubled, replaced or swapped. */
  mutate(text) {
    const characters = [...text];

    for (let i = 1 + this.below(4); i > 0; i--) {
      const at = this.below(characters.length);
      const change = this.below(4);
      if (change === 0) characters.splice(at, 1);
      else if (change === 1) characters.splice(at, 0, characters[at]);
      else if (change === 2) characters[at] = this.pick([...`{}[],:'"\\-.0e\0`]);
      else characters.splice(at, 0, ...characters.splice(this.below(characters.length), 1));
    }

    return characters.join('');
  }

  /** A value that MDSF can carry without loss, nested at most so deep. */
  value(depth) {
    const scalars = [
      () => null,
      () => this.below(2) === 1,
      () => this.below(1_000_000) - 500_000,
      () => (this.next() - 2 ** 31) / 2 ** this.below(40),
      () => this.text(),
      () => '',
    ];
    if (depth === 0 || this.below(3) === 0) return this.pick(scalars)();

    const several = make => Array.from({ length: this.below(4) }, make);
    if (this.below(2)) return several(() => this.value(depth - 1));
    return Object.fromEntries(several(() => [this.pick(['a', 'b c', '$', 'ключ']) + this.below(9), this.value(depth - 1)]));
  }

  text() {
    const alphabet = [...`aZ0 '"\\\n\t\0\u007fé漢🚀\u2028\ufeff/`];
    return Array.from({ length: this.below(12) }, () => this.pick(alphabet)).join('');
  }
}
