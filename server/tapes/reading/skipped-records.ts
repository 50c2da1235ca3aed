/** Records that are no loans of the period: told by what they lack, counted, never lost silently. */
import { monthOf } from "../../lib/dates.ts";
import type { EpochDay, MonthNumber } from "../../lib/dates.ts";
import type { TapeFormat } from "../formats/tape-format.ts";
import type { LoanRow } from "../loan-row.ts";
import type { ProblemList } from "../tape-problem.ts";
import type { TapeRecord } from "../tape-record.ts";
import type { ColumnPlan } from "./column-plan.ts";
import type { ReadTotals } from "./read-totals.ts";
import { TotalsRows } from "./totals-rows.ts";

/** A century: a file with more months than this is none of loans. */
const MOST_MONTHS = 1_200;

interface Skipped {
  count: number;
  line: number;
}

export class SkippedRecords {
  /** Rows of other months, in a file of many: by month number. */
  readonly otherMonths = new Map<MonthNumber, number>();
  #otherPeriods = 0;
  readonly #format: TapeFormat;
  readonly #totalsRows: TotalsRows;
  /** Without any value that a loan has. */
  readonly #noLoans: Skipped = { count: 0, line: 0 };
  /** With an id that is none: titles, sections, totals. */
  readonly #noIds: Skipped = { count: 0, line: 0 };

  constructor(format: TapeFormat) {
    this.#format = format;
    this.#totalsRows = new TotalsRows({ decimalComma: format.decimalComma === true });
  }

  isNoLoan({ line, start, end, count }: TapeRecord, { loanCells }: ColumnPlan): boolean {
    if (loanCells === null) return false;
    for (let i = 0; i < loanCells.length; i += 1) {
      const cell = loanCells[i] as number;
      if (cell < count && (start[cell] as number) >= 0 && start[cell] !== end[cell]) return false;
    }
    skip(this.#noLoans, line);
    return true;
  }

  isNoLoanId(
    row: LoanRow,
    record: TapeRecord,
    read: { plan: ColumnPlan; totals: ReadTotals },
  ): boolean {
    const { idPattern, totals } = this.#format;
    if (idPattern === undefined && totals === undefined) return false;
    const id = row.text("loanId") ?? "";
    if (totals?.idPattern.test(id) === true) {
      this.#totalsRows.add(record, read.plan.numbers, read.totals);
      return true;
    }
    if (idPattern === undefined || idPattern.test(id)) return false;
    skip(this.#noIds, record.line);
    return true;
  }

  skipOtherPeriod(end: EpochDay): void {
    const month = monthOf(end);
    const rows = this.otherMonths.get(month) ?? 0;
    this.#otherPeriods += 1;
    if (rows > 0 || this.otherMonths.size < MOST_MONTHS) this.otherMonths.set(month, rows + 1);
  }

  report(totals: ReadTotals, problems: ProblemList): void {
    const add = (line: number, value: string, expected: string): void =>
      problems.add({
        ...{ line, value, expected },
        column: null,
        field: "",
        code: "records-skipped",
        loanId: null,
      });
    if (this.#noLoans.count > 0) {
      const expected = "values of a loan: properties and notes are counted and skipped";
      add(this.#noLoans.line, `${this.#noLoans.count} records without any`, expected);
    }
    if (this.#noIds.count > 0) {
      const expected = "an id of a loan: titles, sections and totals are counted and skipped";
      add(this.#noIds.line, `${this.#noIds.count} records with another`, expected);
    }
    if (this.#otherPeriods > 0) {
      const expected = "rows of the period: the others are counted and skipped";
      add(0, `${this.#otherPeriods} rows of other periods`, expected);
      if (totals.rows === 0) this.#refuseOtherPeriods(problems);
    }
    this.#totalsRows.report(totals, problems);
  }

  /** A history without the period is a tape of another one, not an empty one. */
  #refuseOtherPeriods(problems: ProblemList): void {
    problems.add({
      ...{ line: 0, column: null, field: "", loanId: null },
      code: "period",
      value: `${this.#otherPeriods} rows, all of other periods`,
      expected: "rows of the period that the tape is uploaded for",
    });
  }
}

function skip(skipped: Skipped, line: number): void {
  if (skipped.count === 0) Object.assign(skipped, { line });
  skipped.count += 1;
}
