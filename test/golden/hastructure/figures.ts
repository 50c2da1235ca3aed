/** The figures of the vectors that no run of a waterfall gives. */
import { readFileSync } from "node:fs";
import type { FigureComparison } from "../../../scripts/replay/figure-comparison.ts";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { formatFactor } from "../../../server/history/format-ratio.ts";
import { dayInMonth, formatDate } from "../../../server/lib/dates.ts";
import { parseDecimal } from "../../../server/lib/money.ts";
import { compareDayCounts } from "./compare-day-counts.ts";
import { compareSchedules } from "./compare-schedules.ts";
import { compareFigure, vectorOf } from "./read-vectors.ts";

/** HA-U12: class factors, which the product prints with seven digits. */
function compareFactors(): FigureComparison[] {
  const { id, inputs, expected } = vectorOf<
    { original: string; balances: string[] },
    { factors: string[] }
  >("HA-U12");
  const face = parseDecimal(inputs.original, 2);
  return inputs.balances.map((balance, i) =>
    compareFigure(id, `factor at ${balance}`, {
      expected: Number(expected.factors[i]).toFixed(7),
      got: formatFactor(parseDecimal(balance, 2), face),
    }),
  );
}

/** HA-U77: the collection months' ends and the payment dates of the compiled calendar. */
function compareCalendar(): FigureComparison[] {
  const { id, expected } = vectorOf<unknown, { collections: string[]; payments: string[] }>(
    "HA-U77",
  );
  const text = readFileSync(new URL("calendar/deal.yaml", import.meta.url), "utf8");
  const { calendar } = compileDeal(text).deal?.terms ?? { calendar: [] };
  const monthEnds = calendar.map(({ collectionMonth }) =>
    formatDate(dayInMonth(collectionMonth, 31)),
  );
  const payments = calendar.map(({ paymentDay }) => formatDate(paymentDay));
  const list = (key: "collections" | "payments", dates: string[]) =>
    expected[key].map((date, i) =>
      compareFigure(id, `${key}.${i + 1}`, { expected: date, got: dates[i] ?? "none" }),
    );
  return [...list("collections", monthEnds), ...list("payments", payments)];
}

export function compareFigures(): Promise<FigureComparison[]> {
  return Promise.resolve([
    ...compareDayCounts(),
    ...compareSchedules(),
    ...compareFactors(),
    ...compareCalendar(),
  ]);
}
