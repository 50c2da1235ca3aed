import type { Range, SourceFile, SyntaxNode } from "./read-syntax.ts";
import { isNode, rangeOf, walk } from "./read-syntax.ts";
import type { Edit } from "./rewrite-source.ts";
import { PICK_SOURCE, yulVariants } from "./yul-mutants.ts";

/** One small fault that the rewritten contracts can be made to have. */
export interface Mutant {
  id: number;
  file: string;
  line: number;
  /** The function that it stands in. */
  functionName: string;
  operator: string;
  before: string;
  after: string;
  /** Its place among mutants of the function that read alike, from 1. */
  nth: number;
}

export interface Mutants {
  mutants: Mutant[];
  edits: Edit[];
}

const BINARY: Readonly<Record<string, readonly string[]>> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "==": ["!="],
  "!=": ["=="],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "%": ["/"],
  "&&": ["||"],
  "||": ["&&"],
  "&": ["|"],
  "|": ["&"],
  "^": ["&"],
  "<<": [">>"],
  ">>": ["<<"],
};
const ASSIGNED: Readonly<Record<string, string>> = {
  "+=": "-=",
  "-=": "+=",
  "*=": "/=",
  "/=": "*=",
  "|=": "&=",
  "&=": "|=",
  "<<=": ">>=",
  ">>=": "<<=",
};
const RELATIONS = new Set(["<", "<=", ">", ">=", "==", "!="]);
const NEAR_BOUNDS = new Set([...RELATIONS, "+", "-"]);
/** Where the stack has no room to work out both values of an operation. */
const FULL_STACKS = new Set(["contracts/waterfall/WaterfallExpressions.sol"]);
const INTEGER = /^u?int\d*$/;
const COMPILED = /^(int_const|rational_const|literal_string|tuple|function|type\()/;

const typeOf = (node: SyntaxNode): string =>
  (node["typeDescriptions"] as { typeString?: string } | undefined)?.typeString ?? "";

/** The mutants of one file; each is off until the block's coinbase ends with its id. */
export class MutantFinder {
  readonly mutants: Mutant[] = [];
  readonly #edits: Edit[] = [];
  readonly #file: SourceFile;
  readonly #first: number;
  readonly #seen = new Map<string, number>();
  #functionName = "";

  constructor(file: SourceFile, first: number) {
    this.#file = file;
    this.#first = first;
  }

  find(): Mutants {
    this.#below(this.#file.tree, null);
    return { mutants: this.mutants, edits: this.#edits };
  }

  #text({ start, end }: Range): string {
    return this.#file.source.toString("utf8", start, end);
  }

  #line(byte: number): number {
    return this.#file.source.subarray(0, byte).filter((value) => value === 10).length + 1;
  }

  #add(operator: string, range: Range, after: string): number {
    const id = this.#first + this.mutants.length;
    const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();
    const [old, changed] = [oneLine(this.#text(range)), oneLine(after)];
    const stem = `${this.#functionName} ${operator} ${old} ${changed}`;
    const nth = (this.#seen.get(stem) ?? 0) + 1;
    this.#seen.set(stem, nth);
    this.mutants.push({
      id,
      file: this.#file.file,
      line: this.#line(range.start),
      functionName: this.#functionName,
      operator,
      before: old,
      after: changed,
      nth,
    });
    return id;
  }

  /** An expression that is another one in the mutant. */
  #replace(operator: string, node: SyntaxNode, after: string, type = ""): void {
    const range = rangeOf(node);
    const id = this.#add(operator, range, after);
    const typed = (text: string): string => (type === "" ? `(${text})` : `${type}(${text})`);
    const render = (inner: string): string =>
      `(Mutant.on(${id}) ? ${typed(after)} : ${typed(inner)})`;
    this.#edits.push({ ...range, render });
  }

  #below(node: SyntaxNode, parent: SyntaxNode | null): void {
    if (node.nodeType === "VariableDeclaration" && node["stateVariable"] === true) return;
    if (node.nodeType === "RevertStatement") return;
    if (node.nodeType === "InlineAssembly") return this.#assembly(node);
    const outer = this.#functionName;
    if (node.nodeType === "FunctionDefinition" || node.nodeType === "ModifierDefinition") {
      this.#functionName = String(node["name"]) || String(node["kind"]);
    }
    this.#visit(node, parent);
    for (const child of Object.values(node).flat().filter(isNode)) this.#below(child, node);
    this.#functionName = outer;
  }

  #visit(node: SyntaxNode, parent: SyntaxNode | null): void {
    switch (node.nodeType) {
      case "BinaryOperation":
        return this.#binary(node);
      case "Literal":
        if (parent !== null) this.#literal(node, parent);
        return;
      case "IfStatement":
        this.#guard(node);
        return this.#condition(node["condition"] as SyntaxNode);
      case "Conditional":
      case "WhileStatement":
      case "DoWhileStatement":
      case "ForStatement":
        if (isNode(node["condition"])) this.#condition(node["condition"]);
        return;
      case "ExpressionStatement":
      case "EmitStatement":
        if (parent?.nodeType !== "ForStatement") this.#statement(node);
        return;
      case "FunctionCall":
        return this.#swapArguments(node);
      default:
    }
  }

  #binary(node: SyntaxNode): void {
    if (COMPILED.test(typeOf(node))) return;
    const operator = String(node["operator"]);
    const left = this.#text(rangeOf(node["leftExpression"] as SyntaxNode));
    const right = this.#text(rangeOf(node["rightExpression"] as SyntaxNode));
    for (const other of BINARY[operator] ?? []) {
      this.#replace(`${operator} to ${other}`, node, `(${left}) ${other} (${right})`);
    }
    if (operator !== "&&" && operator !== "||") return;
    this.#condition(node["leftExpression"] as SyntaxNode);
    this.#condition(node["rightExpression"] as SyntaxNode);
  }

  /** What no relation decides: calls, variables and their negations. */
  #condition(node: SyntaxNode): void {
    if (node.nodeType === "BinaryOperation" || node.nodeType === "Literal") return;
    if (node.nodeType === "TupleExpression") return;
    const text = this.#text(rangeOf(node));
    const isNegated = node.nodeType === "UnaryOperation" && node["operator"] === "!";
    const after = isNegated
      ? this.#text(rangeOf(node["subExpression"] as SyntaxNode))
      : `!(${text})`;
    this.#replace("negate", node, after);
  }

  /** if (...) revert or return: never. */
  #guard(node: SyntaxNode): void {
    const body = node["trueBody"] as SyntaxNode;
    const [only, ...more] =
      body.nodeType === "Block" ? (body["statements"] as SyntaxNode[]) : [body];
    if (isNode(node["falseBody"]) || only === undefined || more.length > 0) return;
    if (!["RevertStatement", "Return", "Continue", "Break"].includes(only.nodeType)) return;
    this.#replace("no guard", node["condition"] as SyntaxNode, "false");
  }

  #literal(node: SyntaxNode, parent: SyntaxNode): void {
    if (node["kind"] !== "number" || isNode(node["subdenomination"])) return;
    if (typeof node["subdenomination"] === "string") return;
    const value = Number(node["value"]);
    const type = literalType(node, parent);
    if (type === null) return;
    const text = this.#text(rangeOf(node));
    this.#replace("one more", node, `${text} + 1`, type);
    const isNear = NEAR_BOUNDS.has(String(parent["operator"]));
    if (value > 0 && isNear) this.#replace("one less", node, `${text} - 1`, type);
  }

  /** Left out, or with the other compound assignment. */
  #statement(node: SyntaxNode): void {
    const expression = node["expression"] as SyntaxNode | undefined;
    const target = expression?.["leftHandSide"];
    // The compiler wants a pointer to be set on every path.
    if (isNode(target) && /storage pointer|calldata/.test(typeOf(target))) return;
    const { start, end } = rangeOf(node);
    const semicolon = this.#file.source.indexOf(";", end - 1);
    const range = { start, end: semicolon + 1 };
    const id = this.#add("left out", range, "");
    const render = (inner: string): string => `{ if (!Mutant.on(${id})) { ${inner} } }`;
    this.#edits.push({ ...range, render });
    const other = ASSIGNED[String(expression?.["operator"])];
    if (expression?.nodeType !== "Assignment" || other === undefined) return;
    const place = this.#text(rangeOf(target as SyntaxNode));
    const value = this.#text(rangeOf(expression["rightHandSide"] as SyntaxNode));
    const after = `${place} ${other} ${value};`;
    const swapped = this.#add(`${String(expression["operator"])} to ${other}`, range, after);
    this.#edits.push({
      ...range,
      render: (inner) => `{ if (Mutant.on(${swapped})) { ${after} } else { ${inner} } }`,
    });
  }

  #swapArguments(node: SyntaxNode): void {
    const list = node["arguments"] as SyntaxNode[];
    for (const [i, left] of list.entries()) {
      const right = list[i + 1];
      if (right === undefined || typeOf(left) !== typeOf(right)) continue;
      if (COMPILED.test(typeOf(left)) || typeOf(left) === "") continue;
      const [a, b] = [this.#text(rangeOf(left)), this.#text(rangeOf(right))];
      // A call in the place of another argument may find its own arguments too deep in the stack.
      if (a === b || `${a}${b}`.includes("(")) continue;
      const range = { start: rangeOf(left).start, end: rangeOf(right).end };
      const id = this.#add("swapped", range, `${b}, ${a}`);
      const pick = (other: string) => (inner: string) => `(Mutant.on(${id}) ? ${other} : ${inner})`;
      this.#edits.push({ ...rangeOf(left), render: pick(b) });
      this.#edits.push({ ...rangeOf(right), render: pick(a) });
    }
  }

  /** Names of the block that are pointers to storage or calldata: the compiler wants them set on every path. */
  #pointersIn(assembly: SyntaxNode): Set<string> {
    const references = assembly["externalReferences"] as { declaration: number; src: string }[];
    const declared = new Set<unknown>();
    walk(this.#file.tree, (node) => {
      if (node.nodeType !== "VariableDeclaration") return;
      const place = String(node["storageLocation"]);
      if (place === "storage" || place === "calldata") declared.add(node["id"]);
    });
    const pointers = references.filter(({ declaration }) => declared.has(declaration));
    return new Set(
      pointers.map(({ src }) =>
        this.#text(rangeOf({ nodeType: "YulIdentifier", src })).replace(/\..*/, ""),
      ),
    );
  }

  #assembly(node: SyntaxNode): void {
    const block = node["AST"] as SyntaxNode;
    const found: Edit[] = [];
    const pointers = this.#pointersIn(node);
    const isFull = FULL_STACKS.has(this.#file.file);
    walk(block, (inner, parents) => {
      const above = parents.at(-1) ?? null;
      if (inner.nodeType === "YulAssignment" && pointers.has(nameOfFirst(inner))) return;
      const variants = yulVariants(inner, above, (one) => this.#text(rangeOf(one)));
      for (const { operator, after, range, render } of variants) {
        if (isFull && !/^(left out|no guard|one more)$/.test(operator)) continue;
        const id = this.#add(operator, range, after);
        found.push({ ...range, render: (text) => render(id, text) });
      }
    });
    if (found.length === 0) return;
    const declare = (inner: string): string => `{ ${PICK_SOURCE} ${inner.slice(1)}`;
    this.#edits.push({ ...rangeOf(block), render: declare }, ...found);
  }
}

