import { problem } from "../errors.ts";
import type { ProblemCode as AnswerCode } from "../errors.ts";
import { LISTED_PROBLEMS } from "./tape-problem.ts";
import type { ProblemCode } from "./checks/check-codes.ts";
import type { ProblemList, TapeProblem } from "./tape-problem.ts";

/** What the whole answer is called when the file itself cannot be read. */
const UNREADABLE: Partial<Record<ProblemCode, AnswerCode>> = {
  archive: "tape-malformed",
  "archive-too-large": "tape-malformed",
  encoding: "tape-malformed",
  malformed: "tape-malformed",
  "element-too-long": "tape-malformed",
  header: "tape-malformed",
  doctype: "tape-doctype",
  "format-unknown": "tape-wrong-format",
  "format-undeclared": "tape-wrong-format",
  namespace: "tape-wrong-format",
  "root-element": "tape-wrong-format",
  "unexpected-element": "tape-wrong-format",
};

/**
 * Ends the upload when a problem refuses the tape, with everything that was found.
 * @throws Problem tape-… (422) listing the problems; returns when the tape can be accepted
 */
export function refuseTape(
  problems: ProblemList,
  tape: { deal: string; period: string; rows: number },
): void {
  const count = problems.count("refuse");
  if (count === 0) return;
  const listed = problems.listed().slice(0, LISTED_PROBLEMS);
  const params = {
    deal: tape.deal,
    period: tape.period,
    count,
    first: listed.slice(0, 1).map(sentence).join(""),
  };
  const counts = {
    refuse: count,
    reason: problems.count("reason"),
    note: problems.count("note"),
  };
  throw problem(answerCode(problems, listed, tape.rows), params, { problems: listed, counts });
}

/** A tape of which every row is of another pool or month is the wrong tape, not a faulty one. */
function answerCode(problems: ProblemList, listed: TapeProblem[], rows: number): AnswerCode {
  const unreadable = listed.map(({ code }) => UNREADABLE[code]).find((code) => code !== undefined);
  if (unreadable !== undefined) return unreadable;
  if (rows > 0 && problems.countOf("loan-id-shape") >= rows) return "tape-wrong-deal";
  if (rows > 0 && problems.countOf("period") >= rows) return "tape-wrong-period";
  return "tape-refused";
}

function sentence({ line, field, code, value, expected }: TapeProblem): string {
  const where = line === 0 ? "" : `line ${line}, `;
  return `${where}${field === "" ? code : `${field} (${code})`}: found "${value}", expected ${expected}`;
}
