/** The page of every statistic with its definition and formula, from the catalogue that the API serves. */
import { STATISTICS } from "./statistic-catalogue.ts";
import type { Statistic } from "./statistic.ts";
import { TABLE_DEFINITIONS } from "./table-definitions.ts";

const INTRODUCTION = `# What the pool says

Written by \`scripts/write-schemas.ts\` from the catalogue that the API serves (\`statistic-catalogue.ts\`,
\`delinquency-statistics.ts\`, \`table-definitions.ts\`). Sections are those of the formula sheet, part 2 of the
securitisation reference. All of it is worked out by SQL when a period is closed, from the tape version that it is
closed over and the one that the period before was closed over, kept with the version of the close, and never
worked out again: integers all the way (cents, counts, 1e18 = 100 %, a month or a point), ratios as floors, powers
and roots as floors of their exact values.

- \`GET /deals/:deal/periods/:period/statistics\`: every figure below
- \`GET /deals/:deal/statistics?figures=cpr,cdr\`: a series over the closed periods
- \`GET /deals/:deal/periods/:period/roll-rates\`, \`.../concentrations?top=10\`, \`GET /deals/:deal/vintages\`
- \`GET /deals/:deal/periods/:period/stratifications?by=creditScore&bands=500,600,700\`: any field, any column of
  the tape; the first request works it out and keeps it

All as JSON and CSV. Each amount of a period also stands as \`cumulative...\`, since the cut-off. The close's hash covers the figures, and the tables by \`tablesHash\`.

For MBA and OTS a loan's oldest unpaid payment fell due as many days before the end of the period as the tape states. A tape whose late loans are all a multiple of 30 days past due counts in months:
then 30 days are one missed payment by MBA and none by OTS. One that states no days is read by its buckets.
`;

const cell = (text: string): string => text.replaceAll("|", "\\|");

/** Buckets of one method differ in their name only: one line for all of them, one for an amount. */
function withoutRepeats(statistics: readonly Statistic[]): Statistic[] {
  const shown = new Set<string>();
  return statistics.flatMap((statistic) => {
    // The amounts of the period stand for their sums since the cut-off.
    if (statistic.definition.startsWith("Since the cut-off:")) return [];
    const match = /^(delinquency\w*)\.(.+)\.(\w+)$/.exec(statistic.name);
    if (match === null) return [statistic];
    const [, method = "", bucket = "", figure = ""] = match;
    const name = `${method}.<bucket>.${figure}`;
    if (bucket === "current" || shown.has(name)) return [];
    shown.add(name);
    const definition = statistic.definition.replace(bucket, "so many");
    return [{ ...statistic, name, definition }];
  });
}

/** The page as Markdown. */
export function buildStatisticsPage(): string {
  const rows = withoutRepeats(STATISTICS).map(
    ({ name, unit, definition, formula, section }) =>
      `| \`${name}\` | ${unit} | ${cell(definition)} | ${cell(formula)} | ${section} |`,
  );
  const tables = Object.entries(TABLE_DEFINITIONS).map(
    ([name, { definition, section }]) => `| \`${name}\` | ${cell(definition)} | ${section} |`,
  );
  return [
    INTRODUCTION,
    "## Figures\n",
    "| figure | unit | definition | formula | section |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "\n## Tables\n",
    "| table | definition | section |",
    "| --- | --- | --- |",
    ...tables,
    "",
  ].join("\n");
}
