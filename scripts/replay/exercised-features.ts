/** Which features of a deal each figure of a run exercises, seen from the run itself. */
import type { StepTerms } from "../../server/deals/deal-terms.ts";
import { OPCODE } from "../../server/deals/terms-format.ts";
import type { RecordedStep } from "../../server/waterfall/read-words.ts";
import { isInBreach } from "../../server/waterfall/trigger-lane.ts";
import type { ReplayedRun } from "./compare-run.ts";
import { type DeclaredFeatures, FEATURES, type Feature } from "./figure-comparison.ts";

interface RunStep {
  terms: StepTerms;
  record: RecordedStep;
  /** Position in the program. */
  at: number;
}

/** Figure keys by feature; of a feature that the whole period exercises, every key. */
type Marks = Map<Feature, Set<string> | "all">;

function mark(marks: Marks, feature: Feature, keys: readonly string[]): void {
  const known = marks.get(feature);
  if (known === "all") return;
  marks.set(feature, new Set([...(known ?? []), ...keys]));
}

const stepKeys = ({ label }: StepTerms): string[] =>
  label === null ? [] : [`paid.${label}`, `due.${label}`];

const classKeys = (name: string, sections: readonly string[]): string[] =>
  sections.map((section) => `${section}.${name}`);

function programOf({ terms, run }: ReplayedRun): RunStep[] {
  const first = terms.phases[run.phaseRun]?.firstStep ?? 0;
  return run.steps.flatMap((record, at) => {
    const step = terms.steps[first + at];
    return step === undefined ? [] : [{ terms: step, record, at }];
  });
}

/** Cash that leaves the reserve or a facility: to meet claims that follow, or because it is not needed. */
function markReserve(marks: Marks, replayed: ReplayedRun, steps: readonly RunStep[]): void {
  const { terms, before } = replayed;
  const isKept = (account: number) =>
    account === terms.reserveAccount || terms.accounts[account]?.facility === true;
  for (const { terms: step, record, at } of steps) {
    const { operation, source, destination, toPayee } = step;
    if (record.paid === 0n) continue;
    const keys = [...stepKeys(step), `accounts.${terms.accounts[source]?.name}`];
    if (operation === "FILL" && terms.accounts[destination]?.retained === true) {
      const filled = `accounts.${terms.accounts[destination]?.name}`;
      mark(marks, "deposit", [...stepKeys(step), filled]);
    }
    if (!["MOVE", "REST", "PRIN", "INT"].includes(operation) || !isKept(source)) continue;
    const isBelowStart = record.before - record.paid < (before.accounts[source] ?? 0n);
    const paysClaims =
      operation === "PRIN" ||
      operation === "INT" ||
      (!toPayee &&
        steps.some(
          (later) =>
            later.at > at &&
            later.terms.source === destination &&
            ["FEE", "INT", "PRIN"].includes(later.terms.operation) &&
            later.record.demand > 0n,
        ));
    mark(marks, isBelowStart && paysClaims ? "draw" : "release", keys);
  }
}

/** Steps that wanted more than they had, and fees that their cap held back. */
function markShortSteps(marks: Marks, { terms }: ReplayedRun, steps: readonly RunStep[]): void {
  for (const { terms: step, record } of steps) {
    if (record.paid >= record.demand) continue;
    if (step.operation === "FEE" && record.paid < record.before) {
      const fees = step.list.flatMap((id) => {
        const fee = terms.fees[id];
        return [`feesUnpaid.${fee?.name}`, `payees.${terms.payees[fee?.payee ?? -1]}`];
      });
      mark(marks, "cap", [...stepKeys(step), ...fees]);
    } else if (["FEE", "INT", "PRIN", "FILL", "MOVE"].includes(step.operation)) {
      // What leaves the reserve wants as much as there is a use for, and that is no claim.
      if (step.operation === "MOVE" && step.source === terms.reserveAccount) continue;
      mark(marks, "funds exhausted", stepKeys(step));
    }
  }
}

function markLosses(marks: Marks, replayed: ReplayedRun, steps: readonly RunStep[]): void {
  const { terms, before, run } = replayed;
  const moved = (isMoved: (from: bigint, to: bigint) => boolean) =>
    terms.classes.flatMap(({ name }, i) =>
      isMoved(before.classes[i]?.written ?? 0n, run.state.classes[i]?.written ?? 0n)
        ? classKeys(name, ["balances", "written"])
        : [],
    );
  for (const { terms: step, record } of steps) {
    if (record.paid === 0n) continue;
    const { operation } = step;
    if (operation === "LOSS") {
      mark(marks, "loss", [...stepKeys(step), ...moved((from, to) => to > from)]);
    } else if (operation === "GAIN") {
      mark(marks, "write-up", [...stepKeys(step), ...moved((from, to) => to < from)]);
    } else if (operation === "PIK") {
      const classes = step.list.map((id) => terms.classes[id]?.name ?? "");
      const keys = classes.flatMap((name) => classKeys(name, ["balances", "capitalised"]));
      mark(marks, "capitalised", [...stepKeys(step), ...keys]);
    }
  }
}

function markClasses(marks: Marks, replayed: ReplayedRun): void {
  const { terms, before, run } = replayed;
  const paid = terms.classes.flatMap(({ name }, i) =>
    (run.classes[i]?.principalPaid ?? 0n) > 0n
      ? [{ name, isRetired: run.state.classes[i]?.balance === 0n }]
      : [],
  );
  if (paid.some(({ isRetired }) => isRetired) && paid.some(({ isRetired }) => !isRetired)) {
    const keys = paid.flatMap(({ name }) => classKeys(name, ["principal", "balances"]));
    mark(marks, "hand-over", keys);
  }
  terms.classes.forEach(({ name, coupon }, i) => {
    const opening = before.classes[i]?.shortfall ?? 0n;
    const closing = run.state.classes[i]?.shortfall ?? 0n;
    if (opening > 0n || closing > 0n) {
      mark(marks, "shortfall", classKeys(name, ["interest", "interestDue", "shortfalls"]));
    }
    const floats = coupon?.some(({ code }) => code === OPCODE.FIGURE) === true;
    if (floats && (run.classes[i]?.interestCurrent ?? 0n) > 0n) {
      mark(marks, "floating coupon", classKeys(name, ["interest", "interestDue"]));
    }
  });
}

/**
 * Looks through a run once and answers per figure key which features that figure exercises.
 * @param declared what the run alone cannot show
 */
export function exercisedFeatures(
  replayed: ReplayedRun,
  declared: DeclaredFeatures,
): (key: string) => Feature[] {
  const marks: Marks = new Map();
  const steps = programOf(replayed);
  markReserve(marks, replayed, steps);
  markShortSteps(marks, replayed, steps);
  markLosses(marks, replayed, steps);
  markClasses(marks, replayed);
  for (const [feature, keys] of declared) {
    if (keys === "all") marks.set(feature, "all");
    else mark(marks, feature, keys);
  }
  if (replayed.run.period === 1) marks.set("first period", "all");
  if (replayed.run.state.triggers.some(isInBreach)) marks.set("trigger", "all");
  return (key) =>
    FEATURES.filter((feature) => {
      const keys = marks.get(feature);
      return keys === "all" || keys?.has(key) === true;
    });
}
