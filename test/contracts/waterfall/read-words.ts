/** One record of a run. */
export interface StepRecord {
  op: number;
  flags: number;
  demand: bigint;
  paid: bigint;
  before: bigint;
}

/** The result words of a run, unpacked. Amounts are cents. */
export interface RunResult {
  phaseBefore: number;
  phaseAfter: number;
  period: number;
  flags: number;
  steps: StepRecord[];
  classes: { balance: bigint; shortfall: bigint; onShortfall: bigint; written: bigint }[];
  classWords: bigint[];
  lanes: bigint[];
  laneWords: bigint[];
  results: { due: bigint; interest: bigint; principal: bigint; current: bigint }[];
  payees: bigint[];
}

const U64 = 2n ** 64n - 1n;

/** The four u64 of a word, the first on top. */
export const lanesOf = (word: bigint): [bigint, bigint, bigint, bigint] => [
  word >> 192n,
  (word >> 128n) & U64,
  (word >> 64n) & U64,
  word & U64,
];

/** Packs lanes four to a word. */
export function packLanes(lanes: readonly bigint[]): bigint[] {
  const words: bigint[] = [];
  for (let i = 0; i < lanes.length; i += 4) {
    const [a = 0n, b = 0n, c = 0n, d = 0n] = lanes.slice(i, i + 4);
    words.push((a << 192n) | (b << 128n) | (c << 64n) | d);
  }
  return words;
}

/** Unpacks the engine's words. */
export function readWords(words: readonly bigint[]): RunResult {
  const header = words[0] ?? 0n;
  const byteAt = (shift: bigint) => Number((header >> shift) & 0xffn);
  const [steps, classes, lanes, payees] = [byteAt(208n), byteAt(200n), byteAt(192n), byteAt(184n)];
  let next = 1;
  const take = (count: number) => words.slice(next, (next += count));
  const stepWords = take(steps);
  const classWords = take(classes);
  const laneWords = take(lanes);
  const resultWords = take(classes);
  const payeeWords = take(Math.ceil(payees / 4));
  if (next !== words.length) throw new Error(`${words.length} words, ${next} expected`);
  return {
    ...{ phaseBefore: byteAt(240n), phaseAfter: byteAt(232n) },
    ...{ period: Number((header >> 216n) & 0xffffn), flags: Number((header >> 168n) & 0xffffn) },
    ...{ classWords, laneWords },
    steps: stepWords.map((word) => {
      const [, demand, paid, before] = lanesOf(word);
      const flags = Number((word >> 224n) & 0xffffn);
      return { op: Number((word >> 240n) & 0xffn), flags, demand, paid, before };
    }),
    classes: classWords.map((word) => {
      const [balance, shortfall, onShortfall, written] = lanesOf(word);
      return { balance, shortfall, onShortfall, written };
    }),
    lanes: laneWords.flatMap(lanesOf),
    results: resultWords.map((word) => {
      const [due, interest, principal, current] = lanesOf(word);
      return { due, interest, principal, current };
    }),
    payees: payeeWords.flatMap(lanesOf).slice(0, payees),
  };
}
