/** A projection as a structurer reads it: one table of measures, then a decrement table per class. */
import type { CompiledDeal } from "../../server/deals/compile-deal.ts";
import { formatTable } from "../../server/history/format-table.ts";
import { formatDate } from "../../server/lib/dates.ts";
import { formatCentsGrouped } from "../../server/lib/money.ts";
import { decrement } from "../../server/projection/measure-classes.ts";
import type { ClassMeasures } from "../../server/projection/measure-classes.ts";
import type { Pool } from "../../server/projection/pool.ts";
import type { ScenarioResult } from "../../server/projection/run-scenario.ts";

export interface ProjectionReport {
  compiled: CompiledDeal;
  pool: Pool;
  results: readonly ScenarioResult[];
  /** Break-even rates and decrement tables were computed. */
  detailed: boolean;
}

/** Scenarios beside each other in a decrement table. */
const COLUMNS = 6;

export function formatProjection(report: ProjectionReport): string {
  const { compiled, results, detailed } = report;
  const parts = [head(report), scenarioLines(report), measuresTable(report)];
  if (detailed) {
    compiled.terms.classes.forEach((_, index) => {
      for (let from = 0; from < results.length; from += COLUMNS) {
        parts.push(decrementTable(compiled, index, { results, from }));
      }
    });
  }
  return parts.join("\n\n");
}

function head({ compiled, pool, results, detailed }: ProjectionReport): string {
  const total = BigInt(pool.totalCents);
  const rows = `${pool.size.toLocaleString("en-US")} row${pool.size === 1 ? "" : "s"}`;
  const lines = [
    `${compiled.file.name}: ${results.length} scenario${results.length === 1 ? "" : "s"} over a pool of ${formatCentsGrouped(total)} in ${rows}`,
    `Pool: ${describePool(pool)}`,
  ];
  const cutOff = compiled.terms.cutOffBalanceCents;
  if (total !== cutOff) {
    lines.push(
      `The deal's cut-off pool is ${formatCentsGrouped(cutOff)}: the pool projected differs.`,
    );
  }
  if (!detailed) lines.push("Break-even CDR and decrement tables: add --full");
  return lines.join("\n");
}

/** Weighted averages by balance. */
function describePool({ balances, monthlyRates, remaining, ages, totalCents }: Pool): string {
  const average = (values: ArrayLike<number>) =>
    balances.reduce((sum, balance, i) => sum + balance * (values[i] ?? 0), 0) / totalCents;
  const rate = (1200 * average(monthlyRates)).toFixed(3);
  return `WAC ${rate} %, WAM ${average(remaining).toFixed(2)}, WALA ${average(ages).toFixed(2)} months`;
}

function dateOf({ compiled }: ProjectionReport, period: number | null): string {
  if (period === null) return "-";
  return formatDate(compiled.terms.calendar[period - 1]?.paymentDay ?? 0);
}

function remarks(report: ProjectionReport, result: ScenarioResult): string[] {
  const { calledPeriod, unfinished, outOfBounds } = result;
  return [
    ...(calledPeriod === null ? [] : [`pool called ${dateOf(report, calledPeriod)}`]),
    ...(unfinished ? [`not over at the calendar's end, ${dateOf(report, result.periods)}`] : []),
    ...(outOfBounds === null
      ? []
      : [`${outOfBounds.figure} outside its bounds from ${dateOf(report, outOfBounds.period)}`]),
    ...(result.flags === 0 ? [] : ["a step divided by zero, was cut or went negative"]),
  ];
}

function scenarioLines(report: ProjectionReport): string {
  return report.results
    .map((result, i) => [`[${i + 1}] ${result.name}`, ...remarks(report, result)].join("; "))
    .join("\n");
}

const percent = (hundredths: number | null | undefined): string =>
  hundredths === null || hundredths === undefined ? "none" : (hundredths / 100).toFixed(2);

function measuresTable(report: ProjectionReport): string {
  const columns = ["", "class", "WAL", "principal from", "to", "last payment"];
  columns.push("principal paid", "interest paid", "principal lost", "interest lost");
  if (report.detailed) columns.push("break-even CDR %");
  const row = (result: ScenarioResult, measures: ClassMeasures, i: number, scenario: number) => [
    i === 0 ? `[${scenario + 1}]` : "",
    measures.name,
    measures.walYears === null ? "-" : measures.walYears.toFixed(2),
    dateOf(report, measures.firstPrincipal),
    dateOf(report, measures.lastPrincipal),
    dateOf(report, measures.lastPayment),
    formatCentsGrouped(measures.principalPaid),
    formatCentsGrouped(measures.interestPaid),
    formatCentsGrouped(measures.principalLoss),
    formatCentsGrouped(measures.interestLoss),
    ...(report.detailed ? [percent(result.breakEvens?.[i])] : []),
  ];
  const rows = report.results.flatMap((result, scenario) =>
    result.classes.map((measures, i) => row(result, measures, i, scenario)),
  );
  return formatTable(columns, rows);
}

interface Columns {
  results: readonly ScenarioResult[];
  from: number;
}

/** Per cent of the original balance after each payment date, until all columns stand at zero. */
function decrementTable(
  { terms }: CompiledDeal,
  index: number,
  { results, from }: Columns,
): string {
  const shown = results.slice(from, from + COLUMNS);
  const face = terms.classes[index]?.faceCents ?? 1n;
  const stride = terms.calendar.length;
  const cell = ({ projection, periods }: ScenarioResult, period: number): number => {
    if (projection === null || period > periods) return 0;
    return decrement(face, projection.classes.balance[index * stride + period - 1] ?? 0n);
  };
  const rows: string[][] = [["at closing", ...shown.map(() => "100.00")]];
  const last = Math.max(...shown.map(({ periods }) => periods));
  for (let period = 1; period <= last; period += 1) {
    const cells = shown.map((result) => cell(result, period));
    rows.push([
      formatDate(terms.calendar[period - 1]?.paymentDay ?? 0),
      ...cells.map((each) => (each / 100).toFixed(2)),
    ]);
    if (cells.every((each) => each === 0)) break;
  }
  const life = shown.map(({ classes }) => classes[index]?.walOfFaceYears?.toFixed(2) ?? "-");
  rows.push(["WAL, years", ...life]);
  const columns = ["payment date", ...shown.map((_, i) => `[${from + i + 1}]`)];
  const title = `Class ${terms.classes[index]?.name}, per cent of the original balance outstanding`;
  return `${title}\n${formatTable(columns, rows)}`;
}