const nameOfFirst = (assignment: SyntaxNode): string =>
  String((assignment["variableNames"] as SyntaxNode[])[0]?.["name"]).replace(/\..*/, "");

/** The type that keeps a literal what it was when it stands in a conditional; null when it must stay alone. */
function literalType(node: SyntaxNode, parent: SyntaxNode): string | null {
  if (parent.nodeType === "BinaryOperation") {
    if (COMPILED.test(typeOf(parent))) return null;
    const isShift =
      String(parent["operator"]).length === 2 && !RELATIONS.has(String(parent["operator"]));
    if (isShift && ["<<", ">>", "**"].includes(String(parent["operator"]))) {
      return parent["rightExpression"] === node ? "uint256" : typeOf(parent);
    }
    const common = String((parent["commonType"] as { typeString?: unknown }).typeString);
    return INTEGER.test(common) ? common : null;
  }
  if (parent.nodeType === "IndexAccess") {
    const base = typeOf(parent["baseExpression"] as SyntaxNode);
    return base.startsWith("mapping(") && !base.startsWith("mapping(uint") ? null : "uint256";
  }
  if (parent.nodeType === "Assignment") {
    const target = typeOf(parent["leftHandSide"] as SyntaxNode);
    return INTEGER.test(target) ? target : null;
  }
  return parent.nodeType === "FunctionCall" ? parameterType(node, parent) : null;
}

