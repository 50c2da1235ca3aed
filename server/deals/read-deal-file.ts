/** YAML text -> DealFile, with every fault of shape in the source's problems. */
import { isScalar } from "yaml";
import type { Scalar } from "yaml";
import type {
  ConstantEntry,
  DealFile,
  FigureEntry,
  ProgramEntry,
  TransitionEntry,
} from "./deal-file.ts";
import {
  complain,
  complainAt,
  readChoice,
  readList,
  readSection,
  readText,
  readWhole,
  readWith,
} from "./deal-source.ts";
import type { DealSource, Field, Place } from "./deal-source.ts";
import { findCatalogueFigure, FIGURE_CATALOGUE } from "./figure-catalogue.ts";
import { parseExpression, peek, faultAt } from "./parse-expression.ts";
import { parseProgram } from "./parse-program.ts";
import { readProgramLine, SyntaxFault } from "./program-tokens.ts";
import type { ExpressionNode } from "./program-syntax.ts";
import { parseMoney, parsePercent, readMoney } from "./read-amounts.ts";
import { readCalendarSection, readDate } from "./read-calendar-section.ts";
import * as parts from "./read-classes-section.ts";
import { readTapeSection } from "./read-tape-section.ts";
import { LIMITS, SPLIT_ROUNDINGS } from "./terms-format.ts";

export const DEAL_SCHEMA = "penstock-deal/2";

const DEAL_KEYS = {
  schema: DEAL_SCHEMA,
  id: "a short id such as amcar-2017-4",
  name: "the deal's name",
  currency: "a currency such as USD",
  legalUnit: '"0.01"',
  cashToken: "{ decimals: 6 }",
  splitRounding: SPLIT_ROUNDINGS.join(" | "),
  holderCap: "the share of the deal's principal that one identity may hold, e.g. 60 %, or none",
  parties: "the parties, each { name, payee }",
  tape: "how its tapes are read",
  pool: "{ cutOff, cutOffBalance, cutOffLoans }",
  calendar: "the dates",
  classes: "the classes of notes, senior first",
  accounts: "the accounts",
  fees: "the fees",
  caps: "the annual caps of fees, {} when there are none",
  figures: "the figures that a report carries, each { min, max }",
  constants: "named constants, {} when there are none",
  programs: "one program per phase, the first phase first",
  transitions: "what changes the phase, [] when nothing does",
};
const POOL_KEYS = {
  cutOff: "the cut-off date, the last day of the month before the first collection month",
  cutOffBalance: "the pool balance at the cut-off date, e.g. 239568.99",
  cutOffLoans: "how many loans then had a balance",
};
const FIGURE_KEYS = { min: "the least value a report may state", max: "the greatest" };
const TRANSITION_KEYS = {
  from: "a phase",
  to: "a phase",
  when: "a condition in program notation",
  clause: "the clause of the document",
};

function readFigures(field: Field | undefined): FigureEntry[] {
  return parts.readNamed(field, LIMITS.figures, (name, entry) => {
    const section = readSection(entry, FIGURE_KEYS);
    const catalogue = findCatalogueFigure(name);
    if (catalogue === undefined) {
      const names = FIGURE_CATALOGUE.map((figure) => figure.name).join(", ");
      const message = `no period provides the figure \`${name}\`; known: ${names}`;
      complain(entry.source, entry.place, { code: "unknown-name", value: name, message });
    }
    const bound = (key: string): bigint => {
      const at = section.get(key);
      if (catalogue?.unit !== "count") return readMoney(at, -(1n << 48n)) ?? 0n;
      return BigInt(readWhole(at, { minimum: 0, maximum: 2 ** 31 }) ?? 0);
    };
    return { name, place: entry.place, minimum: bound("min"), maximum: bound("max") };
  });
}

/** Money, a percentage, or `{ count: 12 }`: a bare number could be either cents or dollars. */
function readConstant(entry: Field): bigint {
  if (!isScalar(entry.node)) {
    const section = readSection(entry, { count: "a whole number" });
    return BigInt(readWhole(section.get("count"), { minimum: 0, maximum: 2 ** 48 }) ?? 0);
  }
  const instead = "money as 2400.00, a rate as 2 %, a number as { count: 12 }";
  const parse = (text: string) => (text.endsWith("%") ? parsePercent(text) : parseMoney(text));
  return readWith(entry, parse, instead) ?? 0n;
}

function readConstants(field: Field | undefined): ConstantEntry[] {
  return parts.readNamed(field, LIMITS.constants, (name, entry) => ({
    name,
    place: entry.place,
    value: readConstant(entry),
  }));
}

/** The lines of a block scalar (`|`), each with its place in the file. */
function readProgramLines(field: Field): { text: string; place: Place }[] {
  const scalar = field.node as Scalar;
  if (!isScalar(field.node) || scalar.type !== "BLOCK_LITERAL") {
    complainAt(field, "not-a-program", "write the program below the name as a block: `phase: |`");
    return [];
  }
  const fileLines = field.source.text.split("\n");
  return String(scalar.value)
    .split("\n")
    .map((text, i) => {
      const line = field.place.line + 1 + i;
      const written = (fileLines[line - 1] ?? "").replace(/\r$/, "");
      return { text, place: { line, column: Math.max(0, written.length - text.length) + 1 } };
    });
}

