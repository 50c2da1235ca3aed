/** A run beside what an inputs file expects of it: every expected figure, equal or not. */
import type { DealTerms } from "../../server/deals/deal-terms.ts";
import { parsePercent } from "../../server/deals/read-amounts.ts";
import { formatCents, parseCents } from "../../server/lib/money.ts";
import { formatPercent } from "../../server/lib/money.ts";
import type { RecordedRun, RecordedStep } from "../../server/waterfall/read-words.ts";
import { isInBreach } from "../../server/waterfall/trigger-lane.ts";
import type { BoundPeriod } from "./bind-inputs.ts";
import { exercisedFeatures } from "./exercised-features.ts";
import type { FigureComparison } from "./figure-comparison.ts";
import type { ExpectedAmount } from "./inputs-schema.ts";
import type { WaterfallState } from "../../server/waterfall/waterfall-state.ts";

/** One period as an engine ran it. */
export interface ReplayedRun {
  terms: DealTerms;
  before: WaterfallState;
  run: RecordedRun;
}

/** The record of the labelled step in the program that ran; null when that program has none. */
function labelledStep({ terms, run }: ReplayedRun, label: string): RecordedStep | null {
  const { firstStep, stepCount } = terms.phases[run.phaseRun] ?? { firstStep: 0, stepCount: 0 };
  const steps = terms.steps.slice(firstStep, firstStep + stepCount);
  return run.steps[steps.findIndex((step) => step.label === label)] ?? null;
}

/** What the run gave for one name of a section, cents; null where the run has no such thing. */
type Read = (replayed: ReplayedRun, name: string) => bigint | null;

const indexOf = (entries: readonly { name: string }[], name: string): number =>
  entries.findIndex((entry) => entry.name === name);

const classPart =
  (part: "balance" | "shortfall" | "written" | "deferred" | "carryOver" | "pik"): Read =>
  ({ terms, run }, name) =>
    run.state.classes[indexOf(terms.classes, name)]?.[part] ?? null;

const classResult =
  (part: "interestPaid" | "interestDue" | "principalPaid"): Read =>
  ({ terms, run }, name) =>
    run.classes[indexOf(terms.classes, name)]?.[part] ?? null;

const READERS = {
  due: (replayed, name) => labelledStep(replayed, name)?.demand ?? null,
  paid: (replayed, name) => labelledStep(replayed, name)?.paid ?? null,
  interestDue: classResult("interestDue"),
  interest: classResult("interestPaid"),
  principal: classResult("principalPaid"),
  balances: classPart("balance"),
  shortfalls: classPart("shortfall"),
  written: classPart("written"),
  deferred: classPart("deferred"),
  carryOver: classPart("carryOver"),
  capitalised: classPart("pik"),
  accounts: ({ terms, run }, name) => run.state.accounts[indexOf(terms.accounts, name)] ?? null,
  ledgers: ({ terms, run }, name) => run.state.ledgers[indexOf(terms.ledgers, name)] ?? null,
  feesUnpaid: ({ terms, run }, name) => run.state.feesUnpaid[indexOf(terms.fees, name)] ?? null,
  payees: ({ terms, run }, name) => run.payees[terms.payees.indexOf(name)] ?? null,
} as const satisfies Record<string, Read>;

type Section = keyof typeof READERS;

/** A stated amount or, with its sign, a rate: how it is read, and how the run's is written. */
function unitOf(text: string): { read(text: string): bigint; write(value: bigint): string } {
  if (!text.endsWith("%")) return { read: parseCents, write: formatCents };
  return { read: parsePercent, write: (rate) => `${formatPercent(rate)}%` };
}

function compareAmount(
  period: string,
  { key, expected, got }: { key: string; expected: ExpectedAmount; got: bigint | null },
): Omit<FigureComparison, "features"> {
  const marked = typeof expected === "string" ? { value: expected } : expected;
  const { read, write } = unitOf(marked.value);
  const wanted = read(marked.value);
  return {
    period,
    key,
    expected: write(wanted),
    got: got === null ? "not-run" : write(got),
    equal: got === wanted,
    ...("basis" in marked && marked.basis !== undefined ? { basis: marked.basis } : {}),
    ...("contradiction" in marked && marked.contradiction !== undefined
      ? { contradiction: marked.contradiction }
      : {}),
  };
}

function compareStatus(replayed: ReplayedRun, { period, expected }: BoundPeriod) {
  const { terms, run } = replayed;
  const status = (key: string, wanted: string, got: string) => ({
    period: String(period),
    key,
    expected: wanted,
    got,
    equal: wanted === got,
  });
  const triggers = Object.entries(expected.triggers ?? {}).map(([name, wanted]) => {
    const lane = run.state.triggers[indexOf(terms.triggers, name)] ?? 0n;
    return status(`triggers.${name}`, wanted, isInBreach(lane) ? "1" : "0");
  });
  if (expected.phase === undefined) return triggers;
  const phase = terms.phases[run.phaseAfter]?.name ?? "none";
  return [...triggers, status("phase", expected.phase, phase)];
}

/** Every expected figure of a period beside what the run gave, in the order of the file. */
export function compareRun(replayed: ReplayedRun, bound: BoundPeriod): FigureComparison[] {
  const period = String(bound.period);
  const amounts = (Object.keys(READERS) as Section[]).flatMap((section) =>
    Object.entries(bound.expected[section] ?? {}).map(([name, expected]) =>
      compareAmount(period, {
        key: `${section}.${name}`,
        expected,
        got: READERS[section](replayed, name),
      }),
    ),
  );
  const featuresOf = exercisedFeatures(replayed, bound.features);
  return [...amounts, ...compareStatus(replayed, bound)].map((comparison) => ({
    ...comparison,
    features: featuresOf(comparison.key),
  }));
}
