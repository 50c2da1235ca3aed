/**
 * Factors, rates and amounts per 1,000 as reports print them, beside what a run of the deal gives.
 * They are statistics and no waterfall pays them.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import type { ClassTerms, DealTerms } from "../../server/deals/deal-terms.ts";
import { formatDecimal, parseCents, parseDecimal } from "../../server/lib/money.ts";
import { mulDivHalfUp, WAD } from "../../server/lib/mul-div.ts";
import { readWords } from "../../server/waterfall/read-words.ts";
import type { ReplayedRun } from "../replay/compare-run.ts";
import type { BoundPeriod } from "../replay/bind-inputs.ts";
import type { FigureComparison } from "../replay/figure-comparison.ts";
import { readBoundInputs, readDeal } from "../replay/read-files.ts";
import { typescriptEngine } from "../replay/run-periods.ts";

const CLOSED = { additionalProperties: false } as const;
const byClass = <T extends ReturnType<typeof Type.String>>(entry: T) =>
  Type.Record(Type.String(), entry);
const Printed = Type.String({ pattern: "^[0-9]+[.][0-9]+$" });

const RatioDate = Type.Object(
  {
    inputs: Type.String(),
    period: Type.Integer({ minimum: 1 }),
    /** Report figure or named amount over an amount that the report names. */
    ratios: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Object(
          {
            of: Type.String(),
            /** 100: percent; 1,200: percent a year. */
            times: Type.Optional(Type.Integer({ minimum: 1 })),
            over: Type.String(),
            printed: Printed,
          },
          CLOSED,
        ),
      ),
    ),
    factors: Type.Optional(byClass(Printed)),
    principalPerThousand: Type.Optional(byClass(Printed)),
    interestPerThousand: Type.Optional(byClass(Printed)),
    /** Principal and interest together. */
    paymentPerThousand: Type.Optional(byClass(Printed)),
    /** By key: why the printed figure cannot be right. */
    contradictions: Type.Optional(byClass(Type.String())),
    /** Where the trustee divides before it rounds: by which balance, at which coupon, shared by whom. */
    unrounded: Type.Optional(
      Type.Object(
        {
          of: Type.Union([Type.Literal("current balance"), Type.Literal("original face")]),
          couponPercent: byClass(Printed),
          sharing: Type.Array(Type.Array(Type.String())),
        },
        CLOSED,
      ),
    ),
  },
  CLOSED,
);
const Ratios = Type.Object({ dates: Type.Array(RatioDate) }, CLOSED);
type RatioEntry = Static<typeof RatioDate>;

/** A ratio of integers, both exact. */
interface Fraction {
  numerator: bigint;
  divisor: bigint;
}

const plus = (a: Fraction, b: Fraction): Fraction => ({
  numerator: a.numerator * b.divisor + b.numerator * a.divisor,
  divisor: a.divisor * b.divisor,
});

/** One period of a deal with the report figures that it ran on. */
interface RatioRun extends ReplayedRun {
  bound: BoundPeriod;
}

function classOf({ terms }: RatioRun, name: string): { terms: ClassTerms; position: number } {
  const position = terms.classes.findIndex((each) => each.name === name);
  const found = terms.classes[position];
  if (found === undefined) throw new Error(`there is no class ${name}`);
  return { terms: found, position };
}

/** Face, balance before and what a class was paid, cents. */
function amountsOf(held: RatioRun, name: string) {
  const { terms, position } = classOf(held, name);
  return {
    face: terms.faceCents,
    before: held.before.classes[position]?.balance ?? 0n,
    after: held.run.state.classes[position]?.balance ?? 0n,
    principal: held.run.classes[position]?.principalPaid ?? 0n,
    interest: held.run.classes[position]?.interestPaid ?? 0n,
  };
}

function sumOf(held: RatioRun, names: readonly string[], part: "face" | "before" | "principal") {
  return names.reduce((sum, name) => sum + amountsOf(held, name)[part], 0n);
}

/** Year fraction of a class's accrual in this period. */
function accrualOf(held: RatioRun, name: string): Fraction {
  const { basis } = classOf(held, name).terms;
  const row = held.terms.calendar[held.bound.period - 1];
  return {
    numerator: BigInt(row?.numerators[basis] ?? 0),
    divisor: BigInt(held.terms.bases[basis] ?? 1),
  };
}

/** Interest and principal per unit of a class, nothing rounded: a pair holds its shares of one total. */
function unroundedOf(held: RatioRun, entry: NonNullable<RatioEntry["unrounded"]>, name: string) {
  const pair = entry.sharing.find((names) => names.includes(name)) ?? [name];
  const balance = sumOf(held, pair, "before");
  const unit = entry.of === "current balance" ? balance : sumOf(held, pair, "face");
  const { numerator, divisor } = accrualOf(held, name);
  const coupon = parseDecimal(entry.couponPercent[name] ?? "0.0", 16);
  return {
    interest: { numerator: balance * coupon * numerator, divisor: unit * WAD * divisor },
    principal: { numerator: sumOf(held, pair, "principal"), divisor: unit },
  };
}

