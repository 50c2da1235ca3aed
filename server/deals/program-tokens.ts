/** Program text taken apart into words, numbers and signs, line by line. */
import { parseDate } from "../lib/dates.ts";
import type { Place } from "./deal-source.ts";
import { parseMoney, parsePercent } from "./read-amounts.ts";

export interface ProgramToken extends Place {
  kind: "word" | "number" | "text" | "sign" | "end";
  text: string;
  value?: bigint;
}

/** One line: its words, and the clause that stands behind `@` (null when there is none). */
export interface ProgramLine extends Place {
  tokens: ProgramToken[];
  clause: string | null;
  clausePlace: Place;
}

/** A text that cannot be read on; the parser turns it into a problem and goes on below. */
export class SyntaxFault extends Error {
  readonly place: Place;
  readonly value: string;
  constructor(place: Place, value: string, message: string) {
    super(message);
    this.place = place;
    this.value = value;
  }
}

/** A name may hold dashes (`A-1`), so a minus has spaces around it; `LIQ.interest` is one name too. */
const WORD =
  /^[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*(?:\.[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*){0,2}/;

const PATTERNS: readonly [RegExp, "word" | "number" | "text" | "sign"][] = [
  [/^\d{4}-\d{2}-\d{2}(?![\w.])/, "number"],
  [/^\d+(?:\.\d+)?(?:\s*%)?/, "number"],
  [WORD, "word"],
  [/^'[^']*'/, "text"],
  [/^(?:->|>=|<=|==|!=|[-<>+*/(),;{}[\]=])/, "sign"],
];

/** Money has two decimals, a percentage its sign, a date its dashes; a bare integer is itself. */
function numberValue(text: string): bigint {
  if (/^0\d/.test(text)) {
    throw new RangeError(`"${text}" begins with 0; write large numbers without commas`);
  }
  if (text.includes("%")) return parsePercent(text);
  if (text.includes("-")) return BigInt(parseDate(text));
  return text.includes(".") ? parseMoney(text) : BigInt(text);
}

function numberToken(text: string, place: Place): ProgramToken {
  try {
    return { ...place, kind: "number", text, value: numberValue(text) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const instead = "write money as 2400.00, a rate as 2.25 %, a date as 2017-10-18";
    const isTold = error.message.includes("; write ");
    throw new SyntaxFault(place, text, isTold ? error.message : `${error.message}; ${instead}`);
  }
}

/** What to write for signs that other notations use. */
const SIGNS_INSTEAD: Readonly<Record<string, string>> = {
  $: "write money without its currency, as 2400.00",
  "€": "write money without its currency, as 2400.00",
  "£": "write money without its currency, as 2400.00",
  "&": "write `and`",
  "|": "write `or`",
  "!": "write `not`, or `!=` to compare",
  '"': "write a phase in single quotes, as 'EARLY'",
  "%": "a percentage begins with its number, as 2.25 %",
  "≤": "write <=",
  "≥": "write >=",
  "×": "write *",
};

function tokenAt(rest: string, place: Place): ProgramToken {
  for (const [pattern, kind] of PATTERNS) {
    const text = pattern.exec(rest)?.[0];
    if (text === undefined) continue;
    return kind === "number" ? numberToken(text, place) : { ...place, kind, text };
  }
  const sign = rest[0] ?? "";
  const instead = SIGNS_INSTEAD[sign] ?? "see the program notation";
  throw new SyntaxFault(place, sign, `\`${sign}\` has no meaning here; ${instead}`);
}

/** Splits one line of program text. `place` is where the line begins in the file. */
export function readProgramLine(text: string, place: Place): ProgramLine {
  const comment = /(^|\s)#/.exec(text);
  const spoken = comment === null ? text : text.slice(0, comment.index);
  const mark = spoken.indexOf("@");
  const body = mark === -1 ? spoken : spoken.slice(0, mark);
  const clause = mark === -1 ? null : spoken.slice(mark + 1).trim();
  const clausePlace = { line: place.line, column: place.column + (mark === -1 ? 0 : mark) };
  const tokens: ProgramToken[] = [];
  for (let at = 0; at < body.length;) {
    const rest = body.slice(at);
    const blank = /^\s+/.exec(rest)?.[0].length ?? 0;
    if (blank > 0) {
      at += blank;
      continue;
    }
    const token = tokenAt(rest, { line: place.line, column: place.column + at });
    tokens.push(token);
    at += token.text.length;
  }
  const first = tokens[0];
  const start = first === undefined ? place : { line: first.line, column: first.column };
  return { ...start, tokens, clause, clausePlace };
}
