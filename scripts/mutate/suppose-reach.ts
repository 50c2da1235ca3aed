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
/** The contracts of the Solidity tests. */
const SOLIDITY: Readonly<Record<string, RegExp>> = {
  "test/contracts/compliance/HolderCap.t.sol": /HolderCap/,
  "test/contracts/reports/FeedRounds.t.sol": /FeedRounds/,
  "test/contracts/reports/ReportAcceptance.t.sol": /reports\/(Acceptance|Attesters|ReportTerms)/,
  "test/contracts/reports/RestatementLaws.t.sol":
    /reports\/(Restatements|ReportRecords|ReportBooks)/,
  "test/contracts/tokens/TokenWords.t.sol": /TokenWords/,
  "test/contracts/tokens/TrancheToken.t.sol": /tokens\//,
  "test/contracts/waterfall/EngineLaws.t.sol": ENGINE,
  "test/contracts/waterfall/SplitLaws.t.sol": /WaterfallSplit/,
};
const SECONDS = 300;

/** How the page says it. */
export const SUPPOSED =
  "Each was asked of the mocha files of its own subject (compliance and tokens together; for the engine its own " +
  "tests, 150 random deals and the distributor's claims, runs and promises; for the rest of waterfall/ its folder " +
  "and the restated runs) until one failed, and of the Solidity tests of its contract when none did. Tests of gas " +
  "and size, the invariants of the whole system and the slowest mocha files were not asked.";

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
 * The test files of each mutant's subject, each run once to see that it passes and how long it takes: minutes,
 * where to measure what reaches what takes hours.
 * @throws Error when a test fails without a mutant
 */
export async function supposeReach(
  project: AskedProject,
  { root, mutants, kept }: { root: string; mutants: readonly Mutant[]; kept: string },
): Promise<Reach[]> {
  const suites = listSuites(root);
  const times = existsSync(kept)
    ? (JSON.parse(readFileSync(kept, "utf8")) as Record<string, number>)
    : {};
  const reach: Reach[] = [];
  for (const file of [...suites.mocha, ...suites.solidity]) {
    const isSolidity = file.endsWith(".sol");
    const reached = mutants.filter((mutant) =>
      isSolidity ? SOLIDITY[file]?.test(mutant.file) : isOfSubject(file, mutant.file),
    );
    if (reached.length === 0) continue;
    if (times[file] === undefined) {
      times[file] = await timeOf(project, file, isSolidity);
      writeFileSync(kept, JSON.stringify(times));
    }
    reach.push({
      file,
      isSolidity,
      milliseconds: times[file],
      mutants: reached.map(({ id }) => id),
    });
  }
  return reach;
}

async function timeOf(project: AskedProject, file: string, isSolidity: boolean): Promise<number> {
  const begun = performance.now();
  if (isSolidity) {
    const { passed, output } = await project.runSolidity(file, 0, LEFT_OUT.solidity);
    if (!passed) throw new Error(`${file}:\n${output}`);
    // Last of all: each is a process of its own.
    return 60_000 + performance.now() - begun;
  }
  const question = { files: [file], bail: false, leaveOut: [...LEFT_OUT.titles], mutant: 0 };
  const answer = await project.ask(question, SECONDS);
  if (answer === null) throw new Error(`${file} takes more than ${SECONDS} s`);
  const [failure] = answer.failures;
  if (failure !== undefined) throw new Error(`${file}: ${failure.title}: ${failure.message}`);
  return answer.milliseconds[file] ?? 0;
}
