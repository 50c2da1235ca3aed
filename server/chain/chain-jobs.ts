import type { Job } from "../jobs/job.ts";
import { sendIntended } from "./send-transaction.ts";
import { listOpenTransactions } from "./transaction-queries.ts";
import { watchEvents } from "./watch-events.ts";

/** Takes up what a killed process, a node that was down or a re-org left unsettled. */
export const resumeTransactionsJob: Job = {
  name: "resume-transactions",
  async due({ db }) {
    const open = await listOpenTransactions(db);
    return open.map((row) => ({ key: row.idempotency_key, data: { key: row.idempotency_key } }));
  },
  async run(context, data) {
    await sendIntended(context, (data as { key: string }).key);
  },
};

/** Reads the chain's events at every tick. */
export const watchEventsJob: Job = {
  name: "watch-events",
  everyTick: true,
  due: () => Promise.resolve([{ key: "head", data: {} }]),
  async run(context) {
    await watchEvents(context);
  },
};
