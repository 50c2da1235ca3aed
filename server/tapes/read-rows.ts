/** Step 2, second half: records of cells to canonical rows, each checked; bytes all the way. */
import { CUMULATIVE_FIELDS, RATE_UNIT } from "./canonical-fields.ts";
import type { CanonicalField, CumulativeField } from "./canonical-fields.ts";
import type { Finding, RowRules } from "./checks/row-check.ts";
import { judgeRates, MOST_FEE } from "./checks/judge-rates.ts";
import { ROW_CHECKS } from "./checks/row-checks.ts";
import type { FileHead, TapeFormat } from "./formats/tape-format.ts";
import type { FrameSink } from "./framing/framer.ts";
import { dayInMonth, monthOf, parseDate } from "../lib/dates.ts";
import type { MonthNumber } from "../lib/dates.ts";
import { NUMBER_AT, TEXT_AT } from "./loan-row.ts";
import type { LoanRow } from "./loan-row.ts";
import { noteMissingColumns, noteUnknownColumns, requireColumns } from "./reading/check-header.ts";
import { ColumnNames, normaliseName } from "./reading/column-names.ts";
import { ColumnNotes } from "./reading/column-notes.ts";
import type { ColumnPlan, TextColumn } from "./reading/column-plan.ts";
import { compileColumns } from "./reading/compile-columns.ts";
import type { ReadingTerms } from "./reading/compile-number.ts";
import { derivePrepaid, deriveRemainingTerm } from "./reading/derive-amounts.ts";
import { isTerminated, statusDeriver } from "./reading/derive-status.ts";
import type { DeriveStatus } from "./reading/derive-status.ts";
import { RowFiller } from "./reading/fill-row.ts";
import { IdShapes } from "./reading/id-shapes.ts";
import { judgeDays } from "./reading/judge-days.ts";
import { ReadTotals } from "./reading/read-totals.ts";
import { SkippedRecords } from "./reading/skipped-records.ts";
import type { ProblemList } from "./tape-problem.ts";
import type { TapeRecord } from "./tape-record.ts";
import type { Flow, TapePeriod, TapeTerms } from "./tape-terms.ts";

/** Takes what is read, at once; row, record and attributes come again with the next row. */
export interface RowTaker {
  /** Names of the columns that are kept beside the canonical ones; they only grow. */
  onAttributes(names: readonly string[]): void;
  /** @param attributes column of the record of each attribute, in the order of their names */
  onRow(row: LoanRow, record: TapeRecord, attributes: Int32Array): void;
}

export interface RowReading extends RowTaker {
  format: TapeFormat;
  terms: TapeTerms;
  period: TapePeriod;
  problems: ProblemList;
  /** XML has elements instead of columns, which come as they are met; rows of a workbook may end early. */
  kind: FileHead["kind"];
}

const ID_AT = TEXT_AT.loanId;
const PERIOD_END_AT = NUMBER_AT.periodEnd;
const ENDING_AT = NUMBER_AT.endingBalance;
const FEE_AT = NUMBER_AT.servicingFeeRate;

export class RowReader implements FrameSink {
  readonly problems: ProblemList;
  readonly totals = new ReadTotals();
  /** Rows with a cell that could not be read, which were not handed on. */
  unreadable = 0;
  /** Of them those with more or fewer cells than columns. */
  #misshapen = 0;
  readonly #reading: RowReading;
  readonly #terms: ReadingTerms;
  readonly #rules: RowRules;
  readonly #filler: RowFiller;
  readonly #notes = new ColumnNotes();
  readonly #ids = new IdShapes();
  readonly #skipped: SkippedRecords;
  readonly #deriveStatus: DeriveStatus;
  /** First day of the period's last month. */
  readonly #lastMonth: number;
  #names = new ColumnNames([]);
  #plan: ColumnPlan | null = null;
  #unknownColumns = 0;

