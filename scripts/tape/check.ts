/** `tape check`: reads and checks a tape as an upload would, without a server or a database. */
import { createReadStream } from "node:fs";
import { stat, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { sheetOf } from "../../server/http/send-csv.ts";
import { csvText } from "../../server/lib/csv-text.ts";
import { formatMonth, parseMonth } from "../../server/lib/dates.ts";
import { printableText } from "../../server/lib/printable-text.ts";
import { CHECK_CODES } from "../../server/tapes/checks/check-codes.ts";
import type { ProblemCode } from "../../server/tapes/checks/check-codes.ts";
import { readTape } from "../../server/tapes/read-tape.ts";
import type { ReadTape } from "../../server/tapes/read-tape.ts";
import { startProblemList } from "../../server/tapes/tape-problem.ts";
import type { ProblemList } from "../../server/tapes/tape-problem.ts";
import { UnreadableTape } from "../../server/tapes/tape-record.ts";
import { PROBLEM_COLUMNS, viewRefusals } from "../../server/tapes/tape-views.ts";
import type { TapePeriod, TapeTerms } from "../../server/tapes/tape-terms.ts";
import type { DealFile } from "../../server/deals/deal-file.ts";
import { checkCutOff } from "../../server/tapes/check-cut-off.ts";
import { loadDeal } from "../deal/load-deal.ts";
import { formatTable } from "../deploy/format-table.ts";
import { UsageError } from "../run-command.ts";
import { describeProblem } from "./describe-problem.ts";
import { formatOfFile, guessMonth, guessTerms, periodOf } from "./guess-terms.ts";
import { MOST_BYTES } from "./most-bytes.ts";
import { ProgressBar } from "./progress-bar.ts";
import { PoolWatch } from "./watch-pool.ts";

export const checkUsage = `npm run tape -- check FILE [--deal DEAL] [--format ID] [--period YYYY-MM] [--csv OUT]`;

/** Problems that are printed; the CSV has all that are listed. */
const PRINTED = 20;

export async function checkCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      deal: { type: "string" },
      format: { type: "string" },
      period: { type: "string" },
      csv: { type: "string" },
    },
  });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new UsageError("check takes one file");
  const opening = startProblemList();
  try {
    const deal = values.deal === undefined ? undefined : await loadDeal(values.deal);
    if (deal === null) return 2;
    const terms = await termsFor(file, { deal: deal?.file, format: values.format }, opening);
    const period = await periodFor(file, { terms, deal: deal?.file, asked: values.period });
    const problems = startProblemList(terms.checks);
    const pool = new PoolWatch(problems);
    const read = await readWithProgress(file, { terms, period, problems, pool });
    if (deal !== undefined && period.ordinal === 0 && read.complete) {
      checkCutOff(deal.file.pool, pool, problems);
    }
    return await report(file, { read, problems, period, csv: values.csv });
  } catch (error) {
    if (!(error instanceof UnreadableTape)) throw error;
    return await report(file, { read: null, problems: opening, period: null, csv: values.csv });
  }
}

/** The deal's own terms, or what can be told from the file. */
async function termsFor(
  file: string,
  { deal, format }: { deal: DealFile | undefined; format: string | undefined },
  problems: ProblemList,
): Promise<TapeTerms> {
  if (deal === undefined) return guessTerms(file, await formatOfFile(file, format, problems));
  const terms = { ...deal.tape, currency: deal.currency };
  if (format === undefined) return terms;
  return { ...terms, format: await formatOfFile(file, format, problems) };
}

/** The month that was asked for or that the rows are of, as a period of the deal where there is one. */
async function periodFor(
  file: string,
  {
    terms,
    deal,
    asked,
  }: { terms: TapeTerms; deal: DealFile | undefined; asked?: string | undefined },
): Promise<TapePeriod> {
  if (asked !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(asked)) {
    throw new UsageError("--period is a month, YYYY-MM");
  }
  const month = asked === undefined ? await guessMonth(file, terms) : parseMonth(asked);
  if (month === null) {
    throw new UsageError("no row says which month it is of: write it as --period YYYY-MM");
  }
  if (deal === undefined) return periodOf(month);
  const isCutOff = month === deal.calendar.firstCollectionMonth - 1;
  return periodOf(month, { ordinal: isCutOff ? 0 : 1, months: deal.calendar.months });
}

