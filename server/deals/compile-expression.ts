/** Infix program text -> postfix tokens, with every name resolved to its position. */
import type { Expression, ExpressionToken } from "./deal-terms.ts";
import type { Place } from "./deal-source.ts";
import type { ExpressionNode } from "./program-syntax.ts";
import { LIMITS, OPCODE } from "./terms-format.ts";
import type { Operation } from "./terms-format.ts";

/** Positions of everything that has a name, in the order of the deal file. */
export interface DealNames {
  classes: ReadonlyMap<string, number>;
  fees: ReadonlyMap<string, number>;
  accounts: ReadonlyMap<string, number>;
  caps: ReadonlyMap<string, number>;
  figures: ReadonlyMap<string, number>;
  constants: ReadonlyMap<string, number>;
  payees: ReadonlyMap<string, number>;
}

export interface LetName {
  slot: number;
  /** The IF branch that it stands in; a LET is known in its own branch and those within. */
  branch: number;
}

/** What an expression may name at the place where it stands. */
export interface Scope {
  names: DealNames;
  /** Null in the condition of a transition: LETs and steps belong to a program. */
  lets: Map<string, LetName> | null;
  steps: Map<string, { index: number; operation: Operation }> | null;
  /** Open branches, outermost first. */
  branches: number[];
  /** Position of a literal among the constants. */
  literal(value: bigint): number;
  complain(place: Place, code: string, value: string, message: string): void;
}

const CLASS_REFERENCES: Readonly<Record<string, number>> = {
  bal: OPCODE.BAL,
  bal0: OPCODE.BAL0,
  written: OPCODE.WRITTEN,
  final: OPCODE.FINAL,
};

const CALLS: Readonly<Record<string, { arity: number; code: number; form: string }>> = {
  pos: { arity: 1, code: OPCODE.POS, form: "pos(x)" },
  pct: { arity: 2, code: OPCODE.PCT, form: "pct(x, rate)" },
  pctUp: { arity: 2, code: OPCODE.PCTUP, form: "pctUp(x, rate)" },
  muldiv: { arity: 3, code: OPCODE.MULDIV, form: "muldiv(a, b, c)" },
  muldivUp: { arity: 3, code: OPCODE.MULDIVUP, form: "muldivUp(a, b, c)" },
  min: { arity: 2, code: OPCODE.MIN, form: "min(a, b)" },
  max: { arity: 2, code: OPCODE.MAX, form: "max(a, b)" },
};

const BINARIES: Readonly<Record<string, number>> = {
  "+": OPCODE.ADD,
  "-": OPCODE.SUB,
  "==": OPCODE.EQ,
  "!=": OPCODE.NE,
  "<": OPCODE.LT,
  "<=": OPCODE.LE,
  ">": OPCODE.GT,
  ">=": OPCODE.GE,
  and: OPCODE.AND,
  or: OPCODE.OR,
};

const PREFIXES = "bal bal0 due due0 acct acct0 capLeft p k paid lost written final".split(" ");

function known(names: Iterable<string>): string {
  return [...names].join(", ") || "none";
}

/** Position of a name, or 0 with a problem that lists what there is. */
export function resolveName(
  scope: Scope,
  names: ReadonlyMap<string, number>,
  what: { kind: string; name: string; place: Place; written?: string },
): number {
  const index = names.get(what.name);
  if (index !== undefined) return index;
  const message = `there is no ${what.kind} \`${what.name}\`; known: ${known(names.keys())}`;
  scope.complain(what.place, "unknown-name", what.written ?? what.name, message);
  return 0;
}

function compileDue(scope: Scope, reference: Reference): ExpressionToken {
  const { name, place, prefix } = reference;
  const fee = scope.names.fees.get(name);
  const running = prefix === "due";
  if (fee !== undefined) return { code: running ? OPCODE.FDUE : OPCODE.FDUE0, operand: fee };
  const all = new Map([...scope.names.classes, ...scope.names.fees]);
  const written = `${reference.prefix}.${name}`;
  const operand = resolveName(scope, all, { kind: "class or fee", name, place, written });
  return { code: running ? OPCODE.DUE : OPCODE.DUE0, operand };
}

