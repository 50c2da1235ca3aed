import type { Branch, BranchKind } from "./find-branches.ts";

/** Why no test takes these branches. */
export interface Argued {
  reason: string;
  /** Their keys. */
  branches: string[];
}

interface Tally {
  taken: number;
  all: number;
}

const KINDS: readonly BranchKind[] = ["decision", "operand", "function"];

function tallyOf(
  branches: readonly Branch[],
  taken: readonly boolean[],
  isCounted: (branch: Branch) => boolean,
): Tally {
  const counted = [...branches.entries()].filter(([, branch]) => isCounted(branch));
  return { taken: counted.filter(([i]) => taken[i] === true).length, all: counted.length };
}

const share = ({ taken, all }: Tally): string =>
  all === 0 ? "" : `${((taken / all) * 100).toFixed(1)} %`;
const figures = (tally: Tally): string => (tally.all === 0 ? "" : `${tally.taken} of ${tally.all}`);

/** The page test/contracts/COVERAGE.md. */
export function describeCoverage(
  branches: readonly Branch[],
  taken: readonly boolean[],
  argued: readonly Argued[],
): string {
  const files = [...new Set(branches.map(({ file }) => file))];
  const row = (name: string, isCounted: (branch: Branch) => boolean): string => {
    const tallies = KINDS.map((kind) =>
      tallyOf(branches, taken, (branch) => branch.kind === kind && isCounted(branch)),
    );
    const both = tallyOf(
      branches,
      taken,
      (branch) => branch.kind !== "function" && isCounted(branch),
    );
    return `| ${name} | ${tallies.map(figures).join(" | ")} | ${share(both)} |`;
  };
  const untaken = new Map(
    branches.filter((_, i) => taken[i] !== true).map((branch) => [branch.key, branch]),
  );
  const groups = argued
    .map(({ reason, branches: keys }) => ({
      reason,
      found: keys.flatMap((key) => untaken.get(key) ?? []),
    }))
    .filter(({ found }) => found.length > 0);
  return `# Branch coverage of the contracts

Written by \`npm run coverage\`, which puts a probe into every branch of a copy of the contracts and runs the
contract tests (mocha and Solidity) there. A decision is the condition of an \`if\`, a loop, a ternary, a \`require\`
or an \`assert\`, a case of a Yul \`switch\` or a clause of a \`try\`, in Solidity and in assembly alike: each of its
outcomes is one branch. The operands of \`&&\` and \`||\` count apart, two outcomes each, and so do functions. What
tests of gas, size and source text do is not counted.

| contract | decisions | operands | functions | branches |
| --- | ---: | ---: | ---: | ---: |
${files.map((file) => row(file.replace("contracts/", ""), (branch) => branch.file === file)).join("\n")}
${row("**all**", () => true)}

## Branches that no test takes, argued

${groups.map(({ reason, found }) => `${reason}\n\n${found.map(line).join("\n")}\n`).join("\n")}`.trimEnd() + "\n";
}

function line({ file, line: number, text, kind, arm }: Branch): string {
  const shown = text.length > 90 ? `${text.slice(0, 87)}...` : text;
  const place = `${file.replace("contracts/", "")}:${number}`;
  return kind === "function"
    ? `- ${place}: \`${shown}\` is never entered`
    : `- ${place}: \`${shown}\` is never ${arm}`;
}

/** Untaken branches that are not argued; argued ones that are taken, or gone. */
export function listFaults(
  branches: readonly Branch[],
  taken: readonly boolean[],
  argued: readonly Argued[],
): string[] {
  const keys = new Set(argued.flatMap((group) => group.branches));
  const faults = [...branches.entries()].flatMap(([i, { key, line: number }]) => {
    if (taken[i] === true) return keys.has(key) ? [`argued, but taken: ${key}`] : [];
    return keys.has(key) ? [] : [`not taken, not argued: ${key} (line ${number})`];
  });
  const present = new Set(branches.map(({ key }) => key));
  const gone = [...keys].filter((key) => !present.has(key));
  return [...faults, ...gone.map((key) => `argued, but no longer there: ${key}`)];
}
