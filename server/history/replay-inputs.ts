/** What a run reads beside its report, out of the chain's events in their order. */
import type { InputEvent, LastRateTaken } from "../chain/deal-record.ts";
import type { DealTerms } from "../deals/deal-terms.ts";
import { formatPercent } from "../lib/money.ts";
import { describeLastRate } from "../waterfall/last-rate.ts";
import { compareBooks, type Comparison } from "./compare-books.ts";

export interface InputsReplay {
  /** By "period:position", 1e18 = 100 %. */
  fixings: Map<string, bigint>;
  /** By "period:position": fixings that no round of the feed gave. */
  lastRates: Map<string, LastRateTaken>;
  /** By period: the list that stands, cents. */
  prices: Map<number, bigint>;
  /** Bit q: notice q is in force. */
  notices: number;
  /** The servicer is in default with its reports. */
  isInDefault: boolean;
}

export function newInputsReplay(): InputsReplay {
  return {
    fixings: new Map(),
    lastRates: new Map(),
    prices: new Map(),
    notices: 0,
    isInDefault: false,
  };
}

export function replayInputEvent(inputs: InputsReplay, event: InputEvent): void {
  if (event.name === "IndexFixed") {
    inputs.fixings.set(`${event.period}:${event.position}`, event.rateWad);
  } else if (event.name === "LastRateTaken") {
    inputs.lastRates.set(`${event.period}:${event.position}`, event);
  } else if (event.name === "LoansOffered") {
    inputs.prices.set(event.period, event.priceCents);
  } else {
    const bit = 1 << event.position;
    inputs.notices = event.name === "NoticeGiven" ? inputs.notices | bit : inputs.notices & ~bit;
  }
}

/**
 * What the run of a period reads; notices that count once are spent by it.
 * @returns undefined when an index was never fixed for the period
 */
export function takeInputs(
  inputs: InputsReplay,
  terms: DealTerms,
  period: number,
): { extras: bigint[]; notices: number } | undefined {
  const extras: bigint[] = [];
  for (const position of terms.indices.keys()) {
    const rate = inputs.fixings.get(`${period}:${position}`);
    if (rate === undefined) return undefined;
    extras.push(rate);
  }
  if (terms.buys) extras.push(inputs.prices.get(period) ?? 0n);
  let { notices } = inputs;
  terms.notices.forEach(({ kind }, position) => {
    if (kind === "once") inputs.notices &= ~(1 << position);
    if (kind === "servicer default" && inputs.isInDefault) notices |= 1 << position;
  });
  return { extras, notices };
}

/**
 * Compares the period's rates that no round of the feed gave with what they are taken from.
 * @returns each of them in words, with its rate and whether the feed's silence was proved
 */
export function compareLastRates(
  comparison: Comparison,
  { fixings, lastRates }: InputsReplay,
  { terms, period }: { terms: DealTerms; period: number },
): string[] {
  return terms.indices.flatMap(({ name, initialRateWad }, position) => {
    const taken = lastRates.get(`${period}:${position}`);
    if (taken === undefined) return [];
    const words = describeLastRate(period);
    compareBooks(comparison, `fixing of ${name}: ${words}`, {
      chain: fixings.get(`${period}:${position}`),
      event: taken.rateWad,
      replay: period === 1 ? initialRateWad : fixings.get(`${period - 1}:${position}`),
    });
    const proof = taken.isProven
      ? "its last round was proved too old"
      : "unproved, the deal was late";
    return [`${name} ${formatPercent(taken.rateWad)} %: ${words} (${proof})`];
  });
}
