/** Names of a deal file, and expressions that stand outside programs. */
import { isScalar } from "yaml";
import { complain, complainAt, readEntries, readText } from "./deal-source.ts";
import type { Field } from "./deal-source.ts";
import { faultAt, parseExpression, peek, RESERVED } from "./parse-expression.ts";
import type { ExpressionNode, NameNode } from "./program-syntax.ts";
import { readProgramLine, SyntaxFault } from "./program-tokens.ts";

export const NAME = /^[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*$/;

/** Complains of a name that programs could not speak. */
export function checkName(name: string, field: Field): void {
  if (NAME.test(name) && name.length <= 32 && !RESERVED.has(name)) return;
  const instead =
    "write a letter, then letters, digits, _ or single dashes, at most 32, no word of the notation";
  complainAt({ ...field, node: null }, "bad-name", `"${name}" cannot be a name; ${instead}`);
}

/** A map of named entries. Names are plain words, so that programs can speak them. */
export function readNamed<T>(
  field: Field | undefined,
  limit: number,
  read: (name: string, entry: Field) => T,
): T[] {
  const all = [...readEntries(field)];
  for (const [name, entry] of all) checkName(name, entry);
  if (field !== undefined && all.length > limit) {
    complainAt(field, "too-many", `${all.length} entries; the limit is ${limit}`);
  }
  return all.map(([name, entry]) => read(name, entry));
}

/** A name that something else of the deal has, with its place. */
export function readName(field: Field | undefined): NameNode | undefined {
  const text = readText(field);
  return field === undefined || text === undefined ? undefined : { text, ...field.place };
}

/** An expression in program notation; null (and a problem) where it cannot be read. */
export function readExpression(field: Field | undefined): ExpressionNode | null {
  const text = readText(field);
  if (field === undefined || text === undefined) return null;
  const quoted = isScalar(field.node) && field.node.type !== "PLAIN";
  const { line, column } = field.place;
  try {
    const place = { line, column: column + (quoted ? 1 : 0) };
    const cursor = { line: readProgramLine(text, place), at: 0 };
    const node = parseExpression(cursor);
    if (peek(cursor).kind !== "end") {
      throw faultAt(peek(cursor), "expected the end of the expression");
    }
    return node;
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
    const { place, value } = fault;
    // Unquoted, YAML ends a text at a comma inside { } and the rest becomes a key.
    const cut = !quoted && text.split("(").length > text.split(")").length;
    const instead = cut ? "; write the whole expression in quotes" : "";
    const message = `${field.path}: ${fault.message}${instead}`;
    complain(field.source, place, { code: "syntax", value, message });
    return null;
  }
}

/** As readExpression; a fault leaves the number 0 in its place, so that reading can go on. */
export function readExpressionOrZero(field: Field): ExpressionNode {
  return readExpression(field) ?? { kind: "number", text: "0", value: 0n, ...field.place };
}
