/** Recursive descent over the words of one line; the grammar is that of the program notation. */
import type { Place } from "./deal-source.ts";
import type { BinaryOperator, ExpressionNode, NameNode } from "./program-syntax.ts";
import { SyntaxFault } from "./program-tokens.ts";
import type { ProgramLine, ProgramToken } from "./program-tokens.ts";

/** A position in one line's words. */
export interface Cursor {
  line: ProgramLine;
  at: number;
}

export function peek(cursor: Cursor): ProgramToken {
  const token = cursor.line.tokens[cursor.at];
  if (token !== undefined) return token;
  const last = cursor.line.tokens.at(-1);
  const column = last === undefined ? cursor.line.column : last.column + last.text.length;
  return { kind: "end", text: "", line: cursor.line.line, column };
}

export function take(cursor: Cursor): ProgramToken {
  const token = peek(cursor);
  cursor.at += 1;
  return token;
}

/** Takes the next word when it is `text`. */
export function accept(cursor: Cursor, text: string): ProgramToken | null {
  return peek(cursor).text === text && peek(cursor).kind !== "end" ? take(cursor) : null;
}

export function expect(cursor: Cursor, text: string, where: string): ProgramToken {
  const token = peek(cursor);
  if (token.text === text) return take(cursor);
  throw faultAt(token, `expected \`${text}\` ${where}`);
}

export function faultAt(token: ProgramToken, message: string): SyntaxFault {
  const found = token.kind === "end" ? "the line ends" : `found \`${token.text}\``;
  return new SyntaxFault(token, token.text, `${message}, ${found}`);
}

/** Words of the notation that cannot name anything. */
export const RESERVED = new Set(
  (
    "LET FEE INT PRIN FILL MOVE LOSS GAIN IF ELSE REST BUY PIK BOOK TEST SET " +
    "SEQ PRORATA CAP EACH UPTO TO FROM OF DR CR NOW AS and or not iff pct pctUp muldiv muldivUp " +
    "sumbal sumdue sumwritten sumcurrent pos min max ratio hist histSum histMean histMax histCount days " +
    "cureOC cureOCP cureBuy cureIC payDate period month phase purchasePrice none any"
  ).split(" "),
);

export function takeName(cursor: Cursor, what: string): NameNode {
  const token = peek(cursor);
  if (token.kind !== "word" || RESERVED.has(token.text)) {
    throw faultAt(token, `expected the name of ${what}`);
  }
  take(cursor);
  return { text: token.text, line: token.line, column: token.column };
}

/** How deep parentheses may nest, so that no text can exhaust the stack. */
const MAX_DEPTH = 50;

const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ["or"],
  ["and"],
  ["==", "!=", "<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/"],
];
const COMPARISON_LEVEL = 2;

/** Parses an expression as far as it reaches. @throws SyntaxFault where it cannot go on. */
export function parseExpression(cursor: Cursor): ExpressionNode {
  return parseLevel(cursor, { level: 0, depth: 0 });
}

interface Nesting {
  level: number;
  depth: number;
}

function parseLevel(cursor: Cursor, { level, depth }: Nesting): ExpressionNode {
  const operators = LEVELS[level];
  if (operators === undefined) return parseOperand(cursor, depth);
  if (level === COMPARISON_LEVEL) {
    const not = accept(cursor, "not");
    if (not !== null) {
      if (depth > MAX_DEPTH) throw faultAt(not, "this nests too deeply");
      const operand = parseLevel(cursor, { level, depth: depth + 1 });
      return { kind: "not", operand, ...placeOf(not) };
    }
  }
  let left = parseLevel(cursor, { level: level + 1, depth });
  for (;;) {
    const operator = operators.find((sign) => peek(cursor).text === sign);
    if (operator === undefined) return left;
    const sign = take(cursor);
    const right = parseLevel(cursor, { level: level + 1, depth });
    left = { kind: "binary", operator, left, right, ...placeOf(sign) };
    if (level === COMPARISON_LEVEL) return left;
  }
}

function placeOf({ line, column }: Place): Place {
  return { line, column };
}

function parseOperand(cursor: Cursor, depth: number): ExpressionNode {
  const token = peek(cursor);
  if (depth > MAX_DEPTH) throw faultAt(token, "this nests too deeply; name a part by a LET");
  if (token.kind === "number") {
    take(cursor);
    return { kind: "number", text: token.text, value: token.value ?? 0n, ...placeOf(token) };
  }
  if (accept(cursor, "(") !== null) {
    const inner = parseLevel(cursor, { level: 0, depth: depth + 1 });
    expect(cursor, ")", "to close the parenthesis");
    return inner;
  }
  if (token.kind === "text") {
    take(cursor);
    return { kind: "text", text: token.text.slice(1, -1), ...placeOf(token) };
  }
  if (accept(cursor, "[") !== null) {
    const items = parseItems(cursor, { depth, close: "]" });
    return { kind: "list", items, ...placeOf(token) };
  }
  if (token.kind !== "word") {
    throw faultAt(token, "expected an amount: a number, a name, a function or `(`");
  }
  take(cursor);
  if (accept(cursor, "(") === null) {
    return { kind: "reference", text: token.text, ...placeOf(token) };
  }
  const args = parseItems(cursor, { depth, close: ")" });
  return { kind: "call", name: token.text, args, ...placeOf(token) };
}

/** Arguments of a function or items of a list, up to the closing sign. */
function parseItems(
  cursor: Cursor,
  { depth, close }: { depth: number; close: ")" | "]" },
): ExpressionNode[] {
  const items: ExpressionNode[] = [];
  if (accept(cursor, close) !== null) return items;
  do {
    items.push(parseLevel(cursor, { level: 0, depth: depth + 1 }));
  } while (accept(cursor, ",") !== null);
  expect(cursor, close, close === ")" ? "after the arguments" : "after the list");
  return items;
}
