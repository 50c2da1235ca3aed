import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { AskedProject } from "./asked-project.ts";
import type { Mutant } from "./find-mutants.ts";
import { ENGINE, LEFT_OUT, listSuites } from "./left-out.ts";
import type { Reach } from "./measure-reach.ts";

/** Mocha files that take long, or that judge the terms' creation checks, which have no mutants. */
const SLOW =
  /cash-lives|golden-deals|mid-life|awkward|role-delays|guarded|five-class|fuzz-deal|reserve-guard|deploy-platform|terms-|engines-agree/;
const ENGINE_TESTS = /engine\.test|engine-edges|waterfall\/fuzz\.test|foreign-memory/;
const RUN_TESTS = /waterfall\/(claims|distributor|promises)\.test/;
const SECONDS = 300;

/** How the page says it. */
export const SUPPOSED =
  "Each was asked of the mocha files of its own subject (compliance and tokens together; for the engine its own " +
  "tests, 200 random deals and the distributor's claims, runs and promises; for the rest of waterfall/ its folder " +
  "and the restated runs), until one failed. Solidity tests, tests of gas and size and the slowest mocha files were " +
  "not asked unless a kill below names them: a survivor is one that the files asked leave alive.";

/** Whether a mocha file is of the mutant's subject. */
export function isOfSubject(test: string, contract: string): boolean {
  if (SLOW.test(test)) return false;
  const [, , folder] = test.split("/");
  const [, subject] = contract.split("/");
  if (subject === "compliance" || subject === "tokens") {
    return folder === "compliance" || folder === "tokens";
  }
  if (subject !== "waterfall") return folder === subject;
  if (ENGINE.test(contract)) return ENGINE_TESTS.test(test) || RUN_TESTS.test(test);
  if (test.endsWith("restated-runs.test.ts")) return true;
  return folder === "waterfall" && !/engine|fuzz/.test(test);
}

/**
 * The mocha files of each mutant's subject, each run once to see that it passes and how long it takes: minutes,
 * where to measure what reaches what takes hours.
 * @throws Error when a test fails without a mutant
 */
export async function supposeReach(
  project: AskedProject,
  { root, mutants, kept }: { root: string; mutants: readonly Mutant[]; kept: string },
): Promise<Reach[]> {
  const times = existsSync(kept)
    ? (JSON.parse(readFileSync(kept, "utf8")) as Record<string, number>)
    : {};
  const reach: Reach[] = [];
  for (const file of listSuites(root).mocha) {
    const reached = mutants.filter((mutant) => isOfSubject(file, mutant.file));
    if (reached.length === 0) continue;
    let milliseconds = times[file];
    if (milliseconds === undefined) {
      const question = { files: [file], bail: false, leaveOut: [...LEFT_OUT.titles], mutant: 0 };
      const answer = await project.ask(question, SECONDS);
      const failure = answer === null ? "takes too long" : answer.failures[0]?.title;
      if (failure !== undefined) throw new Error(`${file}: ${failure}`);
      milliseconds = answer?.milliseconds[file] ?? 0;
      times[file] = milliseconds;
      writeFileSync(kept, JSON.stringify(times));
    }
    reach.push({ file, isSolidity: false, milliseconds, mutants: reached.map(({ id }) => id) });
  }
  return reach;
}
