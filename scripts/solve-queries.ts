/** The thread in which `prove.ts` has z3 answer queries, one after the other: z3 answers later, the compiler waits. */
import { parentPort, workerData } from "node:worker_threads";
import { init } from "z3-solver";

export interface SolverShares {
  /** [0] the answer's length in bytes, 0 while there is none. */
  length: Int32Array;
  answer: Uint8Array;
  milliseconds: number;
}

const { length, answer, milliseconds } = workerData as SolverShares;
const { Z3 } = await init();

async function solve(query: string): Promise<void> {
  const context = Z3.mk_context(Z3.mk_config());
  const limit = `(set-option :timeout ${milliseconds})\n`;
  const text = await Z3.eval_smtlib2_string(context, limit + query).catch(() => "unknown\n");
  Z3.del_context(context);
  const { written } = new TextEncoder().encodeInto(text, answer);
  Atomics.store(length, 0, written);
  Atomics.notify(length, 0);
}

parentPort?.on("message", (query: string) => void solve(query));
