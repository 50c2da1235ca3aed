/** CSV with a header on the first line and the column names that the deal file declares. */
import { stopReading } from "../source-row.ts";
import type { RowReader, SourceRow } from "../source-row.ts";
import type { ProblemList } from "../tape-problem.ts";
import type { CsvTerms } from "../tape-terms.ts";
import { CsvSyntaxError, startCsvSplitter } from "./split-csv.ts";
import type { CsvRecord } from "./split-csv.ts";

/** Reads a CSV tape; see RowReader. @throws UnreadableTape when it must stop. */
export function readMappedCsv(terms: CsvTerms, problems: ProblemList): RowReader {
  const splitter = startCsvSplitter(terms.delimiter);
  let header: string[] | null = null;

  function toRow(record: CsvRecord, names: string[]): SourceRow | null {
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
    for (const [index, text] of record.fields.entries()) {
      cells.set(names[index]!, [{ text: text.trim(), line: record.line, column: index + 1 }]);
    }
    return { line: record.line, cells };
  }

  function takeHeader(record: CsvRecord): string[] {
    const names = record.fields.map((name) => name.trim());
    checkHeader(names, record.line, { terms, problems });
    return names;
  }

  function rowsOf(split: () => CsvRecord[]): SourceRow[] {
    const rows: SourceRow[] = [];
    for (const record of splitOrStop(split, problems)) {
      if (header === null) {
        header = takeHeader(record);
        continue;
      }
      const row = toRow(record, header);
      if (row !== null) rows.push(row);
    }
    return rows;
  }

  return {
    read: (text) => rowsOf(() => splitter.split(text)),
    end() {
      const rows = rowsOf(() => splitter.end());
      if (header === null) {
        stopReading(problems, {
          line: 1,
          column: null,
          field: "",
          code: "header",
          value: "",
          expected: "a header line",
        });
      }
      return rows;
    },
  };
}

function splitOrStop(split: () => CsvRecord[], problems: ProblemList): CsvRecord[] {
  try {
    return split();
  } catch (error) {
    if (!(error instanceof CsvSyntaxError)) throw error;
    return stopReading(problems, {
      line: error.line,
      column: null,
      field: "",
      code: "malformed",
      value: error.message,
      expected: "CSV as RFC 4180 has it",
    });
  }
}

interface HeaderRules {
  terms: CsvTerms;
  problems: ProblemList;
}

/** Every declared column once; others are noted. @throws UnreadableTape */
function checkHeader(names: string[], line: number, { terms, problems }: HeaderRules): void {
  const declared = new Set(Object.values(terms.columns));
  const missing = [...declared].filter((name) => !names.includes(name));
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
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
