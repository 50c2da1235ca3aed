/** What a tape is read with that no deal goes with: its format, its month and its unit of rates. */
import { createReadStream } from "node:fs";
import { dayInMonth, formatDate, monthOf } from "../../server/lib/dates.ts";
import { FORMATS } from "../../server/tapes/formats/formats.ts";
import { openTape } from "../../server/tapes/framing/open-tape.ts";
import { readTape } from "../../server/tapes/read-tape.ts";
import { recogniseFormat } from "../../server/tapes/recognise-format.ts";
import { startProblemList } from "../../server/tapes/tape-problem.ts";
import type { ProblemList } from "../../server/tapes/tape-problem.ts";
import type { TapePeriod, TapeTerms } from "../../server/tapes/tape-terms.ts";
import { UsageError } from "../run-command.ts";
import { MOST_BYTES } from "./most-bytes.ts";

/** Rows that the month and the unit are taken from. */
const LOOKED_AT = 2_000;

/** Rules of balance, calendar and pool are a deal's: without one they are not checked. */
const WITHOUT_DEAL: TapeTerms["checks"] = {
  "roll-forward": "ignore",
  "past-charge-off-age": "ignore",
  "period-length": "ignore",
};

/** The format that is asked for, or the one that the file is in. @throws UnreadableTape */
export async function formatOfFile(
  file: string,
  asked: string | undefined,
  problems: ProblemList,
): Promise<string> {
  if (asked !== undefined) {
    if (FORMATS.some(({ id }) => id === asked)) return asked;
    throw new UsageError(`--format is one of ${FORMATS.map(({ id }) => id).join(", ")}`);
  }
  const tape = await openTape(createReadStream(file), { mostBytes: MOST_BYTES, problems });
  try {
    return recogniseFormat(tape.head, problems).id;
  } finally {
    tape.close();
  }
}

/** Terms that say nothing but the format, and rates in the unit that the first rows are readable in. */
export async function guessTerms(file: string, format: string): Promise<TapeTerms> {
  const fraction = termsOf(format, "fraction");
  const { rateRefusals, rows } = await look(file, fraction);
  return 2 * rateRefusals > rows ? termsOf(format, "percent") : fraction;
}

function termsOf(format: string, rateUnit: TapeTerms["rateUnit"]): TapeTerms {
  return {
    ...{ format, rateUnit, feeUnit: rateUnit, loanIdPrefix: "", chargeOffAgeDays: 3_650 },
    rollForward: { subtract: [], add: [], toleranceCents: 0n },
    availableFunds: [],
    currency: null,
    checks: WITHOUT_DEAL,
    mapping: null,
  };
}

/** The month that most of the first rows are of, or the first one of a history; null: none says it. */
export async function guessMonth(file: string, terms: TapeTerms): Promise<number | null> {
  const { month } = await look(file, terms);
  return month;
}

/** The collection period that ends with a month; 0 is the ordinal of the cut-off. */
export function periodOf(month: number, { ordinal = 1, months = 1 } = {}): TapePeriod {
  const begin = formatDate(dayInMonth(month - months + 1, 1));
  return { ordinal, begin, end: formatDate(dayInMonth(month, 31)) };
}

/** A month that no tape is of: rows that say no month of their own are of the upload's, which it is. */
const NO_MONTH = 12 * 2_900;

/** Enough was seen. */
class Seen extends Error {}

interface Look {
  rows: number;
  rateRefusals: number;
  month: number | null;
}

async function look(file: string, terms: TapeTerms): Promise<Look> {
  const problems = startProblemList({ ...terms.checks, period: "ignore" });
  const months = new Map<number, number>();
  let rows = 0;
  try {
    const { otherMonths } = await readTape({
      ...{ bytes: createReadStream(file), mostBytes: MOST_BYTES, problems, terms },
      period: periodOf(NO_MONTH),
      onAttributes: () => {},
      onRow(row) {
        rows += 1;
        const end = row.number("periodEnd");
        if (!Number.isNaN(end)) {
          const month = monthOf(end);
          months.set(month, (months.get(month) ?? 0) + 1);
        }
        if (rows === LOOKED_AT) throw new Seen();
      },
    });
    const [first] = [...otherMonths.keys()].toSorted((a, b) => a - b);
    if (first !== undefined)
      return { rows, month: first, rateRefusals: problems.countOf("rate-range") };
  } catch (error) {
    if (!(error instanceof Seen)) throw error;
  }
  months.delete(NO_MONTH);
  const [most] = [...months].toSorted(([, a], [, b]) => b - a);
  return { rows, month: most?.[0] ?? null, rateRefusals: problems.countOf("rate-range") };
}
