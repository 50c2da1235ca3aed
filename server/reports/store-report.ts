import { ZeroHash } from "ethers";
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
  /** The version that stands for the period; undefined when there is none, or it was rejected. */
  standingHash: string | undefined;
  /** The version that the registry expects next. */
  version: number;
  /** The period was distributed on: what is built now restates it. */
  restates: boolean;
}

/**
 * Builds the report of the period as it was closed last and stores it. The version that stands is
 * answered while it is of that close; after a new close, or a rejection, the next version is built, and
 * while none is accepted another preview gives another report. The signatures over the old one count no
 * more. Of a period that was distributed on the new version is a restatement. The same again changes
 * nothing.
 * @throws Problem period-not-closed, preview-missing
 */
export async function storeReport(
  context: Context,
  { dealId, period, chainDealId, termsHash, standingHash, version, restates }: ReportToStore,
): Promise<StoredReport> {
  const { db, chain } = context;
  const facts = await getClosedPeriodFacts(db, { dealId, period });
  const stored = await listReports(db, { dealId, period });
  const standing = stored.find((report) => report.report_hash === standingHash);
  if (standing?.close_version === facts.closeVersion) return standing;
  const resultHash = restates ? ZeroHash : facts.preview?.resultHash;
  if (resultHash === undefined) throw problem("preview-missing", { deal: dealId, period });

  const message = buildReport({
    deal: { chainDealId, termsHash },
    closedPeriod: { period, closeHash: facts.closeHash, figures: facts.figures },
    treeHash: facts.treeHash,
    resultHash,
    version,
  });
  const domain = { chainId: chain.chainId, registry: chain.deployment.reportRegistry };

  await db.transaction().execute((trx) =>
    insertReport(trx, {
      deal_id: dealId,
      period,
      version,
      close_version: facts.closeVersion,
      restates,
      message: JSON.stringify(messageToRow(message)),
      digest: digestReport(message, domain),
      report_hash: hashReport(message),
      created_at: context.clock.now(),
    }),
  );
  return getReport(db, { dealId, period });
}
