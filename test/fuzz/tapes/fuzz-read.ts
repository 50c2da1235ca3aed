/** One mutated file through the reader: what must hold of whatever comes in. */
import { Readable } from "node:stream";
import { CHECK_CODES } from "../../../server/tapes/checks/check-codes.ts";
import { readTape } from "../../../server/tapes/read-tape.ts";
import { startProblemList } from "../../../server/tapes/tape-problem.ts";
import type { TapeTerms } from "../../../server/tapes/tape-terms.ts";
import type { Draw } from "../random-draw.ts";
import { randomDraw } from "../random-draw.ts";
import { mutateFile } from "./mutate-file.ts";
import type { TapeSeed } from "./tape-seeds.ts";

/** A tape of some hundred rows takes milliseconds; what takes this long was made to cost. */
const MOST_MS = 10_000;

/** What a mutated file may unpack to: a bomb of 60 MB is refused by its ratio or by this. */
const MOST_BYTES = 50_000_000;

export interface FuzzedFile {
  seed: TapeSeed;
  file: Buffer;
  how: string[];
}

export interface ReadOutcome {
  /** Accepted, or the code of the first refusal. */
  outcome: string;
  rows: number;
  /** The law that was broken, or null. */
  broken: string | null;
}

/** The same seed and number give the same file. */
export function fuzzedFile(seeds: readonly TapeSeed[], seed: number, number: number): FuzzedFile {
  const draw = randomDraw(seed, number);
  const from = draw.pick(seeds);
  return { seed: from, ...mutateFile(from.bytes, draw) };
}

export async function fuzzRead(fuzzed: FuzzedFile, draw: Draw): Promise<ReadOutcome> {
  const { seed, file } = fuzzed;
  const problems = startProblemList();
  const begun = performance.now();
  let handed = 0;
  try {
    const read = await readTape({
      ...{ bytes: Readable.from(piecesOf(file, draw)), mostBytes: MOST_BYTES, problems },
      terms: termsOf(seed.format),
      period: { ordinal: 1, begin: "2026-02-01", end: "2026-02-28" },
      anyFormat: draw.chance(0.5),
      onAttributes: () => {},
      onRow: () => {
        handed += 1;
      },
    });
    const refusals = problems.listed().filter(({ severity }) => severity === "refuse");
    const outcome = refusals[0]?.code ?? "accepted";
    const took = performance.now() - begun;
    const laws: [boolean, string][] = [
      [read.complete || refusals.length > 0, "broke off without a problem"],
      [
        handed + read.unreadable <= read.rows,
        `${handed} + ${read.unreadable} of ${read.rows} rows`,
      ],
      [took < MOST_MS, `took ${Math.round(took)} ms`],
      ...problems
        .listed()
        .map(({ code, line, expected }): [boolean, string] => [
          code in CHECK_CODES && Number.isInteger(line) && line >= 0 && expected !== "",
          `a problem without its place: ${code} at ${line}`,
        ]),
    ];
    const broken = laws.find(([holds]) => !holds)?.[1] ?? null;
    return { outcome, rows: read.rows, broken };
  } catch (error) {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { outcome: "crash", rows: handed, broken: told };
  }
}

/** In pieces of any size, as a line gives them. */
function piecesOf(file: Buffer, draw: Draw): Buffer[] {
  const pieces: Buffer[] = [];
  const most = draw.pick([100, 5_000, 65_536]);
  for (let from = 0; from < file.length;) {
    const to = from + 1 + draw.below(most);
    pieces.push(file.subarray(from, to));
    from = to;
  }
  return pieces;
}

function termsOf(format: string): TapeTerms {
  return {
    ...{ format, rateUnit: "fraction", feeUnit: "fraction", loanIdPrefix: "" },
    rollForward: { subtract: ["principal", "chargeOff"], add: [], toleranceCents: 0n },
    availableFunds: ["principal"],
    chargeOffAgeDays: 3_650,
    currency: null,
    checks: {},
    mapping: null,
  };
}
