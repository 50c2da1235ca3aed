import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { AskedProject } from "./asked-project.ts";
import type { Mutant } from "./find-mutants.ts";
import { ENGINE, LEFT_OUT, listSuites } from "./left-out.ts";

/** Which mutants a test file gets to, and how long it takes. */
export interface Reach {
  file: string;
  isSolidity: boolean;
  milliseconds: number;
  mutants: number[];
}

/** The selector of no mutant that asks each to report that it was reached. */
const ASK_ALL = 0xffff;
const SECONDS = 1_200;

/** How the page says it. */
export const MEASURED =
  "Each was asked of the tests that reach it, mocha and Solidity, until one failed; tests of gas and size and of " +
  "the golden deals' creation were not asked.";

/**
 * Runs every file asking all mutants, then with none on in the same process, as one mutant follows another.
 * @throws Error when a test fails without a mutant
 */
export async function measureReach(
  project: AskedProject,
  { root, mutants, kept }: { root: string; mutants: readonly Mutant[]; kept: string },
): Promise<Reach[]> {
  const suites = listSuites(root);
  const slow: readonly string[] = LEFT_OUT.slow;
  const engine: readonly string[] = LEFT_OUT.engine;
  const ofEngine = mutants.filter(({ file }) => ENGINE.test(file)).map(({ id }) => id);
  const reach: Reach[] = existsSync(kept)
    ? (JSON.parse(readFileSync(kept, "utf8")) as Reach[])
    : [];
  const known = new Set(reach.map(({ file }) => file));
  const add = (one: Reach): void => {
    reach.push(one);
    writeFileSync(kept, JSON.stringify(reach));
  };
  const faults: string[] = [];
  for (const file of suites.mocha.filter((name) => !slow.includes(name) && !known.has(name))) {
    const question = { files: [file], bail: false, leaveOut: [...LEFT_OUT.titles] };
    const isEngine = engine.includes(file);
    const asked = await project.ask({ ...question, mutant: isEngine ? 0 : ASK_ALL }, SECONDS);
    const again = await project.ask({ ...question, mutant: 0 }, SECONDS);
    const failures = [...(asked?.failures ?? []), ...(again?.failures ?? [])];
    faults.push(...failures.map(({ title, message }) => `${file}: ${title}: ${message}`));
    if (failures.length > 0) continue;
    if (asked === null || again === null) throw new Error(`${file} took more than ${SECONDS} s`);
    const milliseconds = again.milliseconds[file] ?? 0;
    console.log(`${file}: ${again.passed} passed in ${milliseconds} ms`);
    add({
      file,
      isSolidity: false,
      milliseconds,
      mutants: isEngine ? ofEngine : asked.reached,
    });
  }
  for (const file of suites.solidity.filter((name) => !known.has(name))) {
    const begun = performance.now();
    const asked = await project.runSolidity(file, ASK_ALL, LEFT_OUT.solidity);
    if (!asked.passed) {
      faults.push(`${file}:\n${asked.output}`);
      continue;
    }
    const milliseconds = Math.round(performance.now() - begun);
    console.log(`${file}: passed in ${milliseconds} ms`);
    add({ file, isSolidity: true, milliseconds, mutants: asked.reached });
  }
  if (faults.length > 0) throw new Error(faults.join("\n"));
  return reach;
}