async function readWithProgress(
  file: string,
  reading: { terms: TapeTerms; period: TapePeriod; problems: ProblemList; pool: PoolWatch },
): Promise<ReadTape> {
  const { size } = await stat(file);
  const bar = new ProgressBar(size, process.stderr);
  const stream = createReadStream(file, { highWaterMark: 262_144 });
  let rows = 0;
  const { problems, pool } = reading;
  const show = (): void => {
    const found = problems.count("refuse") + problems.count("reason") + problems.count("note");
    bar.show({ bytes: stream.bytesRead, rows, problems: found });
  };
  try {
    return await readTape({
      ...{ ...reading, bytes: stream, mostBytes: MOST_BYTES },
      onAttributes: () => {},
      onRow(row, record) {
        rows += 1;
        pool.take(row, record);
      },
      drain() {
        show();
        return undefined;
      },
    });
  } finally {
    bar.clear();
  }
}

/** What only the database compares. */
const LEFT_TO_UPLOAD = "left to the upload: whether it follows from the tape before";

interface Report {
  read: ReadTape | null;
  problems: ProblemList;
  period: TapePeriod | null;
  csv: string | undefined;
}

async function report(file: string, { read, problems, period, csv }: Report): Promise<number> {
  const listed = problems.listed();
  if (csv !== undefined) {
    const { columns, rows } = sheetOf("problems", PROBLEM_COLUMNS, viewRefusals(listed));
    await writeFile(csv, csvText(columns, rows));
  }
  const isRefused = problems.count("refuse") > 0;
  const parts = [
    ...(read?.format && period ? [`${read.format.id}, ${period.begin} to ${period.end}`] : []),
    ...formatHistory(read),
    ...(read === null ? [] : [formatTotals(read)]),
    ...formatCounts(problems),
    ...listed.slice(0, PRINTED).map((problem) => describeProblem(file, problem)),
    ...(listed.length > PRINTED
      ? [`… and ${listed.length - PRINTED} more; --csv FILE has them`]
      : []),
    ...(problems.countOf("format-unknown") > 0
      ? ["npm run tape -- propose FILE proposes how it could be mapped"]
      : []),
    ...(isRefused ? [] : [LEFT_TO_UPLOAD]),
    isRefused ? `${file}: refused` : `${file}: accepted`,
  ];
  console.log(printableText(parts.join("\n")));
  return isRefused ? 1 : 0;
}

/** Which other months the file has, where it is a history. */
function formatHistory(read: ReadTape | null): string[] {
  const months = [...(read?.otherMonths.keys() ?? [])].toSorted((a, b) => a - b);
  const [first] = months;
  const last = months.at(-1);
  if (first === undefined || last === undefined) return [];
  const others =
    first === last
      ? formatMonth(first)
      : `${months.length} months from ${formatMonth(first)} to ${formatMonth(last)}`;
  return [`a history: the rows of ${others} were skipped; --period YYYY-MM reads them`];
}

function formatTotals({ rows, unreadable, totals }: ReadTape): string {
  const { terminated, delinquent, sums, interestRate } = totals;
  return formatTable(
    [{ title: "control total" }, { title: "", right: true }],
    [
      ["rows", String(rows)],
      ["rows that cannot be read", String(unreadable)],
      ["rows of loans that have ended", String(terminated)],
      ["rows of loans past due", String(delinquent)],
      ...Object.entries(sums).map(([field, sum]) => [field, sum]),
      ["mean interest rate", interestRate.mean ?? "-"],
    ],
  );
}

function formatCounts(problems: ProblemList): string[] {
  const codes = Object.keys(CHECK_CODES) as ProblemCode[];
  const counted = codes.filter((code) => problems.countOf(code) > 0);
  if (counted.length === 0) return [];
  const rows = counted.map((code) => [
    code,
    String(problems.countOf(code)),
    CHECK_CODES[code].means,
  ]);
  return [
    formatTable([{ title: "code" }, { title: "found", right: true }, { title: "meaning" }], rows),
  ];
}
