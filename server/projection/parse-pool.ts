/** A pool file's text, CSV or JSON -> the pool that a projection starts from. Pure. */
import { CsvSplitter, CsvSyntaxError } from "../lib/split-csv.ts";
import type { Pool } from "./pool.ts";
import { LONGEST_TERM } from "./pool.ts";

/** One fault of a pool file. */
export interface PoolProblem {
  /** Line of a CSV file, from 1; item of a JSON list, from 1. */
  row: number;
  message: string;
}

export interface PoolReading {
  /** Null when anything is wrong. */
  pool: Pool | null;
  problems: PoolProblem[];
}

interface Column {
  meaning: string;
  required: boolean;
  /** What a cell may hold. */
  minimum: number;
  maximum: number;
  whole: boolean;
}

const term = { minimum: 0, maximum: LONGEST_TERM, whole: true };

const COLUMNS = {
  balance: {
    meaning: "current balance",
    required: true,
    minimum: 0,
    maximum: 9e13,
    whole: false,
  },
  apr: { meaning: "APR in %", required: true, minimum: 0, maximum: 1000, whole: false },
  remainingTerm: { meaning: "months left", required: true, ...term, minimum: 1 },
  age: { meaning: "months since origination", required: false, ...term },
  originalTerm: { meaning: "months at origination", required: false, ...term, minimum: 1 },
  amortisationTerm: {
    meaning: "months that the level payment is computed over",
    required: false,
    ...term,
    minimum: 1,
  },
  interestOnly: { meaning: "months left of interest alone", required: false, ...term },
  loans: {
    meaning: "loans that the row stands for",
    required: false,
    minimum: 0,
    maximum: 1e9,
    whole: false,
  },
} as const satisfies Record<string, Column>;
type ColumnName = keyof typeof COLUMNS;
const NAMES = Object.keys(COLUMNS) as ColumnName[];

/** One row's cells by column; a column that the file lacks is absent. */
interface Row {
  row: number;
  cells: Partial<Record<ColumnName, string>>;
}

const PROBLEMS_SHOWN = 20;

/** "Remaining term", "remaining_term" and "remainingTerm" are one column; so are "APR" and "apr %". */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]/g, "");
const BY_PLAIN_NAME = new Map(NAMES.map((name) => [plain(name), name]));

