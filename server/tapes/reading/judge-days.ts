/** Whether the dates of a column show which of their numbers is the day. */
import type { ProblemList } from "../tape-problem.ts";
import type { ColumnPlan } from "./column-plan.ts";

/** Below this a column says nothing. */
const FEWEST_CELLS = 20;

/**
 * A column with no day above 12 reads as well with day and month swapped. Days that are all the same
 * (the first of the month) are what a pool has: swapped they would all lie in one month.
 */
export function judgeDays(days: ColumnPlan["days"], problems: ProblemList): void {
  for (const { name, range } of days) {
    if (range.cells < FEWEST_CELLS || range.most > 12 || range.least === range.most) continue;
    problems.add({
      line: 0,
      column: null,
      field: name,
      code: "date-ambiguous",
      loanId: null,
      value: `days from ${range.least} to ${range.most} in ${range.cells} rows`,
      expected: "a day above 12, which shows which number is the day",
    });
  }
}
