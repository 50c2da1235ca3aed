/** One line of program text -> a step. */
import {
  accept,
  expect,
  faultAt,
  parseExpression,
  peek,
  take,
  takeName,
} from "./parse-expression.ts";
import type { Cursor } from "./parse-expression.ts";
import { instead } from "./suggest-instead.ts";
import { SyntaxFault } from "./program-tokens.ts";
import type { ProgramLine, ProgramToken } from "./program-tokens.ts";
import type { NameNode, ParsedStep } from "./program-syntax.ts";

type Parse = (cursor: Cursor, step: ParsedStep) => void;

/** How each operation reads on, and which words may (or must) follow its list. */
interface Form {
  parse: Parse;
  may: readonly string[];
  must?: string;
}

const FORMS: Readonly<Record<ParsedStep["operation"], Form>> = {
  LET: { parse: parseLet, may: [] },
  FEE: { parse: parsePayment, may: ["mode", "CAP", "AS"] },
  INT: { parse: parsePayment, may: ["mode", "CAP", "OF", "AS"] },
  PRIN: { parse: parsePayment, may: ["mode", "CAP", "UPTO", "AS"], must: "UPTO" },
  FILL: { parse: parsePayment, may: ["CAP", "TO", "AS"], must: "TO" },
  MOVE: { parse: parsePayment, may: ["CAP", "UPTO", "AS"], must: "UPTO" },
  LOSS: { parse: parseWriteDown, may: ["AS"] },
  GAIN: { parse: parseWriteDown, may: ["AS"] },
  REST: { parse: parsePayment, may: ["AS"] },
  BUY: { parse: parsePurchase, may: ["UPTO", "FROM", "AS"], must: "UPTO" },
  PIK: { parse: parseCapitalisation, may: ["AS"] },
  BOOK: { parse: parseBooking, may: ["AS"] },
  TEST: { parse: parseTest, may: [] },
  SET: { parse: parseSet, may: [] },
  IF: { parse: parseCondition, may: [] },
};

export function emptyStep(line: ProgramLine, operation: ParsedStep["operation"]): ParsedStep {
  const { line: row, column } = line;
  return {
    operation,
    line: row,
    column,
    clause: line.clause ?? "",
    label: null,
    source: null,
    destination: null,
    list: [],
    mode: "none",
    weights: [],
    amount: null,
    cap: null,
    capEach: false,
    part: null,
    whenTrue: [],
    otherwise: null,
    elsePlace: null,
  };
}

function takeList(cursor: Cursor, what: string): NameNode[] {
  const list = [takeName(cursor, what)];
  while (accept(cursor, ",") !== null) list.push(takeName(cursor, what));
  return list;
}

/** What each word behind the list reads. */
const MODIFIERS: Readonly<Record<string, Parse>> = {
  SEQ: (_, step) => {
    step.mode = "SEQ";
  },
  PRORATA: (cursor, step) => {
    step.mode = "PRORATA";
    if (accept(cursor, "(") !== null) takeWeights(cursor, step);
  },
  CAP: (cursor, step) => {
    if (step.operation === "FEE" && accept(cursor, "EACH") !== null) step.capEach = true;
    else step.cap = parseExpression(cursor);
  },
  UPTO: (cursor, step) => {
    step.amount = parseExpression(cursor);
  },
  TO: (cursor, step) => {
    step.amount = parseExpression(cursor);
  },
  FROM: (cursor, step) => {
    step.destination = takeName(cursor, "the payee that sells");
  },
  OF: (cursor, step) => {
    const token = take(cursor);
    if (token.text !== "deferred" && token.text !== "carryOver") {
      throw faultAt(token, "expected `deferred` or `carryOver` after OF");
    }
    step.part = token.text;
  },
  AS: (cursor, step) => {
    step.label = takeName(cursor, "this step");
  },
};

/** Two words for one, a list without its comma, a word in the wrong case. */
function modifierInstead(word: string): string {
  const words = Object.keys(MODIFIERS);
  const known: Readonly<Record<string, string>> = {
    UP: "write UPTO in one word",
    PRO: "write PRORATA in one word",
    and: "names of a list have commas between them",
  };
  const meant = known[word] ?? instead(word, words).replace("; ", "");
  return `${meant === "" ? "" : `${meant}; `}expected ${words.join(", ")} or `;
}

/** The words behind the list in any order, each at most once. */
function takeModifiers(cursor: Cursor, step: ParsedStep): void {
  const seen = new Map<string, ProgramToken>();
  while (peek(cursor).kind !== "end") {
    const word = take(cursor);
    const kind = word.text === "SEQ" || word.text === "PRORATA" ? "mode" : word.text;
    if (seen.has(kind)) throw faultAt(word, "this is said twice");
    seen.set(kind, word);
    const read = MODIFIERS[word.text];
    if (read === undefined) {
      throw faultAt(word, `${modifierInstead(word.text)}the clause after \`@\``);
    }
    read(cursor, step);
  }
  refuseModifiers(step, seen, cursor);
}

function refuseModifiers(
  step: ParsedStep,
  seen: ReadonlyMap<string, ProgramToken>,
  cursor: Cursor,
): void {
  const { may, must } = FORMS[step.operation];
  const extra = [...seen].find(([kind]) => !may.includes(kind))?.[1];
  if (extra !== undefined) {
    const allowed = may.map((name) => (name === "mode" ? "SEQ or PRORATA" : name)).join(", ");
    const message = `${step.operation} does not take ${extra.text}; it takes ${allowed}`;
    throw new SyntaxFault(extra, extra.text, message);
  }
  if (must !== undefined && !seen.has(must)) {
    throw faultAt(peek(cursor), `${step.operation} needs ${must} and an amount`);
  }
}

