/**
 * What restatements leave for the next run: the differences of the figures that are amounts of a period,
 * from the version that stood to the one that took its place. Follows the registry's own rule. Pure.
 */
import { AVAILABLE_FUNDS } from "../deals/terms-format.ts";

/** One accepted version of a period's figures. */
export interface AcceptedFigures {
  period: number;
  version: number;
  /** Takes the place of a version that was distributed on. */
  restates: boolean;
  figures: readonly bigint[];
}

/** Differences that wait, and whose restatement left them. */
interface Waiting {
  period: number;
  version: number;
  differences: readonly bigint[];
}

export interface Carry {
  /** By figure: an amount of the period, whose differences are carried. */
  flows: readonly boolean[];
  /** Versions that were not rejected, by period, the one that stands last. */
  versions: Map<number, AcceptedFigures[]>;
  waiting: Waiting[];
}

/** Differences that a run takes, one per figure, and the periods whose restatements left each. */
export interface Carried {
  differences: readonly bigint[];
  periods: readonly (readonly number[])[];
}

export function newCarry(figures: readonly { flow: boolean }[]): Carry {
  return { flows: figures.map(({ flow }) => flow), versions: new Map(), waiting: [] };
}

/** A report or restatement was accepted. */
export function acceptFigures(carry: Carry, accepted: AcceptedFigures): void {
  const { period, version, restates, figures } = accepted;
  const versions = carry.versions.get(period) ?? [];
  const standing = versions.at(-1);
  carry.versions.set(period, restates ? [...versions, accepted] : [accepted]);
  if (!restates || standing === undefined) return;
  const differences = carry.flows.map((flow, i) =>
    flow ? (figures[i] ?? 0n) - (standing.figures[i] ?? 0n) : 0n,
  );
  carry.waiting.push({ period, version, differences });
}

/** A version was rejected: what stood before it stands again, and nothing of it is carried. */
export function rejectFigures(
  carry: Carry,
  { period, version }: { period: number; version: number },
): void {
  const left = (carry.versions.get(period) ?? []).filter((one) => one.version !== version);
  carry.versions.set(period, left);
  carry.waiting = carry.waiting.filter((one) => one.period !== period || one.version !== version);
}

/** What waits for the next run; {@link carryInto} cuts available funds to what its report allows. */
export function waitingFor(carry: Carry): Carried {
  return {
    differences: carry.flows.map((_, i) =>
      carry.waiting.reduce((sum, { differences }) => sum + (differences[i] ?? 0n), 0n),
    ),
    periods: carry.flows.map((_, i) => [
      ...new Set(
        carry.waiting.flatMap(({ period, differences }) => (differences[i] === 0n ? [] : [period])),
      ),
    ]),
  };
}

/** A run took these differences: only what was cut off the available funds waits on. */
export function takeDifferences(carry: Carry, taken: readonly bigint[]): void {
  let rest = -(taken[AVAILABLE_FUNDS] ?? 0n);
  for (const { differences } of carry.waiting) rest += differences[AVAILABLE_FUNDS] ?? 0n;
  const last = carry.waiting.findLast(({ differences }) => differences[AVAILABLE_FUNDS] !== 0n);
  const left = carry.flows.map((_, i) => (i === AVAILABLE_FUNDS ? rest : 0n));
  carry.waiting = rest === 0n || last === undefined ? [] : [{ ...last, differences: left }];
}

const LIMIT = 1n << 63n;

/** What a run has: its figures, and the differences in them. */
export interface RunFigures {
  figures: bigint[];
  differences: bigint[];
}

/**
 * The figures of a run: reported and carried together, each cut to 64 bits. Available funds below zero
 * cannot be distributed: what is taken off them is at most what is reported.
 */
export function carryInto(
  reported: readonly bigint[],
  differences: readonly bigint[] | undefined,
): RunFigures {
  const funds = reported[AVAILABLE_FUNDS] ?? 0n;
  const cut = reported.map((_, i) => {
    const difference = differences?.[i] ?? 0n;
    return i === AVAILABLE_FUNDS && difference < -funds ? -funds : difference;
  });
  const figures = reported.map((figure, i) => {
    const sum = figure + (cut[i] ?? 0n);
    return sum >= LIMIT ? LIMIT - 1n : sum < -LIMIT ? -LIMIT : sum;
  });
  return { figures, differences: cut };
}
