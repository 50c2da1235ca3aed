/** Random states and inputs of a period: such as a deal can be in, and such as it should never be in. */
import type { DealTerms } from "../../server/deals/deal-terms.ts";
import { AVAILABLE_FUNDS } from "../../server/deals/terms-format.ts";
import { writeTriggerLane } from "../../server/waterfall/trigger-lane.ts";
import type { WaterfallState } from "../../server/waterfall/waterfall-state.ts";
import type { Draw } from "./random-draw.ts";

/** What a run is given beside its state. */
export interface RunInputs {
  figures: bigint[];
  /** Fixings, then the price of the purchase list where the deal buys. */
  extras: bigint[];
  notices: number;
}

const clamp = (value: bigint, { minimum, maximum }: DealTerms["figures"][number]) =>
  value < minimum ? minimum : value > maximum ? maximum : value;

const total = (values: readonly bigint[]) => values.reduce((sum, value) => sum + value, 0n);

/** A part of an amount, often all or nothing. */
function part(draw: Draw, of: bigint): bigint {
  const share = draw.pick([0n, 1n, 2n, 5n, 17n, 50n, 99n, 100n, 100n, 101n, 130n]);
  return (of * share) / 100n;
}

/** One figure: its bounds, nothing, a part of what is outstanding, or any amount. */
function figure(draw: Draw, bounds: DealTerms["figures"][number], outstanding: bigint): bigint {
  const sign = bounds.minimum < 0n && draw.chance(0.5) ? -1n : 1n;
  switch (draw.below(8)) {
    case 0:
      return bounds.minimum;
    case 1:
      return draw.chance(0.3) ? bounds.maximum : clamp(1n, bounds);
    case 2:
      return clamp(0n, bounds);
    case 3:
      return clamp(sign * draw.bits(62), bounds);
    default:
      return clamp(sign * part(draw, outstanding), bounds);
  }
}

function fixing(draw: Draw): bigint {
  if (draw.chance(0.1)) return draw.pick([-1n, 1n]) * draw.bits(80);
  return BigInt(draw.below(120_000) - 20_000) * 10n ** 12n;
}

/** Figures within their bounds, fixings, a price that may match, notices. */
export function randomInputs(draw: Draw, terms: DealTerms, state: WaterfallState): RunInputs {
  const outstanding = total(state.classes.map(({ balance }) => balance)) + 1n;
  const figures = terms.figures.map((bounds, i) => {
    const stated = figure(draw, bounds, outstanding);
    // Whatever its bounds: nobody brings less than no cash.
    return i === AVAILABLE_FUNDS && stated < 0n ? 0n : stated;
  });
  const held = total(state.accounts) + (figures[AVAILABLE_FUNDS] ?? 0n);
  const price = draw.pick([0n, 1n, part(draw, held), draw.bits(48), part(draw, outstanding)]);
  return {
    figures,
    extras: [...terms.indices.map(() => fixing(draw)), ...(terms.buys ? [price] : [])],
    notices: draw.below(2 ** terms.notices.length),
  };
}

/** Amounts of every length. */
function cents(draw: Draw, bits: number): bigint {
  if (draw.chance(0.25)) return 0n;
  return draw.bits(bits);
}

/** Any state that the words of a deal can hold, also ones that no run leads to. */
export function randomState(draw: Draw, terms: DealTerms): WaterfallState {
  const bits = draw.pick([8, 20, 40, 48, 60, 64]);
  const list = (of: readonly unknown[], most = bits) => of.map(() => cents(draw, most));
  const signed = () =>
    draw.chance(0.1)
      ? draw.pick([-(2n ** 63n), 2n ** 63n - 1n])
      : draw.pick([1n, -1n]) * draw.bits(62);
  const own = (lane: number | null) => (lane === null ? 0n : cents(draw, bits));
  return {
    phase: draw.below(terms.phases.length),
    lastPeriod: draw.below(terms.calendar.length),
    classes: terms.classes.map(({ lanes }) => ({
      ...{ balance: cents(draw, bits), shortfall: cents(draw, bits) },
      ...{ shortfallInterest: cents(draw, bits), written: cents(draw, bits) },
      ...{ deferred: own(lanes.deferred), carryOver: own(lanes.carryOver), pik: own(lanes.pik) },
    })),
    // No more cash than there is: all of it together fits into 64 bits.
    accounts: list(terms.accounts, Math.min(bits, 60)),
    feesUnpaid: list(terms.fees),
    capsUsed: list(terms.caps),
    ledgers: list(terms.ledgers),
    variables: terms.variables.map(signed),
    triggers: terms.triggers.map(() =>
      writeTriggerLane({
        inBreach: draw.chance(0.5),
        tests: draw.below(256),
        failures: draw.bits(48),
      }),
    ),
    series: terms.series.map(({ depth }) => Array.from({ length: depth }, signed)),
  };
}

/** The state with every class written off: its balance is among its write-downs. */
export function wipedOut(state: WaterfallState): WaterfallState {
  const classes = state.classes.map((one) => ({
    ...{ ...one, balance: 0n, written: one.written + one.balance },
  }));
  return { ...state, classes };
}
