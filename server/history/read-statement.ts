import { getDeal } from "../deals/deals-queries.ts";
import { readTerms } from "../deals/read-terms.ts";
import type { Context } from "../context.ts";
import { problem } from "../errors.ts";
import { buildStatement, type Statement } from "./build-statement.ts";
import {
  findClosedPeriod,
  findReportByHash,
  findTape,
  listFindings,
  listSigners,
} from "./history-queries.ts";
import { readHistoryPeriod } from "./read-history.ts";

/**
 * The statement of a period from what is stored: once it is distributed, of the very report that
 * the distribution ran on, however often the period was closed again.
 * @throws Problem deal-unknown; period-not-closed
 */
export async function readStatement(
  context: Context,
  dealId: string,
  period: number,
): Promise<Statement> {
  const { db } = context;
  const deal = await getDeal(db, dealId);
  const run = await readHistoryPeriod(context, dealId, period);
  const report = run === null ? undefined : await findReportByHash(db, dealId, run.reportHash);
  const closed = await findClosedPeriod(db, dealId, period, report?.close_version);
  const tape = closed === undefined ? undefined : await findTape(db, closed.tape_id);
  if (closed === undefined || tape === undefined) {
    throw problem("period-not-closed", { deal: dealId, period });
  }
  return buildStatement({
    dealName: deal.name,
    terms: readTerms(deal.terms),
    closed,
    tape,
    findings: await listFindings(db, dealId, tape.id),
    report: report ?? null,
    signers: report === undefined ? [] : await listSigners(db, report.digest),
    run,
  });
}