/** Reads a pool file: JSON when it begins with a bracket, else CSV with a header. */
export function parsePool(text: string): PoolReading {
  const problems: PoolProblem[] = [];
  const rows = /^\s*[[{]/.test(text) ? rowsOfJson(text, problems) : rowsOfCsv(text, problems);
  if (rows.length === 0 && problems.length === 0) {
    problems.push({ row: 1, message: "the pool file has no rows" });
  }
  const pool = fillPool(rows, problems);
  if (problems.length === 0 && pool.totalCents === 0) {
    problems.push({ row: 1, message: "the balances of the pool sum to 0" });
  }
  if (problems.length === 0) return { pool, problems };
  const first = problems.toSorted((a, b) => a.row - b.row).slice(0, PROBLEMS_SHOWN);
  return { pool: null, problems: first };
}

function columnOf(name: string, row: number, problems: PoolProblem[]): ColumnName | null {
  const column = BY_PLAIN_NAME.get(plain(name));
  if (column !== undefined) return column;
  const known = NAMES.map((each) => `${each} (${COLUMNS[each].meaning})`).join(", ");
  problems.push({ row, message: `there is no column \`${name}\`; known: ${known}` });
  return null;
}

function rowsOfCsv(text: string, problems: PoolProblem[]): Row[] {
  const rows: Row[] = [];
  let columns: (ColumnName | null)[] | null = null;
  const splitter = new CsvSplitter(",", ({ line, fields }) => {
    if (columns === null) {
      columns = fields.map((name) => columnOf(name, line, problems));
      return;
    }
    if (fields.length !== columns.length) {
      const message = `${fields.length} cells, the header has ${columns.length}`;
      problems.push({ row: line, message });
      return;
    }
    const cells: Row["cells"] = {};
    columns.forEach((column, i) => {
      const cell = (fields[i] ?? "").trim();
      if (column !== null && cell !== "") cells[column] = cell;
    });
    rows.push({ row: line, cells });
  });
  try {
    splitter.split(text.replace(/^\uFEFF/, ""));
    splitter.end();
  } catch (error) {
    if (!(error instanceof CsvSyntaxError)) throw error;
    problems.push({ row: error.line, message: error.message });
  }
  return rows;
}

function rowsOfJson(text: string, problems: PoolProblem[]): Row[] {
  const list = listOfJson(text);
  if (list === null) {
    const message = 'write a JSON list such as [{"balance": "100000.00", "apr": 6.1, …}]';
    problems.push({ row: 1, message });
    return [];
  }
  return list.map((item, i) => {
    const cells: Row["cells"] = {};
    const entries = typeof item === "object" && item !== null ? Object.entries(item) : [];
    for (const [name, value] of entries) {
      const column = columnOf(name, i + 1, problems);
      if (column !== null && value !== null) cells[column] = String(value);
    }
    return { row: i + 1, cells };
  });
}

function listOfJson(text: string): unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The number in a cell; undefined where the row has none, NaN (and a problem) where it is wrong. */
function readCell(row: Row, name: ColumnName, problems: PoolProblem[]): number | undefined {
  const text = row.cells[name];
  const column: Column = COLUMNS[name];
  if (text === undefined) {
    if (!column.required) return undefined;
    problems.push({ row: row.row, message: `${name} (${column.meaning}) is missing` });
    return Number.NaN;
  }
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  const fits = value >= column.minimum && value <= column.maximum;
  if (fits && (!column.whole || Number.isInteger(value))) return value;
  const kind = column.whole ? "a whole number" : "a plain number such as 1234.56";
  const message = `${name} is "${text}"; write ${kind} from ${column.minimum} to ${column.maximum}`;
  problems.push({ row: row.row, message });
  return Number.NaN;
}

/** Age as stated, or what has passed of the original term. */
function readAge(row: Row, remaining: number, problems: PoolProblem[]): number {
  const age = readCell(row, "age", problems);
  const original = readCell(row, "originalTerm", problems);
  if (age !== undefined) return age;
  if (original !== undefined) return Math.max(0, original - remaining);
  problems.push({ row: row.row, message: "write its age or its originalTerm" });
  return 0;
}

function fillPool(rows: readonly Row[], problems: PoolProblem[]): Pool {
  const size = rows.length;
  const hasLoans = rows.some(({ cells }) => cells.loans !== undefined);
  const pool: Pool = {
    size,
    balances: new Float64Array(size),
    monthlyRates: new Float64Array(size),
    remaining: new Uint16Array(size),
    ages: new Uint16Array(size),
    amortisations: new Uint16Array(size),
    interestOnly: new Uint16Array(size),
    loans: hasLoans ? new Float64Array(size) : null,
    totalCents: 0,
  };
  rows.forEach((row, i) => {
    const remaining = readCell(row, "remainingTerm", problems) ?? 0;
    const cents = Math.round((readCell(row, "balance", problems) ?? 0) * 100);
    pool.balances[i] = cents;
    pool.totalCents += cents;
    pool.monthlyRates[i] = (readCell(row, "apr", problems) ?? 0) / 1200;
    pool.remaining[i] = remaining;
    pool.ages[i] = readAge(row, remaining, problems);
    pool.amortisations[i] = readCell(row, "amortisationTerm", problems) ?? remaining;
    pool.interestOnly[i] = readCell(row, "interestOnly", problems) ?? 0;
    if (pool.loans !== null) pool.loans[i] = readCell(row, "loans", problems) ?? 1;
  });
  return pool;
}
