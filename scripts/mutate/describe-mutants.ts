import type { Mutant } from "./find-mutants.ts";
import type { Verdict } from "./judge-mutants.ts";
import { keyOf } from "./sample-mutants.ts";

/** Why no test can, or need, notice these. */
export interface ArguedMutants {
  kind: "equivalent" | "gas only" | "defence in depth" | "beyond any test";
  reason: string;
  /** Their keys. */
  mutants: string[];
}

export interface Outcome {
  population: readonly Mutant[];
  sample: readonly Mutant[];
  verdicts: readonly Verdict[];
  argued: readonly ArguedMutants[];
  seed: number;
  /** Which tests were asked, as a sentence. */
  asked: string;
}

const FATES = ["killed", "timeout", "survived", "unreached"] as const;

/** The page test/contracts/MUTANTS.md. */
export function describeMutants(outcome: Outcome): string {
  const { population, sample, verdicts, argued, seed, asked } = outcome;
  const fateOf = new Map(verdicts.map(({ key, fate }) => [key, fate]));
  const files = [...new Set(population.map(({ file }) => file))];
  const row = (name: string, isCounted: (mutant: Mutant) => boolean): string => {
    const drawn = sample.filter(isCounted);
    const counts = FATES.map(
      (fate) => drawn.filter((mutant) => fateOf.get(keyOf(mutant)) === fate).length,
    );
    return `| ${[name, population.filter(isCounted).length, drawn.length, ...counts].join(" | ")} |`;
  };
  const alive = new Map(
    sample
      .filter((mutant) => ["survived", "unreached"].includes(fateOf.get(keyOf(mutant)) ?? ""))
      .map((mutant) => [keyOf(mutant), mutant]),
  );
  const late = sample.filter((mutant) => fateOf.get(keyOf(mutant)) === "timeout");
  const groups = argued
    .map(({ kind, reason, mutants }) => ({
      ...{ kind, reason },
      found: mutants.flatMap((key) => alive.get(key) ?? []),
    }))
    .filter(({ found }) => found.length > 0);
  return (
    `# Mutants of the contracts

Written by \`npm run mutate\`. Each mutant is one small fault: another relation or operation, a number one more or
less, a condition turned round, a guard that never holds, a statement left out, two arguments of one type
swapped, in Solidity and in assembly. A mutant is killed when a contract test fails; one that makes
a test run without end is noticed, too, and listed apart. Of ${population.length} mutants ${sample.length} were drawn by lot
with seed ${seed}; of the others nothing is known.

${asked}

| contract | mutants | drawn | ${FATES.join(" | ")} |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
${files.map((file) => row(file.replace("contracts/", ""), (mutant) => mutant.file === file)).join("\n")}
${row("**all**", () => true)}

## Survivors, argued

${groups.map(({ kind, reason, found }) => `**${kind}**: ${reason}\n\n${found.map(line).join("\n")}\n`).join("\n")}
## Noticed by running without end

${late.map(line).join("\n")}`.trimEnd() + "\n"
  );
}

function line(mutant: Mutant): string {
  const place = `${mutant.file.replace("contracts/", "")}:${mutant.line}`;
  const cut = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}...` : text);
  const change = mutant.after === "" ? "" : ` becomes \`${cut(mutant.after)}\``;
  return `- ${place} (${mutant.operator}): \`${cut(mutant.before)}\`${change}`;
}

/** Survivors that are not argued; argued ones that are killed. */
export function listFaults(
  sample: readonly Mutant[],
  verdicts: readonly Verdict[],
  argued: readonly ArguedMutants[],
): string[] {
  const keys = new Set(argued.flatMap(({ mutants }) => mutants));
  const places = new Map(sample.map((mutant) => [keyOf(mutant), `${mutant.file}:${mutant.line}`]));
  return verdicts.flatMap(({ key, fate }) => {
    const isAlive = fate === "survived" || fate === "unreached";
    if (isAlive && !keys.has(key)) return [`${fate}, not argued: ${places.get(key)}: ${key}`];
    return !isAlive && keys.has(key) ? [`argued, but ${fate}: ${key}`] : [];
  });
}
