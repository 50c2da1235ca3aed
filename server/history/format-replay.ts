import type { Difference } from "./compare-books.ts";
import { formatTable } from "./format-table.ts";
import type { Replay } from "./replay-deal.ts";

function differenceRows(where: string, differences: readonly Difference[]): string[][] {
  return differences.map(({ item, books }) => [
    where,
    item,
    Object.entries(books)
      .map(([book, value]) => `${book} ${value}`)
      .join(" | "),
  ]);
}

/** Before the first distribution the replay has computed nothing that could be right or wrong. */
function agreement({ periods }: Replay): string {
  return periods.length === 0
    ? "No distribution has run on this deal: there is nothing to compare yet."
    : "The replay equals the chain to the last unit.";
}

/** A replay as text: a row per period, the books, then each difference with both values. */
export function formatReplay(replay: Replay): string {
  const periods = replay.periods.map((period) => [
    String(period.period),
    period.month,
    period.phase,
    period.reportVersion === null ? "none" : `v${period.reportVersion}`,
    String(period.compared),
    period.differences.length === 0 ? "equal" : `${period.differences.length} differ`,
    period.resultHash,
  ]);
  const columns = ["period", "month", "phase", "report", "compared", "result", "result hash"];
  const { books } = replay;
  const standing = books.differences.length === 0 ? "equal" : `${books.differences.length} differ`;
  const differences = [
    ...replay.periods.flatMap((period) => differenceRows(period.month, period.differences)),
    ...differenceRows("books", books.differences),
  ];
  const parts = [
    `Deal ${replay.dealId}, ${replay.deal}: ${replay.periods.length} periods computed again\n`,
    ...(periods.length === 0 ? [] : [`${formatTable(columns, periods)}\n`]),
    ...replay.periods.flatMap(({ month, lastRates, carried }) =>
      [...lastRates, ...carried].map((words) => `${month}  ${words}`),
    ),
    `Cash, entitlements, claims and ledgers: ${books.compared} values compared, ${standing}`,
    differences.length === 0
      ? `\n${agreement(replay)}`
      : `\n${formatTable(["where", "what", "values"], differences)}\n\n${replay.differenceCount} differences.`,
  ];
  return parts.join("\n");
}
