import type { Context } from "../context.ts";
import type { DueJob, Job } from "../jobs/job.ts";
import { listRestatedPeriods, listVersions } from "../reports/report-life-queries.ts";
import {
  findReport,
  findUnreportedClose,
  listPeriodsToRestate,
  listStandingSignatures,
  type ReportKey,
} from "../reports/report-queries.ts";
import {
  getAttestation,
  getChainDeal,
  getNextPeriod,
  listBroughtVersions,
  listOpenDeals,
} from "./chain-deal-queries.ts";
import { chooseSignatures } from "./choose-signatures.ts";
import { prepareReport } from "./prepare-report.ts";
import { publishReport } from "./publish-report.ts";

/** Periods of a deal whose report may be built: the next one, and those that are being restated. */
async function listReportable(db: Context["db"], dealId: string): Promise<ReportKey[]> {
  const restated = await listPeriodsToRestate(db, dealId);
  const next = await getNextPeriod(db, dealId);
  return [...restated, next].map((period) => ({ dealId, period }));
}

/** Builds the report of a period that was closed, and lets the server's attester sign it. */
export const prepareReportJob: Job = {
  name: "prepare-report",
  async due({ db }): Promise<DueJob[]> {
    const jobs: DueJob[] = [];
    for (const dealId of await listOpenDeals(db)) {
      for (const data of await listReportable(db, dealId)) {
        const closeVersion = await findUnreportedClose(db, data);
        if (closeVersion === undefined) continue;
        jobs.push({ key: `${dealId}:${data.period}:${closeVersion}`, data });
      }
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
      for (const data of await listReportable(context.db, dealId)) {
        const digest = await findPublishable(context, data);
        if (digest !== undefined) jobs.push({ key: `${dealId}:${data.period}:${digest}`, data });
      }
    }
    return jobs;
  },
  async run(context, data): Promise<void> {
    await publishReport(context, data as ReportKey);
  },
};

/** Whether a restatement of the deal can still be challenged: until then no other is taken. */
async function hasOpenRestatement({ clock, db }: Context, dealId: string): Promise<boolean> {
  for (const period of await listRestatedPeriods(db, dealId)) {
    const versions = await listVersions(db, { dealId, period });
    const isOpen = versions.some(
      ({ restates, status, finalAt }) =>
        restates && status !== "rejected" && finalAt.getTime() > clock.now().getTime(),
    );
    if (isOpen) return true;
  }
  return false;
}

/** Digest of a report when everything is there and the registry has it not yet. */
async function findPublishable(
  context: Context,
  { dealId, period }: ReportKey,
): Promise<string | undefined> {
  const { clock, db } = context;
  const report = await findReport(db, { dealId, period });
  if (report === undefined) return undefined;
  const deal = await getChainDeal(db, dealId);
  const row = deal.terms.calendar[period - 1];
  if (row === undefined || clock.now().getTime() < row.determinationTime * 1_000) return undefined;
  const brought = await listBroughtVersions(db, { deal, period });
  if (brought.some(({ reportHash }) => reportHash === report.report_hash)) return undefined;
  if (report.restates && (await hasOpenRestatement(context, dealId))) return undefined;
  const stored = await listStandingSignatures(db, report);
  if (!stored.some(({ user_id }) => user_id !== null)) return undefined;
  const attestation = await getAttestation(db, dealId);
  const signatures = stored.map((signature) => ({ ...signature, userId: signature.user_id }));
  const { signers } = chooseSignatures(signatures, attestation);
  return attestation.threshold > 0 && signers.length >= attestation.threshold
    ? report.digest
    : undefined;
}
