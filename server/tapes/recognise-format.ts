/** Which format a file is in, seen from its content and never from its name. */
import { FORMATS } from "./formats/formats.ts";
import type { FileHead, TapeFormat } from "./formats/tape-format.ts";
import type { Framing, Header } from "./framing/framer.ts";
import { countNames, normaliseNames } from "./framing/search-header.ts";
import type { ProblemList } from "./tape-problem.ts";
import { stopReading } from "./tape-record.ts";
import { MAPPED } from "./tape-words.ts";

/** Below this a format is a guess. */
const CLEAR = 0.5;
/** Guesses that a refusal names. */
const NAMED_GUESSES = 3;

export interface Guess {
  format: TapeFormat;
  /** 0 to 1. */
  score: number;
}

/** The formats that the file could be in, the likeliest first. */
export function rankFormats(head: FileHead, formats: readonly TapeFormat[] = FORMATS): Guess[] {
  return formats
    .map((format) => ({ format, score: format.recognise(head) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score);
}

/** The one format of the file. @throws UnreadableTape when none or several are likely */
export function recogniseFormat(head: FileHead, problems: ProblemList): TapeFormat {
  const [best, second] = rankFormats(head);
  if (best === undefined || best.score < CLEAR || best.score === second?.score) {
    return stopUnknown(head, problems);
  }
  requireLoanMonths(best.format, problems);
  return best.format;
}

/**
 * That the file is in the format that the deal declares. A file that is in no known format is read as
 * declared, so that its reader says what is wrong with it.
 * @throws UnreadableTape when it is clearly in another one
 */
export function requireFormat(declared: TapeFormat, head: FileHead, problems: ProblemList): void {
  if (head.text.trim() === "") stopUnknown(head, problems);
  const own = declared.recognise(head);
  const [best] = rankFormats(head);
  const other = best !== undefined && best.score >= CLEAR && best.score > own ? best.format : null;
  const isReadable = declared.framings.some((framing) => kindOf(framing) === head.kind);
  // A servicer's mapping goes before a public layout that its files look like.
  if (other !== null && (declared.id !== MAPPED || !isReadable)) {
    stopUndeclared(other.id, declared, problems);
  }
  if (!isReadable) {
    if (isBinary(head)) stopUnknown(head, problems);
    stopUndeclared(KINDS[head.kind], declared, problems);
  }
  if (own < CLEAR && isBinary(head)) stopUnknown(head, problems);
  requireLoanMonths(declared, problems);
}

const KINDS = { xml: "XML", text: "delimited text", workbook: "a workbook" } as const;

const kindOf = (framing: Framing): FileHead["kind"] =>
  framing.kind === "delimited" ? "text" : framing.kind;

/** Control characters, one in so many of which makes no text. */
const CONTROLS = /[^\P{Cc}\t\n\v\f\r\u0080-\u009f]/gu;
const CONTROL_SHARE = 50;

function isBinary({ kind, text }: FileHead): boolean {
  if (kind !== "text") return false;
  return (text.match(CONTROLS) ?? []).length * CONTROL_SHARE > text.length;
}

function stopUndeclared(value: string, declared: TapeFormat, problems: ProblemList): never {
  const expected = `${declared.id}, the format that the deal declares`;
  return stopReading(problems, {
    ...{ line: 1, column: null, field: "" },
    code: "format-undeclared",
    value,
    expected,
  });
}

/** Recognised, but of no use as a tape. */
function requireLoanMonths({ id, refused }: TapeFormat, problems: ProblemList): void {
  if (refused === undefined) return;
  const at = { line: 1, column: null, field: "" };
  stopReading(problems, { ...at, code: "format-undeclared", value: id, expected: refused });
}

function stopUnknown(head: FileHead, problems: ProblemList): never {
  const guesses = rankFormats(head)
    .slice(0, NAMED_GUESSES)
    .map(({ format, score }) => `${format.id} (${Math.round(100 * score)} %)`);
  const nearest = guesses.length === 0 ? "" : `; the nearest are ${guesses.join(", ")}`;
  return stopReading(problems, {
    line: 1,
    column: null,
    field: "",
    code: "format-unknown",
    value: head.text.trimStart().slice(0, 60),
    expected: `a format that is known, or a mapping${nearest}`,
  });
}

/** Of a format's framings the one that the file is in. */
export function chooseFraming(format: TapeFormat, head: FileHead): Framing {
  const candidates = format.framings.filter((framing) => kindOf(framing) === head.kind);
  const width = Math.max(0, ...head.rows.slice(0, 1).map((row) => row.length));
  const ranked = candidates.toSorted(
    (a, b) => framingRank(b, head, width) - framingRank(a, head, width),
  );
  const [best] = ranked;
  if (best === undefined) throw new Error(`${format.id} has no framing of ${head.kind}`);
  return best;
}

/** A header whose names are there comes before none; without one the number of columns decides. */
function framingRank(framing: Framing, head: FileHead, width: number): number {
  if (framing.kind === "xml") return 0;
  const { header } = framing;
  if (header.kind !== "none") return hasHeader(header, head) ? 2 : 0;
  const { length } = header.columns;
  if (length === width) return 1.5;
  // Cells at the end of a row may be left out, never added.
  return length > width ? 1 / (1 + length - width) : -1 / (1 + width - length);
}

function hasHeader(header: Exclude<Header, { kind: "none" }>, head: FileHead): boolean {
  if (header.kind === "first") return true;
  const names = normaliseNames(header.names);
  return head.rows.some((row) => countNames(row, names) > 0);
}
