/** Rows that a file has for its own totals, compared with what was read. */
import { CANONICAL_FIELDS } from "../canonical-fields.ts";
import type { CanonicalField } from "../canonical-fields.ts";
import { formatCents } from "../../lib/money.ts";
import type { FoundProblem, ProblemList } from "../tape-problem.ts";
import type { TapeRecord } from "../tape-record.ts";
import type { CellReader } from "./cell-reader.ts";
import type { NumberColumn } from "./column-plan.ts";
import { amountReader } from "./read-amount.ts";
import type { ReadTotals } from "./read-totals.ts";

interface StatedTotal {
  line: number;
  column: string;
  field: CanonicalField;
  cents: bigint;
  /** Sum of the rows above it. */
  above: bigint | null;
}

/** More are sections' totals, which nothing is said about. */
const MOST_ROWS = 20;

export class TotalsRows {
  readonly #stated: StatedTotal[] = [];
  #rows = 0;
  readonly #reader: CellReader;

  constructor({ decimalComma }: { decimalComma: boolean }) {
    this.#reader = amountReader({ rounds: true, decimalComma });
  }

  add(record: TapeRecord, columns: readonly NumberColumn[], totals: ReadTotals): void {
    this.#rows += 1;
    if (this.#rows > MOST_ROWS) return;
    for (const { field, cells, name, more } of columns) {
      const cell = cells[0] ?? -1;
      const start = cell < 0 || cell >= record.count ? -1 : (record.start[cell] as number);
      const end = start < 0 ? -1 : (record.end[cell] as number);
      if (CANONICAL_FIELDS[field] !== "money" || more !== null || start === end) continue;
      const { value } = this.#reader.explain(record.bytes.toString("utf8", start, end));
      if (value === null) continue;
      const above = totals.sum(field);
      this.#stated.push({ line: record.line, column: name, field, cents: BigInt(value), above });
    }
  }

  /** A total is of all rows, or of those above it. */
  report(totals: ReadTotals, problems: ProblemList): void {
    for (const { line, column, field, cents, above } of this.#stated) {
      const all = totals.sum(field);
      const agrees = cents === all || cents === above;
      const found: Omit<FoundProblem, "code" | "expected"> = {
        line,
        column: null,
        field: column,
        loanId: null,
        value: formatCents(cents),
      };
      const sum = all === null ? "no amount in the rows" : formatCents(all);
      problems.add({
        ...found,
        code: agrees ? "totals-row" : "totals-row-differs",
        expected: `${sum}, the sum of the rows`,
      });
    }
  }
}
