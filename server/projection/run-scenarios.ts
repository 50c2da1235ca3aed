/** All scenarios of a projection, over as many threads as there are cores. */
import { Worker } from "node:worker_threads";
import type { ScenarioPlan } from "./figure-sources.ts";
import type { ProjectedDeal } from "./project-deal.ts";
import { runScenario } from "./run-scenario.ts";
import type { ScenarioOptions, ScenarioResult } from "./run-scenario.ts";

/** What a thread is given; the pool's arrays and the counter are shared, not copied. */
export interface ScenarioJob {
  deal: ProjectedDeal;
  plans: readonly ScenarioPlan[];
  options: ScenarioOptions;
  /** First scenario that no thread has taken. */
  next: SharedArrayBuffer;
  chunk: number;
}

export interface ScenarioMessage {
  index: number;
  result: ScenarioResult;
}

export interface ScenarioRun extends Omit<ScenarioJob, "next" | "chunk"> {
  threads: number;
  /** Called once per scenario, in their order. */
  onResult: (result: ScenarioResult) => void;
}

/** Scenarios that a thread takes at a time: few enough that the last threads end together. */
const LARGEST_CHUNK = 8;

/** Runs every scenario; one thread, or one scenario, runs where it is called. */
export async function runScenarios(run: ScenarioRun): Promise<void> {
  const { deal, plans, options, onResult } = run;
  const threads = Math.min(run.threads, plans.length);
  if (threads <= 1) {
    for (const plan of plans) onResult(runScenario(deal, plan, options));
    return;
  }
  const chunk = Math.max(1, Math.min(LARGEST_CHUNK, Math.floor(plans.length / (4 * threads))));
  const next = new SharedArrayBuffer(4);
  const job: ScenarioJob = { deal, plans, options, next, chunk };
  const take = inOrder(onResult);
  await Promise.all(Array.from({ length: threads }, () => runThread(job, take)));
}

/** Hands results on in the order of the scenarios; an early one waits for those before it. */
function inOrder(onResult: (result: ScenarioResult) => void): (message: ScenarioMessage) => void {
  const waiting = new Map<number, ScenarioResult>();
  let due = 0;
  return ({ index, result }) => {
    waiting.set(index, result);
    for (let ready = waiting.get(due); ready !== undefined; ready = waiting.get(due)) {
      waiting.delete(due);
      due += 1;
      onResult(ready);
    }
  };
}

function runThread(job: ScenarioJob, take: (message: ScenarioMessage) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./scenario-worker.ts", import.meta.url), {
      workerData: job,
    });
    worker.on("message", (messages: ScenarioMessage[]) => {
      for (const message of messages) take(message);
    });
    worker.on("error", reject);
    worker.on("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a thread of the projection ended with ${code}`));
    });
  });
}
