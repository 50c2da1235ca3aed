/** What a file is made of before any of it is understood: records of cells, as bytes of UTF-8. */

import type { FoundProblem, ProblemList } from "./tape-problem.ts";

/**
 * One record, as its framing gives it. The same object comes again with the next record: whoever keeps
 * something copies it. Cell i belongs to column i of the frame.
 */
export interface TapeRecord {
  /** Line of the file that the record begins on; in a workbook the row of the sheet. 1 is the first. */
  line: number;
  /** What the cells point into. */
  bytes: Buffer;
  /** Number of cells that the record has; for elements, the number of columns known so far. */
  count: number;
  /** Cell i is bytes[start[i], end[i]), without blanks around it; start -1 where there is none. */
  start: Int32Array;
  end: Int32Array;
}

/** The file cannot be read any further; why stands in the problem list. */
export class UnreadableTape extends Error {
  override readonly name = "UnreadableTape";
}

/** Reports a problem of the file itself and stops the reading. @throws UnreadableTape always. */
export function stopReading(
  problems: ProblemList,
  problem: Omit<FoundProblem, "severity" | "loanId">,
): never {
  problems.add({ ...problem, severity: "refuse", loanId: null });
  throw new UnreadableTape(problem.code);
}
