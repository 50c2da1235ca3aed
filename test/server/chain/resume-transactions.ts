import { resumeTransactionsJob } from "../../../server/chain/chain-jobs.ts";
import type { Context } from "../../../server/context.ts";

/** Runs the job for every transaction that is open. @returns the keys of those that were settled */
export async function resumeTransactions(context: Context): Promise<string[]> {
  const resumed: string[] = [];
  for (const { key, data } of await resumeTransactionsJob.due(context)) {
    const settled = await resumeTransactionsJob.run(context, data).then(
      () => true,
      () => false,
    );
    if (settled) resumed.push(key);
  }
  return resumed;
}
