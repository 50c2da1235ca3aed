/** Program text -> steps. Every line is read, whatever is wrong with the ones before it. */
import { complain } from "./deal-source.ts";
import type { DealSource, Place } from "./deal-source.ts";
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
import { readProgramLine, SyntaxFault } from "./program-tokens.ts";
import type { ProgramLine, ProgramToken } from "./program-tokens.ts";
import type { NameNode, ParsedStep } from "./program-syntax.ts";
import { LIMITS } from "./terms-format.ts";

/** Steps of the notation that terms format 1 has no code for. */
const LATER = new Set(["BUY", "PIK", "BOOK", "TEST", "SET"]);

/** Where parsed steps go: the innermost open block. */
interface Block {
  /** The IF that opened it; null for the program itself. */
  owner: ParsedStep | null;
  steps: ParsedStep[];
}

function emptyStep(line: ProgramLine, operation: ParsedStep["operation"]): ParsedStep {
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

/** SEQ | PRORATA | PRORATA(w; w), then CAP, UPTO, TO and AS in any order, each at most once. */
function takeModifiers(cursor: Cursor, step: ParsedStep): void {
  const seen = new Map<string, ProgramToken>();
  while (peek(cursor).kind !== "end") {
    const word = take(cursor);
    const kind = word.text === "SEQ" || word.text === "PRORATA" ? "mode" : word.text;
    if (seen.has(kind)) throw faultAt(word, "this is said twice");
    seen.set(kind, word);
    if (word.text === "SEQ" || word.text === "PRORATA") {
      step.mode = word.text;
      if (word.text === "PRORATA" && accept(cursor, "(") !== null) takeWeights(cursor, step);
    } else if (word.text === "CAP") step.cap = parseExpression(cursor);
    else if (word.text === "UPTO" || word.text === "TO") step.amount = parseExpression(cursor);
    else if (word.text === "AS") step.label = takeName(cursor, "this step");
    else throw faultAt(word, "expected SEQ, PRORATA, CAP, UPTO, TO, AS or the clause after `@`");
  }
  refuseModifiers(step, seen, cursor);
}

/** Which of the words after the list an operation understands, and which it needs. */
const MODIFIERS: Readonly<Record<string, { may: string[]; must: string[] }>> = {
  FEE: { may: ["mode", "CAP", "AS"], must: [] },
  INT: { may: ["mode", "CAP", "AS"], must: [] },
  PRIN: { may: ["mode", "CAP", "UPTO", "AS"], must: ["UPTO"] },
  FILL: { may: ["CAP", "TO", "AS"], must: ["TO"] },
  MOVE: { may: ["CAP", "UPTO", "AS"], must: ["UPTO"] },
  LOSS: { may: ["AS"], must: [] },
  GAIN: { may: ["AS"], must: [] },
  REST: { may: ["AS"], must: [] },
};

function refuseModifiers(
  step: ParsedStep,
  seen: ReadonlyMap<string, ProgramToken>,
  cursor: Cursor,
): void {
  const known = MODIFIERS[step.operation] ?? { may: [], must: [] };
  const extra = [...seen].find(([kind]) => !known.may.includes(kind))?.[1];
  if (extra !== undefined) {
    const allowed = known.may.map((name) => (name === "mode" ? "SEQ or PRORATA" : name)).join(", ");
    const message = `${step.operation} does not take ${extra.text}; it takes ${allowed}`;
    throw new SyntaxFault(extra, extra.text, message);
  }
  const missing = known.must.find((word) => !seen.has(word));
  if (missing === undefined) return;
  throw faultAt(peek(cursor), `${step.operation} needs ${missing} and an amount`);
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

function expectEnd(cursor: Cursor): void {
  if (peek(cursor).kind !== "end") throw faultAt(peek(cursor), "expected the end of the step");
}

function parseStep(line: ProgramLine): ParsedStep {
  const cursor: Cursor = { line, at: 0 };
  const word = take(cursor);
  if (LATER.has(word.text)) {
    throw faultAt(word, `${word.text} is not a step of terms format 1`);
  }
  if (word.text !== "LET" && word.text !== "IF" && MODIFIERS[word.text] === undefined) {
    const steps = ["LET", ...Object.keys(MODIFIERS), "IF"].join(", ");
    throw faultAt(word, `expected a step (${steps})`);
  }
  const step = emptyStep(line, word.text as ParsedStep["operation"]);
  if (step.operation === "LET") parseLet(cursor, step);
  else if (step.operation === "IF") {
    step.amount = parseExpression(cursor);
    expect(cursor, "{", "after the condition");
  } else if (step.operation === "LOSS" || step.operation === "GAIN") parseWriteDown(cursor, step);
  else parsePayment(cursor, step);
  expectEnd(cursor);
  return step;
}

function requireClause(source: DealSource, line: ProgramLine): void {
  if (line.clause !== null && line.clause !== "") {
    if (new TextEncoder().encode(line.clause).length <= 255) return;
  }
  const value = line.tokens[0]?.text ?? "";
  const message = "the step lacks its clause; write ` @ 8.04(a)(i)` at the end of the line";
  complain(source, line, { code: "clause-missing", value, message });
}

/** `}`, `} ELSE {` or a step, put where it belongs. */
function addLine(source: DealSource, line: ProgramLine, blocks: Block[]): void {
  const words = line.tokens.map((token) => token.text).join(" ");
  const block = blocks.at(-1);
  if (block === undefined) return;
  if (words.startsWith("}") || words.startsWith("ELSE")) {
    const { owner } = block;
    const first = line.tokens[0] ?? peek({ line, at: 0 });
    if (owner === null) throw faultAt(first, "there is no open IF to close here");
    blocks.pop();
    if (words === "}") return;
    if (words !== "} ELSE {" || owner.otherwise !== null) {
      throw faultAt(first, "expected `}` or, once, `} ELSE {` on a line of its own");
    }
    owner.otherwise = [];
    owner.elsePlace = { line: line.line, column: line.column };
    blocks.push({ owner, steps: owner.otherwise });
    return;
  }
  requireClause(source, line);
  const step = parseStep(line);
  block.steps.push(step);
  if (step.operation !== "IF") return;
  if (blocks.length > LIMITS.nesting) {
    const message = `IF nests deeper than ${LIMITS.nesting}; join the conditions by \`and\``;
    complain(source, step, { code: "nesting", value: "IF", message });
  }
  blocks.push({ owner: step, steps: step.whenTrue });
}

/** An IF whose line cannot be read still opens a block, or its `}` would be a second fault. */
function recover(line: { text: string; place: Place }, blocks: Block[]): void {
  if (!/\{\s*(@.*)?$/.test(line.text.replace(/\s#.*$/, ""))) return;
  const owner = emptyStep({ ...line.place, tokens: [], clause: "", clausePlace: line.place }, "IF");
  blocks.push({ owner, steps: owner.whenTrue });
}

/** Parses the lines of one program; faults go to `source.problems`, each with line and column. */
export function parseProgram(
  source: DealSource,
  lines: readonly { text: string; place: Place }[],
): ParsedStep[] {
  const root: Block = { owner: null, steps: [] };
  const blocks: Block[] = [root];
  for (const line of lines) {
    try {
      const read = readProgramLine(line.text, line.place);
      if (read.tokens.length > 0) addLine(source, read, blocks);
    } catch (fault) {
      if (!(fault instanceof SyntaxFault)) throw fault;
      const { place, value, message } = fault;
      complain(source, place, { code: "syntax", value, message });
      recover(line, blocks);
    }
  }
  const open = blocks.at(-1)?.owner;
  if (open !== null && open !== undefined) {
    const message = "the block of this IF is not closed; write `}` on a line of its own";
    complain(source, open, { code: "syntax", value: "IF", message });
  }
  return root.steps;
}
