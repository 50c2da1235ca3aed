/** Words looked up as bytes, so that a cell becomes no string. */
export class WordTable {
  readonly #words: readonly Buffer[];
  readonly #slots: Int32Array;
  readonly #longest: number;

  /** @param words the place of a word in this list is its number */
  constructor(words: readonly string[]) {
    this.#words = words.map((word) => Buffer.from(word));
    this.#longest = Math.max(0, ...this.#words.map(({ length }) => length));
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * words.length + 1))).fill(-1);
    for (const [number, word] of this.#words.entries()) {
      if (this.find(word, 0, word.length) >= 0) continue;
      let slot = hashOf(word, 0, word.length) & (this.#slots.length - 1);
      while ((this.#slots[slot] as number) >= 0) slot = (slot + 1) & (this.#slots.length - 1);
      this.#slots[slot] = number;
    }
  }

  /** Number of the word that stands there; -1 when it is none of them. */
  find(bytes: Buffer, start: number, end: number): number {
    if (end - start > this.#longest) return -1;
    let slot = hashOf(bytes, start, end) & (this.#slots.length - 1);
    for (;;) {
      const number = this.#slots[slot] as number;
      if (number < 0 || isWord(this.#words[number] as Buffer, bytes, start, end)) return number;
      slot = (slot + 1) & (this.#slots.length - 1);
    }
  }
}

function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = end - start;
  for (let i = start; i < end; i += 1) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0;
  return hash ^ (hash >>> 15);
}

function isWord(word: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (word.length !== end - start) return false;
  for (let i = 0; i < word.length; i += 1) if (word[i] !== bytes[start + i]) return false;
  return true;
}
