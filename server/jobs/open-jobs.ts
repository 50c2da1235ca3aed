import type { FastifyBaseLogger } from "fastify";
import { PgBoss } from "pg-boss";
import type { DueJob } from "./job.ts";

/** A job taken from the queue: nobody else runs it until it is settled or its lease lapses. */
export interface TakenJob {
  name: string;
  key: string;
  data: object;
  complete(): Promise<void>;
  fail(error: Error): Promise<void>;
}

/** The durable queue. */
export interface Jobs {
  /** Queues a job unless one with the same name and key waits or runs; false when it does. */
  send(name: string, due: DueJob): Promise<boolean>;
  /** Takes the job that waits longest, with a lease that is renewed while it runs. */
  take(): Promise<TakenJob | null>;
  counts(): Promise<{ waiting: number; running: number; failed: number }>;
  close(): Promise<void>;
}

interface Payload {
  name: string;
  key: string;
  data: object;
}

const QUEUE = "due-jobs";
/** A process that died stops renewing; its jobs are free again this many seconds later. */
const LEASE_SECONDS = 10;
const RENEW_MILLISECONDS = 3_000;
const SUPERVISE_SECONDS = 5;
const DAY_SECONDS = 86_400;

/**
 * Opens the queue in the database (schema `pgboss`).
 * @param options.soleOwner true when no other process can be alive on this database: jobs that a
 *   killed process had taken are freed at once instead of when their lease lapses
 */
export async function openJobs(options: {
  url: string;
  log: FastifyBaseLogger;
  soleOwner: boolean;
}): Promise<Jobs> {
  const boss = new PgBoss({
    connectionString: options.url,
    application_name: "penstock-jobs",
    max: 3,
    schedule: false,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
  });
  boss.on("error", (error) => options.log.error({ err: error }, "job queue"));
  await boss.start();
  await boss.createQueue(QUEUE, {
    policy: "exclusive",
    // A job that failed or lost its process is queued anew by the next tick if it is still due:
    // state decides, not a retry counter.
    retryLimit: 0,
    heartbeatSeconds: LEASE_SECONDS,
    expireInSeconds: DAY_SECONDS - 1,
    deleteAfterSeconds: DAY_SECONDS,
  });
  if (options.soleOwner) await freeOrphans(boss);
  return {
    send: (name, { key, data }) => send(boss, { name, key, data }),
    take: () => take(boss, options.log),
    counts: () => count(boss),
    close: () => boss.stop({ graceful: true, timeout: 10_000 }),
  };
}

async function freeOrphans(boss: PgBoss): Promise<void> {
  const jobs = await boss.findJobs<Payload>(QUEUE);
  const taken = jobs.filter((job) => job.state === "active").map((job) => job.id);
  if (taken.length > 0) await boss.fail(QUEUE, taken, { message: "its process ended" });
}

async function send(boss: PgBoss, payload: Payload): Promise<boolean> {
  const singletonKey = `${payload.name} ${payload.key}`;
  return (await boss.send(QUEUE, payload, { singletonKey })) !== null;
}

async function take(boss: PgBoss, log: FastifyBaseLogger): Promise<TakenJob | null> {
  const [job] = await boss.fetch<Payload>(QUEUE, { includeMetadata: true });
  if (job === undefined) return null;
  const attempt = { id: job.id, retryCount: job.retryCount };
  const renewal = setInterval(() => {
    boss.touch(QUEUE, attempt).catch((error: unknown) => log.warn({ err: error }, "job lease"));
  }, RENEW_MILLISECONDS);
  return {
    ...job.data,
    complete: async () => {
      clearInterval(renewal);
      await boss.complete(QUEUE, attempt);
    },
    fail: async (error) => {
      clearInterval(renewal);
      await boss.fail(QUEUE, attempt, { message: error.message });
    },
  };
}

async function count(boss: PgBoss): ReturnType<Jobs["counts"]> {
  const [stats] = await boss.getQueueStats(QUEUE, { force: true });
  return {
    waiting: stats?.queuedCount ?? 0,
    running: stats?.activeCount ?? 0,
    failed: stats?.failedCount ?? 0,
  };
}
