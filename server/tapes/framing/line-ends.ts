import type { ProblemList } from "../tape-problem.ts";

export const LINE_ENDS = { lf: 1, cr: 2, crlf: 4 } as const;

/** How the lines of a text end: each further way is noted where it is met first. */
export class LineEnds {
  readonly #problems: ProblemList;
  #met = 0;

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  take(kind: number, line: number): void {
    if ((this.#met & kind) !== 0) return;
    if (this.#met !== 0) {
      this.#problems.add({
        line,
        column: null,
        field: "",
        code: "mixed-line-ends",
        loanId: null,
        value: "another line end than on the lines before",
        expected: "one kind of line end",
      });
    }
    this.#met |= kind;
  }
}
