import type { Range, SyntaxNode } from "./read-syntax.ts";
import { isNode, rangeOf, walk } from "./read-syntax.ts";

export interface YulVariant {
  operator: string;
  after: string;
  range: Range;
  render: (id: number, inner: string) => string;
}

type TextOf = (node: SyntaxNode) => string;

/** Yul has no conditional expression: both values are worked out, one is taken. */
export const PICK_SOURCE = `
  function mutantOn(mutant_id) -> mutant_on {
    let mutant_chosen := and(coinbase(), 0xffff)
    mutant_on := eq(mutant_chosen, mutant_id)
    if eq(mutant_chosen, 0xffff) {
      let mutant_kept := mload(0)
      mstore(0, mutant_id)
      pop(staticcall(gas(), 0xc0bEc0BEc0BeC0bEC0beC0bEC0bEC0beC0beC0BE, 0, 32, 0, 0))
      mstore(0, mutant_kept)
    }
  }
  function mutantPick(mutant_id, mutant_other, mutant_own) -> mutant_value {
    mutant_value := mutant_own
    if mutantOn(mutant_id) { mutant_value := mutant_other }
  }`.replace(/\s+/g, " ");

const not = (call: string): string => `iszero(${call})`;

/** What each operation may become; the arguments stay. */
const CALLS: Readonly<Record<string, readonly ((args: string) => string)[]>> = {
  lt: [(args) => not(`gt(${args})`), (args) => not(`lt(${args})`)],
  gt: [(args) => not(`lt(${args})`), (args) => not(`gt(${args})`)],
  slt: [(args) => not(`sgt(${args})`), (args) => not(`slt(${args})`)],
  sgt: [(args) => not(`slt(${args})`), (args) => not(`sgt(${args})`)],
  eq: [(args) => not(`eq(${args})`)],
  iszero: [(args) => not(`iszero(${args})`)],
  add: [(args) => `sub(${args})`],
  sub: [(args) => `add(${args})`],
  mul: [(args) => `div(${args})`],
  div: [(args) => `mul(${args})`],
  sdiv: [(args) => `div(${args})`],
  mod: [(args) => `div(${args})`],
  and: [(args) => `or(${args})`],
  or: [(args) => `and(${args})`],
  shl: [(args) => `shr(${args})`],
  shr: [(args) => `shl(${args})`],
  sar: [(args) => `shr(${args})`],
};
/** Reads and sums may be done twice; calls and functions of the block may not. */
const HARMLESS = new Set([
  ...[
    ...Object.keys(CALLS),
    "byte",
    "not",
    "signextend",
    "mload",
    "sload",
    "tload",
    "calldataload",
  ],
  ...["calldatasize", "returndatasize", "caller", "timestamp", "address", "gas", "keccak256"],
  ...["extcodesize", "smod", "exp", "xor"],
]);
const COUNTED = new Set([...Object.keys(CALLS), "byte"]);
const LEFT_IN = new Set(["revert", "return", "pop", "invalid", "stop"]);

const nameOf = (call: SyntaxNode): string =>
  String((call["functionName"] as SyntaxNode | undefined)?.["name"]);

function isHarmless(node: SyntaxNode): boolean {
  let harmless = true;
  walk(node, (inner) => {
    if (inner.nodeType === "YulFunctionCall" && !HARMLESS.has(nameOf(inner))) harmless = false;
  });
  return harmless;
}

const pickOf =
  (other: string) =>
  (id: number, inner: string): string =>
    `mutantPick(${id}, ${other}, ${inner})`;

/** What a node of an assembly block may become. */
export function yulVariants(
  node: SyntaxNode,
  parent: SyntaxNode | null,
  text: TextOf,
): YulVariant[] {
  const range = rangeOf(node);
  switch (node.nodeType) {
    case "YulFunctionCall": {
      if (!isHarmless(node)) return [];
      const args = (node["arguments"] as SyntaxNode[]).map(text).join(", ");
      return (CALLS[nameOf(node)] ?? []).map((change) => {
        const after = change(args);
        return { operator: `${nameOf(node)} changed`, after, range, render: pickOf(after) };
      });
    }
    case "YulLiteral": {
      const isCounted = parent?.nodeType === "YulFunctionCall" && COUNTED.has(nameOf(parent));
      if (!isCounted || node["kind"] !== "number") return [];
      const after = `add(${text(node)}, 1)`;
      return [{ operator: "one more", after, range, render: pickOf(after) }];
    }
    case "YulIf": {
      const condition = node["condition"] as SyntaxNode;
      const at = rangeOf(condition);
      return [{ operator: "no guard", after: "0", range: at, render: pickOf("0") }];
    }
    case "YulExpressionStatement": {
      const call = node["expression"] as SyntaxNode;
      if (LEFT_IN.has(nameOf(call))) return [];
      const render = (id: number, inner: string): string =>
        `if iszero(mutantOn(${id})) { ${inner} }`;
      return [{ operator: "left out", after: "", range, render }];
    }
    case "YulAssignment": {
      const names = node["variableNames"] as SyntaxNode[];
      const value = node["value"];
      const [only] = names;
      if (names.length !== 1 || only === undefined || !isNode(value)) return [];
      if (parent?.nodeType === "YulForLoop") return [];
      const own = text(only);
      return [{ operator: "left out", after: "", range: rangeOf(value), render: pickOf(own) }];
    }
    default:
      return [];
  }
}
