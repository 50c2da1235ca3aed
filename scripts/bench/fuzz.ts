/** Both engines on random deals, states and figures: the recorded run, and how it ended. */
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import path from "node:path";
import { addTallies, firstDealOf, type Tally } from "../../test/fuzz/fuzz-cases.ts";
import { describeFinding } from "../../test/fuzz/shrink-finding.ts";

export interface FuzzBench {
  seed: number;
  processes: number;
  seconds: number;
  tally: Tally;
}

function runPart(seed: number, first: number, cases: number): Promise<Tally> {
  const file = path.join(import.meta.dirname, "fuzz-part.ts");
  const options = {
    serialization: "advanced",
    cwd: path.resolve(import.meta.dirname, "../.."),
  } as const;
  const part = fork(file, [seed, first, cases].map(String), options);
  return new Promise((resolve, reject) => {
    part.once("message", (tally) => resolve(tally as Tally));
    part.once("error", reject);
    part.once("exit", (code) => reject(new Error(`a part of the fuzz ended with ${code}`)));
  });
}

/** Runs at least `cases` runs in both engines, on as many processes as there are cores. */
export async function benchFuzz(cases: number, seed: number): Promise<FuzzBench> {
  const begun = performance.now();
  const processes = Math.min(availableParallelism(), Math.ceil(cases / 1_000));
  const share = Math.ceil(cases / processes);
  const parts = Array.from({ length: processes }, (_, part) =>
    runPart(seed, firstDealOf(part, share), share),
  );
  const tally = addTallies(await Promise.all(parts));
  return { seed, processes, seconds: (performance.now() - begun) / 1_000, tally };
}

function counts(of: Record<string, number>): string {
  const entries = Object.entries(of).toSorted(([a], [b]) => a.localeCompare(b));
  return entries.map(([name, count]) => `${name} ${grouped(count)}`).join(", ");
}

const grouped = (count: number) => count.toLocaleString("en-US");

export function formatFuzzBench({ seed, processes, seconds, tally }: FuzzBench): string {
  const { refused, resized, alone, compared } = tally.mutants;
  const steps = Object.values(tally.steps).reduce((sum, count) => sum + count, 0);
  return [
    `cases        ${grouped(tally.cases)} runs of ${grouped(tally.deals)} random deals, seed ${seed}, each in both engines word for word`,
    `steps        ${grouped(steps)} executed: ${counts(tally.steps)}`,
    `flags        runs that raised ${counts(tally.flags)}`,
    `too large    ${grouped(tally.tooLarge)} deals, which the compiler refused by name`,
    `changed      ${grouped(refused + resized + alone + compared)} deals with changed bytes: ${grouped(refused)} refused at creation, ${grouped(compared)} run by both engines, ${grouped(alone)} by the contract alone, ${grouped(resized)} taken but of another size`,
    `time         ${seconds.toFixed(0)} s in ${processes} processes, ${grouped(Math.round(tally.cases / seconds))} cases/s`,
    `differences and broken laws: ${tally.findings.length}`,
    ...tally.findings.slice(0, 10).map((finding) => `\n${describeFinding(finding)}`),
  ].join("\n");
}
