import type { ProblemList } from "../tape-problem.ts";

/** Blank rows are skipped wherever they stand; that there were some is noted once, at the end. */
export class BlankRows {
  readonly #problems: ProblemList;
  #count = 0;
  #firstLine = 0;

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  take(line: number): void {
    if (this.#count === 0) this.#firstLine = line;
    this.#count += 1;
  }

  end(): void {
    if (this.#count === 0) return;
    this.#problems.add({
      line: this.#firstLine,
      column: null,
      field: "",
      code: "blank-rows",
      loanId: null,
      value: `${this.#count} blank ${this.#count === 1 ? "row" : "rows"}`,
      expected: "rows with values",
    });
  }
}
