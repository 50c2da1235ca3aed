import { getDeal } from "../deals/deals-queries.ts";
import { readTerms } from "../deals/read-terms.ts";
import type { Context } from "../context.ts";
import { problem } from "../errors.ts";
import { formatMonth } from "../lib/dates.ts";
import { listTapeAcceptances } from "../tapes/acceptances-queries.ts";
import { getTapeDeal } from "../tapes/tape-deal-queries.ts";
import { monthOfPeriod } from "../tapes/tape-deal.ts";
import type { TapeDeal } from "../tapes/tape-deal.ts";
import { buildStatement, type Statement, type StatementFacts } from "./build-statement.ts";
import {
  findAcceptedHash,
  findClosedPeriod,
  findReportByHash,
  findTape,
  listFindings,
  listSigners,
} from "./history-queries.ts";
import { readHistoryPeriod } from "./read-history.ts";

export interface StatementKey {
  dealId: string;
  /** Ordinal, from 1. */
  period: number;
}

/**
 * The statement of a period from what is stored: once it is distributed, of the very report that
 * the distribution ran on, however often the period was closed again.
 * @throws Problem deal-unknown; period-not-closed
 */
export async function readStatement(context: Context, key: StatementKey): Promise<Statement> {
  const run = await readHistoryPeriod(context, key.dealId, key.period);
  return await assemble(context, key, { run, reportHash: run?.reportHash });
}

/**
 * The statement as it is released to investors: of the distributed report, or of the one that the
 * registry accepted last. Tapes and closes that nobody stands for on chain are not shown; neither
 * are loans: notes keep what and why, not whose loan.
 * @throws Problem deal-unknown; statement-not-released before a report is accepted
 */
export async function readReleasedStatement(
  context: Context,
  key: StatementKey,
): Promise<Statement> {
  const { db } = context;
  const { dealId, period } = key;
  const run = await readHistoryPeriod(context, dealId, period);
  const reportHash = run?.reportHash ?? (await findAcceptedHash(db, dealId, period));
  const report =
    reportHash === undefined ? undefined : await findReportByHash(db, dealId, reportHash);
  if (report === undefined) {
    const { calendar } = readTerms((await getDeal(db, dealId)).terms);
    const month = formatMonth(calendar[period - 1]?.collectionMonth ?? 0);
    throw problem("statement-not-released", { deal: dealId, period: month });
  }
  const statement = await assemble(context, key, { run, reportHash });
  const notes = statement.notes.map((note) => ({ ...note, loan: null, value: "", expected: "" }));
  return { ...statement, notes };
}

type Run = Awaited<ReturnType<typeof readHistoryPeriod>>;

async function assemble(
  { db }: Context,
  { dealId, period }: StatementKey,
  { run, reportHash }: { run: Run; reportHash: string | undefined },
): Promise<Statement> {
  const deal = await getDeal(db, dealId);
  const report =
    reportHash === undefined ? undefined : await findReportByHash(db, dealId, reportHash);
  const closed = await findClosedPeriod(db, dealId, period, report?.close_version);
  const tape = closed === undefined ? undefined : await findTape(db, closed.tape_id);
  if (closed === undefined || tape === undefined) {
    throw problem("period-not-closed", { deal: dealId, period });
  }
  const tapeDeal = await getTapeDeal(db, dealId);
  return buildStatement({
    dealName: deal.name,
    terms: readTerms(deal.terms),
    figures: tapeDeal.figures,
    closed,
    tape,
    findings: await readFindings(db, tapeDeal, { closed, tape }),
    report: report ?? null,
    signers: report === undefined ? [] : await listSigners(db, report.digest),
    run,
  });
}

type Closed = NonNullable<Awaited<ReturnType<typeof findClosedPeriod>>>;
type ClosedTape = NonNullable<Awaited<ReturnType<typeof findTape>>>;

/**
 * The findings of the tape that was closed. The cut-off tape is closed with the first period: what stood in
 * the one that was accepted by then is in that period's statement.
 */
async function readFindings(
  db: Context["db"],
  deal: TapeDeal,
  { closed, tape }: { closed: Closed; tape: ClosedTape },
): Promise<StatementFacts["findings"]> {
  const month = monthOfPeriod(deal, tape.period);
  const own = (await listFindings(db, deal.id, tape.id)).map((one) => ({ ...one, month }));
  if (tape.period !== 1) return own;
  const acceptances = await listTapeAcceptances(db, { dealId: deal.id, period: 0 });
  const cutOff = acceptances.findLast(({ accepted_at }) => accepted_at <= closed.closed_at);
  if (cutOff === undefined) return own;
  const before = await listFindings(db, deal.id, cutOff.tape_id);
  return [...before.map((one) => ({ ...one, month: deal.cutOffMonth })), ...own];
}