/** The type that a called function gives the argument, when it is an integer's. */
function parameterType(argument: SyntaxNode, call: SyntaxNode): string | null {
  const listed = /^function \(([^()]*)\)/.exec(typeOf(call["expression"] as SyntaxNode));
  if (call["kind"] !== "functionCall" || listed === null) return null;
  const types = (listed[1] ?? "").split(",");
  const list = call["arguments"] as SyntaxNode[];
  // A function that a type was given with `using` lists the value that it is called on, too.
  const type = types[types.length - list.length + list.indexOf(argument)] ?? "";
  return INTEGER.test(type) ? type : null;
}

/** The last two bytes of the coinbase name the mutant that is on; all ones ask which mutants are reached. */
export const MUTANT_SOURCE = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

library Mutant {
    function on(uint256 id) internal view returns (bool is_on) {
        assembly ("memory-safe") {
            let chosen := and(coinbase(), 0xffff)
            is_on := eq(chosen, id)
            if eq(chosen, 0xffff) {
                let kept := mload(0)
                mstore(0, id)
                pop(staticcall(gas(), 0xc0bEc0BEc0BeC0bEC0beC0bEC0bEC0beC0beC0BE, 0, 32, 0, 0))
                mstore(0, kept)
            }
        }
    }
}
`;
