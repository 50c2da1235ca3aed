/** One line of the gas report: a whole transaction, or a part of one. */
export interface GasRow {
  operation: string;
  /** What it depends on: who holds, owes and has done what before. */
  state: string;
  gas: number;
  /** What any implementation pays that stores the same; null for a part of a transaction. */
  floor: number | null;
  /** What it may cost at most; null where nothing is asked of it. */
  bar: number | null;
  /** The best public contract for the same thing on the same EVM (measured when the design was made). */
  peer: number | null;
}

/** What a row says before anything is measured. */
export interface RowTitle {
  operation: string;
  state: string;
  bar?: number;
  peer?: number;
}

export function gasRow(title: RowTitle, gas: number, floor: number | null): GasRow {
  const { operation, state, bar = null, peer = null } = title;
  return { operation, state, gas, floor, bar, peer };
}
