/** The strings that the cells of a workbook refer to by number, as bytes in one place. */
import { readPart } from "./read-part.ts";
import type { UnpackLimits } from "./unpack-limits.ts";

/** A workbook's strings are the one thing that is held in memory whole. */
const MOST_BYTES = 67_108_864;
const MOST_STRINGS = 4_000_000;

export class SharedStrings {
  readonly #limits: UnpackLimits;
  #bytes = Buffer.alloc(0);
  #ends = new Int32Array(1_024);
  #count = 0;
  #length = 0;

  constructor(limits: UnpackLimits) {
    this.#limits = limits;
  }

  add(text: string): void {
    const length = this.#length + Buffer.byteLength(text);
    if (length > MOST_BYTES || this.#count === MOST_STRINGS) {
      const value = "the shared strings of a workbook";
      this.#limits.refuseLarge(value, `at most ${MOST_STRINGS} in ${MOST_BYTES} bytes`);
    }
    if (length > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.min(MOST_BYTES, Math.max(65_536, 2 * length)));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    if (this.#count === this.#ends.length) {
      const grown = new Int32Array(2 * this.#ends.length);
      grown.set(this.#ends);
      this.#ends = grown;
    }
    this.#bytes.write(text, this.#length);
    this.#length = length;
    this.#ends[this.#count++] = length;
  }

  /** The string of a number, as bytes that stay; null when there is none. */
  get(number: number): Buffer | null {
    if (!Number.isInteger(number) || number < 0 || number >= this.#count) return null;
    const from = number === 0 ? 0 : this.#ends[number - 1];
    return this.#bytes.subarray(from, this.#ends[number]);
  }
}

/** Reads the part; runs of a rich text are joined, readings aids of other scripts are left out. */
export async function readSharedStrings(
  pieces: AsyncIterable<Buffer>,
  limits: UnpackLimits,
): Promise<SharedStrings> {
  const strings = new SharedStrings(limits);
  let whole = "";
  let isAid = false;
  const events = {
    open(name: string) {
      if (name === "si") whole = "";
      if (name === "rPh") isAid = true;
    },
    close(name: string, text: string) {
      if (name === "rPh") isAid = false;
      else if (name === "t" && !isAid) whole += text;
      else if (name === "si") strings.add(whole);
    },
  };
  for await (const _ of readPart("the shared strings", pieces, { events, limits }));
  return strings;
}
