/** The functions of program text -> tokens. */
import { DAY_COUNTS } from "../lib/day-counts.ts";
import { WAD } from "../lib/mul-div.ts";
import { ACCRUAL_DATES } from "./deal-file.ts";
import type { ExpressionToken } from "./deal-terms.ts";
import { checkStage, resolveName } from "./expression-scope.ts";
import type { Scope } from "./expression-scope.ts";
import type { ExpressionNode } from "./program-syntax.ts";
import { instead, meantPercent } from "./suggest-instead.ts";
import { LIMITS, OPCODE } from "./terms-format.ts";

export type Call = Extract<ExpressionNode, { kind: "call" }>;

/** A call, and how to compile what is inside it. */
interface Work {
  scope: Scope;
  call: Call;
  compile(node: ExpressionNode): ExpressionToken[];
}

interface CallForm {
  /** How the function is written; its commas give the number of arguments. */
  form: string;
  compile(work: Work): ExpressionToken[];
  /** Last argument that may be left out, or repeated. */
  last?: "optional" | "repeated";
}

const token = (code: number, operand = 0): ExpressionToken => ({ code, operand });

/** Arguments left to right, then one operator. */
function apply(form: string, code: number): CallForm {
  return {
    form,
    compile: ({ call, compile }) => [...call.args.flatMap(compile), token(code)],
  };
}

/** A share of an amount: a rate has its sign, or 0.02 would be two cents. */
function percentOf(form: string, code: number): CallForm {
  const plain = apply(form, code);
  return {
    form,
    compile: (work) => {
      const rate = work.call.args[1];
      if (rate?.kind === "number" && rate.value !== 0n && !rate.text.includes("%")) {
        const meant = meantPercent(rate.text) ?? "2 %";
        const message = `${work.call.name} takes a rate, and a rate has its sign; write ${meant}`;
        work.scope.complain(rate, "wrong-unit", rate.text, message);
      }
      return plain.compile(work);
    },
  };
}

/** min and max of two or more. */
function fold(form: string, code: number): CallForm {
  return {
    form,
    last: "repeated",
    compile: ({ call, compile }) =>
      call.args.flatMap((arg, i) => [...compile(arg), ...(i === 0 ? [] : [token(code)])]),
  };
}

/** A function that stands for a longer expression of the same notation. */
function expand(
  form: string,
  build: (args: ExpressionNode[], at: Call) => ExpressionNode,
): CallForm {
  return { form, compile: ({ call, compile }) => compile(build(call.args, call)) };
}

function callOf(at: Call, name: string, ...args: ExpressionNode[]): ExpressionNode {
  return { kind: "call", name, args, line: at.line, column: at.column };
}

function binary(
  at: Call,
  operator: "-" | "*",
  ...[left, right]: [ExpressionNode, ExpressionNode]
): ExpressionNode {
  return { kind: "binary", operator, left, right, line: at.line, column: at.column };
}

type Four = [ExpressionNode, ExpressionNode, ExpressionNode, ExpressionNode, ExpressionNode?];

const CALLS: Readonly<Record<string, CallForm>> = {
  pos: apply("pos(x)", OPCODE.POS),
  pct: percentOf("pct(x, rate)", OPCODE.PCT),
  pctUp: percentOf("pctUp(x, rate)", OPCODE.PCTUP),
  muldiv: apply("muldiv(a, b, c)", OPCODE.MULDIV),
  muldivUp: apply("muldivUp(a, b, c)", OPCODE.MULDIVUP),
  min: fold("min(a, b)", OPCODE.MIN),
  max: fold("max(a, b)", OPCODE.MAX),
  iff: { form: "iff(test, a, b)", compile: compileIff },
  ratio: { form: "ratio(a, b)", compile: compileRatio },
  sumbal: { form: "sumbal(A, B)", last: "repeated", compile: compileSum },
  sumdue: { form: "sumdue(A, B)", last: "repeated", compile: compileSum },
  sumwritten: { form: "sumwritten(A, B)", last: "repeated", compile: compileSum },
  sumcurrent: { form: "sumcurrent(A, B)", last: "repeated", compile: compileSum },
  hist: { form: "hist(series, periods ago)", compile: compileHistory },
  histSum: { form: "histSum(series, periods)", compile: compileHistory },
  histMean: { form: "histMean(series, periods)", compile: compileHistory },
  histMax: { form: "histMax(series, periods)", compile: compileHistory },
  histCount: { form: "histCount(series, periods)", compile: compileHistory },
  days: { form: "days('ACT/360', adjusted)", compile: compileDays },
  cureOC: expand("cureOC(collateral, notes, 125, 100)", (args, at) => {
    const [n, d, tn, td] = args as Four;
    return callOf(at, "pos", binary(at, "-", d, callOf(at, "muldiv", n, td, tn)));
  }),
  cureOCP: expand("cureOCP(collateral, notes, 125, 100)", (args, at) => {
    const [n, d, tn, td] = args as Four;
    const need = callOf(at, "pos", binary(at, "-", binary(at, "*", tn, d), binary(at, "*", td, n)));
    const one: ExpressionNode = { kind: "number", text: "1", value: 1n, ...place(at) };
    return callOf(at, "muldivUp", need, one, binary(at, "-", tn, td));
  }),
  cureBuy: {
    ...expand("cureBuy(collateral, notes, 125, 100, price)", (args, at) => {
      const [n, d, tn, td, price] = args as Four;
      const par = callOf(at, "pos", binary(at, "-", callOf(at, "muldivUp", d, tn, td), n));
      return price === undefined ? par : callOf(at, "pctUp", par, price);
    }),
    last: "optional",
  },
  cureIC: { form: "cureIC(collections, [A, B], 120, 100)", compile: compileCureIC },
};

