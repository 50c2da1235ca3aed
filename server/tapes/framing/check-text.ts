/** Bytes to UTF-8 that is known to be sound: strict, piece by piece, without copying what is plain. */
import { isAscii, isUtf8 } from "node:buffer";

/** A fault of the bytes themselves. */
export interface TextFault {
  /** Byte of the piece; negative in the piece before. */
  at: number;
  /** What stands there, with its byte offset in the file. */
  value: string;
  expected: string;
}

export type Encoding = "utf-8" | "windows-1252";

const MARK = Buffer.from("\ufeff");
const NO_UTF_16 = "UTF-8 text: UTF-16 is to be saved as UTF-8";
const REPLACEMENT = Buffer.from("\ufffd");

/** Windows-1252 above 0x9f is Latin-1; these are the 32 below, of which five are no characters. */
const WINDOWS_1252 = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ";

export class TextCheck {
  /** Whether the file began with a byte order mark, which is dropped. */
  hasMark = false;
  readonly #encoding: Encoding;
  /** First bytes that may be a mark; null once that is known. */
  #start: Buffer | null = Buffer.alloc(0);
  /** Bytes of the file before the piece. */
  #offset = 0;
  /** Bytes of a character that began in the piece before. */
  #begun = Buffer.alloc(0);

  constructor(encoding: Encoding) {
    this.#encoding = encoding;
  }

  /** The piece as UTF-8, the same buffer where nothing has to change, or what is wrong with it. */
  check(piece: Buffer): Buffer | TextFault {
    const text = this.#start === null ? piece : this.#dropMark(piece, this.#start);
    const checked = this.#encoding === "utf-8" ? this.#checkUtf8(text) : this.#decode1252(text);
    const nul = text.indexOf(0);
    if (nul >= 0 && Buffer.isBuffer(checked)) return this.#fault(nul, "the byte 00", NO_UTF_16);
    this.#offset += text.length;
    return checked;
  }

  /** A character that the file's end cuts off. */
  end(): TextFault | null {
    const rest = this.#start !== null && this.#start.length > 0 ? this.#start : this.#begun;
    if (rest.length === 0) return null;
    return this.#findWrongByte(rest, rest === this.#begun ? -rest.length : 0);
  }

  #dropMark(piece: Buffer, before: Buffer): Buffer {
    const start = before.length === 0 ? piece : Buffer.concat([before, piece]);
    const isMark = start.subarray(0, MARK.length).equals(MARK.subarray(0, start.length));
    if (isMark && start.length < MARK.length) {
      this.#start = Buffer.from(start);
      return Buffer.alloc(0);
    }
    this.#start = null;
    if (!isMark) return start;
    this.hasMark = true;
    this.#offset += MARK.length;
    return start.subarray(MARK.length);
  }

  #checkUtf8(piece: Buffer): Buffer | TextFault {
    if (this.#begun.length === 0 && isAscii(piece)) return piece;
    let from = 0;
    if (this.#begun.length > 0) {
      const before = this.#begun.length;
      from = lengthOf(this.#begun[0] ?? 0) - before;
      const joined = Buffer.concat([this.#begun, piece.subarray(0, from)]);
      if (piece.length < from) {
        this.#begun = joined;
        return piece;
      }
      if (!isUtf8(joined) || joined.equals(REPLACEMENT)) {
        return this.#findWrongByte(joined, -before);
      }
    }
    const until = Math.max(from, completeLength(piece));
    const whole = piece.subarray(from, until);
    if (!isUtf8(whole) || whole.includes(REPLACEMENT)) return this.#findWrongByte(whole, from);
    this.#begun = Buffer.from(piece.subarray(until));
    return piece;
  }

  #decode1252(piece: Buffer): Buffer | TextFault {
    if (isAscii(piece)) return piece;
    const at = piece.findIndex((byte) => byte >= 0x80 && decodeByte(byte) === "\0");
    if (at >= 0) return this.#fault(at, `the byte ${hexOf(piece[at])}`, "windows-1252 text");
    const text = piece.toString("latin1");
    return Buffer.from(text.replaceAll(/[\u0080-\u009f]/g, (c) => decodeByte(c.charCodeAt(0))));
  }

  /** The first fault of bytes that begin at `from` of the piece. */
  #findWrongByte(bytes: Buffer, from: number): TextFault {
    const before = bytes.toString("utf8");
    const at = Buffer.byteLength(before.slice(0, before.indexOf("\ufffd")));
    if (bytes.subarray(at, at + REPLACEMENT.length).equals(REPLACEMENT)) {
      const expected = "the characters as they were before another program replaced them";
      return this.#fault(from + at, "U+FFFD", expected);
    }
    const isUtf16 = (bytes[at] ?? 0) >= 0xfe;
    const expected = isUtf16 ? NO_UTF_16 : "UTF-8 text";
    return this.#fault(from + at, `the byte ${hexOf(bytes[at])}`, expected);
  }

  #fault(at: number, what: string, expected: string): TextFault {
    return { at, value: `${what} at offset ${this.#offset + at}`, expected };
  }
}

function hexOf(byte = 0): string {
  return byte.toString(16).padStart(2, "0");
}

function decodeByte(byte: number): string {
  return byte > 0x9f ? String.fromCharCode(byte) : (WINDOWS_1252[byte - 0x80] ?? "");
}

/** Bytes of the character that a byte begins. */
function lengthOf(first: number): number {
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

/** Length without a character at the end that may go on in the next piece. */
function completeLength(piece: Buffer): number {
  for (let back = 1; back <= Math.min(3, piece.length); back++) {
    const byte = piece[piece.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return lengthOf(byte) > back ? piece.length - back : piece.length;
  }
  return piece.length;
}
