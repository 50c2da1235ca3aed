import type { SourceFile, SyntaxNode } from "../mutate/read-syntax.ts";
import { isNode, rangeOf, walk } from "../mutate/read-syntax.ts";
import type { Edit } from "../mutate/rewrite-source.ts";

/** One way out of a decision, or one value of an operand of && and ||. */
export interface Branch {
  /** Stable while the source around it stays: file, function, condition, arm, and its place among equals. */
  key: string;
  file: string;
  line: number;
  kind: BranchKind;
  /** The condition as the source has it, on one line. */
  text: string;
  arm: string;
}

export type BranchKind = "decision" | "operand" | "function";

/** Each branch by the number that its probe reports; the edits put the probes in. */
export interface Probes {
  branches: Branch[];
  edits: Edit[];
}

const LOGICAL = new Set(["&&", "||"]);
const GUARDS = new Set(["require", "assert"]);

/**
 * Every branch of a file. A decision is the condition of an if, a loop, a ternary, a require or an assert,
 * a case of a Yul switch or a clause of a try: each of its outcomes is a branch. The operands of && and ||
 * count apart, two outcomes each; so do functions, one branch: entered.
 * @param first the number of the first branch
 */
export function findBranches({ file, source, tree }: SourceFile, first: number): Probes {
  const branches: Branch[] = [];
  const edits: Edit[] = [];
  const seen = new Map<string, number>();

  function add(node: SyntaxNode, at: { kind: BranchKind; arms: string[]; owner: string }): number {
    const { start, end } = rangeOf(node);
    const text = source.toString("utf8", start, end).replace(/\s+/g, " ").trim();
    const line = source.subarray(0, start).filter((byte) => byte === 10).length + 1;
    const id = first + branches.length;
    const stem = `${file} ${at.owner}: ${at.kind === "function" ? "" : text}`.trimEnd();
    const count = (seen.get(stem) ?? 0) + 1;
    seen.set(stem, count);
    const nth = count === 1 ? "" : ` #${count}`;
    for (const arm of at.arms) {
      branches.push({ key: `${stem}${nth} -> ${arm}`, file, line, kind: at.kind, text, arm });
    }
    return id;
  }

  function probeCondition(node: SyntaxNode, kind: BranchKind, owner: string): void {
    if (node.nodeType === "Literal" || node.nodeType === "YulLiteral") return;
    const id = add(node, { kind, arms: ["false", "true"], owner });
    const render = node.nodeType.startsWith("Yul")
      ? (inner: string) => `probeBranch(${id}, ${inner})`
      : // Nothing lies on the stack while the condition is worked out: there is no room for more in places.
        (inner: string) => `(${inner} ? Probe.yes(${id + 1}) : Probe.no(${id}))`;
    edits.push({ ...rangeOf(node), render });
  }

  /** A block that begins with a probe of its own. */
  function probeBlock(block: SyntaxNode, probe: string): void {
    edits.push({ ...rangeOf(block), render: (inner) => `{ ${probe} ${inner.slice(1)}` });
  }

  function probeCases(node: SyntaxNode, owner: string): void {
    const cases = node["cases"] as SyntaxNode[];
    const expression = node["expression"] as SyntaxNode;
    const names = cases.map((one) => {
      const value = one["value"];
      return isNode(value) ? `case ${String(value["value"])}` : "default";
    });
    const hasDefault = names.includes("default");
    const arms = hasDefault ? names : [...names, "no case"];
    const id = add(expression, { kind: "decision", arms, owner });
    cases.forEach((one, i) => probeBlock(one["body"] as SyntaxNode, `probeHit(${id + i})`));
    if (hasDefault) return;
    const otherwise = ` default { probeHit(${id + cases.length}) }`;
    edits.push({ ...rangeOf(node), render: (inner) => inner + otherwise });
  }

  function probeClauses(node: SyntaxNode, owner: string): void {
    const clauses = node["clauses"] as SyntaxNode[];
    const arms = clauses.map((clause, i) =>
      i === 0 ? "success" : `catch ${String(clause["errorName"])}`.trimEnd(),
    );
    const id = add(node["externalCall"] as SyntaxNode, { kind: "decision", arms, owner });
    clauses.forEach((clause, i) =>
      probeBlock(clause["block"] as SyntaxNode, `Probe.hit(${id + i});`),
    );
  }

  walk(tree, (node, parents) => {
    const owner = ownerOf(parents);
    switch (node.nodeType) {
      case "VariableDeclaration":
        // A constant is worked out by the compiler.
        return node["stateVariable"] !== true;
      case "FunctionDefinition":
        if (isNode(node["body"])) {
          const named = ownerOf([...parents, node]);
          const id = add(node, { kind: "function", arms: ["entered"], owner: named });
          probeBlock(node["body"], `Probe.hit(${id});`);
        }
        return true;
      case "IfStatement":
      case "WhileStatement":
      case "DoWhileStatement":
      case "ForStatement":
      case "Conditional":
      case "YulIf":
      case "YulForLoop":
        if (isNode(node["condition"])) probeCondition(node["condition"], "decision", owner);
        return true;
      case "FunctionCall": {
        const called = node["expression"] as SyntaxNode;
        const [condition] = node["arguments"] as SyntaxNode[];
        if (GUARDS.has(String(called["name"])) && condition !== undefined) {
          probeCondition(condition, "decision", owner);
        }
        return true;
      }
      case "BinaryOperation":
        if (LOGICAL.has(String(node["operator"]))) {
          for (const side of ["leftExpression", "rightExpression"]) {
            const operand = node[side] as SyntaxNode;
            if (!LOGICAL.has(String(operand["operator"]))) {
              probeCondition(operand, "operand", owner);
            }
          }
        }
        return true;
      case "TryStatement":
        probeClauses(node, owner);
        return true;
      case "YulSwitch":
        probeCases(node, owner);
        return true;
      default:
        return true;
    }
  });
  return { branches, edits: [...declareInAssemblies(tree, source), ...edits] };
}

