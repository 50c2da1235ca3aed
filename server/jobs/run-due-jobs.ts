import type { Context } from "../context.ts";
import type { Job } from "./job.ts";
import type { TakenJob } from "./open-jobs.ts";
import { schedule } from "./schedule.ts";

export interface RunJobs {
  ran: { name: string; key: string }[];
  failed: { name: string; key: string; error: string }[];
}

/** What is due after so many passes waits for the next call, so that every call ends. */
const MOST_PASSES = 100;

/**
 * Runs everything that is due at `context.clock.now()`, in the order of the schedule, until nothing
 * new is due; a step may make the next one due. One key runs at most once in a call. With several
 * processes each job runs in one of them. A job that fails stops no other; it is due again at the
 * next call.
 */
export async function runDueJobs(
  context: Context,
  jobs: readonly Job[] = schedule,
): Promise<RunJobs> {
  const outcome: RunJobs = { ran: [], failed: [] };
  const sent = new Set<string>();
  for (let pass = 0, before = -1; before < sent.size && pass < MOST_PASSES; pass += 1) {
    before = sent.size;
    for (const job of jobs) {
      const count = await sendDue(context, job, sent, outcome);
      // What others left in the queue is taken on the first pass; later ones look for their own.
      if (pass > 0 && count === 0) continue;
      for (let taken = await context.jobs.take(); taken; taken = await context.jobs.take()) {
        await runTaken(context, jobs, taken, outcome);
      }
    }
  }
  return outcome;
}

/** @returns how many keys were due for the first time in this call */
async function sendDue(
  context: Context,
  job: Job,
  sent: Set<string>,
  outcome: RunJobs,
): Promise<number> {
  const before = sent.size;
  try {
    for (const due of await job.due(context)) {
      const id = `${job.name} ${due.key}`;
      if (sent.has(id)) continue;
      sent.add(id);
      await context.jobs.send(job.name, due);
    }
  } catch (error) {
    context.log.error({ err: error, job: job.name }, "could not tell what is due");
    outcome.failed.push({ name: job.name, key: "", error: messageOf(error) });
  }
  return sent.size - before;
}

async function runTaken(
  context: Context,
  jobs: readonly Job[],
  taken: TakenJob,
  outcome: RunJobs,
): Promise<void> {
  const { name, key } = taken;
  const log = context.log.child({ job: name, key });
  try {
    const job = jobs.find((candidate) => candidate.name === name);
    if (job === undefined) throw new Error(`no job is called ${name}`);
    // Another process may have done it between our look and our turn: only the holder's look counts.
    const due = (await job.due(context)).find((candidate) => candidate.key === key);
    if (due !== undefined) {
      await job.run(context, due.data);
      outcome.ran.push({ name, key });
      log[job.everyTick === true ? "debug" : "info"]("job done");
    }
    await taken.complete();
  } catch (error) {
    log.error({ err: error }, "job failed");
    outcome.failed.push({ name, key, error: messageOf(error) });
    await taken.fail(error instanceof Error ? error : new Error(String(error)));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
