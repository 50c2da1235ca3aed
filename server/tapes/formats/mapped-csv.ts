/** CSV with a header on the first line and the column names that the deal file declares. */
import { stopReading } from "../tape-record.ts";
import type { RowReader, SourceRow } from "../source-row.ts";
import type { ProblemList } from "../tape-problem.ts";
import type { CsvTerms } from "../tape-terms.ts";
import { CsvSplitter, CsvSyntaxError } from "./split-csv.ts";
import type { CsvRecord } from "./split-csv.ts";

/** Repeated columns that a refusal names. */
const LISTED_NAMES = 10;

/** Reads a CSV tape; see RowReader. @throws UnreadableTape when it must stop. */
export function readMappedCsv(terms: CsvTerms, problems: ProblemList): RowReader {
  let header: string[] | null = null;
  let rows: SourceRow[] = [];

  const splitter = new CsvSplitter(terms.delimiter, (record) => {
    if (header === null) {
      header = record.fields.map((name) => name.trim());
      checkHeader(header, record.line, { terms, problems });
      return;
    }
    const row = toRow(record, header, problems);
    if (row !== null) rows.push(row);
  });

  function rowsOf(act: () => void): SourceRow[] {
    orStop(act, problems);
    const complete = rows;
    rows = [];
    return complete;
  }

  return {
    read: (text) => rowsOf(() => splitter.split(text)),
    end() {
      const last = rowsOf(() => splitter.end());
      if (header !== null) return last;
      const at = { line: 1, column: null, field: "" };
      return stopReading(problems, { ...at, code: "header", value: "", expected: "a header line" });
    },
  };
}

function toRow(record: CsvRecord, names: string[], problems: ProblemList): SourceRow | null {
  if (record.fields.length !== names.length) {
    problems.add({
      line: record.line,
      column: null,
      field: "",
      code: "field-count",
      severity: "refuse",
      loanId: null,
      value: `${record.fields.length} fields`,
      expected: `${names.length} fields, as the header has`,
    });
    return null;
  }
  const cells: SourceRow["cells"] = new Map();
  for (const [index, name] of names.entries()) {
    const text = record.fields[index] ?? "";
    cells.set(name, [{ text: text.trim(), line: record.line, column: index + 1 }]);
  }
  return { line: record.line, cells };
}

function orStop(act: () => void, problems: ProblemList): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof CsvSyntaxError)) throw error;
    stopReading(problems, {
      line: error.line,
      column: null,
      field: "",
      code: "malformed",
      value: error.message,
      expected: "CSV as RFC 4180 has it",
    });
  }
}

/** The first names that stand more than once. */
function listRepeated(names: string[]): string[] {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) repeated.add(name);
    seen.add(name);
    if (repeated.size === LISTED_NAMES) break;
  }
  return [...repeated];
}

interface HeaderRules {
  terms: CsvTerms;
  problems: ProblemList;
}

/** Every declared column once; others are noted. @throws UnreadableTape */
function checkHeader(names: string[], line: number, { terms, problems }: HeaderRules): void {
  const declared = new Set(Object.values(terms.columns));
  // Sets, because a header may have as many names as a record has characters.
  const known = new Set(names);
  const missing = [...declared].filter((name) => !known.has(name));
  const repeated = listRepeated(names);
  if (missing.length > 0 || repeated.length > 0) {
    stopReading(problems, {
      line,
      column: null,
      field: [...missing, ...repeated].join(", "),
      code: "header",
      value: names.join(terms.delimiter),
      expected:
        missing.length > 0 ? `the columns ${missing.join(", ")}` : "each column name only once",
    });
  }
  for (const [index, name] of names.entries()) {
    if (declared.has(name)) continue;
    problems.add({
      line,
      column: index + 1,
      field: name,
      code: "unknown-column",
      severity: "note",
      loanId: null,
      value: name,
      expected: "a column that the deal file declares",
    });
  }
}
