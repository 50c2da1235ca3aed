/** Values that a deal remembers from period to period, each series in a ring of its depth. */
import { FLAG } from "../deals/terms-format.ts";
import type { RunMemory } from "./run-memory.ts";

const LARGEST = (1n << 63n) - 1n;
const SMALLEST = -(1n << 63n);

/** A value cut to a signed lane; the cut is flagged. */
export function cutToSignedLane(memory: RunMemory, value: bigint): bigint {
  if (value <= LARGEST && value >= SMALLEST) return value;
  memory.flags |= FLAG.OVERFLOW;
  return value > 0n ? LARGEST : SMALLEST;
}

/** Puts the value of this period in place of the oldest. */
export function recordValue(memory: RunMemory, id: number, value: bigint): void {
  const series = memory.deal.terms.series[id];
  if (series === undefined) return;
  const lane = series.firstLane + (memory.period % series.depth);
  memory.lanes[lane] = cutToSignedLane(memory, value);
  memory.recorded[id] = memory.period;
}

/** Value of a series `ago` periods before this one; undefined where none is kept. */
export function recordedValue(memory: RunMemory, id: number, ago: number): bigint | undefined {
  const series = memory.deal.terms.series[id];
  const last = memory.recorded[id];
  if (series === undefined || last === undefined) return undefined;
  const period = memory.period - ago;
  if (period < 1 || period > last || period <= last - series.depth) return undefined;
  return memory.lanes[series.firstLane + (period % series.depth)];
}

/** How many of the last `count` values are kept. */
function keptOf(memory: RunMemory, id: number, count: number): number {
  const depth = memory.deal.terms.series[id]?.depth ?? 0;
  return Math.min(count, depth, memory.recorded[id] ?? 0);
}

export function countRecorded(memory: RunMemory, id: number, count: number): bigint {
  return BigInt(keptOf(memory, id, count));
}

function lastRecorded(memory: RunMemory, id: number, count: number): bigint[] {
  const newest = memory.period - (memory.recorded[id] ?? 0);
  return Array.from(
    { length: keptOf(memory, id, count) },
    (_, i) => recordedValue(memory, id, newest + i) ?? 0n,
  );
}

/** Sum of the last `count` values, of fewer where there are fewer. */
export function sumRecorded(memory: RunMemory, id: number, count: number): bigint {
  return lastRecorded(memory, id, count).reduce((sum, value) => sum + value, 0n);
}

/** Largest of the last `count` values; 0 without any. */
export function largestRecorded(memory: RunMemory, id: number, count: number): bigint {
  const values = lastRecorded(memory, id, count);
  return values.reduce((most, value) => (value > most ? value : most), values[0] ?? 0n);
}
