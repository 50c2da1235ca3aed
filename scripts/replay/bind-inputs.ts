/** An inputs file and a deal -> what the engines run: every name looked up, every value in its unit. */
import type { CompiledDeal } from "../../server/deals/compile-deal.ts";
import type { DealTerms } from "../../server/deals/deal-terms.ts";
import { parseCents } from "../../server/lib/money.ts";
import { openingState, type WaterfallState } from "../../server/waterfall/waterfall-state.ts";
import { bindFigures, type Roll } from "./bind-figures.ts";
import { bindOpening } from "./bind-opening.ts";
import { type Binder, namesOf, positionOf } from "./binder.ts";
import { type DeclaredFeatures, FEATURES } from "./figure-comparison.ts";
import type { ExpectedEntry, InputPeriod } from "./inputs-schema.ts";
import { type InputPath, type InputsSource, refuseInputs } from "./read-inputs.ts";

export interface BoundPeriod {
  period: number;
  /** The report's figures in the order of the deal's figure table. */
  figures: bigint[];
  /** Fixings of the feed indices, WAD. */
  fixings: bigint[];
  /** Price of the purchase list, cents; 0 without one. */
  purchasePrice: bigint | "any";
  /** Bit q: notice q is in force. */
  notices: number;
  /** The notices that are given for this period, by position. */
  given: number[];
  features: DeclaredFeatures;
  dates: NonNullable<InputPeriod["dates"]>;
  expected: ExpectedEntry;
}

export interface BoundInputs {
  /** The state before the first period, and whether the file states it. */
  state: WaterfallState;
  isOpeningGiven: boolean;
  periods: BoundPeriod[];
}

function bindNotices(
  binder: Binder,
  input: InputPeriod,
  { path, roll }: { path: InputPath; roll: Roll },
): { notices: number; given: number[] } {
  const { notices: known } = binder.deal.terms;
  let once = 0;
  const given = (input.notices ?? []).flatMap((name, i) => {
    const at = [...path, "notices", i];
    const position = positionOf(binder, namesOf(known), { name, path: at, what: "notice" });
    if (position === null) return [];
    const isNew = (roll.standing & (1 << position)) === 0;
    if (known[position]?.kind === "standing") roll.standing |= 1 << position;
    else once |= 1 << position;
    return isNew ? [position] : [];
  });
  return { notices: roll.standing | once, given };
}

/** Which names each section of `expected` may hold. */
function expectedNames(terms: DealTerms): Record<string, { known: string[]; what: string }> {
  const labels = terms.steps.flatMap(({ label }) => (label === null ? [] : [label]));
  const steps = { known: [...new Set(labels)], what: "step labelled" };
  const classes = { known: namesOf(terms.classes), what: "class" };
  const ofClasses = [
    ...["interest", "interestDue", "principal", "balances", "shortfalls"],
    ...["written", "deferred", "carryOver", "capitalised"],
  ];
  return {
    paid: steps,
    due: steps,
    ...Object.fromEntries(ofClasses.map((section) => [section, classes])),
    accounts: { known: namesOf(terms.accounts), what: "account" },
    ledgers: { known: namesOf(terms.ledgers), what: "ledger" },
    feesUnpaid: { known: namesOf(terms.fees), what: "fee" },
    payees: { known: [...terms.payees], what: "payee" },
    triggers: { known: namesOf(terms.triggers), what: "trigger" },
  };
}

function checkExpected(binder: Binder, input: InputPeriod, path: InputPath): void {
  const { terms } = binder.deal;
  const at = [...path, "expected"];
  for (const [section, { known, what }] of Object.entries(expectedNames(terms))) {
    const entries = (input.expected ?? {})[section as keyof ExpectedEntry] ?? {};
    for (const name of Object.keys(entries)) {
      positionOf(binder, known, { name, path: [...at, section, name], what });
    }
  }
  for (const name of Object.keys(input.dates?.days ?? {})) {
    const days = [...path, "dates", "days", name];
    positionOf(binder, namesOf(terms.classes), { name, path: days, what: "class" });
  }
  const phase = input.expected?.phase;
  if (phase !== undefined) {
    const what = "phase";
    positionOf(binder, namesOf(terms.phases), { name: phase, path: [...at, what], what });
  }
}

/** Declared features with the keys that they are declared of; "all": of the whole period. */
function bindFeatures(binder: Binder, input: InputPeriod, path: InputPath): DeclaredFeatures {
  const { features = [] } = input;
  const entries: [string, string[] | "all"][] = Array.isArray(features)
    ? features.map((name) => [name, "all"])
    : Object.entries(features);
  const declared: DeclaredFeatures = new Map();
  for (const [name, keys] of entries) {
    const feature = FEATURES.find((known) => known === name);
    if (feature === undefined) {
      const message = `there is no feature \`${name}\`; known: ${FEATURES.join(", ")}`;
      binder.faults.push({ path: [...path, "features"], message });
    } else declared.set(feature, keys);
    for (const key of keys === "all" ? [] : keys) {
      if (isExpected(input.expected ?? {}, key)) continue;
      const message = `nothing is expected of \`${key}\``;
      binder.faults.push({ path: [...path, "features", name], message });
    }
  }
  return declared;
}

/** Whether a key such as `interest.A-1` is one of the expected figures. */
function isExpected(expected: ExpectedEntry, key: string): boolean {
  const [section = "", ...name] = key.split(".");
  const entries: unknown = expected[section as keyof ExpectedEntry];
  return typeof entries === "object" && entries !== null && name.join(".") in entries;
}

function bindPeriod(binder: Binder, input: InputPeriod, roll: Roll, i: number): BoundPeriod {
  const path: InputPath = ["periods", i];
  const price = input.purchasePrice ?? "0";
  checkExpected(binder, input, path);
  if (binder.deal.terms.calendar[input.period - 1] === undefined) {
    const message = `the deal's calendar has ${binder.deal.terms.calendar.length} periods`;
    binder.faults.push({ path: [...path, "period"], message });
  }
  if (input.purchasePrice !== undefined && !binder.deal.terms.buys) {
    binder.faults.push({ path: [...path, "purchasePrice"], message: "the deal buys nothing" });
  }
  return {
    period: input.period,
    ...bindFigures(binder, input, { path, roll }),
    purchasePrice: price === "any" ? "any" : parseCents(price),
    ...bindNotices(binder, input, { path, roll }),
    features: bindFeatures(binder, input, path),
    dates: input.dates ?? {},
    expected: input.expected ?? {},
  };
}

/**
 * Looks up every name of an inputs file in a deal.
 * @param name of the file, for messages
 * @throws InputsError with every fault and its place
 */
export function bindInputs(deal: CompiledDeal, name: string, source: InputsSource): BoundInputs {
  const binder: Binder = { deal, faults: [] };
  const { inputs, placeOf } = source;
  const { opening, periods } = inputs;
  const first = periods[0]?.period ?? 1;
  const state =
    opening === undefined ? openingState(deal.terms) : bindOpening(binder, opening, first - 1);
  const roll: Roll = {
    poolClosing:
      opening?.poolClosing === undefined
        ? deal.terms.cutOffBalanceCents
        : parseCents(opening.poolClosing),
    loanCount: 0n,
    standing: 0,
  };
  const bound = periods.map((period, i) => bindPeriod(binder, period, roll, i));
  refuseInputs(name, placeOf, binder.faults);
  return { state, isOpeningGiven: opening !== undefined, periods: bound };
}
