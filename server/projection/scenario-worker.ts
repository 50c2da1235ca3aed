/** A thread of a projection: takes scenarios from the shared counter until there are none left. */
import { parentPort, workerData } from "node:worker_threads";
import { runScenario } from "./run-scenario.ts";
import type { ScenarioJob, ScenarioMessage } from "./run-scenarios.ts";

const { deal, plans, options, next, chunk } = workerData as ScenarioJob;
const taken = new Int32Array(next);

for (;;) {
  const first = Atomics.add(taken, 0, chunk);
  if (first >= plans.length) break;
  const messages: ScenarioMessage[] = [];
  plans.slice(first, first + chunk).forEach((plan, i) => {
    messages.push({ index: first + i, result: runScenario(deal, plan, options) });
  });
  parentPort?.postMessage(messages, []);
}
