/**
 * npm run mutate: small faults, put into a copy of the contracts, and whether a contract test notices each.
 * The copy holds every fault at once, behind a selector that a run sets, so that it is compiled once.
 * Writes test/contracts/MUTANTS.md.
 */
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { AskedProject } from "./mutate/asked-project.ts";
import { buildShadow, listContracts, readContracts } from "./mutate/build-shadow.ts";
import { type ArguedMutants, describeMutants, listFaults } from "./mutate/describe-mutants.ts";
import { MUTANT_SOURCE, type Mutant, MutantFinder } from "./mutate/find-mutants.ts";
import { type Verdict, judgeMutants } from "./mutate/judge-mutants.ts";
import { MEASURED, measureReach } from "./mutate/measure-reach.ts";
import { sampleMutants } from "./mutate/sample-mutants.ts";
import { SUPPOSED, supposeReach } from "./mutate/suppose-reach.ts";
import { UsageError, runCommand } from "./run-command.ts";

const usage = `usage: npm run mutate [-- --sample N] [--seed S] [--match TEXT] [--keep FOLDER]
                             [--reach measured|subject]

  --sample  how many mutants are tried (default 400), drawn by --seed (default 1) from all
  --match   only mutants whose place, as contracts/a/B.sol:12, has this text in it
  --keep    a folder for the rewritten copy and what is known so far; given again, the run goes on there
  --reach   which tests a mutant is asked of: those that are measured to reach it (the default; hours), or the
            test files of its subject (minutes)

Ends with 1 when a survivor is not argued in scripts/mutate/argued-mutants.json, or an argued one is
killed or gone.`;

const ROOT = path.resolve(import.meta.dirname, "..");
const PAGE = path.join(ROOT, "test/contracts/MUTANTS.md");
/** The terms' creation checks are judged by fuzzing both engines; their own mutants would double the price. */
const LEFT_ALONE = /^contracts\/deals\/(Terms\w+|DealTerms|PlatformGenesis)\.sol$/;

/** Fewer random deals have to do, and the first finding ends them: nobody reads a smaller deal here. */
const FEWER_DEALS = {
  file: "test/contracts/waterfall/fuzz.test.ts",
  from: "const tally =",
  to: `for (let number = 0; number < 150; number += 1) {
      const { findings } = await fuzzDeal(contracts, { seed: 20_261_121, number });
      expect(findings.map(describeFinding)).to.deep.equal([]);
    }
    if (contracts !== undefined) return;
    const tally =`,
};

function prepare(folder: string): Mutant[] {
  const list = path.join(folder, "mutants.json");
  if (existsSync(list)) return JSON.parse(readFileSync(list, "utf8")) as Mutant[];
  const counted = listContracts(ROOT).counted.filter((file) => !LEFT_ALONE.test(file));
  const chosen = new Set(counted);
  const mutants: Mutant[] = [];
  const rewritten = readContracts(ROOT)
    .filter(({ file }) => chosen.has(file))
    .map((source) => {
      const found = new MutantFinder(source, mutants.length + 1).find();
      mutants.push(...found.mutants);
      return { source, edits: found.edits };
    });
  console.log(`compiles ${rewritten.length} files with ${mutants.length} mutants`);
  buildShadow({
    ...{ root: ROOT, folder, rewritten },
    library: { name: "Mutant", text: MUTANT_SOURCE },
    changes: [FEWER_DEALS],
  });
  writeFileSync(list, JSON.stringify(mutants));
  return mutants;
}

/** What an earlier run in the folder has found already. */
function readVerdicts(file: string): Verdict[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((text) => text !== "");
  return lines.map((text) => JSON.parse(text) as Verdict);
}

async function run(): Promise<number> {
  const { values } = parseArgs({
    options: {
      sample: { type: "string", default: "400" },
      seed: { type: "string", default: "1" },
      match: { type: "string", default: "" },
      keep: { type: "string" },
      reach: { type: "string", default: "measured" },
    },
  });
  const [size, seed] = [Number(values.sample), Number(values.seed)];
  if (!Number.isSafeInteger(size) || size < 1) throw new UsageError("--sample is a whole number");
  if (!Number.isSafeInteger(seed)) throw new UsageError("--seed is a whole number");
  if (!["measured", "subject"].includes(values.reach)) {
    throw new UsageError("--reach is measured or subject");
  }
  const isMeasured = values.reach === "measured";
  const folder = values.keep ?? mkdtempSync(path.join(tmpdir(), "penstock-mutants-"));
  const project = new AskedProject(folder);
  try {
    const mutants = prepare(folder);
    const kept = path.join(folder, isMeasured ? "reach.json" : "times.json");
    const reach = await (isMeasured ? measureReach : supposeReach)(project, {
      ...{ root: ROOT, mutants, kept },
    });
    const matching = mutants.filter(({ file, line }) => `${file}:${line}`.includes(values.match));
    const sample = sampleMutants(matching, size, seed);
    const known = path.join(folder, "verdicts.jsonl");
    const verdicts = await judgeMutants(project, {
      ...{ mutants: sample, reach, known: readVerdicts(known) },
      note: (verdict) => appendFileSync(known, `${JSON.stringify(verdict)}\n`),
    });
    const argued = JSON.parse(
      readFileSync(path.join(import.meta.dirname, "mutate/argued-mutants.json"), "utf8"),
    ) as ArguedMutants[];
    const asked = isMeasured ? MEASURED : SUPPOSED;
    const page = describeMutants({ population: mutants, sample, verdicts, argued, seed, asked });
    if (values.match === "") writeFileSync(PAGE, page);
    console.log(page);
    const faults = listFaults(sample, verdicts, argued);
    for (const fault of faults) console.log(fault);
    return faults.length === 0 ? 0 : 1;
  } finally {
    project.stop();
    if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

await runCommand({ name: "mutate", usage, run });
