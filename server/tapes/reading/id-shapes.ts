/** What happens to ids on their way through a sheet or a float, seen over all ids of a tape. */
import type { ProblemList } from "../tape-problem.ts";

const ZERO = 48;
const NINE = 57;
const POINT = 46;

/** Doubles keep 15 to 17 digits: a whole number with more has lost some. */
const EXACT_DIGITS = 16;
/** A sheet writes zeros behind the 15 digits that it keeps. */
const KEPT_DIGITS = 15;
/** Share of the long ids that must show the loss, in percent. */
const SHARE = 90;

interface Found {
  count: number;
  first: string;
  line: number;
}

export class IdShapes {
  /** Saved as numbers: 304101444.0 and 1.2E+17. */
  readonly #numbers: Found = { count: 0, first: "", line: 0 };
  /** Digits alone, more than a double keeps; and those of them that a double could be. */
  #long = 0;
  readonly #lost: Found = { count: 0, first: "", line: 0 };

  add(bytes: Buffer, start: number, end: number, line: number): void {
    const length = end - start;
    if (length < 6) return;
    const last = bytes[end - 1] as number;
    if (last < ZERO || last > NINE) return;
    if ((last === ZERO && bytes[end - 2] === POINT) || bytes[start + 1] === POINT) {
      const id = bytes.toString("latin1", start, end);
      if (/^(\d{5,}\.0|\d(\.\d+)?E\+?\d+)$/i.test(id)) note(this.#numbers, id, line);
    }
    if (length <= EXACT_DIGITS) return;
    for (let i = start; i < end; i += 1) {
      const byte = bytes[i] as number;
      if (byte < ZERO || byte > NINE) return;
    }
    this.#long += 1;
    const id = bytes.toString("latin1", start, end);
    if (/0+$/.exec(id)?.[0].length === id.length - KEPT_DIGITS || isDouble(id)) {
      note(this.#lost, id, line);
    }
  }

  report(field: string, problems: ProblemList): void {
    const at = { column: null, field, loanId: null };
    const { count, first, line } = this.#numbers;
    if (count > 0) {
      const expected = `the id as text (in ${count} rows)`;
      problems.add({ ...at, line, code: "loan-id-number", value: first, expected });
    }
    if (this.#long < 2 || this.#lost.count * 100 < this.#long * SHARE) return;
    problems.add({
      ...at,
      line: this.#lost.line,
      code: "loan-id-precision",
      value: this.#lost.first,
      expected:
        `the id as text: ${this.#lost.count} of ${this.#long} ids of more than ${EXACT_DIGITS} digits ` +
        "are what a float leaves of a number",
    });
  }
}

function note(found: Found, id: string, line: number): void {
  if (found.count === 0) Object.assign(found, { first: id, line });
  found.count += 1;
}

/** Whether a double is exactly this number: true of all that went through one, of few others. */
function isDouble(digits: string): boolean {
  return BigInt(Number(digits)) === BigInt(digits);
}
