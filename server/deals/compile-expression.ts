/** Infix program text -> postfix tokens, with every name resolved to its position. */
import { compileCall } from "./compile-call.ts";
import { compileReference } from "./compile-reference.ts";
import type { ValueUnit } from "./deal-notes.ts";
import type { Place } from "./deal-source.ts";
import type { Expression, ExpressionToken } from "./deal-terms.ts";
import { resolveName } from "./expression-scope.ts";
import type { Scope } from "./expression-scope.ts";
import type { ExpressionNode } from "./program-syntax.ts";
import { LIMITS, OPCODE } from "./terms-format.ts";

type Binary = Extract<ExpressionNode, { kind: "binary" }>;

const BINARIES: Readonly<Record<string, number>> = {
  "+": OPCODE.ADD,
  "-": OPCODE.SUB,
  "*": OPCODE.MUL,
  "==": OPCODE.EQ,
  "!=": OPCODE.NE,
  "<": OPCODE.LT,
  "<=": OPCODE.LE,
  ">": OPCODE.GT,
  ">=": OPCODE.GE,
  and: OPCODE.AND,
  or: OPCODE.OR,
};

const isPhase = (node: ExpressionNode) => node.kind === "reference" && node.text === "phase";

/** `phase == 'EARLY'`, the one place where a phase is named in an expression. */
function compilePhaseTest(scope: Scope, node: Binary): ExpressionToken[] {
  const { left, right, operator } = node;
  const [phaseNode, other] = isPhase(left) ? [left, right] : [right, left];
  const comparable = operator === "==" || operator === "!=";
  if (!comparable || other.kind !== "text") {
    scope.complain(phaseNode, "not-a-test", "phase", "compare the phase: `phase == 'EARLY'`");
    return [{ code: OPCODE.PHASE, operand: 0 }];
  }
  const what = { kind: "phase", name: other.text, place: other, written: `'${other.text}'` };
  const phase = resolveName(scope, scope.names.phases, what);
  return [
    { code: OPCODE.PHASE, operand: 0 },
    { code: OPCODE.CONST, operand: scope.literal(BigInt(phase), "count") },
    { code: operator === "==" ? OPCODE.EQ : OPCODE.NE, operand: 0 },
  ];
}

function compileBinary(scope: Scope, node: Binary): ExpressionToken[] {
  if (isPhase(node.left) || isPhase(node.right)) return compilePhaseTest(scope, node);
  if (node.operator === "/") {
    const message =
      "`/` stands in the test of a trigger only; write muldiv(a, b, c) or ratio(a, b)";
    scope.complain(node, "division", "/", message);
  }
  return [
    ...compileNode(scope, node.left),
    ...compileNode(scope, node.right),
    { code: BINARIES[node.operator] ?? OPCODE.ADD, operand: 0 },
  ];
}

/** The signs in a number tell how it is written. */
function unitOf(text: string): ValueUnit {
  if (text.includes("%")) return "rate";
  if (text.includes("-")) return "date";
  return text.includes(".") ? "money" : "count";
}

function compileLiteral(scope: Scope, node: ExpressionNode & { kind: "number" }): ExpressionToken {
  if (node.value >= 1n << 64n) {
    scope.complain(node, "too-large", node.text, `${node.text} is above 2^64 - 1`);
    return { code: OPCODE.CONST, operand: 0 };
  }
  return { code: OPCODE.CONST, operand: scope.literal(node.value, unitOf(node.text)) };
}

function compileNode(scope: Scope, node: ExpressionNode): ExpressionToken[] {
  switch (node.kind) {
    case "number":
      return [compileLiteral(scope, node)];
    case "reference":
      return compileReference(scope, node.text, node);
    case "call":
      return compileCall({ scope, call: node, compile: (inner) => compileNode(scope, inner) });
    case "not":
      return [...compileNode(scope, node.operand), { code: OPCODE.NOT, operand: 0 }];
    case "binary":
      return compileBinary(scope, node);
    default: {
      const value = node.kind === "text" ? `'${node.text}'` : "[";
      const message = "a text or list is no amount; write a number, a name or a function";
      scope.complain(node, "not-an-amount", value, message);
      return [];
    }
  }
}

/** Compiles one expression; names that do not exist are complained of and stand as 0. */
export function compileExpression(scope: Scope, node: ExpressionNode): Expression {
  return limited(scope, node, compileNode(scope, node));
}

/** Compiles weights one behind the other: the expression leaves one value each. */
export function compileWeights(scope: Scope, nodes: readonly ExpressionNode[]): Expression {
  const tokens = nodes.flatMap((node) => compileNode(scope, node));
  return nodes[0] === undefined ? tokens : limited(scope, nodes[0], tokens);
}

function limited(scope: Scope, place: Place, tokens: ExpressionToken[]): ExpressionToken[] {
  if (tokens.length > LIMITS.tokensPerExpression) {
    const message = `the expression compiles to ${tokens.length} tokens, above ${LIMITS.tokensPerExpression}; name parts of it by LET`;
    scope.complain(place, "too-long", "", message);
  }
  return tokens;
}
