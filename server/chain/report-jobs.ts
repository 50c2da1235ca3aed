import type { Context } from "../context.ts";
import type { DueJob, Job } from "../jobs/job.ts";
import {
  findReport,
  findUnreportedClose,
  listStandingSignatures,
  type ReportKey,
} from "../reports/report-queries.ts";
import {
  findAcceptedReport,
  getAttestation,
  getChainDeal,
  getNextPeriod,
  listOpenDeals,
} from "./chain-deal-queries.ts";
import { chooseSignatures } from "./choose-signatures.ts";
import { prepareReport } from "./prepare-report.ts";
import { publishReport } from "./publish-report.ts";

/** Builds the report of a period that was closed, and lets the server's attester sign it. */
export const prepareReportJob: Job = {
  name: "prepare-report",
  async due({ db }): Promise<DueJob[]> {
    const jobs: DueJob[] = [];
    for (const dealId of await listOpenDeals(db)) {
      const period = await getNextPeriod(db, dealId);
      const closeVersion = await findUnreportedClose(db, { dealId, period });
      if (closeVersion === undefined) continue;
      jobs.push({ key: `${dealId}:${period}:${closeVersion}`, data: { dealId, period } });
    }
    return jobs;
  },
  async run(context, data): Promise<void> {
    await prepareReport(context, data as ReportKey);
  },
};

/** Publishes a report as soon as k signatures are there and its collection period has ended. */
export const publishReportJob: Job = {
  name: "publish-report",
  async due(context): Promise<DueJob[]> {
    const jobs: DueJob[] = [];
    for (const dealId of await listOpenDeals(context.db)) {
      const digest = await findPublishable(context, dealId);
      if (digest === undefined) continue;
      const period = await getNextPeriod(context.db, dealId);
      jobs.push({ key: `${dealId}:${period}:${digest}`, data: { dealId, period } });
    }
    return jobs;
  },
  async run(context, data): Promise<void> {
    await publishReport(context, data as ReportKey);
  },
};

/** Digest of the next period's report when everything is there and the registry has it not yet. */
async function findPublishable(
  { clock, db }: Context,
  dealId: string,
): Promise<string | undefined> {
  const period = await getNextPeriod(db, dealId);
  const report = await findReport(db, { dealId, period });
  if (report === undefined) return undefined;
  const deal = await getChainDeal(db, dealId);
  const row = deal.terms.calendar[period - 1];
  if (row === undefined || clock.now().getTime() < row.determinationTime * 1_000) return undefined;
  const accepted = await findAcceptedReport(db, { deal, period });
  if (accepted?.reportHash === report.report_hash) return undefined;
  const stored = await listStandingSignatures(db, report);
  if (!stored.some(({ user_id }) => user_id !== null)) return undefined;
  const attestation = await getAttestation(db, dealId);
  const signatures = stored.map((signature) => ({ ...signature, userId: signature.user_id }));
  const { signers } = chooseSignatures(signatures, attestation);
  return attestation.threshold > 0 && signers.length >= attestation.threshold
    ? report.digest
    : undefined;
}
