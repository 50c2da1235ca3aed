import path from "node:path";
import type { AskedProject } from "./asked-project.ts";
import type { Mutant } from "./find-mutants.ts";
import { LEFT_OUT } from "./left-out.ts";
import type { Reach } from "./measure-reach.ts";
import { keyOf } from "./sample-mutants.ts";

export interface Verdict {
  key: string;
  /** A mutant that makes a test run without end is noticed, too. Unreached ones survive untried. */
  fate: "killed" | "timeout" | "survived" | "unreached";
  /** The first test that failed. */
  by: string | null;
}

interface Campaign {
  mutants: readonly Mutant[];
  reach: readonly Reach[];
  known: readonly Verdict[];
  note: (verdict: Verdict) => void;
}

/** A file that takes five seconds has not ended well after these. */
const PATIENCE = { least: 60, times: 10 } as const;
const MUTANTS_A_PROCESS = 60;

/** Tries each mutant on the files that reach it, those first that have killed the most for their time. */
export async function judgeMutants(
  project: AskedProject,
  { mutants, reach, known, note }: Campaign,
): Promise<Verdict[]> {
  const before = new Map(known.map((verdict) => [verdict.key, verdict]));
  const kills = new Map<string, number>();
  const verdicts: Verdict[] = [];
  let tried = 0;
  for (const mutant of mutants) {
    const earlier = before.get(keyOf(mutant));
    if (earlier !== undefined) {
      verdicts.push(earlier);
      continue;
    }
    const files = reach
      .filter((one) => one.mutants.includes(mutant.id))
      .toSorted((a, b) => rank(b, kills, mutant) - rank(a, kills, mutant));
    const verdict = await judge(project, mutant, files);
    if (verdict.killer !== null) {
      for (const place of placesOf(mutant, verdict.killer)) {
        kills.set(place, (kills.get(place) ?? 0) + 1);
      }
    }
    const { killer: _, ...kept } = verdict;
    verdicts.push(kept);
    note(kept);
    tried += 1;
    if (tried % MUTANTS_A_PROCESS === 0) project.stop();
    console.log(`${verdicts.length}/${mutants.length} ${kept.fate}: ${kept.key}`);
  }
  return verdicts;
}

/** What a kill is counted for: the contract and its folder. */
function placesOf({ file }: Mutant, killer: string): [string, string] {
  return [`${file} ${killer}`, `${path.dirname(file)} ${killer}`];
}

/** Kills per second among the mutants of the contract, which count thrice, and of its folder. */
function rank(
  { file, milliseconds, isSolidity }: Reach,
  kills: Map<string, number>,
  of: Mutant,
): number {
  const [own, near] = placesOf(of, file).map((place) => kills.get(place) ?? 0) as [number, number];
  const count = 3 * own + near + 0.3;
  return count / (milliseconds + (isSolidity ? 4_000 : 100));
}

async function judge(
  project: AskedProject,
  mutant: Mutant,
  files: readonly Reach[],
): Promise<Verdict & { killer: string | null }> {
  const key = keyOf(mutant);
  if (files.length === 0) return { key, fate: "unreached", by: null, killer: null };
  for (const { file, isSolidity, milliseconds } of files) {
    if (isSolidity) {
      const { passed } = await project.runSolidity(file, mutant.id, LEFT_OUT.solidity);
      if (!passed) return { key, fate: "killed", by: file, killer: file };
      continue;
    }
    const seconds = Math.max(PATIENCE.least, (PATIENCE.times * milliseconds) / 1_000);
    const question = { mutant: mutant.id, files: [file], bail: true };
    const answer = await project.ask({ ...question, leaveOut: [...LEFT_OUT.titles] }, seconds);
    if (answer === null) return { key, fate: "timeout", by: file, killer: file };
    const [failure] = answer.failures;
    if (failure === undefined) continue;
    return { key, fate: "killed", by: `${file}: ${failure.title}`, killer: file };
  }
  return { key, fate: "survived", by: null, killer: null };
}