const place = ({ line, column }: Call) => ({ line, column });

function compileIff({ call, compile }: Work): ExpressionToken[] {
  const [condition = [], yes = [], no = []] = call.args.map(compile);
  return [
    ...condition,
    token(OPCODE.JZ, yes.length + 1),
    ...yes,
    token(OPCODE.JMP, no.length),
    ...no,
  ];
}

/** a / b as a rate, 1e18 = 100 %, toward minus infinity. */
function compileRatio({ scope, call, compile }: Work): ExpressionToken[] {
  const [a = [], b = []] = call.args.map(compile);
  return [...a, token(OPCODE.CONST, scope.literal(WAD, "rate")), ...b, token(OPCODE.SMULDIV)];
}

/** Names in a call: plain words, in a list or not, in quotes or not. */
function namesIn(nodes: readonly ExpressionNode[]): { name: string; node: ExpressionNode }[] {
  return nodes.flatMap((node) => {
    if (node.kind === "list") return namesIn(node.items);
    const named = node.kind === "reference" || node.kind === "text";
    return [{ name: named ? node.text : "", node }];
  });
}

/** Bit masks of the classes and fees that a call names. */
function masksOf(
  { scope, call }: Work,
  nodes: readonly ExpressionNode[],
  withFees: boolean,
): { classes: number; fees: number } {
  const masks = { classes: 0, fees: 0 };
  for (const { name, node } of namesIn(nodes)) {
    const fee = withFees ? scope.names.fees.get(name) : undefined;
    const kind = withFees ? "class or fee" : "class";
    const what = { kind, name, place: node };
    const index = fee ?? resolveName(scope, scope.names.classes, what);
    if (fee === undefined && !scope.names.classes.has(name)) continue;
    const set = fee === undefined ? "classes" : "fees";
    if ((masks[set] & (1 << index)) !== 0) {
      scope.complain(node, "repeated-name", name, `\`${name}\` is counted twice in ${call.name}`);
    }
    masks[set] |= 1 << index;
  }
  return masks;
}

const SUM_CODES: Readonly<Record<string, number>> = {
  sumbal: OPCODE.SUMBAL,
  sumdue: OPCODE.SUMDUE,
  sumwritten: OPCODE.SUMWRITTEN,
};

function compileSum(work: Work): ExpressionToken[] {
  const tokens = sumTokens(work);
  checkStage(work.scope, tokens, { text: work.call.name, place: work.call });
  return tokens;
}

function sumTokens(work: Work): ExpressionToken[] {
  const { call } = work;
  const { classes, fees } = masksOf(work, call.args, call.name === "sumdue");
  const code = SUM_CODES[call.name];
  if (code === undefined) return sumCurrent(classes);
  const tokens: ExpressionToken[] = [];
  if (classes !== 0) tokens.push(token(code, classes));
  if (fees !== 0) tokens.push(token(OPCODE.SUMFDUE, fees));
  if (tokens.length === 2) tokens.push(token(OPCODE.ADD));
  return tokens;
}

function sumCurrent(mask: number): ExpressionToken[] {
  const classes = Array.from({ length: LIMITS.classes }, (_, i) => i).filter(
    (i) => mask & (1 << i),
  );
  return classes.flatMap((id, i) => [
    token(OPCODE.CURRENT, id),
    ...(i === 0 ? [] : [token(OPCODE.ADD)]),
  ]);
}

