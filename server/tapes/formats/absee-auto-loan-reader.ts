/**
 * SEC Form ABS-EE, exhibit 102, auto loans: root assetData, one assets element per loan, flat
 * children. Read by events; no document type and so no entity beyond the five of XML itself.
 */
import { SaxesParser } from "saxes";
import type { SaxesTagNS } from "saxes";
import { stopReading } from "../tape-record.ts";
import type { RowReader, SourceRow } from "../source-row.ts";
import type { ProblemCode } from "../checks/check-codes.ts";
import type { ProblemList } from "../tape-problem.ts";
import {
  ABSEE_AUTO_LOAN_ELEMENTS,
  elementFault,
  REPEATABLE_ELEMENTS,
} from "./absee-auto-loan-elements.ts";

const ABSEE_AUTO_LOAN_NAMESPACE = "http://www.sec.gov/edgar/document/absee/autoloan/assetdata";

/** Text between two tags, or a prolog, longer than this is no tape: it would only fill memory. */
const LONGEST_TEXT = 1_048_576;

/** The schema has 72 elements; an asset with more values than this would only fill memory. */
const MOST_VALUES = 1_000;

/** Names of unknown elements that are noted, each once. */
const NOTED_ELEMENTS = 100;

const ROOT_DEPTH = 1;
const ASSET_DEPTH = 2;
const ELEMENT_DEPTH = 3;

/** Reads an auto loan exhibit; see RowReader. @throws UnreadableTape when it must stop. */
export function readAbseeAutoLoanXml(problems: ProblemList): RowReader {
  return new AutoLoanReader(problems);
}

class AutoLoanReader implements RowReader {
  readonly #parser = new SaxesParser({ xmlns: true });
  readonly #problems: ProblemList;
  readonly #unknownElements = new Set<string>();
  #rows: SourceRow[] = [];
  #row: SourceRow | null = null;
  /** Values kept of the asset that is being read. */
  #values = 0;
  #depth = 0;
  #text = "";
  /** Where the element began whose text is being read. */
  #start = { line: 1, column: 1 };
  /** Characters since the last tag. */
  #quietLength = 0;

  constructor(problems: ProblemList) {
    this.#problems = problems;
    this.#parser.on("doctype", () =>
      this.#stop("doctype", { field: "DOCTYPE", value: "DOCTYPE", expected: "no document type" }),
    );
    this.#parser.on("error", (error) => {
      const value = error.message.replace(/^\d+:\d+: /, "");
      this.#stop("malformed", { field: "", value, expected: "well-formed XML" });
    });
    this.#parser.on("opentag", (tag) => this.#open(tag));
    this.#parser.on("closetag", (tag) => this.#close(tag));
    this.#parser.on("text", (text) => this.#addText(text));
    this.#parser.on("cdata", (text) => this.#addText(text));
  }

  read(text: string): SourceRow[] {
    this.#quietLength += text.length;
    this.#parser.write(text);
    if (this.#quietLength > LONGEST_TEXT) {
      const expected = `at most ${LONGEST_TEXT} characters between two tags`;
      const code = this.#depth === 0 ? "doctype" : "element-too-long";
      this.#stop(code, { field: "", value: String(this.#quietLength), expected });
    }
    return this.#takeRows();
  }

  end(): SourceRow[] {
    this.#parser.close();
    return this.#takeRows();
  }

  #takeRows(): SourceRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  #stop(code: ProblemCode, what: { field: string; value: string; expected: string }): never {
    const { line, columnIndex } = this.#parser;
    return stopReading(this.#problems, { ...what, code, line, column: columnIndex + 1 });
  }

  #open(tag: SaxesTagNS): void {
    const { line, columnIndex } = this.#parser;
    this.#depth += 1;
    this.#quietLength = 0;
    this.#text = "";
    this.#start = { line, column: columnIndex + 1 };
    if (this.#depth === ROOT_DEPTH) this.#checkRoot(tag);
    if (this.#depth === ASSET_DEPTH) {
      if (tag.local !== "assets" || tag.uri !== ABSEE_AUTO_LOAN_NAMESPACE) {
        this.#stop("unexpected-element", { field: tag.name, value: tag.name, expected: "assets" });
      }
      this.#row = { line, cells: new Map() };
      this.#values = 0;
    }
    if (this.#depth > ELEMENT_DEPTH) {
      this.#stop("unexpected-element", { field: tag.name, value: tag.name, expected: "a value" });
    }
  }

  #checkRoot({ local, name, uri }: SaxesTagNS): void {
    if (local !== "assetData") {
      this.#stop("root-element", { field: name, value: name, expected: "assetData" });
    }
    if (uri !== ABSEE_AUTO_LOAN_NAMESPACE) {
      this.#stop("namespace", { field: name, value: uri, expected: ABSEE_AUTO_LOAN_NAMESPACE });
    }
  }

  #close(tag: SaxesTagNS): void {
    if (this.#depth === ELEMENT_DEPTH && this.#row !== null) this.#keep(this.#row, tag.local);
    if (this.#depth === ASSET_DEPTH && this.#row !== null) {
      this.#rows.push(this.#row);
      this.#row = null;
    }
    this.#depth -= 1;
    this.#quietLength = 0;
    this.#text = "";
  }

  #keep(row: SourceRow, name: string): void {
    if (!Object.hasOwn(ABSEE_AUTO_LOAN_ELEMENTS, name)) return this.#noteUnknown(name);
    this.#values += 1;
    if (this.#values > MOST_VALUES) {
      const expected = `at most ${MOST_VALUES} values in an asset`;
      this.#stop("element-too-long", { field: name, value: String(this.#values), expected });
    }
    const cell = { text: this.#text.trim(), ...this.#start };
    const loanId = row.cells.get("assetNumber")?.[0]?.text ?? null;
    const found = { ...this.#start, field: name, loanId, value: cell.text };
    const fault = elementFault(name, cell.text);
    if (fault !== null) this.#problems.add({ ...found, ...fault, severity: "note" });
    const kept = row.cells.get(name);
    if (kept === undefined) {
      row.cells.set(name, [cell]);
      return;
    }
    if (!REPEATABLE_ELEMENTS.has(name)) {
      const expected = "one value per loan";
      this.#problems.add({ ...found, code: "repeated-element", severity: "refuse", expected });
    }
    kept.push(cell);
  }

  #noteUnknown(name: string): void {
    if (this.#unknownElements.has(name) || this.#unknownElements.size >= NOTED_ELEMENTS) return;
    this.#unknownElements.add(name);
    this.#problems.add({
      ...this.#start,
      field: name,
      code: "unknown-element",
      severity: "note",
      loanId: null,
      value: name,
      expected: "an element of the ABS-EE auto loan schema",
    });
  }

  #addText(text: string): void {
    if (this.#depth === ELEMENT_DEPTH) {
      this.#text += text;
      return;
    }
    const value = text.trim();
    if (value !== "") this.#stop("malformed", { field: "", value, expected: "elements, not text" });
  }
}
