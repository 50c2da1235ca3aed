import type { FoundProblem, ProblemList } from "../tape-problem.ts";

/** Kinds of findings that are kept apart; more than so many different values are one. */
const MOST_NOTES = 2000;

/**
 * Findings that every row of a column may have: told once with the first cell and the number of cells,
 * when the tape is read.
 */
export class ColumnNotes {
  readonly #found = new Map<string, { problem: FoundProblem; cells: number }>();

  /** @param kind what is one finding: the column, or the column and the value */
  add(kind: string, problem: FoundProblem): void {
    const key = `${problem.code} ${problem.field} ${kind}`;
    const known = this.#found.get(key);
    if (known !== undefined) known.cells += 1;
    else if (this.#found.size < MOST_NOTES) this.#found.set(key, { problem, cells: 1 });
  }

  report(problems: ProblemList): void {
    for (const { problem, cells } of this.#found.values()) {
      const rows = cells === 1 ? "" : ` (in ${cells} rows)`;
      problems.add({ ...problem, expected: `${problem.expected}${rows}` });
    }
    this.#found.clear();
  }
}
