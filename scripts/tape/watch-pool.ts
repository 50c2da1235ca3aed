import { hash } from "node:crypto";
import type { LoanRow } from "../../server/tapes/loan-row.ts";
import type { ProblemList } from "../../server/tapes/tape-problem.ts";
import type { TapeRecord } from "../../server/tapes/tape-record.ts";

interface FirstRow {
  line: number;
  /** sha-256 of the record's cells. */
  digest: string;
}

/**
 * What an upload leaves to the database, for a file that is checked without one: loans that stand twice,
 * and what the others sum to. Keeps an id and a hash a loan.
 */
export class PoolWatch {
  balanceCents = 0n;
  /** With a balance; a copy counts no second time. */
  loanCount = 0;
  readonly #first = new Map<string, FirstRow>();
  readonly #problems: ProblemList;

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  take(row: LoanRow, record: TapeRecord): void {
    const loanId = row.text("loanId") ?? "";
    const digest = digestOf(record);
    const first = this.#first.get(loanId);
    if (first !== undefined) return this.#addRepeated(loanId, row.line, { first, digest });
    this.#first.set(loanId, { line: row.line, digest });
    const ending = row.amount("endingBalance");
    this.balanceCents += BigInt(ending);
    if (ending > 0) this.loanCount += 1;
  }

  #addRepeated(
    loanId: string,
    line: number,
    { first, digest }: { first: FirstRow; digest: string },
  ): void {
    const same = first.digest === digest;
    this.#problems.add({
      ...{ line, column: null, field: "loanId", loanId },
      code: same ? "loan-repeated-same" : "loan-repeated",
      value: `${same ? "an exact copy of" : "other values than in"} line ${first.line}`,
      expected: "one row per loan",
    });
  }
}

function digestOf({ bytes, count, start, end }: TapeRecord): string {
  const cells: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const from = start[i] ?? -1;
    cells.push(from < 0 ? "" : bytes.toString("latin1", from, end[i]));
  }
  return hash("sha256", cells.join("\u001f"), "base64");
}
