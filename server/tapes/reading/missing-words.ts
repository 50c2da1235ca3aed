import { WordTable } from "./word-table.ts";

/** Spellings of "not reported". Zero is none of them unless it is listed. */
export class MissingWords {
  readonly #words: WordTable;
  /** "ND4-*": all that begins so. */
  readonly #beginnings: readonly Buffer[];
  /** A spelling that a number could have too (9999, 0): to be asked for before the number is read. */
  readonly numeric: boolean;

  constructor(spellings: readonly string[]) {
    const whole = spellings.filter((spelling) => !spelling.endsWith("*"));
    this.#words = new WordTable(whole);
    this.#beginnings = spellings
      .filter((spelling) => spelling.endsWith("*"))
      .map((spelling) => Buffer.from(spelling.slice(0, -1)));
    this.numeric = whole.some((spelling) => /\d/.test(spelling));
  }

  has(bytes: Buffer, start: number, end: number): boolean {
    if (this.#words.find(bytes, start, end) >= 0) return true;
    return this.#beginnings.some((beginning) => {
      const length = Math.min(beginning.length, end - start);
      return beginning.compare(bytes, start, start + length) === 0;
    });
  }
}
