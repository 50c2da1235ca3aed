/**
 * SEC Form ABS-EE, exhibit 102, auto loans: root assetData, one assets element per loan, flat
 * children. Read by events; no document type and so no entity beyond the five of XML itself.
 */
import { SaxesParser } from "saxes";
import type { SaxesTagNS } from "saxes";
import { stopReading } from "../source-row.ts";
import type { RowReader, SourceRow } from "../source-row.ts";
import type { ProblemCode, ProblemList } from "../tape-problem.ts";
import {
  ABSEE_AUTO_LOAN_ELEMENTS,
  elementFault,
  REPEATABLE_ELEMENTS,
} from "./absee-auto-loan-elements.ts";

export const ABSEE_AUTO_LOAN_NAMESPACE =
  "http://www.sec.gov/edgar/document/absee/autoloan/assetdata";

/** Text between two tags, or a prolog, longer than this is no tape: it would only fill memory. */
const LONGEST_TEXT = 1_048_576;

const ROOT_DEPTH = 1;
const ASSET_DEPTH = 2;
const ELEMENT_DEPTH = 3;

/** Reads an auto loan exhibit; see RowReader. @throws UnreadableTape when it must stop. */
export function readAbseeAutoLoanXml(problems: ProblemList): RowReader {
  const parser = new SaxesParser({ xmlns: true });
  let rows: SourceRow[] = [];
  let row: SourceRow | null = null;
  let depth = 0;
  let text = "";
  let quietLength = 0;
  let start = { line: 1, column: 1 };
  const unknownElements = new Set<string>();

  const here = (): { line: number; column: number } => ({
    line: parser.line,
    column: parser.columnIndex + 1,
  });
  const stop = (code: ProblemCode, field: string, value: string, expected: string): never =>
    stopReading(problems, { ...here(), field, code, value, expected });

  function open(tag: SaxesTagNS): void {
    depth += 1;
    quietLength = 0;
    text = "";
    start = { line: parser.line, column: parser.columnIndex - 1 };
    if (depth === ROOT_DEPTH) checkRoot(tag);
    if (depth === ASSET_DEPTH) {
      if (tag.local !== "assets" || tag.uri !== ABSEE_AUTO_LOAN_NAMESPACE) {
        stop("unexpected-element", tag.name, tag.name, "assets");
      }
      row = { line: parser.line, cells: new Map() };
    }
    if (depth > ELEMENT_DEPTH) stop("unexpected-element", tag.name, tag.name, "a value");
  }

  function checkRoot(tag: SaxesTagNS): void {
    if (tag.local !== "assetData") stop("root-element", tag.name, tag.name, "assetData");
    if (tag.uri !== ABSEE_AUTO_LOAN_NAMESPACE) {
      stop("namespace", "assetData", tag.uri, ABSEE_AUTO_LOAN_NAMESPACE);
    }
  }

  function close(tag: SaxesTagNS): void {
    if (depth === ELEMENT_DEPTH && row !== null) keep(row, tag.local);
    if (depth === ASSET_DEPTH && row !== null) {
      rows.push(row);
      row = null;
    }
    depth -= 1;
    quietLength = 0;
    text = "";
  }

  function keep(asset: SourceRow, name: string): void {
    if (!Object.hasOwn(ABSEE_AUTO_LOAN_ELEMENTS, name)) return noteUnknown(name);
    const cell = { text: text.trim(), ...start };
    const loanId = asset.cells.get("assetNumber")?.[0]?.text ?? null;
    const found = { ...start, field: name, loanId, value: cell.text };
    const fault = elementFault(name, cell.text);
    if (fault !== null) problems.add({ ...found, ...fault, severity: "note" });
    const kept = asset.cells.get(name);
    if (kept === undefined) {
      asset.cells.set(name, [cell]);
      return;
    }
    if (!REPEATABLE_ELEMENTS.has(name)) {
      const expected = "one value per loan";
      problems.add({ ...found, code: "repeated-element", severity: "refuse", expected });
    }
    kept.push(cell);
  }

  function noteUnknown(name: string): void {
    if (unknownElements.has(name) || unknownElements.size >= 100) return;
    unknownElements.add(name);
    problems.add({
      ...start,
      field: name,
      code: "unknown-element",
      severity: "note",
      loanId: null,
      value: name,
      expected: "an element of the ABS-EE auto loan schema",
    });
  }

  function addText(piece: string): void {
    if (depth === ELEMENT_DEPTH) {
      text += piece;
    } else if (piece.trim() !== "") {
      stop("malformed", depth === ASSET_DEPTH ? "assets" : "assetData", piece.trim(), "elements");
    }
  }

  parser.on("doctype", () => stop("doctype", "DOCTYPE", "DOCTYPE", "no document type"));
  parser.on("error", (error) => {
    stop("malformed", "", error.message.replace(/^\d+:\d+: /, ""), "well-formed XML");
  });
  parser.on("opentag", open);
  parser.on("closetag", close);
  parser.on("text", addText);
  parser.on("cdata", addText);

  function feed(act: () => void): SourceRow[] {
    act();
    const complete = rows;
    rows = [];
    return complete;
  }

  return {
    read: (piece) =>
      feed(() => {
        quietLength += piece.length;
        parser.write(piece);
        if (quietLength > LONGEST_TEXT) {
          const expected = `at most ${LONGEST_TEXT} characters between two tags`;
          stop(depth === 0 ? "doctype" : "element-too-long", "", `${quietLength}`, expected);
        }
      }),
    end: () => feed(() => parser.close()),
  };
}

