import { resumeTransactionsJob, watchEventsJob } from "../chain/chain-jobs.ts";
import { declarePunctualityJob } from "../chain/declare-punctuality.ts";
import { fixIndicesJob } from "../chain/fixing-jobs.ts";
import { prepareReportJob, publishReportJob } from "../chain/report-jobs.ts";
import { recordClaimsJob } from "../claims/record-claims.ts";
import { fundCollectionsJob, openDistributionJob } from "../distributions/distribution-jobs.ts";
import { reconcilePeriodJob } from "../history/reconcile-period.ts";
import { removeStaleUploadsJob } from "../tapes/uploads/remove-stale-uploads.ts";
import type { Job } from "./job.ts";

/** The steps that run by themselves, in the order of the flow: one line each. */
export const schedule: readonly Job[] = [
  resumeTransactionsJob,
  watchEventsJob,
  fixIndicesJob,
  prepareReportJob,
  publishReportJob,
  declarePunctualityJob,
  fundCollectionsJob,
  openDistributionJob,
  recordClaimsJob,
  reconcilePeriodJob,
  removeStaleUploadsJob,
];