interface Reference {
  prefix: string;
  name: string;
  place: Place;
}

function compileStepReference(scope: Scope, reference: Reference): ExpressionToken {
  const { prefix, name, place } = reference;
  const step = scope.steps?.get(name);
  if (step === undefined) {
    const where = scope.steps === null ? "in a transition" : "above this line";
    const message = `there is no step labelled \`AS ${name}\` ${where} in this program`;
    scope.complain(place, "unknown-name", `${prefix}.${name}`, message);
    return { code: OPCODE.PAID, operand: 0 };
  }
  if (prefix === "lost" && step.operation !== "LOSS" && step.operation !== "GAIN") {
    const message = `lost.${name} is what a LOSS or GAIN could not place; ${name} is a ${step.operation}`;
    scope.complain(place, "wrong-step", `lost.${name}`, message);
  }
  return { code: prefix === "paid" ? OPCODE.PAID : OPCODE.LOST, operand: step.index };
}

function compileBare(scope: Scope, name: string, place: Place): ExpressionToken {
  if (name === "payDate") return { code: OPCODE.PAYDAY, operand: 0 };
  const named = scope.lets?.get(name);
  if (named === undefined) {
    const lets = scope.lets === null ? "none in a transition" : known(scope.lets.keys());
    const message = `there is no amount \`${name}\` above this line; known: ${lets}`;
    scope.complain(place, "unknown-name", name, message);
  } else if (!scope.branches.includes(named.branch)) {
    const message = `\`${name}\` is named inside an IF and unknown outside it; name it before the IF`;
    scope.complain(place, "out-of-branch", name, message);
  }
  return { code: OPCODE.LET, operand: named?.slot ?? 0 };
}

function compileReference(scope: Scope, text: string, place: Place): ExpressionToken {
  const [prefix = "", name] = text.split(".");
  if (name === undefined) return compileBare(scope, text, place);
  const { names } = scope;
  const classCode = CLASS_REFERENCES[prefix];
  if (classCode !== undefined) {
    return {
      code: classCode,
      operand: resolveName(scope, names.classes, { kind: "class", name, place, written: text }),
    };
  }
  if (prefix === "due" || prefix === "due0") return compileDue(scope, { prefix, name, place });
  if (prefix === "paid" || prefix === "lost") {
    return compileStepReference(scope, { prefix, name, place });
  }
  if (prefix === "acct" || prefix === "acct0") {
    const code = prefix === "acct" ? OPCODE.ACCT : OPCODE.ACCT0;
    return {
      code,
      operand: resolveName(scope, names.accounts, { kind: "account", name, place, written: text }),
    };
  }
  if (prefix === "capLeft") {
    const operand = resolveName(scope, names.caps, { kind: "cap", name, place, written: text });
    return { code: OPCODE.CAPLEFT, operand };
  }
  if (prefix === "p") {
    const operand = resolveName(scope, names.figures, {
      kind: "reported figure",
      name,
      place,
      written: text,
    });
    return { code: OPCODE.FIGURE, operand };
  }
  if (prefix === "k") {
    const operand = resolveName(scope, names.constants, {
      kind: "constant",
      name,
      place,
      written: text,
    });
    return { code: OPCODE.CONST, operand };
  }
  const forms = PREFIXES.map((form) => `${form}.`).join(" ");
  scope.complain(place, "unknown-name", text, `\`${text}\` names nothing; use one of ${forms}`);
  return { code: OPCODE.CONST, operand: 0 };
}

type Call = Extract<ExpressionNode, { kind: "call" }>;

