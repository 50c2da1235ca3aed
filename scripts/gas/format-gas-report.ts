import type { GasMeasurement } from "./measure-gas.ts";
import type { DealLife } from "./measure-lives.ts";

const HEADING = `# Gas

Written by \`node scripts/write-gas-report.ts\`; \`npm test\` measures again and refuses any other figure, and any above its bar.

Whole transactions through the real proxies, on the demo deal (\`test/golden/amcar-2017-4\`: three classes, 28 steps, three payees pushed, holder cap, cash token of six decimals) with the compiler settings of \`hardhat.config.ts\`. Distributions are of its 39 months and one more in which the rest of the pool is sold, each report with the hash of the run that it foretells; everything else is of the same deal over 63 months. The floor is the transaction, its calldata, the slots that it changed and the events that it wrote: what is left when reading, calling and computing cost nothing. The peer is the best public contract for the same thing, measured on the same EVM when this was designed; the transfers there check nothing and know no record date.

`;

const plain = (value: number | null): string =>
  value === null ? "" : value.toLocaleString("en-US");
const ratio = (gas: number, floor: number | null): string =>
  floor === null ? "" : (gas / floor).toFixed(2);

function formatTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const aligned = columns.map((name) =>
    ["operation", "state", "deal"].includes(name) ? ":--" : "--:",
  );
  return [columns, aligned, ...rows].map((row) => `| ${row.join(" | ")} |\n`).join("");
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function lifeRow({ deal, classes, steps, tokens, distributions, bar }: DealLife): string[] {
  const gas = distributions.map((distribution) => distribution.gas);
  const floor = median(distributions.map((distribution) => distribution.floor));
  return [
    deal,
    ...[classes, steps, tokens, distributions.length].map(plain),
    ...[Math.min(...gas), median(gas), Math.max(...gas), bar, floor].map(plain),
  ];
}

/** The report as it stands in the repository, but for prettier. */
export function formatGasReport({ rows, lives }: GasMeasurement): string {
  const table = formatTable(
    ["operation", "state", "gas", "bar", "floor", "gas / floor", "best public peer"],
    rows.map(({ operation, state, gas, bar, floor, peer }) => [
      ...[operation, state, plain(gas), plain(bar), plain(floor)],
      ...[ratio(gas, floor), plain(peer)],
    ]),
  );
  const columns = "deal|classes|steps|tokens|runs|least|median|most|bar|median floor".split("|");
  const ofLives = formatTable(columns, lives.map(lifeRow));
  return `${HEADING}${table}\n## Whole lives\n\nThe distributions of two deals; the steps and the tokens of their expressions are those of the longest program.\n\n${ofLives}`;
}