function takeWeights(cursor: Cursor, step: ParsedStep): void {
  do {
    step.weights.push(parseExpression(cursor));
  } while (accept(cursor, ";") !== null);
  expect(cursor, ")", "after the weights (they are separated by `;`)");
}

function parseLet(cursor: Cursor, step: ParsedStep): void {
  step.label = takeName(cursor, "the amount");
  if (step.label.text.includes(".")) throw faultAt(peek(cursor), "a LET names one plain word");
  expect(cursor, "=", "after the name of a LET");
  step.amount = parseExpression(cursor);
}

function parseCondition(cursor: Cursor, step: ParsedStep): void {
  step.amount = parseExpression(cursor);
  const signs: Readonly<Record<string, string>> = {
    "=": "(write `==` to compare)",
    AND: "(write `and`)",
    OR: "(write `or`)",
  };
  expect(cursor, "{", `after the condition ${signs[peek(cursor).text] ?? ""}`.trim());
}

function parseWriteDown(cursor: Cursor, step: ParsedStep): void {
  step.amount = parseExpression(cursor);
  expect(cursor, "->", "before the classes");
  step.list = takeList(cursor, "a class");
  takeModifiers(cursor, step);
}

function parsePayment(cursor: Cursor, step: ParsedStep): void {
  step.source = takeName(cursor, "the account that pays");
  expect(cursor, "->", "after the account");
  if (step.operation === "FEE") step.list = takeList(cursor, "a fee");
  else if (step.operation === "INT" || step.operation === "PRIN") {
    step.list = takeList(cursor, "a class");
  } else step.destination = takeName(cursor, "where the money goes");
  takeModifiers(cursor, step);
}

/** BUY PR UPTO expr FROM seller */
function parsePurchase(cursor: Cursor, step: ParsedStep): void {
  step.source = takeName(cursor, "the account that pays");
  takeModifiers(cursor, step);
  if (step.destination === null) {
    throw faultAt(peek(cursor), "BUY needs FROM and the payee that sells the collateral");
  }
}

function parseCapitalisation(cursor: Cursor, step: ParsedStep): void {
  step.list = takeList(cursor, "a class that capitalises");
  takeModifiers(cursor, step);
}

/** BOOK PDL-A DR expr */
function parseBooking(cursor: Cursor, step: ParsedStep): void {
  step.destination = takeName(cursor, "a ledger");
  const side = take(cursor);
  if (side.text !== "DR" && side.text !== "CR") {
    throw faultAt(side, "expected DR (add) or CR (take off) after the ledger");
  }
  step.mode = side.text;
  step.amount = parseExpression(cursor);
  takeModifiers(cursor, step);
}

function parseTest(cursor: Cursor, step: ParsedStep): void {
  step.destination = takeName(cursor, "a trigger");
}

/** SET phase EARLY [NOW], SET k.reserve = expr */
function parseSet(cursor: Cursor, step: ParsedStep): void {
  if (accept(cursor, "phase") !== null) {
    step.destination = takeName(cursor, "a phase");
    step.mode = accept(cursor, "NOW") === null ? "PHASE" : "NOW";
    return;
  }
  const name = takeName(cursor, "`phase` or a constant `k.name`");
  if (!name.text.startsWith("k.")) {
    const message = "SET changes `phase NAME` or a settable constant `k.name = …`";
    throw new SyntaxFault(name, name.text, message);
  }
  step.mode = "VALUE";
  step.destination = { ...name, text: name.text.slice(2) };
  expect(cursor, "=", "after the constant");
  step.amount = parseExpression(cursor);
}

/** Steps by the names that documents give them. */
const STEP_INSTEAD: Readonly<Record<string, string>> = {
  PAY: "FEE, INT or PRIN",
  INTEREST: "INT",
  PRINCIPAL: "PRIN",
  FEES: "FEE",
  TRANSFER: "MOVE",
  WITHDRAW: "MOVE",
  DEPOSIT: "FILL or MOVE",
  RELEASE: "REST or MOVE",
  DISTRIBUTE: "INT, PRIN or REST",
  RESIDUAL: "REST",
  DEFINE: "LET",
  ALLOCATE: "LOSS or GAIN",
  PURCHASE: "BUY",
  CAPITALISE: "PIK",
};

/** Parses the words of one line. @throws SyntaxFault where they cannot be read on. */
export function parseStep(line: ProgramLine): ParsedStep {
  const cursor: Cursor = { line, at: 0 };
  const word = take(cursor);
  if (!Object.hasOwn(FORMS, word.text)) {
    const meant = STEP_INSTEAD[word.text.toUpperCase()] ?? word.text.toUpperCase();
    const isKnown = meant !== word.text && (meant.includes(" ") || Object.hasOwn(FORMS, meant));
    const hint = isKnown ? `write ${meant}; ` : "";
    throw faultAt(word, `${hint}expected a step (${Object.keys(FORMS).join(", ")})`);
  }
  const step = emptyStep(line, word.text as ParsedStep["operation"]);
  FORMS[step.operation].parse(cursor, step);
  if (peek(cursor).kind !== "end") throw faultAt(peek(cursor), "expected the end of the step");
  return step;
}