/** Interest and principal of a class per unit of its original face, as paid. */
function roundedOf(held: RatioRun, name: string) {
  const { face, interest, principal } = amountsOf(held, name);
  return {
    interest: { numerator: interest, divisor: face },
    principal: { numerator: principal, divisor: face },
  };
}

/** The fraction with as many decimals as the printed text has, half up. */
function compareFraction(
  period: string,
  { key, printed, got }: { key: string; printed: string; got: Fraction },
): FigureComparison {
  const decimals = printed.length - printed.indexOf(".") - 1;
  const scaled = mulDivHalfUp(got.numerator, 10n ** BigInt(decimals), got.divisor);
  const text = formatDecimal(scaled, decimals);
  return { period, key, expected: printed, got: text, equal: text === printed, features: [] };
}

const thousand = ({ numerator, divisor }: Fraction): Fraction => ({
  numerator: numerator * 1_000n,
  divisor,
});

function comparePerThousand(held: RatioRun, entry: RatioEntry, period: string) {
  const { unrounded } = entry;
  const of = (name: string) =>
    unrounded === undefined ? roundedOf(held, name) : unroundedOf(held, unrounded, name);
  const compare = (
    what: string,
    printed: Readonly<Record<string, string>> | undefined,
    pick: (amounts: ReturnType<typeof of>) => Fraction,
  ) =>
    Object.entries(printed ?? {}).map(([name, text]) =>
      compareFraction(period, {
        key: `${what}.${name}`,
        printed: text,
        got: thousand(pick(of(name))),
      }),
    );
  return [
    ...compare("principalPerThousand", entry.principalPerThousand, ({ principal }) => principal),
    ...compare("interestPerThousand", entry.interestPerThousand, ({ interest }) => interest),
    ...compare("paymentPerThousand", entry.paymentPerThousand, (paid) =>
      plus(paid.interest, paid.principal),
    ),
  ];
}

/** A report figure, or the value of the LET with that name. */
function statedAmount({ terms, run, bound }: RatioRun, name: string): bigint {
  const figure = terms.figures.findIndex((each) => each.name === name);
  if (figure >= 0) return bound.figures[figure] ?? 0n;
  const first = terms.phases[run.phaseRun]?.firstStep ?? 0;
  const step = run.steps.findIndex((_, at) => terms.steps[first + at]?.label === name);
  const record = run.steps[step];
  if (record === undefined) throw new Error(`there is no figure or named amount ${name}`);
  return record.demand;
}

function compareDate(held: RatioRun, entry: RatioEntry): FigureComparison[] {
  const period = String(held.bound.period);
  const ratios = Object.entries(entry.ratios ?? {}).map(([key, { of, times, over, printed }]) =>
    compareFraction(period, {
      key,
      printed,
      got: {
        numerator: statedAmount(held, of) * BigInt(times ?? 1),
        divisor: parseCents(over),
      },
    }),
  );
  const factors = Object.entries(entry.factors ?? {}).map(([name, printed]) => {
    const { after, face } = amountsOf(held, name);
    const got = { numerator: after, divisor: face };
    return compareFraction(period, { key: `factor.${name}`, printed, got });
  });
  return [...ratios, ...factors, ...comparePerThousand(held, entry, period)].map((figure) => {
    const contradiction = entry.contradictions?.[figure.key];
    return contradiction === undefined ? figure : { ...figure, contradiction };
  });
}

/** Runs the file that an entry names up to the entry's period. */
async function runEntry(
  deal: { terms: DealTerms },
  bound: { state: ReplayedRun["before"]; periods: readonly BoundPeriod[] },
  period: number,
): Promise<RatioRun> {
  const engine = typescriptEngine(deal.terms);
  let before = bound.state;
  for (const each of bound.periods) {
    const run = readWords(deal.terms, await engine.run(before, each));
    if (each.period === period) return { terms: deal.terms, before, run, bound: each };
    before = run.state;
  }
  throw new Error(`there is no period ${period}`);
}

/**
 * Every ratio of `ratios.json`, from runs of the deal beside it.
 * @throws Error when the file is not of its shape or names what the deal does not have
 */
export async function compareRatios(folder: string): Promise<FigureComparison[]> {
  const file = path.join(folder, "ratios.json");
  const stated: unknown = JSON.parse(await readFile(file, "utf8"));
  const [fault] = Value.Errors(Ratios, stated);
  if (fault !== undefined) throw new Error(`${file}: ${fault.instancePath} ${fault.message}`);
  const deal = await readDeal(path.join(folder, "deal.yaml"));
  const figures: FigureComparison[] = [];
  for (const entry of (stated as Static<typeof Ratios>).dates) {
    const { bound } = await readBoundInputs(deal, path.join(folder, entry.inputs));
    figures.push(...compareDate(await runEntry(deal, bound, entry.period), entry));
  }
  return figures;
}
