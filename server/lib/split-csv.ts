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

/** Takes the text of one file in pieces and hands on each record; an empty line gives none. */
export class CsvSplitter {
  readonly #delimiter: string;
  readonly #onRecord: (record: CsvRecord) => void;
  #fields: string[] = [];
  #field = "";
  #position: Position = "fieldStart";
  #line = 1;
  #recordLine = 1;
  #recordLength = 0;
  #previous = "";

  constructor(delimiter: string, onRecord: (record: CsvRecord) => void) {
    this.#delimiter = delimiter;
    this.#onRecord = onRecord;
  }

  /** @throws CsvSyntaxError after the records before the fault were handed on */
  split(text: string): void {
    for (const character of text) this.#take(character);
  }

  /** Hands on the last record when no line end follows it. @throws CsvSyntaxError */
  end(): void {
    if (this.#position === "quoted") {
      throw new CsvSyntaxError(this.#recordLine, "a quote that is never closed");
    }
    if (this.#recordLength > 0) this.#endRecord();
  }

  #take(character: string): void {
    const endsCrLf = this.#previous === "\r" && character === "\n";
    this.#previous = character;
    if (endsCrLf && this.#position !== "quoted") return;
    if (this.#recordLength === 0) this.#recordLine = this.#line;
    this.#recordLength += 1;
    if (this.#recordLength > LONGEST_RECORD) {
      const message = `a record longer than ${LONGEST_RECORD} characters: a quote left open?`;
      throw new CsvSyntaxError(this.#recordLine, message);
    }
    if (character === "\r" || (character === "\n" && !endsCrLf)) this.#line += 1;
    if (this.#position === "quoted") this.#takeQuoted(character);
    else this.#takeOutside(character);
  }

  #takeQuoted(character: string): void {
    if (character === '"') this.#position = "quoteInQuoted";
    else this.#field += character;
  }

  #takeOutside(character: string): void {
    if (character === this.#delimiter) this.#endField();
    else if (character === "\n" || character === "\r") this.#endRecord();
    else if (character === '"') this.#takeQuote();
    else if (this.#position === "quoteInQuoted") {
      throw new CsvSyntaxError(this.#line, `"${character}" after a closing quote`);
    } else {
      this.#position = "unquoted";
      this.#field += character;
    }
  }

  #takeQuote(): void {
    if (this.#position === "unquoted") {
      throw new CsvSyntaxError(this.#line, "a quote inside an unquoted field");
    }
    if (this.#position === "quoteInQuoted") this.#field += '"';
    this.#position = "quoted";
  }

  #endField(): void {
    this.#fields.push(this.#field);
    this.#field = "";
    this.#position = "fieldStart";
  }

  #endRecord(): void {
    this.#endField();
    const fields = this.#fields;
    if (fields.length > 1 || fields[0] !== "") {
      this.#onRecord({ line: this.#recordLine, fields });
    }
    this.#fields = [];
    this.#recordLength = 0;
  }
}
