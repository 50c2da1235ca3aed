/** The state that an inputs file states before its first period, as the engines take it. */
import { parsePercent } from "../../server/deals/read-amounts.ts";
import type { DealTerms } from "../../server/deals/deal-terms.ts";
import { parseCents, parseDecimal } from "../../server/lib/money.ts";
import { writeTriggerLane } from "../../server/waterfall/trigger-lane.ts";
import {
  type ClassState,
  openingState,
  type WaterfallState,
} from "../../server/waterfall/waterfall-state.ts";
import { type Binder, positionOf } from "./binder.ts";
import type { OpeningEntry } from "./inputs-schema.ts";

type Named = readonly { name: string }[];

const CLASS_PARTS = {
  balances: "balance",
  shortfalls: "shortfall",
  interestOnShortfall: "shortfallInterest",
  written: "written",
  deferred: "deferred",
  carryOver: "carryOver",
  capitalised: "pik",
} as const satisfies Partial<Record<keyof OpeningEntry, keyof ClassState>>;

/** Each entry of a section with the position of its name; unknown names become faults. */
function* entriesOf<T>(
  binder: Binder,
  known: Named,
  section: { key: string; what: string; entries: Readonly<Record<string, T>> | undefined },
): Generator<{ position: number; value: T }> {
  const list = known.map(({ name }) => name);
  for (const [name, value] of Object.entries(section.entries ?? {})) {
    const path = ["opening", section.key, name];
    const position = positionOf(binder, list, { name, path, what: section.what });
    if (position !== null) yield { position, value };
  }
}

/** Cents by name in the order of a table; what is not stated is 0. */
function amounts(
  binder: Binder,
  known: Named,
  section: { key: string; what: string; entries: Readonly<Record<string, string>> | undefined },
): bigint[] {
  const values = known.map(() => 0n);
  for (const { position, value } of entriesOf(binder, known, section)) {
    values[position] = parseCents(value);
  }
  return values;
}

function bindClasses(binder: Binder, opening: OpeningEntry): ClassState[] {
  const { classes } = binder.deal.terms;
  const states = openingState(binder.deal.terms).classes;
  for (const [key, part] of Object.entries(CLASS_PARTS)) {
    const entries = opening[key as keyof typeof CLASS_PARTS];
    const values = amounts(binder, classes, { key, what: "class", entries });
    values.forEach((value, i) => {
      const state = states[i];
      if (state !== undefined) state[part] = value;
    });
  }
  const missing = classes.filter(({ name }) => opening.balances[name] === undefined);
  if (missing.length > 0) {
    const message = `the balance of ${missing.map(({ name }) => name).join(", ")} is missing; a class that is paid has "0.00"`;
    binder.faults.push({ path: ["opening", "balances"], message });
  }
  return states;
}

/** A value as a deal file writes it: money with its two decimals, a rate with its sign, a whole number. */
function parseConstant(text: string): bigint {
  if (text.endsWith("%")) return parsePercent(text);
  return parseDecimal(text, text.includes(".") ? 2 : 0);
}

function bindVariables(binder: Binder, opening: OpeningEntry): bigint[] {
  const { terms } = binder.deal;
  const values = terms.variables.map(({ initial }) => initial);
  const known = terms.variables.map(({ name }) => ({ name: name.replace(/^k\./, "") }));
  const section = { key: "variables", what: "settable constant", entries: opening.variables };
  for (const { position, value } of entriesOf(binder, known, section)) {
    values[position] = parseConstant(value);
  }
  return values;
}

function bindTriggers(binder: Binder, opening: OpeningEntry): bigint[] {
  const { triggers } = binder.deal.terms;
  const lanes = triggers.map(() => 0n);
  const section = { key: "triggers", what: "trigger", entries: opening.triggers };
  for (const { position, value } of entriesOf(binder, triggers, section)) {
    const { inBreach, tests, history } = value;
    lanes[position] = writeTriggerLane({ inBreach, tests, failures: BigInt(`0b0${history}`) });
  }
  return lanes;
}

/** Values of series, newest first in the file, at the slots of their periods. */
function bindSeries(binder: Binder, opening: OpeningEntry, lastPeriod: number): bigint[][] {
  const { series } = binder.deal.terms;
  const slots = series.map(({ depth }) => Array.from({ length: depth }, () => 0n));
  const section = { key: "series", what: "series", entries: opening.series };
  for (const { position, value } of entriesOf(binder, series, section)) {
    const depth = series[position]?.depth ?? 1;
    const kept = Math.min(depth, lastPeriod);
    if (value.length > kept) {
      const path = ["opening", "series", series[position]?.name ?? ""];
      binder.faults.push({ path, message: `the deal keeps ${kept} values here by then` });
    }
    value.slice(0, kept).forEach((text, ago) => {
      (slots[position] ??= [])[(lastPeriod - ago) % depth] = BigInt(text);
    });
  }
  return slots;
}

function phaseOf(binder: Binder, terms: DealTerms, phase: string | undefined): number {
  if (phase === undefined) return 0;
  const known = terms.phases.map(({ name }) => name);
  return positionOf(binder, known, { name: phase, path: ["opening", "phase"], what: "phase" }) ?? 0;
}

/** The state after `lastPeriod` as the file states it; faults go to the binder. */
export function bindOpening(
  binder: Binder,
  opening: OpeningEntry,
  lastPeriod: number,
): WaterfallState {
  const { terms } = binder.deal;
  const section = (key: keyof OpeningEntry, what: string) => ({
    key,
    what,
    entries: opening[key] as Readonly<Record<string, string>> | undefined,
  });
  return {
    phase: phaseOf(binder, terms, opening.phase),
    lastPeriod,
    classes: bindClasses(binder, opening),
    accounts: amounts(binder, terms.accounts, section("accounts", "account")),
    feesUnpaid: amounts(binder, terms.fees, section("feesUnpaid", "fee")),
    capsUsed: amounts(binder, terms.caps, section("capsUsed", "cap")),
    ledgers: amounts(binder, terms.ledgers, section("ledgers", "ledger")),
    variables: bindVariables(binder, opening),
    triggers: bindTriggers(binder, opening),
    series: bindSeries(binder, opening, lastPeriod),
  };
}
