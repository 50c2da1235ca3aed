/** Whether the columns of a file are those that its format needs. */
import type { TapeFormat } from "../formats/tape-format.ts";
import type { ProblemList } from "../tape-problem.ts";
import { stopReading } from "../tape-record.ts";
import { normaliseName } from "./column-names.ts";
import type { ColumnNames } from "./column-names.ts";
import type { ColumnPlan } from "./column-plan.ts";
import { personalNames } from "./compile-columns.ts";
import { sourceNames } from "./compile-number.ts";

/** Names that one finding lists. */
const LISTED_NAMES = 20;
/** Unknown columns that are told, each by itself. */
const NOTED_COLUMNS = 100;

const listed = (names: readonly string[]): string =>
  names.slice(0, LISTED_NAMES).join(", ") + (names.length > LISTED_NAMES ? ", …" : "");

/** Every needed column is there, once. @throws UnreadableTape */
export function requireColumns(names: ColumnNames, plan: ColumnPlan, problems: ProblemList): void {
  const lacking = [...plan.numbers, ...plan.texts]
    .filter(({ needed, cells }) => needed && cells.length === 0)
    .map(({ name }) => name);
  const read = new Set(
    [...plan.numbers, ...plan.texts].flatMap(({ cells }) =>
      Array.from(cells, (cell) => normaliseName(names.names[cell] ?? "")),
    ),
  );
  const repeated = names.repeated.filter((name) => read.has(normaliseName(name)));
  if (lacking.length === 0 && repeated.length === 0) return;
  stopReading(problems, {
    line: 1,
    column: null,
    field: listed([...lacking, ...repeated]),
    code: "header",
    value: names.names.join(", "),
    expected:
      lacking.length > 0 ? `the columns ${listed(lacking)}` : "each of these columns only once",
  });
}

export interface ColumnNews {
  /** Names that were not there before. */
  added: readonly string[];
  code: "unknown-column" | "unknown-element";
  problems: ProblemList;
}

/** Notes columns that the format does not have; answers how many more may be noted. */
export function noteUnknownColumns(
  format: TapeFormat,
  names: ColumnNames,
  news: ColumnNews & { noted: number },
): number {
  if (format.columns === undefined) return 0;
  const known = new Set([
    ...[...format.columns, ...(format.personal ?? [])].map(normaliseName),
    ...Object.values(format.fields).flatMap((reading) => sourceNames(reading).map(normaliseName)),
  ]);
  const isDropped = personalNames(format);
  const unknown = news.added.filter((name) => !known.has(normaliseName(name)));
  for (const name of unknown.slice(0, Math.max(0, NOTED_COLUMNS - news.noted))) {
    news.problems.add({
      line: 1,
      column: news.code === "unknown-column" ? names.names.indexOf(name) + 1 : null,
      field: name,
      code: news.code,
      loanId: null,
      value: name,
      expected: `a column of ${format.title}${isDropped(name) ? "; personal data, dropped" : ""}`,
    });
  }
  return unknown.length;
}

/** One note with the columns of the layout that the file does not have. */
export function noteMissingColumns(
  format: TapeFormat,
  names: ColumnNames,
  problems: ProblemList,
): void {
  const lacking = (format.columns ?? []).filter((name) => names.find(name) < 0);
  if (lacking.length === 0) return;
  problems.add({
    line: 1,
    column: null,
    field: "",
    code: "missing-column",
    loanId: null,
    value: listed(lacking),
    expected: `all columns of ${format.title}; ${lacking.length} are not in the file`,
  });
}
