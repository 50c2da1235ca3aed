/**
 * npm run coverage: which branches of the contracts the contract tests take. Writes
 * test/contracts/COVERAGE.md and coverage/lcov.info.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { type Argued, describeCoverage, listFaults } from "./coverage/describe-coverage.ts";
import { type Branch, PROBE_SOURCE, findBranches } from "./coverage/find-branches.ts";
import { formatLcov } from "./coverage/format-lcov.ts";
import { AskedProject } from "./mutate/asked-project.ts";
import { buildShadow, listContracts, readContracts } from "./mutate/build-shadow.ts";
import { LEFT_OUT, listSuites } from "./mutate/left-out.ts";
import { runCommand } from "./run-command.ts";

const usage = `usage: npm run coverage [-- --keep FOLDER]   the branches that the contract tests take

  --keep  leaves the rewritten copy of the project in this new folder

Ends with 1 when an untaken branch is not argued in scripts/coverage/argued-branches.json, or an argued
one is taken or gone.`;

const ROOT = path.resolve(import.meta.dirname, "..");
const PAGE = path.join(ROOT, "test/contracts/COVERAGE.md");
const SECONDS = 1_800;

/** Every test file of the copy, one after the other. @throws Error when a test fails there */
async function collect(folder: string): Promise<Set<number>> {
  const project = new AskedProject(folder);
  const reached = new Set<number>();
  const suites = listSuites(ROOT);
  for (const file of suites.mocha) {
    const answer = await project.ask(
      { mutant: 0, files: [file], bail: false, leaveOut: [...LEFT_OUT.titles] },
      SECONDS,
    );
    if (answer === null) throw new Error(`${file} took more than ${SECONDS} s`);
    const [failure] = answer.failures;
    if (failure !== undefined) throw new Error(`${file}: ${failure.title}: ${failure.message}`);
    for (const probe of answer.reached) reached.add(probe);
    console.log(`${file}: ${answer.passed} passed`);
  }
  project.stop();
  for (const file of suites.solidity) {
    const {
      passed,
      output,
      reached: probes,
    } = await project.runSolidity(file, 0, LEFT_OUT.solidity);
    if (!passed) throw new Error(`${file}:\n${output}`);
    for (const probe of probes) reached.add(probe);
    console.log(`${file}: passed`);
  }
  return reached;
}

async function run(): Promise<number> {
  const { values } = parseArgs({ options: { keep: { type: "string" } } });
  const folder = values.keep ?? mkdtempSync(path.join(tmpdir(), "penstock-coverage-"));
  const { counted } = listContracts(ROOT);
  const branches: Branch[] = [];
  const rewritten = readContracts(ROOT)
    .filter(({ file }) => counted.includes(file))
    .map((source) => {
      const probes = findBranches(source, branches.length);
      branches.push(...probes.branches);
      return { source, edits: probes.edits };
    });
  try {
    console.log(`compiles ${rewritten.length} files with ${branches.length} probes`);
    buildShadow({
      ...{ root: ROOT, folder, rewritten },
      library: { name: "Probe", text: PROBE_SOURCE },
    });
    const reached = await collect(folder);
    const taken = branches.map((_, probe) => reached.has(probe));
    const argued = JSON.parse(
      readFileSync(path.join(import.meta.dirname, "coverage/argued-branches.json"), "utf8"),
    ) as Argued[];
    const page = describeCoverage(branches, taken, argued);
    writeFileSync(PAGE, page);
    mkdirSync(path.join(ROOT, "coverage"), { recursive: true });
    writeFileSync(path.join(ROOT, "coverage/lcov.info"), formatLcov(branches, taken));
    console.log(page);
    const faults = listFaults(branches, taken, argued);
    for (const fault of faults) console.log(fault);
    return faults.length === 0 ? 0 : 1;
  } finally {
    if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

await runCommand({ name: "coverage", usage, run });
