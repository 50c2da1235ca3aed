import {
  getChainDeal,
  getCollections,
  getNextPeriod,
  listOpenDeals,
} from "../chain/chain-deal-queries.ts";
import type { Context } from "../context.ts";
import type { DueJob, Job } from "../jobs/job.ts";
import { isFinal } from "../reports/report-life.ts";
import { listRestatedPeriods, listVersions } from "../reports/report-life-queries.ts";
import { findCloseHash, findReport, type ReportKey } from "../reports/report-queries.ts";
import { fundCollections } from "./fund-collections.ts";
import { findNeededFunds } from "./needed-funds.ts";
import { openDistribution } from "./open-distribution.ts";

/**
 * Pays in what the accepted report needs, from the servicer's wallet, at the payment time. Only on the report that this
 * server built itself: the wallet holds the cash of other deals too, and k attesters could agree on any figure.
 */
export const fundCollectionsJob: Job = {
  name: "fund-collections",
  async due(context): Promise<DueJob[]> {
    const due = await listDue(context, (held, needed) => held < needed);
    const own = await Promise.all(
      due.map(async ({ data, reportHash }) => {
        const report = await findReport(context.db, data);
        return report?.report_hash === reportHash;
      }),
    );
    return due.filter((_job, position) => own[position]);
  },
  async run(context, data): Promise<void> {
    await fundCollections(context, data as ReportKey);
  },
};

/** Runs the priority of payments at the payment time, once report and cash are there. */
export const openDistributionJob: Job = {
  name: "open-distribution",
  due: (context) => listDue(context, (held, needed) => held >= needed),
  async run(context, data): Promise<void> {
    await openDistribution(context, data as ReportKey);
  },
};

/** A payment that is due under an accepted report. */
interface DuePayment extends DueJob {
  data: ReportKey;
  reportHash: string;
}

/** Nobody can challenge the report any more, nor a restatement of an earlier period. */
async function isUsable(
  { clock, db }: Pick<Context, "clock" | "db">,
  { dealId, period }: ReportKey,
): Promise<boolean> {
  const now = clock.now();
  const own = (await listVersions(db, { dealId, period })).findLast(({ restates }) => !restates);
  if (own === undefined || !isFinal(own, now)) return false;
  for (const earlier of await listRestatedPeriods(db, dealId)) {
    const restatements = (await listVersions(db, { dealId, period: earlier })).filter(
      ({ restates, status }) => restates && status !== "rejected",
    );
    if (restatements.some(({ finalAt }) => finalAt.getTime() > now.getTime())) return false;
  }
  return true;
}

/**
 * The next period of every open deal whose payment time has come and whose report is final, like every
 * restatement that its run carries. A period that was closed again waits for its new report: the
 * servicer says that the old is wrong.
 */
async function listDue(
  { clock, db }: Context,
  isDue: (heldCents: bigint, neededCents: bigint) => boolean,
): Promise<DuePayment[]> {
  const jobs: DuePayment[] = [];
  for (const dealId of await listOpenDeals(db)) {
    const period = await getNextPeriod(db, dealId);
    const deal = await getChainDeal(db, dealId);
    const row = deal.terms.calendar[period - 1];
    if (row === undefined || clock.now().getTime() < row.paymentTime * 1_000) continue;
    const needed = await findNeededFunds(db, { deal, period });
    if (needed === undefined || !(await isUsable({ clock, db }, { dealId, period }))) continue;
    const { accepted } = needed;
    const closeHash = await findCloseHash(db, { dealId, period });
    if (closeHash !== undefined && closeHash !== accepted.message.closeHash) continue;
    if (!isDue(await getCollections(db, dealId), needed.cents)) continue;
    const { reportHash } = accepted;
    jobs.push({ key: `${dealId}:${period}:${reportHash}`, data: { dealId, period }, reportHash });
  }
  return jobs;
}