/** The whole number that an argument is, or undefined with a problem. */
function wholeArgument({ scope, call }: Work, least: number): number | undefined {
  const node = call.args[1];
  if (node?.kind === "number" && /^\d+$/.test(node.text)) {
    const value = Number(node.value);
    const most = least === 0 ? LIMITS.seriesDepth - 1 : LIMITS.seriesDepth;
    if (value >= least && value <= most) return value;
  }
  const message = `${call.name} needs a whole number of periods from ${least} to ${LIMITS.seriesDepth}`;
  scope.complain(node ?? call, "bad-value", node?.kind === "number" ? node.text : "", message);
  return undefined;
}

const HISTORY_CODES: Readonly<Record<string, number>> = {
  hist: OPCODE.HIST,
  histMax: OPCODE.HISTMAX,
  histSum: OPCODE.HISTSUM,
  histCount: OPCODE.HISTCOUNT,
};

function compileHistory(work: Work): ExpressionToken[] {
  const { scope, call } = work;
  const [named] = namesIn(call.args.slice(0, 1));
  const what = { kind: "series", name: named?.name ?? "", place: named?.node ?? call };
  const series = resolveName(scope, scope.names.series, what);
  const periods = wholeArgument(work, call.name === "hist" ? 0 : 1);
  if (periods === undefined || !scope.names.series.has(what.name)) return [token(OPCODE.CONST)];
  // hist counts back from this period, whose value a series keeps too.
  scope.useSeries(series, call.name === "hist" ? periods + 1 : periods);
  const operand = (series << 8) | periods;
  const code = HISTORY_CODES[call.name];
  if (code !== undefined) return [token(code, operand)];
  const one = token(OPCODE.CONST, scope.literal(1n, "count"));
  return [
    token(OPCODE.HISTSUM, operand),
    one,
    token(OPCODE.HISTCOUNT, operand),
    one,
    token(OPCODE.MAX), // without a value yet the mean is 0, not a division by zero
    token(OPCODE.SMULDIV),
  ];
}

function compileDays({ scope, call }: Work): ExpressionToken[] {
  const [first, second] = namesIn(call.args);
  const dayCount = DAY_COUNTS.find((known) => known === first?.name);
  const accrualDates = ACCRUAL_DATES.find((known) => known === second?.name);
  if (dayCount === undefined || accrualDates === undefined) {
    const message =
      `write days('ACT/360', adjusted): a day count (${DAY_COUNTS.join(", ")}) and dates ` +
      `(${ACCRUAL_DATES.join(", ")})`;
    scope.complain(call, "bad-value", "days", message);
    return [token(OPCODE.CONST)];
  }
  return [token(OPCODE.DAYS, scope.basis({ dayCount, accrualDates }))];
}

function compileCureIC(work: Work): ExpressionToken[] {
  const { scope, call, compile } = work;
  const [n, list, tn, td] = call.args as Four;
  const { classes } = masksOf(work, [list], false);
  const cure = token(OPCODE.CUREIC, classes);
  checkStage(scope, [cure], { text: call.name, place: call });
  return [...[n, tn, td].flatMap(compile), cure];
}

/** How many arguments a form takes, at least and at most. */
function arityOf({ form, last }: CallForm): { least: number; most: number } {
  const inner = form.replace(/\[.*?\]/, "list");
  const count = inner.split(",").length;
  if (last === "repeated") return { least: form.startsWith("sum") ? 1 : count, most: 99 };
  return { least: last === "optional" ? count - 1 : count, most: count };
}

/** Tokens of a call; a function that does not exist is complained of and leaves nothing. */
export function compileCall(work: Work): ExpressionToken[] {
  const { scope, call } = work;
  const form = Object.hasOwn(CALLS, call.name) ? CALLS[call.name] : undefined;
  if (form === undefined) {
    const message = `there is no function \`${call.name}\`; ${instead(call.name, Object.keys(CALLS))}known: ${Object.keys(CALLS).join(", ")}`;
    scope.complain(call, "unknown-name", call.name, message);
    return [];
  }
  const { least, most } = arityOf(form);
  if (call.args.length < least || call.args.length > most) {
    const message = `${call.name} has ${call.args.length} arguments; write ${form.form}`;
    scope.complain(call, "arity", call.name, message);
    return [];
  }
  return form.compile(work);
}
