/** A finding with as little of the deal and the state around it as still shows a fault. */
import { compileDeal } from "../../server/deals/compile-deal.ts";
import type { DealTerms } from "../../server/deals/deal-terms.ts";
import { runWaterfall } from "../../server/waterfall/run-waterfall.ts";
import type { WaterfallState } from "../../server/waterfall/waterfall-state.ts";
import type { Contracts, GivenRun } from "./engine-calls.ts";
import { hexOfWords, inputOf } from "./fuzz-deal.ts";
import type { Finding } from "./fuzz-deal.ts";
import { nameDifference } from "./name-difference.ts";
import { brokenLaws } from "./run-laws.ts";

/** Whether a state of one deal is one of another. */
function fits(terms: DealTerms, { state, figures, extras }: GivenRun): boolean {
  const pairs: [readonly unknown[], readonly unknown[]][] = [
    [terms.classes, state.classes],
    [terms.accounts, state.accounts],
    [terms.fees, state.feesUnpaid],
    [terms.caps, state.capsUsed],
    [terms.ledgers, state.ledgers],
    [terms.variables, state.variables],
    [terms.triggers, state.triggers],
    [terms.series, state.series],
    [terms.figures, figures],
  ];
  return (
    pairs.every(([a, b]) => a.length === b.length) &&
    terms.indices.length + (terms.buys ? 1 : 0) === extras.length &&
    terms.series.every(({ depth }, i) => state.series[i]?.length === depth) &&
    state.phase < terms.phases.length
  );
}

/** What is wrong with a run of a deal file; null where nothing is, or where they do not fit. */
async function faultOf(
  contracts: Contracts,
  text: string,
  given: GivenRun,
): Promise<string | null> {
  const { deal } = compileDeal(text);
  if (deal === null || !fits(deal.terms, given)) return null;
  const { terms, bytes } = deal;
  const run = runWaterfall(inputOf(terms, given));
  const [there = ""] = await contracts.run(bytes, terms, [given]);
  const difference = nameDifference(terms, run, { there, here: hexOfWords(run.words) });
  return difference ?? brokenLaws(terms, given, run)[0]?.what ?? null;
}

/** Takes lines out of the programs, many at a time, then fewer, as long as the fault stays. */
async function shrinkLines(
  text: string,
  holds: (text: string) => Promise<boolean>,
): Promise<string> {
  let lines = text.split("\n");
  const first = lines.findIndex((line) => line.startsWith("programs:")) + 1;
  for (let size = lines.length - first; size >= 1; size = Math.floor(size / 2)) {
    for (let at = lines.length - size; at >= first; at -= 1) {
      const fewer = [...lines.slice(0, at), ...lines.slice(at + size)];
      if (await holds(fewer.join("\n"))) lines = fewer;
      at = Math.min(at, lines.length - size + 1);
    }
  }
  return lines.join("\n");
}

/** Every amount of a run that is not 0, each with a copy of the run in which it is. */
function withoutOne({ state, figures, extras, notices }: GivenRun): GivenRun[] {
  const zeroed = (list: readonly bigint[]) =>
    list.flatMap((value, i) => (value === 0n ? [] : [list.with(i, 0n)]));
  const lists = ["accounts", "feesUnpaid", "capsUsed", "ledgers", "variables", "triggers"] as const;
  const states: WaterfallState[] = [
    ...lists.flatMap((key) => zeroed(state[key]).map((list) => ({ ...state, [key]: list }))),
    ...state.series.flatMap((slots, i) =>
      zeroed(slots).map((list) => ({ ...state, series: state.series.with(i, list) })),
    ),
    ...state.classes.flatMap((one, i) =>
      (Object.keys(one) as (keyof typeof one)[])
        .filter((key) => one[key] !== 0n)
        .map((key) => ({ ...state, classes: state.classes.with(i, { ...one, [key]: 0n }) })),
    ),
  ];
  return [
    ...states.map((fewer) => ({ state: fewer, figures, extras, notices })),
    ...zeroed(figures).map((list) => ({ state, figures: list, extras, notices })),
    ...zeroed(extras).map((list) => ({ state, figures, extras: list, notices })),
    ...(notices === 0 ? [] : [{ state, figures, extras, notices: 0 }]),
  ];
}

async function shrinkRun(given: GivenRun, holds: (given: GivenRun) => Promise<boolean>) {
  for (const fewer of withoutOne(given)) {
    if (await holds(fewer)) return shrinkRun(fewer, holds);
  }
  return given;
}

/** The finding, smaller; one that is not of a run stays as it is. */
export async function shrinkFinding(contracts: Contracts, finding: Finding): Promise<Finding> {
  const { given } = finding;
  if (given === null) return finding;
  const text = await shrinkLines(finding.text, async (fewer) => {
    return (await faultOf(contracts, fewer, given)) !== null;
  });
  const small = await shrinkRun(given, async (fewer) => {
    return (await faultOf(contracts, text, fewer)) !== null;
  });
  const what = (await faultOf(contracts, text, small)) ?? finding.what;
  return { ...finding, what, text, given: small };
}

/** A finding to read and to run again: the seed, what differs, the run and the deal file. */
export function describeFinding({ seed, number, what, text, given }: Finding): string {
  const plain = (_: string, value: unknown) => (typeof value === "bigint" ? `${value}` : value);
  const run = given === null ? "" : `\n${JSON.stringify(given, plain)}`;
  return `seed ${seed}, deal ${number}: ${what}${run}\n${text}`;
}