  constructor(reading: RowReading) {
    const { format, terms, period, problems } = reading;
    const end = parseDate(period.end);
    this.problems = problems;
    this.#reading = reading;
    this.#terms = {
      format,
      rateUnit: terms.rateUnit,
      feeUnit: terms.feeUnit,
      periodEnd: end,
    };
    this.#rules = {
      terms,
      roll: rollOf(terms),
      period: {
        ordinal: period.ordinal,
        begin: parseDate(period.begin),
        end,
        endMonth: monthOf(end),
      },
      differenced: format.differenced === true,
      cumulative: new Set(cumulativeFields(format)),
    };
    this.#lastMonth = dayInMonth(monthOf(end), 1);
    const hasColumns = reading.kind !== "xml";
    this.#filler = new RowFiller({ problems, notes: this.#notes, hasColumns });
    this.#skipped = new SkippedRecords(format);
    this.#deriveStatus = statusDeriver(format);
  }

  /** Rows of other months that a history has: by month number. */
  get otherMonths(): ReadonlyMap<MonthNumber, number> {
    return this.#skipped.otherMonths;
  }

  /** Loan records met, readable or not. */
  get rows(): number {
    return this.totals.rows + this.#misshapen;
  }

  onColumns(given: readonly string[]): void {
    const { format, kind, problems } = this.#reading;
    const before = this.#names.names.length;
    const names = new ColumnNames(declaredNames(given, format));
    const plan = compileColumns(names, this.#terms);
    if (kind !== "xml") {
      requireColumns(names, plan, problems);
      noteMissingColumns(format, names, problems);
    }
    this.#unknownColumns += noteUnknownColumns(format, names, {
      added: names.names.slice(before),
      code: kind === "xml" ? "unknown-element" : "unknown-column",
      problems,
      noted: this.#unknownColumns,
    });
    this.#names = names;
    this.#plan = plan;
    this.#reading.onAttributes(plan.attributeNames);
  }

  onRecord(record: TapeRecord): void {
    const plan = this.#plan;
    if (plan === null) throw new Error("a record came before the names of its columns");
    const filler = this.#filler;
    const { row } = filler;
    if (this.#skipped.isNoLoan(record, plan)) return;
    filler.begin(record);
    for (let i = 0; i < plan.texts.length; i += 1) {
      filler.readText(plan.texts[i] as ColumnPlan["texts"][number], record);
    }
    if (this.#skipped.isNoLoanId(row, record, { plan, totals: this.totals })) return;
    if (this.#reading.kind !== "xml" && !this.#hasItsCells(record)) return;
    for (let i = 0; i < plan.numbers.length; i += 1) {
      filler.readNumber(plan.numbers[i] as ColumnPlan["numbers"][number], record);
      if (i === 0 && this.#isOtherPeriod(row)) return;
    }
    this.#finishRow(row, record, plan);
  }

  #finishRow(row: LoanRow, record: TapeRecord, plan: ColumnPlan): void {
    const { period } = this.#rules;
    if (this.#reading.format.fields.periodEnd === undefined) {
      row.numbers[PERIOD_END_AT] = period.end;
    }
    const fault = this.#deriveStatus(row);
    if (fault !== null) {
      const { field, code, value, expected } = fault;
      const found = { field: this.#nameOf(field), code, value, expected };
      if (code === "termination-unknown" && this.problems.refuses(code)) {
        this.#filler.refuse(-1, found);
      } else this.#filler.note(-1, value, found);
    }
    // What was paid since origination is no month's principal.
    if (!this.#rules.cumulative.has("principal")) derivePrepaid(row, period.endMonth);
    deriveRemainingTerm(row, period.endMonth);
    row.masked = this.#isMasked(row, record, plan);
    this.#checkAttributes(record, plan);
    this.#checkFee(row);
    this.#settleEnding(row);
    // Control totals are of all that could be read, also where another cell refuses the row.
    this.totals.add(row);
    if (!this.#filler.readable) {
      this.unreadable += 1;
      return;
    }
    const start = row.textStart[ID_AT] as number;
    this.#ids.add(row.bytes, start, row.textEnd[ID_AT] as number, row.line);
    for (let i = 0; i < ROW_CHECKS.length; i += 1) {
      const finding = (ROW_CHECKS[i] as (typeof ROW_CHECKS)[number])(row, this.#rules);
      if (finding !== null) this.#report(finding, row);
    }
    this.#reading.onRow(row, record, plan.attributes);
  }

  /** What only all rows together show. To be called at the end, also of a file that broke off. */
  finish(): void {
    const { problems } = this;
    this.#notes.report(problems);
    this.#skipped.report(this.totals, problems);
    this.#ids.report(this.#nameOf("loanId"), problems);
    judgeDays(this.#plan?.days ?? [], problems);
    const { outOfRange } = this.#filler;
    const { assetClass } = this.#reading.format;
    for (const found of judgeRates({ ...this.totals.control(), assetClass, outOfRange })) {
      problems.add({ ...found, field: this.#nameOf(found.field as CanonicalField) });
    }
  }

  /** Fields that the file states since origination. */
  get cumulative(): readonly CumulativeField[] {
    return CUMULATIVE_FIELDS.filter((field) => this.#rules.cumulative.has(field));
  }

  #report(finding: Finding, row: LoanRow): void {
    const { severity, ...found } = finding;
    const own = this.#rules.terms.checks[finding.code] === undefined ? severity : undefined;
    this.problems.add({
      ...found,
      ...(own === undefined ? {} : { severity: own }),
      field: this.#nameOf(finding.field),
      line: row.line,
      column: null,
      loanId: row.text("loanId"),
    });
  }

  /** Name in the file of a canonical field, for whoever must correct it there. */
  #nameOf(field: CanonicalField): string {
    return this.#columnOf(field)?.name ?? field;
  }

  #columnOf(field: CanonicalField): ColumnPlan["numbers"][number] | TextColumn | undefined {
    const columns = [...(this.#plan?.numbers ?? []), ...(this.#plan?.texts ?? [])];
    return columns.find((one) => one.field === field);
  }

  /** A file of many months: those of other periods are counted. */
  #isOtherPeriod({ numbers }: LoanRow): boolean {
    const { history, endsWithinMonth } = this.#reading.format;
    const { period } = this.#rules;
    const end = numbers[PERIOD_END_AT] as number;
    if (end !== end || end === period.end) return false;
    if (endsWithinMonth === true && end >= this.#lastMonth && end < period.end) {
      numbers[PERIOD_END_AT] = period.end;
      return false;
    }
    if (history !== true) return false;
    this.#skipped.skipOtherPeriod(end);
    return true;
  }

  /** As many cells as columns; empty ones more are a delimiter at the end of each line. */
  #hasItsCells({ line, count, start, end }: TapeRecord): boolean {
    const columns = this.#names.names.length;
    let cells = count;
    while (cells > columns && start[cells - 1] === end[cells - 1]) cells -= 1;
    if (cells === columns) return true;
    if (cells < columns && this.#reading.kind === "workbook") return true;
    this.unreadable += 1;
    this.#misshapen += 1;
    this.problems.add({
      line,
      column: null,
      field: "",
      code: "field-count",
      // The row is lost, whatever the deal says of the check.
      severity: "refuse",
      loanId: this.#filler.row.text("loanId"),
      value: `${count} fields`,
      expected: `${columns} fields, as the header has`,
    });
    return false;
  }

  /** One loan's fee in percent among fractions: told once, as a whole pool's would be thousands. */
  #checkFee({ numbers }: LoanRow): void {
    const fee = (numbers[FEE_AT] as number) / RATE_UNIT;
    if (!(fee > MOST_FEE) || fee >= 1) return;
    this.#filler.note(-1, "", {
      field: this.#nameOf("servicingFeeRate"),
      code: "fee-unit",
      value: `${(100 * fee).toFixed(4)} %`,
      expected: `at most ${100 * MOST_FEE} % a year, in the declared unit`,
    });
  }

  /** A loan that has ended without a word about its balance has none; others must say it. */
  #settleEnding(row: LoanRow): void {
    if (!Number.isNaN(row.numbers[ENDING_AT])) return;
    const column = this.#columnOf("endingBalance");
    const isSilent = this.#reading.format.unstatedBalance === true;
    if (isSilent || isTerminated(row)) row.numbers[ENDING_AT] = 0;
    else if (this.#filler.readable) {
      this.#filler.lack(column?.name ?? "endingBalance", column?.cells[0]);
    }
  }

  /** A balance of 0 in the first months of a format that masks it. */
  #isMasked(row: LoanRow, record: TapeRecord, { ageCell }: ColumnPlan): boolean {
    const { masked } = this.#reading.format;
    if (masked === undefined || row.numbers[ENDING_AT] !== 0 || isTerminated(row)) return false;
    const start = ageCell < 0 || ageCell >= record.count ? -1 : (record.start[ageCell] as number);
    if (start < 0) return false;
    const age = record.bytes.toString("latin1", start, record.end[ageCell]);
    return age !== "" && Number(age) <= masked.upToAge;
  }

  /** Values beside the canonical ones: of their type and list, and without what could not be stored. */
  #checkAttributes(record: TapeRecord, { known, attributes }: ColumnPlan): void {
    const { bytes, start, end } = record;
    for (let i = 0; i < known.length; i += 1) {
      const column = known[i] as ColumnPlan["known"][number];
      const from = start[column.cell] as number;
      const to = end[column.cell] as number;
      if (isEmpty(record, column.cell)) continue;
      if (column.holds(bytes, from, to)) continue;
      const value = bytes.toString("utf8", from, to);
      const { name, code, expected } = column;
      const found = { field: name, code, value, expected, severity: "note" as const };
      this.#filler.note(column.cell, code === "type" ? "" : value, found);
    }
    for (let i = 0; i < attributes.length; i += 1) {
      const cell = attributes[i] as number;
      const from = start[cell] as number;
      if (isEmpty(record, cell)) continue;
      if (!holdsUnstorable(bytes, from, end[cell] as number)) continue;
      const value = bytes.toString("utf8", from, end[cell]);
      const field = this.#names.names[cell] ?? "";
      const expected = "text without control characters";
      this.#filler.refuse(cell, { field, code: "control-character", value, expected });
    }
  }
}

/** Names of the file as the format has them: other names that it knows are exchanged. */
function declaredNames(given: readonly string[], { otherNames }: TapeFormat): readonly string[] {
  if (otherNames === undefined) return given.map((name) => name.trim());
  const known = new Map(
    Object.entries(otherNames).map(([other, name]) => [normaliseName(other), name]),
  );
  return given.map((name) => known.get(normaliseName(name)) ?? name.trim());
}

function rollOf({ rollForward }: TapeTerms): RowRules["roll"] {
  const places = (flows: readonly Flow[]): Int32Array =>
    Int32Array.from(flows, (flow) => NUMBER_AT[flow]);
  return {
    subtract: places(rollForward.subtract),
    add: places(rollForward.add),
    toleranceCents: Number(rollForward.toleranceCents),
  };
}

function cumulativeFields({ fields }: TapeFormat): CumulativeField[] {
  return CUMULATIVE_FIELDS.filter((field) => {
    const reading = fields[field];
    return typeof reading === "object" && reading.over === "cumulative";
  });
}

function isEmpty({ start, end, count }: TapeRecord, cell: number): boolean {
  return cell >= count || (start[cell] as number) < 0 || start[cell] === end[cell];
}

const TAB = 9;
const LINE_FEED = 10;
const RETURN = 13;

/** Control characters but tabs and ends of lines, which memo columns have. */
function holdsUnstorable(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i += 1) {
    const byte = bytes[i] as number;
    if (byte < 32 && byte !== TAB && byte !== LINE_FEED && byte !== RETURN) return true;
  }
  return false;
}
