/** What a run reads beside its report, out of the chain's events in their order. */
import type { InputEvent } from "../chain/deal-record.ts";
import type { DealTerms } from "../deals/deal-terms.ts";

export interface InputsReplay {
  /** By "period:position", 1e18 = 100 %. */
  fixings: Map<string, bigint>;
  /** By period: the list that stands, cents. */
  prices: Map<number, bigint>;
  /** Bit q: notice q is in force. */
  notices: number;
}

export function newInputsReplay(): InputsReplay {
  return { fixings: new Map(), prices: new Map(), notices: 0 };
}

export function replayInputEvent(inputs: InputsReplay, event: InputEvent): void {
  if (event.name === "IndexFixed") {
    inputs.fixings.set(`${event.period}:${event.position}`, event.rateWad);
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
  const { notices } = inputs;
  terms.notices.forEach(({ kind }, position) => {
    if (kind === "once") inputs.notices &= ~(1 << position);
  });
  return { extras, notices };
}
