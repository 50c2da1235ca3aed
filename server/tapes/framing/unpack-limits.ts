/** What unpacking may make of a file: bounded in bytes and in how much they are of the packed ones. */
import { stopReading } from "../tape-record.ts";
import type { ProblemList } from "../tape-problem.ts";

/** Tapes of mostly empty columns are packed 30 times smaller; made bombs 1,000 times. */
const MOST_RATIO = 250;

/** Below this the ratio says nothing. */
const SMALL_BYTES = 16_777_216;

export class UnpackLimits {
  readonly mostBytes: number;
  readonly problems: ProblemList;
  #unpacked = 0;

  constructor({ mostBytes, problems }: { mostBytes: number; problems: ProblemList }) {
    this.mostBytes = mostBytes;
    this.problems = problems;
  }

  /** Counts unpacked bytes, of `of` so far that came from `packed` ones. @throws UnreadableTape */
  count(bytes: number, { of, packed }: { of: number; packed: number }): void {
    this.#unpacked += bytes;
    if (this.#unpacked > this.mostBytes) {
      this.#refuse(`more than ${this.mostBytes} bytes`, `at most ${this.mostBytes} bytes unpacked`);
    }
    if (of > SMALL_BYTES && of > MOST_RATIO * packed) {
      const value = `${of} bytes from ${packed}`;
      this.#refuse(value, `at most ${MOST_RATIO} times the packed size`);
    }
  }

  /** The archive itself is at fault. */
  refuse(value: string, expected: string): never {
    const place = { line: 0, column: null, field: "" };
    return stopReading(this.problems, { ...place, code: "archive", value, expected });
  }

  /** It is sound, and too much. */
  refuseLarge(value: string, expected: string): never {
    return this.#refuse(value, expected);
  }

  #refuse(value: string, expected: string): never {
    const place = { line: 0, column: null, field: "" };
    return stopReading(this.problems, { ...place, code: "archive-too-large", value, expected });
  }
}
