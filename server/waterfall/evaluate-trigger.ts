/** One test of a trigger: the ratio against its threshold, the breach rule, the cure. */
import { WAD } from "../lib/mul-div.ts";
import type { Comparison } from "../deals/terms-format.ts";
import { CURE_BY_NOTICE, FLAG } from "../deals/terms-format.ts";
import { deriveValue } from "./evaluate-expression.ts";
import { cutAmount } from "./opcodes.ts";
import type { PreparedTrigger } from "./prepare-deal.ts";
import type { RunMemory } from "./run-memory.ts";
import { readTriggerLane, writeTriggerLane } from "./trigger-lane.ts";

function compare(left: bigint, comparison: Comparison, right: bigint): boolean {
  switch (comparison) {
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
  }
}

/** Whether N / D compares with T as the trigger says; nothing is divided. D = 0 counts as N/D = 0. */
function failsTest(memory: RunMemory, index: number, trigger: PreparedTrigger): boolean {
  const { at, comparison } = trigger.terms;
  const n = cutAmount(
    memory,
    deriveValue(memory, trigger.numerator, { of: "numerator", index, at }),
  );
  const d =
    trigger.denominator === null
      ? null
      : cutAmount(
          memory,
          deriveValue(memory, trigger.denominator, { of: "denominator", index, at }),
        );
  const t = cutAmount(
    memory,
    deriveValue(memory, trigger.threshold, { of: "threshold", index, at }),
  );
  if (d === null) return compare(n, comparison, t);
  if (d !== 0n) return compare(n * WAD, comparison, t * d);
  memory.flags |= FLAG.DIVZERO;
  return compare(0n, comparison, t);
}

function failuresOf(history: bigint, tests: number): number {
  let count = 0;
  for (let i = 0; i < tests; i += 1) count += Number((history >> BigInt(i)) & 1n);
  return count;
}

export interface TriggerResult {
  inBreach: boolean;
  /** Whether this test failed; false where none was made. */
  failed: boolean;
}

/**
 * Tests a trigger and remembers the result. In breach when `breaches` of the last `tests` tests
 * failed; cured by as many passing tests in a row as its cure says, or by its notice, which wipes
 * what it remembers.
 */
export function evaluateTrigger(memory: RunMemory, index: number): TriggerResult {
  const trigger = memory.deal.triggers[index];
  if (trigger === undefined) return { inBreach: false, failed: false };
  const { breaches, tests: window, cure, cureNotice, lane } = trigger.terms;
  if (cure === CURE_BY_NOTICE && cureNotice !== null && (memory.notices >> cureNotice) & 1) {
    memory.lanes[lane] = 0n;
    return { inBreach: false, failed: false };
  }
  const before = readTriggerLane(memory.lanes[lane] ?? 0n);
  const failed = failsTest(memory, index, trigger);
  const failures = (before.failures << 1n) | (failed ? 1n : 0n);
  const tests = Math.min(before.tests + 1, 0xff);
  const breachNow = failuresOf(failures, window) >= breaches;
  const byTests = cure > 0 && cure !== CURE_BY_NOTICE;
  const cured = byTests && tests >= cure && failuresOf(failures, cure) === 0;
  const inBreach = breachNow || (before.inBreach && !cured);
  memory.lanes[lane] = writeTriggerLane({ inBreach, tests, failures });
  return { inBreach, failed };
}
