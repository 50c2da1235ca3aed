/** Reads and checks a tape without a database: what uploadTape does up to the store. */
import type { TapeLoan } from "../../../server/tapes/source-loan.ts";
import { buildTapeLoan } from "../../../server/tapes/build-tape-loan.ts";
import { parseTape } from "../../../server/tapes/parse-tape.ts";
import { UnreadableTape } from "../../../server/tapes/tape-record.ts";
import { startProblemList } from "../../../server/tapes/tape-problem.ts";
import type { ProblemList } from "../../../server/tapes/tape-problem.ts";
import { tapeReading } from "../../../server/tapes/tape-reading.ts";
import type { TapePeriod, TapeTerms } from "../../../server/tapes/tape-terms.ts";
import { validateRow } from "../../../server/tapes/validate-tape.ts";

export interface TapeRead {
  rows: TapeLoan[];
  problems: ProblemList;
}

export async function readTape(
  bytes: string | Uint8Array | AsyncIterable<Uint8Array>,
  terms: TapeTerms,
  period: TapePeriod,
): Promise<TapeRead> {
  const problems = startProblemList();
  const reading = tapeReading(terms);
  const rows: TapeLoan[] = [];
  try {
    for await (const batch of parseTape(chunks(bytes), terms, problems)) {
      for (const source of batch) {
        const row = buildTapeLoan(source, reading, problems);
        if (row === null) continue;
        validateRow(row, { terms, period, names: reading.names }, problems);
        rows.push(row);
      }
    }
  } catch (error) {
    if (!(error instanceof UnreadableTape)) throw error;
  }
  return { rows, problems };
}

async function* chunks(
  bytes: string | Uint8Array | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (typeof bytes === "string") yield Buffer.from(bytes);
  else if (bytes instanceof Uint8Array) yield bytes;
  else yield* bytes;
}
