import cron from "node-cron";
import type { Context } from "../context.ts";
import type { Job } from "./job.ts";
import { runDueJobs } from "./run-due-jobs.ts";
import { schedule } from "./schedule.ts";

/**
 * Lets node-cron run what is due on `config.cron` (UTC), never two runs at once in one process.
 * @returns stop: no further run begins, and the running one is waited for
 */
export function startSchedule(
  context: Context,
  jobs: readonly Job[] = schedule,
): { stop(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve();
  const task = cron.schedule(
    context.config.cron,
    async () => {
      running = runDueJobs(context, jobs).catch((error: unknown) => {
        context.log.error({ err: error }, "the schedule could not run");
      });
      await running;
    },
    { timezone: "UTC", noOverlap: true, name: "due-jobs" },
  );
  return {
    stop: async () => {
      await task.destroy();
      await running;
    },
  };
}