/** Contract and function that a node stands in. */
function ownerOf(parents: readonly SyntaxNode[]): string {
  const contract = parents.find(({ nodeType }) => nodeType === "ContractDefinition");
  const within = parents.findLast(({ nodeType }) =>
    ["FunctionDefinition", "ModifierDefinition"].includes(nodeType),
  );
  const named = [contract?.["name"], within === undefined ? "" : nameOf(within)];
  return named.filter((name) => name !== undefined && name !== "").join(".");
}

function nameOf(definition: SyntaxNode): string {
  return String(definition["name"]) || String(definition["kind"]);
}

/** Yul calls no function of a library: each assembly block that has branches gets the probes of its own. */
function declareInAssemblies(tree: SyntaxNode, source: Buffer): Edit[] {
  const edits: Edit[] = [];
  walk(tree, (node) => {
    if (node.nodeType !== "InlineAssembly") return true;
    const block = node["AST"] as SyntaxNode;
    let isNeeded = false;
    walk(block, ({ nodeType }) => {
      if (["YulIf", "YulForLoop", "YulSwitch"].includes(nodeType)) isNeeded = true;
    });
    const { start, end } = rangeOf(block);
    if (source[start] !== "{".charCodeAt(0)) throw new Error(`no block at ${start}`);
    const render = (inner: string): string => `{ ${YUL_PROBES} ${inner.slice(1)}`;
    if (isNeeded) edits.push({ start, end, render });
    return false;
  });
  return edits;
}

/** Word 0 is scratch space that the block may be using. */
const YUL_PROBES = `
  function probeHit(probe_id) {
    let probe_kept := mload(0)
    mstore(0, probe_id)
    pop(staticcall(gas(), 0xc0bEc0BEc0BeC0bEC0beC0bEC0bEC0beC0beC0BE, 0, 32, 0, 0))
    mstore(0, probe_kept)
  }
  function probeBranch(probe_id, probe_condition) -> probe_same {
    probeHit(add(probe_id, iszero(iszero(probe_condition))))
    probe_same := probe_condition
  }`.replace(/\s+/g, " ");

/** The library that the probes of Solidity call; the simulator collects what its address is called with. */
export const PROBE_SOURCE = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

library Probe {
    function hit(uint256 probe) internal view {
        assembly ("memory-safe") {
            let kept := mload(0)
            mstore(0, probe)
            pop(staticcall(gas(), 0xc0bEc0BEc0BeC0bEC0beC0bEC0bEC0beC0beC0BE, 0, 32, 0, 0))
            mstore(0, kept)
        }
    }

    function yes(uint256 probe) internal view returns (bool) {
        hit(probe);
        return true;
    }

    function no(uint256 probe) internal view returns (bool) {
        hit(probe);
        return false;
    }
}
`;
