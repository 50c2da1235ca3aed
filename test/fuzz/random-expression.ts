/** Random expressions in program notation, over the names that a deal has at the place where they stand. */
import { formatCents } from "../../server/lib/money.ts";
import type { DealShape } from "./deal-shape.ts";
import type { Draw } from "./random-draw.ts";

/** When an expression is evaluated; each later one knows what the earlier ones know. */
const STAGES = ["coupon", "fee", "around", "program"] as const;
export type Stage = (typeof STAGES)[number];

/** What the lines above have named, in a program. */
export interface Named {
  lets: string[];
  /** Labels of steps; those of LOSS, GAIN and BOOK have a `lost.` too. */
  labels: string[];
  losses: string[];
}

export interface Writer {
  /** An amount of any kind. */
  amount(): string;
  /** An amount such as a program asks for: a balance, a claim, what is in an account. */
  plain(): string;
  /** A condition. */
  test(): string;
  /** The same writer without `capLeft.`. */
  uncapped(): Writer;
}

const each = (prefixes: readonly string[], names: readonly string[]) =>
  prefixes.flatMap((prefix) => names.map((name) => `${prefix}.${name}`));

const namesOf = (list: readonly { name: string }[]) => list.map(({ name }) => name);

/** What every expression may read. */
function earlyNames(shape: DealShape): string[] {
  const { classes, accounts, facilities, figures, triggers } = shape;
  const names = namesOf(classes);
  const cash = [...namesOf(accounts), ...facilities];
  return [
    ...each(["bal", "written", "final", "face"], names),
    ...each(["acct"], cash),
    ...each(["drawn", "undrawn"], facilities),
    ...each(["p"], ["poolOpening", "poolClosing", "loanCount", "availableFunds"]),
    ...each(["p"], namesOf(figures)),
    ...each(["index"], [...shape.reportIndices, ...shape.feeds]),
    ...each(["k"], ["cutOffBalance", ...namesOf(shape.constants)]),
    ...each(["ledger"], shape.ledgers),
    ...each(["notice"], shape.notices),
    ...each(["trig"], [...namesOf(triggers), ...(triggers.length > 0 ? ["any"] : [])]),
    ...each(["deferred"], namesOf(classes.filter(({ defers }) => defers))),
    ...each(["carryOver"], namesOf(classes.filter(({ carriesOver }) => carriesOver))),
    ...each(["pik"], namesOf(classes.filter(({ capitalises }) => capitalises))),
    ...["payDate", "period", "month"],
    ...(shape.buys ? ["purchasePrice"] : []),
  ];
}

const accruedNames = (shape: DealShape) =>
  each(["due", "due0", "current", "rate"], namesOf(shape.classes));

function snapshotNames(shape: DealShape): string[] {
  const cash = [...namesOf(shape.accounts), ...shape.facilities];
  const caps = new Set(shape.fees.flatMap(({ capLeft }) => capLeft ?? []));
  return [
    ...each(["bal0"], namesOf(shape.classes)),
    ...each(["acct0"], cash),
    ...each(["due", "due0"], namesOf(shape.fees)),
    ...each(["capLeft"], [...caps]),
  ];
}

function literal(draw: Draw): string {
  switch (draw.below(8)) {
    case 0:
    case 1:
      return `${draw.below(6)}`;
    case 2:
    case 3:
      return formatCents(draw.bits(40));
    case 4:
    case 5:
      return draw.pick(["0 %", "1.5 %", "12.5 %", "99 %", "100 %", "250 %", "0.0001 %"]);
    case 6:
      return `${draw.bits(63)}`;
    default:
      return draw.pick([`${2n ** 64n - 1n}`, "1", "2031-03-17", "0", `${2n ** 63n}`]);
  }
}

/** Functions that an expression of this stage may call, each with its arguments. */
type Call = () => string;

function listCalls(draw: Draw, shape: DealShape, stage: Stage): Call[] {
  const classes = namesOf(shape.classes);
  const some = () => draw.some(classes).join(", ");
  const calls: Call[] = [
    () => `${draw.pick(["sumbal", "sumwritten"])}(${some()})`,
    () => `sumbal([${some()}])`,
  ];
  if (stage === "coupon") return calls;
  const due = () => {
    const fees = stage === "fee" ? [] : namesOf(shape.fees);
    return `sumdue(${draw.some([...classes, ...fees]).join(", ")})`;
  };
  return [...calls, due, () => `sumcurrent(${some()})`];
}

function historyCalls(draw: Draw, shape: DealShape): Call[] {
  const periods = () => (draw.chance(0.1) ? 1 + draw.below(12) : 1 + draw.below(3));
  const calls: Call[] = [
    () => {
      const { dayCount, accrualDates } = draw.pick(shape.bases);
      return `days('${dayCount}', ${accrualDates})`;
    },
  ];
  if (shape.series.length === 0) return calls;
  const series = () => draw.pick(shape.series);
  return [
    ...calls,
    () => `hist(${series()}, ${periods() - 1})`,
    () =>
      `${draw.pick(["histSum", "histMean", "histMax", "histCount"])}(${series()}, ${periods()})`,
  ];
}

