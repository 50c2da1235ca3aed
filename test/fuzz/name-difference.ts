/** Where two results first differ, in the words of the deal. */
import type { DealTerms } from "../../server/deals/deal-terms.ts";
import type { WaterfallRun } from "../../server/waterfall/run-waterfall.ts";

const WORD = 64;
const LANE = 16;

function laneNames(terms: DealTerms): string[] {
  const named = (kind: string, list: readonly { name: string }[]) =>
    list.map(({ name }) => `${kind} ${name}`);
  return [
    ...named("account", terms.accounts),
    ...named("unpaid fee", terms.fees),
    ...named("used cap", terms.caps),
    ...named("ledger", terms.ledgers),
    ...named("constant", terms.variables),
    ...terms.classes.flatMap(({ name, lanes }) =>
      Object.entries(lanes).flatMap(([part, lane]) =>
        lane === null ? [] : [`${part} of ${name}`],
      ),
    ),
    ...named("trigger", terms.triggers),
    ...terms.series.flatMap(({ name, depth }) =>
      Array.from({ length: depth }, (_, slot) => `series ${name} slot ${slot}`),
    ),
  ];
}

/** Every word of a run by name; lanes have four names a word. */
function wordNames(terms: DealTerms, run: WaterfallRun): string[] {
  const four = (names: readonly string[]) =>
    Array.from({ length: Math.ceil(names.length / 4) }, (_, i) => {
      return names.slice(4 * i, 4 * i + 4).join(" | ");
    });
  const classes = terms.classes.map(({ name }) => name);
  return [
    "header",
    ...run.records.map(
      ({ index, operation }) => `step ${index} ${operation} (flags | demand | paid | before)`,
    ),
    ...classes.map((name) => `class ${name} (balance | shortfall | its interest | written)`),
    ...four(laneNames(terms)),
    ...classes.map((name) => `result of ${name} (due | interest | principal | current)`),
    ...four(terms.payees.map((name) => `payee ${name}`)),
    ...run.extras.map((_, i) => `input ${i} beside the report`),
  ];
}

/** The first word that differs, as the contract and as TypeScript have it; null where none does. */
export function nameDifference(
  terms: DealTerms,
  run: WaterfallRun,
  { there, here }: { there: string; here: string },
): string | null {
  if (there === here) return null;
  if (there.startsWith("ended")) return `the contract ${there}`;
  const names = wordNames(terms, run);
  const lanes = (word: string) => (word.match(new RegExp(`.{${LANE}}`, "g")) ?? []).join(" ");
  for (let i = 0; WORD * i < Math.max(there.length, here.length); i += 1) {
    const [a, b] = [there, here].map((words) => words.slice(WORD * i, WORD * (i + 1)));
    if (a === undefined || b === undefined || a === b) continue;
    const name = names[i] ?? "behind the last word";
    return `word ${i}, ${name}: contract ${lanes(a)}, TypeScript ${lanes(b)}`;
  }
  return "the lengths differ";
}
