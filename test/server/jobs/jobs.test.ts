import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import type { Context } from "../../../server/context.ts";
import type { Job } from "../../../server/jobs/job.ts";
import { openJobs } from "../../../server/jobs/open-jobs.ts";
import { runDueJobs } from "../../../server/jobs/run-due-jobs.ts";
import { startSchedule } from "../../../server/jobs/start-schedule.ts";
import { type TestServer, startTestServer } from "../start-test-server.ts";

const DAY = 86_400_000;

/** A step that has to be done once for each key from its date on, and remembers what it did. */
function stepOf(name: string, dates: Record<string, string>): { job: Job; done: string[] } {
  const done: string[] = [];
  const job: Job = {
    name,
    due: (context) =>
      Promise.resolve(
        Object.entries(dates)
          .filter(([key, date]) => !done.includes(key) && new Date(date) <= context.clock.now())
          .map(([key]) => ({ key, data: { key } })),
      ),
    run: async (_context, data) => {
      await sleep(5);
      done.push((data as { key: string }).key);
    },
  };
  return { job, done };
}

describe("the jobs that are due", () => {
  let server: TestServer;
  let second: Context;
  before(async () => {
    server = await startTestServer({ startAt: new Date("2017-11-01T00:00:00Z") });
    second = await server.openSecondContext();
  });
  after(() => server.close());

  it("run when the clock has reached their time, once, however long it jumps", async () => {
    const dates = { november: "2017-11-20", december: "2017-12-18", january: "2018-01-18" };
    const { job, done } = stepOf("pay", dates);
    assert.deepEqual(await runDueJobs(server.context, [job]), { ran: [], failed: [] });
    server.clock.set(new Date("2017-11-20T00:00:00Z"));
    await runDueJobs(server.context, [job]);
    assert.deepEqual(done, ["november"]);
    server.clock.advance(365 * DAY);
    const { ran } = await runDueJobs(server.context, [job]);
    assert.deepEqual(
      ran.map(({ key }) => key),
      ["december", "january"],
    );
    assert.deepEqual(done, ["november", "december", "january"]);
  });

  it("run in the order of the flow, and a step that makes the next one due is followed by it", async () => {
    const order: string[] = [];
    const report = stepOf("report", { "1": "2017-01-01" });
    const publish: Job = {
      name: "publish",
      due: () =>
        Promise.resolve(
          report.done.length > 0 && order.length === 0 ? [{ key: "1", data: {} }] : [],
        ),
      run: () => Promise.resolve(void order.push("published")),
    };
    // Publishing stands first in the schedule here: a second pass finds it.
    const { ran } = await runDueJobs(server.context, [publish, report.job]);
    assert.deepEqual(ran, [
      { name: "report", key: "1" },
      { name: "publish", key: "1" },
    ]);
  });

  it("run once although two processes look at the same time", async () => {
    const dates = Object.fromEntries(
      Array.from({ length: 20 }, (_none, index) => [`period-${index}`, "2017-01-01"]),
    );
    const { job, done } = stepOf("close", dates);
    const outcomes = await Promise.all([
      runDueJobs(server.context, [job]),
      runDueJobs(second, [job]),
      runDueJobs(server.context, [job]),
      runDueJobs(second, [job]),
    ]);
    assert.deepEqual(done.toSorted(), Object.keys(dates).toSorted());
    assert.equal(outcomes.flatMap(({ ran }) => ran).length, 20);
  });

  it("do not keep a call for ever when a step is always due under a new key", async () => {
    let runs = 0;
    const restless: Job = {
      name: "restless",
      due: () => Promise.resolve([{ key: String(runs), data: {} }]),
      run: () => Promise.resolve(void (runs += 1)),
    };
    const { ran } = await runDueJobs(server.context, [restless]);
    assert.equal(ran.length, 100);
  });

  it("that fail stop no other, and are due again at the next call", async () => {
    let attempts = 0;
    const flaky: Job = {
      name: "flaky",
      due: () => Promise.resolve(attempts < 2 ? [{ key: "1", data: {} }] : []),
      run: () => {
        attempts += 1;
        return attempts === 1 ? Promise.reject(new Error("no cash yet")) : Promise.resolve();
      },
    };
    const steady = stepOf("steady", { "1": "2017-01-01" });
    const first = await runDueJobs(server.context, [flaky, steady.job]);
    assert.deepEqual(first.failed, [{ name: "flaky", key: "1", error: "no cash yet" }]);
    assert.deepEqual(steady.done, ["1"]);
    const next = await runDueJobs(server.context, [flaky, steady.job]);
    assert.deepEqual(next, { ran: [{ name: "flaky", key: "1" }], failed: [] });
  });

  it("are run by the real node-cron, never two runs at once", async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    let twice = (): void => undefined;
    const twoRuns = new Promise<void>((resolve) => (twice = resolve));
    const tick: Job = {
      name: "tick",
      due: () => Promise.resolve([{ key: "always", data: {} }]),
      run: async () => {
        running += 1;
        most = Math.max(most, running);
        await sleep(1_200);
        runs += 1;
        running -= 1;
        if (runs === 2) twice();
      },
    };
    const config = { ...server.context.config, cron: "* * * * * *" };
    const schedule = startSchedule({ ...server.context, config }, [tick]);
    await twoRuns;
    await schedule.stop();
    const atStop = runs;
    assert.ok(atStop >= 2);
    assert.equal(most, 1);
    assert.equal(running, 0, "stop waits for the running job");
    await sleep(1_500);
    assert.equal(runs, atStop, "nothing runs after stop");
  });
});

describe("a job whose process was killed", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  /** A process that took the job and is gone, without a word to the database. */
  async function killedWith(step: { job: Job }): Promise<void> {
    await server.context.jobs.send(step.job.name, { key: "1", data: { key: "1" } });
    const script = path.join(import.meta.dirname, "hang-with-job.ts");
    const child = spawn(process.execPath, [script, server.databaseUrl], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [said] = (await once(child.stdout, "data")) as [Buffer];
    assert.equal(said.toString(), `took ${step.job.name} 1\n`);
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  it("is free at once when the server that starts is the only one", async () => {
    const step = stepOf("sole", { "1": "2017-01-01" });
    await killedWith(step);
    const held = await runDueJobs(server.context, [step.job]);
    assert.deepEqual(held.ran, [], "the lease of the dead process still holds");
    const log = pino({ level: "silent" });
    const jobs = await openJobs({ url: server.databaseUrl, log, soleOwner: true });
    await runDueJobs({ ...server.context, jobs }, [step.job]);
    await jobs.close();
    assert.deepEqual(step.done, ["1"]);
  });

  it("is taken up by another process when its lease has lapsed, once", async () => {
    const step = stepOf("shared", { "1": "2017-01-01" });
    await killedWith(step);
    for (let waited = 0; step.done.length === 0 && waited < 60_000; waited += 500) {
      await runDueJobs(server.context, [step.job]);
      await sleep(500);
    }
    await runDueJobs(server.context, [step.job]);
    assert.deepEqual(step.done, ["1"]);
  });
});