function coverageCalls(draw: Draw, shape: DealShape, node: Call): Call[] {
  const four = () => `${node()}, ${node()}, ${draw.pick(["105", "120", "1", node()])}, 100`;
  return [
    () => `${draw.pick(["cureOC", "cureOCP", "cureBuy"])}(${four()})`,
    () => `cureBuy(${four()}, 99 %)`,
    () => {
      const list = draw.some(namesOf(shape.classes)).join(", ");
      return `cureIC(${node()}, [${list}], ${draw.pick(["120, 100", "1, 1", `${node()}, ${node()}`])})`;
    },
  ];
}

function operators(draw: Draw, node: Call, test: Call): Call[] {
  const divisor = () =>
    draw.chance(0.6) ? draw.pick(["k.cutOffBalance", "100", "12", "3"]) : node();
  // A number that stands for a rate has its sign.
  const rate = () => node().replace(/^([\d.-]+|face\..*)$/, "7.5 %");
  return [
    () => `(${node()} ${draw.pick(["+", "-", "+", "-", "+", "-", "*"])} ${node()})`,
    () => `${draw.pick(["min", "max"])}(${node()}, ${node()})`,
    () => `${draw.pick(["pct", "pctUp"])}(${node()}, ${rate()})`,
    () => `${draw.pick(["muldiv", "muldivUp"])}(${node()}, ${node()}, ${divisor()})`,
    () => `ratio(${node()}, ${divisor()})`,
    () => `pos(${node()})`,
    () => `iff(${test()}, ${node()}, ${node()})`,
    () => `min(${node()}, ${node()}, ${node()})`,
  ];
}

function plainNames(shape: DealShape, stage: Stage): string[] {
  const classes = namesOf(shape.classes);
  return [
    ...each(stage === "coupon" ? ["bal"] : ["bal", "due"], classes),
    ...each(["acct"], namesOf(shape.accounts)),
    `pos(sumbal(${classes.join(", ")}) - p.poolClosing)`,
    `sumbal(${classes.join(", ")})`,
    "p.poolClosing",
  ];
}

/** A writer of expressions of one stage; in a program, over what the lines above have named. */
export function expressionWriter(
  draw: Draw,
  shape: DealShape,
  at: { stage: Stage; named?: Named; capped?: boolean },
): Writer {
  const { stage, named = { lets: [], labels: [], losses: [] }, capped = true } = at;
  const level = STAGES.indexOf(stage);
  const fixed = [
    ...earlyNames(shape),
    ...(level > 0 ? accruedNames(shape) : []),
    ...(level > 1 ? snapshotNames(shape) : []),
  ].filter((name) => capped || !name.startsWith("capLeft."));
  const names = () => [
    ...fixed,
    ...named.lets,
    ...each(["paid"], named.labels),
    ...each(["lost"], named.losses),
  ];
  const leafCalls = [...listCalls(draw, shape, stage), ...historyCalls(draw, shape)];
  const leaf = (): string => {
    if (named.lets.length > 0 && draw.chance(0.15)) return draw.pick(named.lets);
    if (draw.chance(0.3)) return literal(draw);
    return draw.chance(0.25) ? draw.pick(leafCalls)() : draw.pick(names());
  };
  const node = (depth: number): string => {
    if (depth === 0 || draw.chance(0.35)) return leaf();
    const inner = () => node(depth - 1);
    const calls = operators(draw, inner, () => test(depth - 1));
    if (level > 0) calls.push(...coverageCalls(draw, shape, inner).slice(0, 1 + draw.below(3)));
    return draw.pick(calls)();
  };
  const test = (depth: number): string => {
    const inner = () => node(Math.max(0, depth - 1));
    if (depth > 0 && draw.chance(0.25)) {
      const both = () => test(depth - 1);
      return draw.chance(0.3)
        ? `not (${both()})`
        : `((${both()}) ${draw.pick(["and", "or"])} (${both()}))`;
    }
    if (draw.chance(0.2))
      return `phase ${draw.pick(["==", "!="])} '${draw.pick(shape.phases).name}'`;
    const facts = names().filter((name) => /^(trig|notice)\./.test(name));
    if (facts.length > 0 && draw.chance(0.3)) return draw.pick(facts);
    return `${inner()} ${draw.pick(["==", "!=", "<", "<=", ">", ">="])} ${inner()}`;
  };
  const bracketed = (text: string) =>
    / (==|!=|<|<=|>|>=|and|or) /.test(text) ? `(${text})` : text;
  return {
    amount: () => node(3),
    plain: () => (draw.chance(0.5) ? draw.pick(plainNames(shape, stage)) : node(2)),
    test: () => bracketed(test(2)),
    uncapped: () => expressionWriter(draw, shape, { ...at, capped: false }),
  };
}
