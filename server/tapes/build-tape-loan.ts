/** Step 2, second half: a row of any format to a loan month; every cell that cannot be read is listed. */
import { delinquencyBucket } from "./source-loan.ts";
import type { LoanField, LoanStatus, TapeLoan } from "./source-loan.ts";
import * as read from "./read-cell.ts";
import type { CellResult } from "./read-cell.ts";
import type { SourceCell, SourceRow } from "./source-row.ts";
import type { ProblemList } from "./tape-problem.ts";
import type { TapeReading } from "./tape-reading.ts";

/** Zero balance codes of an auto loan (Schedule AL item 3(f)(24)(ii)), the gravest first. */
const TERMINATIONS: readonly (readonly [string, LoanStatus])[] = [
  ["4", "charged off"],
  ["3", "repurchased"],
  ["2", "third-party sale"],
  ["5", "servicing transfer"],
  ["1", "prepaid or matured"],
  ["99", "unavailable"],
];

/** Scores of real tapes go to 900; 0, NONE and the like mean that there is none. */
const CREDIT_SCORE = /^[1-9]\d{2}$/;

/** Reads the cells of one row and remembers whether one of them could not be read. */
class RowCells {
  readonly row: SourceRow;
  readonly reading: TapeReading;
  readonly problems: ProblemList;
  readonly loanId: string;
  readable = true;

  constructor(row: SourceRow, reading: TapeReading, problems: ProblemList) {
    this.row = row;
    this.reading = reading;
    this.problems = problems;
    this.loanId = this.cells("loanId")[0]?.text ?? "";
  }

  cells(field: LoanField): SourceCell[] {
    const name = this.reading.names[field];
    const cells = name === undefined ? undefined : this.row.cells.get(name);
    return (cells ?? []).filter((cell) => !this.reading.missing.has(cell.text));
  }

  optional<T>(field: LoanField, readText: (text: string) => CellResult<T>): T | null {
    const cell = this.cells(field)[0];
    if (cell === undefined) return null;
    const result = readText(cell.text);
    if ("value" in result) return result.value;
    this.refuse(field, cell, result);
    return null;
  }

  required<T>(field: LoanField, fallback: T, readText: (text: string) => CellResult<T>): T {
    const cell = this.cells(field)[0];
    if (cell !== undefined) return this.optional(field, readText) ?? fallback;
    this.refuse(
      field,
      { text: "", line: this.row.line, column: null },
      { code: "missing", expected: "a value" },
    );
    return fallback;
  }

  /** A flow of the month: not reported means none. */
  flow(field: LoanField): bigint {
    return this.optional(field, read.readMoney) ?? 0n;
  }

  refuse(
    field: LoanField,
    cell: SourceCell,
    why: Pick<Parameters<ProblemList["add"]>[0], "code" | "expected">,
  ): void {
    this.readable = false;
    this.problems.add({
      line: cell.line,
      column: cell.column,
      field: this.reading.names[field] ?? field,
      severity: "refuse",
      loanId: this.loanId === "" ? null : this.loanId,
      value: cell.text,
      ...why,
    });
  }
}

/** @returns null when a cell of the row cannot be read; the reasons are in `problems`. */
export function buildTapeLoan(
  row: SourceRow,
  reading: TapeReading,
  problems: ProblemList,
): TapeLoan | null {
  const cells = new RowCells(row, reading, problems);
  const { dates, months, rateUnit } = reading;
  const rate = (text: string): CellResult<bigint> => read.readRate(text, rateUnit);
  const month = (text: string): CellResult<string> => read.readMonth(text, months);
  const date = (text: string): CellResult<string> => read.readDate(text, dates);
  const daysPastDue = cells.optional("daysPastDue", read.readInteger) ?? 0;
  const zeroBalanceCodes = readZeroBalanceCodes(cells);
  const repossessed = cells.optional("repossessed", read.readBoolean) ?? false;
  const tapeLoan: TapeLoan = {
    periodBegin: cells.optional("periodBegin", date),
    periodEnd: cells.required("periodEnd", "", date),
    loan: {
      loanId: cells.required("loanId", "", (text) => ({ value: text })),
      line: row.line,
      beginningBalanceCents: cells.flow("beginningBalance"),
      endingBalanceCents: cells.required("endingBalance", 0n, read.readMoney),
      originalBalanceCents: cells.flow("originalBalance"),
      scheduledPrincipalCents: cells.optional("scheduledPrincipal", read.readScheduledMoney),
      principalCents: cells.flow("principal"),
      interestCents: cells.flow("interest"),
      feesCents: cells.flow("fees"),
      otherAdjustmentCents: cells.flow("otherAdjustment"),
      chargeOffCents: cells.flow("chargeOff"),
      recoveryCents: cells.flow("recovery"),
      liquidationProceedsCents: cells.flow("liquidationProceeds"),
      interestRateWad: cells.optional("interestRate", rate),
      originalTermMonths: cells.optional("originalTerm", read.readInteger),
      remainingTermMonths: cells.optional("remainingTerm", read.readInteger),
      daysPastDue,
      delinquencyBucket: delinquencyBucket(daysPastDue),
      status: loanStatus({ zeroBalanceCodes, repossessed, daysPastDue }),
      zeroBalanceCode: zeroBalanceCodes.length === 0 ? null : zeroBalanceCodes.join("; "),
      originationMonth: cells.optional("origination", month),
      maturityMonth: cells.optional("maturity", month),
      creditScore: readCreditScore(cells),
      region: cells.cells("region")[0]?.text ?? null,
    },
  };
  return cells.readable ? tapeLoan : null;
}

function readZeroBalanceCodes(cells: RowCells): string[] {
  const known = new Set(TERMINATIONS.map(([code]) => code));
  const found = cells.cells("zeroBalanceCode");
  for (const cell of found.filter(({ text }) => !known.has(text))) {
    cells.refuse("zeroBalanceCode", cell, {
      code: "code-unknown",
      expected: `one of ${[...known].join(", ")}`,
    });
  }
  return found.map(({ text }) => text);
}

/** Terminated first, then repossessed, then late. Terminated is not final for recoveries. */
function loanStatus(facts: {
  zeroBalanceCodes: string[];
  repossessed: boolean;
  daysPastDue: number;
}): LoanStatus {
  const termination = TERMINATIONS.find(([code]) => facts.zeroBalanceCodes.includes(code));
  if (termination !== undefined) return termination[1];
  if (facts.repossessed) return "repossessed";
  return facts.daysPastDue > 0 ? "delinquent" : "current";
}

function readCreditScore(cells: RowCells): number | null {
  const text = cells.cells("creditScore")[0]?.text ?? "";
  return CREDIT_SCORE.test(text) ? Number(text) : null;
}
