import type { Context } from "../context.ts";
import { problem } from "../errors.ts";
import { buildReport } from "./build-report.ts";
import { messageToRow } from "./report-codec.ts";
import { digestReport, hashReport } from "./report-message.ts";
import {
  getClosedPeriodFacts,
  getReport,
  insertReport,
  listReports,
  type ReportKey,
  type StoredReport,
} from "./report-queries.ts";

export interface ReportToStore extends ReportKey {
  chainDealId: bigint;
  termsHash: string;
  /** What the registry holds for the period; undefined when it has accepted none. */
  accepted: { reportHash: string; version: number; used: boolean } | undefined;
}

/**
 * Builds the report of the period as it was closed last and stores it. The accepted report stands
 * while it is of that close; after a new close the next version is built, and while none is accepted
 * another preview gives another report. The signatures over the old one count no more. The same again changes nothing.
 * @throws Problem period-not-closed, preview-missing, report-final (its distribution has run)
 */
export async function storeReport(
  context: Context,
  { dealId, period, chainDealId, termsHash, accepted }: ReportToStore,
): Promise<StoredReport> {
  const { db, chain } = context;
  const facts = await getClosedPeriodFacts(db, { dealId, period });
  const stored = await listReports(db, { dealId, period });
  const standing = stored.find((report) => report.report_hash === accepted?.reportHash);
  if (standing?.close_version === facts.closeVersion) return standing;
  if (accepted?.used === true) throw problem("report-final", { deal: dealId, period });
  if (facts.preview === undefined) throw problem("preview-missing", { deal: dealId, period });

  const message = buildReport({
    deal: { chainDealId, termsHash },
    closedPeriod: { period, closeHash: facts.closeHash, figures: facts.figures },
    treeHash: facts.treeHash,
    resultHash: facts.preview.resultHash,
    acceptedVersion: accepted?.version,
  });
  const domain = { chainId: chain.chainId, registry: chain.deployment.reportRegistry };

  await db.transaction().execute((trx) =>
    insertReport(trx, {
      deal_id: dealId,
      period,
      version: message.version,
      close_version: facts.closeVersion,
      message: JSON.stringify(messageToRow(message)),
      digest: digestReport(message, domain),
      report_hash: hashReport(message),
      created_at: context.clock.now(),
    }),
  );
  return getReport(db, { dealId, period });
}