/** sumbal, sumdue, sumwritten: the arguments are names, the operand a bit mask. */
function compileSum(scope: Scope, call: Call): ExpressionToken[] {
  const masks = { classes: 0, fees: 0 };
  if (call.args.length === 0) {
    scope.complain(call, "arity", call.name, `${call.name} needs at least one name`);
  }
  for (const arg of call.args) {
    const name = arg.kind === "reference" ? arg.text : "";
    const fee = call.name === "sumdue" ? scope.names.fees.get(name) : undefined;
    const kind = call.name === "sumdue" ? "class or fee" : "class";
    const index = fee ?? resolveName(scope, scope.names.classes, { kind, name, place: arg });
    if (fee === undefined && !scope.names.classes.has(name)) continue;
    const set = fee === undefined ? "classes" : "fees";
    if ((masks[set] & (1 << index)) !== 0) {
      scope.complain(arg, "repeated-name", name, `\`${name}\` is counted twice in ${call.name}`);
    }
    masks[set] |= 1 << index;
  }
  const tokens: ExpressionToken[] = [];
  const classCode = { sumbal: OPCODE.SUMBAL, sumdue: OPCODE.SUMDUE, sumwritten: OPCODE.SUMWRITTEN };
  const code = classCode[call.name as keyof typeof classCode];
  if (masks.classes !== 0) tokens.push({ code, operand: masks.classes });
  if (masks.fees !== 0) tokens.push({ code: OPCODE.SUMFDUE, operand: masks.fees });
  if (tokens.length === 2) tokens.push({ code: OPCODE.ADD, operand: 0 });
  return tokens;
}

function compileIff(scope: Scope, args: readonly ExpressionNode[]): ExpressionToken[] {
  const [condition = [], yes = [], no = []] = args.map((arg) => compileNode(scope, arg));
  return [
    ...condition,
    { code: OPCODE.JZ, operand: yes.length + 1 },
    ...yes,
    { code: OPCODE.JMP, operand: no.length },
    ...no,
  ];
}

function compileCall(scope: Scope, call: Call): ExpressionToken[] {
  if (["sumbal", "sumdue", "sumwritten"].includes(call.name)) return compileSum(scope, call);
  const form =
    call.name === "iff" ? { arity: 3, code: 0, form: "iff(test, a, b)" } : CALLS[call.name];
  if (form === undefined) {
    const functions = [...Object.keys(CALLS), "iff", "sumbal", "sumdue", "sumwritten"].join(", ");
    const message = `there is no function \`${call.name}\`; known: ${functions}`;
    scope.complain(call, "unknown-name", call.name, message);
    return [];
  }
  const folds = call.name === "min" || call.name === "max";
  const fits = folds ? call.args.length >= 2 : call.args.length === form.arity;
  if (!fits) {
    const message = `${call.name} has ${call.args.length} arguments; write ${form.form}`;
    scope.complain(call, "arity", call.name, message);
    return [];
  }
  if (call.name === "iff") return compileIff(scope, call.args);
  const args = call.args.map((arg) => compileNode(scope, arg));
  if (!folds) return [...args.flat(), { code: form.code, operand: 0 }];
  const [first = [], ...others] = args;
  return [...first, ...others.flatMap((other) => [...other, { code: form.code, operand: 0 }])];
}

function compileLiteral(scope: Scope, node: ExpressionNode & { kind: "number" }): ExpressionToken {
  if (node.value >= 1n << 64n) {
    scope.complain(node, "too-large", node.text, `${node.text} is above 2^64 - 1`);
    return { code: OPCODE.CONST, operand: 0 };
  }
  return { code: OPCODE.CONST, operand: scope.literal(node.value) };
}

function compileNode(scope: Scope, node: ExpressionNode): ExpressionToken[] {
  switch (node.kind) {
    case "number":
      return [compileLiteral(scope, node)];
    case "reference":
      return [compileReference(scope, node.text, node)];
    case "call":
      return compileCall(scope, node);
    case "not":
      return [...compileNode(scope, node.operand), { code: OPCODE.NOT, operand: 0 }];
    case "binary":
      return [
        ...compileNode(scope, node.left),
        ...compileNode(scope, node.right),
        { code: BINARIES[node.operator] ?? 0, operand: 0 },
      ];
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
