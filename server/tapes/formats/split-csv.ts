/**
 * RFC 4180 piece by piece: quoted fields with doubled quotes and line ends inside, CRLF, LF or CR.
 * A quote inside an unquoted field is an error, as is text after a closing quote.
 */

export interface CsvRecord {
  /** Line that the record begins on, from 1. */
  line: number;
  fields: string[];
}

export class CsvSyntaxError extends Error {
  override readonly name = "CsvSyntaxError";
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** A record longer than this is an unclosed quote, not a row. */
const LONGEST_RECORD = 1_048_576;

type Position = "fieldStart" | "unquoted" | "quoted" | "quoteInQuoted";

export interface CsvSplitter {
  split(text: string): CsvRecord[];
  end(): CsvRecord[];
}

/** Starts at the file's first line; empty lines give no record. @throws CsvSyntaxError */
export function startCsvSplitter(delimiter: string): CsvSplitter {
  let records: CsvRecord[] = [];
  let fields: string[] = [];
  let field = "";
  let position: Position = "fieldStart";
  let line = 1;
  let recordLine = 1;
  let recordLength = 0;
  let afterCarriageReturn = false;

  function endField(): void {
    fields.push(field);
    field = "";
    position = "fieldStart";
  }

  function endRecord(): void {
    endField();
    if (fields.length > 1 || fields[0] !== "") records.push({ line: recordLine, fields });
    fields = [];
    recordLength = 0;
  }

  function takeQuoted(character: string): void {
    if (character === '"') position = "quoteInQuoted";
    else field += character;
  }

  function takeOutside(character: string): void {
    if (character === delimiter) endField();
    else if (character === "\n" || character === "\r") endRecord();
    else if (character === '"') takeQuote();
    else if (position === "quoteInQuoted") {
      throw new CsvSyntaxError(line, `"${character}" after a closing quote`);
    } else {
      position = "unquoted";
      field += character;
    }
  }

  function takeQuote(): void {
    if (position === "unquoted") throw new CsvSyntaxError(line, "a quote inside an unquoted field");
    if (position === "quoteInQuoted") field += '"';
    position = "quoted";
  }

  function take(character: string): void {
    const secondOfLineEnd = afterCarriageReturn && character === "\n";
    afterCarriageReturn = character === "\r";
    if (secondOfLineEnd && position !== "quoted") return startLine();
    if (position === "quoted") takeQuoted(character);
    else takeOutside(character);
    recordLength += 1;
    if (recordLength > LONGEST_RECORD) {
      throw new CsvSyntaxError(recordLine, `a record longer than ${LONGEST_RECORD} characters`);
    }
    if (character === "\r" || (character === "\n" && !secondOfLineEnd)) line += 1;
    startLine();
  }

  function startLine(): void {
    if (fields.length === 0 && field === "" && position === "fieldStart") {
      recordLine = line;
      recordLength = 0;
    }
  }

  return {
    split(text) {
      records = [];
      for (const character of text) take(character);
      return records;
    },
    end() {
      records = [];
      if (position === "quoted") throw new CsvSyntaxError(recordLine, "a quote that is never closed");
      if (fields.length > 0 || field !== "" || position !== "fieldStart") endRecord();
      return records;
    },
  };
}
