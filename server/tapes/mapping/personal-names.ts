import { PERSONAL_WORDS } from "./market-words.ts";
import { likeness, wordsOf } from "./name-likeness.ts";

const PERSONAL = PERSONAL_WORDS.map(wordsOf);
const PERSONAL_LIKENESS = 0.85;

/** Elements of XML come one by one, and each time all names are asked for again. */
const answers = new Map<string, boolean>();
const MOST_ANSWERS = 10_000;

/** Whether a column's name says that it holds who somebody is. */
export function isPersonal(column: string): boolean {
  const known = answers.get(column);
  if (known !== undefined) return known;
  const words = wordsOf(column);
  const answer = PERSONAL.some((personal) => likeness(words, personal) >= PERSONAL_LIKENESS);
  if (answers.size >= MOST_ANSWERS) answers.clear();
  answers.set(column, answer);
  return answer;
}
