/** Text in COPY's format, byte for byte as PostgreSQL itself prints it, written without making strings. */

const MINUS = 0x2d;
const ZERO = 0x30;
const TAB = 0x09;
const BACKSLASH = 0x5c;
const BLANK = 0x20;
const LETTER_N = 0x4e;
const BILLION = 1_000_000_000;

/** The letter after the backslash of the six control characters that have one; 0 for the others. */
const ESCAPES = new Uint8Array(BLANK);
// 0x08 to 0x0d: \b \t \n \v \f \r.
ESCAPES.set(Buffer.from("btnvfr"), 0x08);

/** "00" to "99", two bytes each. */
const PAIRS = Buffer.from(
  Array.from({ length: 100 }, (_, pair) => String(pair).padStart(2, "0")).join(""),
);

/** Writes at `at` into `bytes`; whoever writes sees to the room. */
export class CopyText {
  bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  byte(value: number): void {
    this.bytes[this.at++] = value;
  }

  /** The null of a column. */
  nothing(): void {
    this.bytes[this.at] = BACKSLASH;
    this.bytes[this.at + 1] = LETTER_N;
    this.at += 2;
  }

  /** @param value an exact integer of at most 15 digits; -0 is 0 */
  integer(value: number): void {
    this.at = writeInteger(this.bytes, this.at, value);
  }

  /**
   * Integers of at most 15 digits, with a tab after each; NaN is the null of a column.
   * @param places which of the values
   * @param zeros how many zeros follow the digits of a value other than 0
   */
  integers(values: Float64Array, places: Int32Array, zeros: number): void {
    const { bytes } = this;
    let at = this.at;
    for (let item = 0; item < places.length; item += 1) {
      const value = values[places[item] as number] as number;
      if (value === 0) bytes[at++] = ZERO;
      else if (value === value) {
        at = writeInteger(bytes, at, value);
        for (let zero = 0; zero < zeros; zero += 1) bytes[at++] = ZERO;
      } else {
        bytes[at++] = BACKSLASH;
        bytes[at++] = LETTER_N;
      }
      bytes[at++] = TAB;
    }
    this.at = at;
  }

  /** Bytes that need no escape. */
  plain(source: Buffer): void {
    for (let from = 0; from < source.length; from += 1) {
      this.bytes[this.at + from] = source[from] as number;
    }
    this.at += source.length;
  }

  /** UTF-8 with COPY's escapes: at most twice as many bytes. */
  text(source: Buffer, start: number, end: number): void {
    const { bytes } = this;
    let at = this.at;
    for (let from = start; from < end; from += 1) {
      const byte = source[from] as number;
      if (byte >= BLANK && byte !== BACKSLASH) {
        bytes[at++] = byte;
        continue;
      }
      const letter = byte === BACKSLASH ? BACKSLASH : (ESCAPES[byte] as number);
      if (letter !== 0) bytes[at++] = BACKSLASH;
      bytes[at++] = letter === 0 ? byte : letter;
    }
    this.at = at;
  }
}

function writeInteger(bytes: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value;
  if (rest < 0) {
    bytes[at++] = MINUS;
    rest = -rest;
  }
  if (rest < BILLION) return writeDigits(bytes, at, rest, countDigits(rest));
  const high = Math.floor(rest / BILLION);
  at = writeDigits(bytes, at, high, countDigits(high));
  return writeDigits(bytes, at, rest - high * BILLION, 9);
}

/** Some digits of a number below a billion, written from the last to the first. */
function writeDigits(bytes: Buffer, at: number, value: number, count: number): number {
  let rest = value | 0;
  let place = at + count;
  while (place - at >= 2) {
    const shorter = (rest / 100) | 0;
    const pair = (rest - shorter * 100) << 1;
    bytes[--place] = PAIRS[pair + 1] as number;
    bytes[--place] = PAIRS[pair] as number;
    rest = shorter;
  }
  if (place > at) bytes[at] = ZERO + rest;
  return at + count;
}

function countDigits(value: number): number {
  if (value < 10) return 1;
  if (value < 100) return 2;
  if (value < 1_000) return 3;
  if (value < 10_000) return 4;
  if (value < 100_000) return 5;
  if (value < 1_000_000) return 6;
  if (value < 10_000_000) return 7;
  return value < 100_000_000 ? 8 : 9;
}
