/** The epilogue: what is remembered, tested and decided after the steps, and the state that is left. */
import { recordAndTest, takeTransition } from "./open-run.ts";
import { PART } from "./run-memory.ts";
import type { RunMemory } from "./run-memory.ts";
import { cutToLane, namedLanes } from "./waterfall-state.ts";
import type { ClassState, WaterfallState } from "./waterfall-state.ts";

const at = (list: readonly bigint[], i: number) => list[i] ?? 0n;

/** Unpaid interest becomes shortfall, or deferred where the class may defer it. */
function closeClass(memory: RunMemory, index: number): ClassState {
  const terms = memory.deal.classes[index]?.terms;
  const claim = memory.claims[index] ?? [];
  const { deferred = null, carryOver = null, pik = null } = terms?.lanes ?? {};
  const current = at(claim, PART.CURRENT);
  const defers = terms?.deferrable === true && deferred !== null;
  // Principal repays capitalised interest first.
  const repaid = at(memory.principalPaid, index);
  const capitalised = pik === null ? 0n : at(memory.lanes, pik);
  return {
    balance: cutToLane(at(memory.balances, index)),
    shortfall: cutToLane(at(claim, PART.SHORTFALL) + (defers ? 0n : current)),
    shortfallInterest: cutToLane(at(claim, PART.INTEREST_ON_SHORTFALL)),
    written: cutToLane(at(memory.written, index)),
    deferred:
      deferred === null ? 0n : cutToLane(at(claim, PART.DEFERRED) + (defers ? current : 0n)),
    carryOver: carryOver === null ? 0n : cutToLane(at(claim, PART.CARRY_OVER)),
    pik: capitalised > repaid ? cutToLane(capitalised - repaid) : 0n,
  };
}

/** Runs the epilogue and gives the state after the run. */
export function closeRun(memory: RunMemory): WaterfallState {
  const { deal, lanes } = memory;
  recordAndTest(memory, "after");
  memory.nextPhase = takeTransition(memory, "after");
  return {
    phase: memory.nextPhase,
    lastPeriod: memory.period,
    classes: deal.classes.map((_, i) => closeClass(memory, i)),
    ...namedLanes(deal.terms, deal.layout, lanes.map(cutToLane)),
  };
}