function readPrograms(field: Field | undefined): ProgramEntry[] {
  return parts.readNamed(field, LIMITS.phases, (name, entry) => ({
    name,
    place: entry.place,
    steps: parseProgram(entry.source, readProgramLines(entry)),
  }));
}

function readCondition(field: Field | undefined): ExpressionNode | null {
  const text = readText(field);
  if (field === undefined || text === undefined) return null;
  const quoted = isScalar(field.node) && field.node.type !== "PLAIN";
  const { line, column } = field.place;
  try {
    const place = { line, column: column + (quoted ? 1 : 0) };
    const cursor = { line: readProgramLine(text, place), at: 0 };
    const node = parseExpression(cursor);
    if (peek(cursor).kind !== "end")
      throw faultAt(peek(cursor), "expected the end of the condition");
    return node;
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
    const { place, value, message } = fault;
    complain(field.source, place, { code: "syntax", value, message: `${field.path}: ${message}` });
    return null;
  }
}

function readTransitions(field: Field | undefined): TransitionEntry[] {
  const items = readList(field);
  if (field !== undefined && items.length > LIMITS.transitions) {
    complainAt(
      field,
      "too-many",
      `${items.length} transitions; the limit is ${LIMITS.transitions}`,
    );
  }
  return items.flatMap((item) => {
    const section = readSection(item, TRANSITION_KEYS);
    const when = readCondition(section.get("when"));
    if (when === null) return [];
    const text = (key: string) => readText(section.get(key)) ?? "";
    const { place } = item;
    const placeOf = (key: string) => section.get(key)?.place ?? place;
    const places = { from: placeOf("from"), to: placeOf("to") };
    return [{ place, places, when, from: text("from"), to: text("to"), clause: text("clause") }];
  });
}

function readId(field: Field | undefined): string {
  const parse = (text: string): string => {
    if (/^[a-z0-9][a-z0-9-]{0,62}$/.test(text)) return text;
    throw new RangeError(`"${text}" is not an id`);
  };
  return (
    readWith(field, parse, "lower-case letters, digits and dashes, such as amcar-2017-4") ?? ""
  );
}

function readHolderCap(field: Field | undefined): number | null {
  const parse = (text: string): number | null => {
    if (text === "none") return null;
    const bps = parsePercent(text) / 10n ** 14n;
    if (bps < 1n || bps > 10_000n || parsePercent(text) % 10n ** 14n !== 0n) {
      throw new RangeError(`"${text}" is not from 0.01 % to 100 % in hundredths`);
    }
    return Number(bps);
  };
  return readWith(field, parse, "a percentage such as 60 %, or none") ?? null;
}

function readPool(field: Field | undefined): DealFile["pool"] {
  const section = readSection(field, POOL_KEYS);
  return {
    place: field?.place ?? { line: 1, column: 1 },
    cutOff: readDate(section.get("cutOff")) ?? 0,
    cutOffBalanceCents: readMoney(section.get("cutOffBalance"), 1n) ?? 0n,
    cutOffLoans: readWhole(section.get("cutOffLoans"), { minimum: 1, maximum: 2 ** 31 }) ?? 0,
  };
}

/** Reads the whole deal file. With problems in `source` the result is only good for more checks. */
export function readDealFile(source: DealSource): DealFile {
  const place = { line: 1, column: 1 };
  const root = readSection({ source, path: "", node: source.root, place }, DEAL_KEYS);
  const at = (key: keyof typeof DEAL_KEYS) => root.get(key);
  readChoice(at("schema"), [DEAL_SCHEMA]);
  readChoice(at("legalUnit"), ["0.01"]);
  const token = readSection(at("cashToken"), { decimals: "the token's decimals, from 2 to 8" });
  return {
    id: readId(at("id")),
    name: readText(at("name")) ?? "",
    currency: readChoice(at("currency"), ["USD", "EUR", "GBP", "CHF"]) ?? "USD",
    cashDecimals: readWhole(token.get("decimals"), { minimum: 2, maximum: 8 }) ?? 2,
    splitRounding: readChoice(at("splitRounding"), SPLIT_ROUNDINGS) ?? "cumulative half-up",
    holderCapBps: readHolderCap(at("holderCap")),
    parties: parts.readParties(at("parties")),
    tape: readTapeSection(at("tape")),
    pool: readPool(at("pool")),
    calendar: readCalendarSection(at("calendar")),
    classes: parts.readClasses(at("classes")),
    accounts: parts.readAccounts(at("accounts")),
    fees: parts.readFees(at("fees")),
    caps: parts.readCaps(at("caps")),
    figures: readFigures(at("figures")),
    constants: readConstants(at("constants")),
    programs: readPrograms(at("programs")),
    transitions: readTransitions(at("transitions")),
  };
}
