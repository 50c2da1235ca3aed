/** What a trigger remembers, in one lane of 64 bits. */
const BREACH_BIT = 63n;
const TESTS_SHIFT = 48n;
const MAX_TESTS = 0xff;
const FAILURES = (1n << TESTS_SHIFT) - 1n;

export interface TriggerMemory {
  inBreach: boolean;
  /** Tests so far; stays at 255. */
  tests: number;
  /** One bit a test that failed, the newest lowest, the last 48 tests. */
  failures: bigint;
}

export function isInBreach(lane: bigint): boolean {
  return lane >> BREACH_BIT === 1n;
}

export function readTriggerLane(lane: bigint): TriggerMemory {
  return {
    inBreach: isInBreach(lane),
    tests: Number((lane >> TESTS_SHIFT) & 0xffn),
    failures: lane & FAILURES,
  };
}

export function writeTriggerLane({ inBreach, tests, failures }: TriggerMemory): bigint {
  const count = BigInt(Math.min(tests, MAX_TESTS));
  return (inBreach ? 1n << BREACH_BIT : 0n) | (count << TESTS_SHIFT) | (failures & FAILURES);
}
