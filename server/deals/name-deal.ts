/** Positions of everything in a deal file that has a name, and the lanes of what has state. */
import type { ConstantEntry, DealFile } from "./deal-file.ts";
import type { ClassTerms, ScheduleTerms } from "./deal-terms.ts";
import type { ExpandedTriggers } from "./expand-triggers.ts";
import type { ConstantMeaning, DealNames } from "./expression-scope.ts";
import { layOutLanes } from "./lane-layout.ts";
import type { LaneLayout } from "./lane-layout.ts";
import { flattenSteps } from "./program-syntax.ts";

function positions(entries: readonly { name: string }[]): Map<string, number> {
  return new Map(entries.map(({ name }, i) => [name, i]));
}

/** `k.cutOffBalance` comes from the pool's terms, so that it cannot be stated twice. */
export function fixedConstants(
  file: DealFile,
): { name: string; value: bigint; unit: ConstantEntry["unit"] }[] {
  const { cutOffBalanceCents: value } = file.pool;
  const stated = file.constants.flatMap(({ name, value: constant, unit }) =>
    constant.kind === "fixed" ? [{ name, value: constant.value, unit }] : [],
  );
  return [{ name: "cutOffBalance", value, unit: "money" }, ...stated];
}

/** The constants that a SET may change. */
export function settableConstants(file: DealFile): { name: string; initial: bigint }[] {
  return file.constants.flatMap(({ name, value }) =>
    value.kind === "settable" ? [{ name, initial: value.initial }] : [],
  );
}

/** The own lanes of each class, from the first lane of classes on. */
function classLanes(file: DealFile, first: number): ClassTerms["lanes"][] {
  let next = first;
  const lane = (has: boolean) => (has ? next++ : null);
  return file.classes.map(({ defers, availableFundsCap, capitalises }) => ({
    deferred: lane(defers),
    carryOver: lane(availableFundsCap !== null),
    pik: lane(capitalises),
  }));
}

/** Where the lanes of each kind begin; the series, whose depths come from use, stand last. */
export function layOutDeal(file: DealFile, seriesSlots = 0): LaneLayout {
  const own = classLanes(file, 0).flatMap((lanes) => Object.values(lanes));
  return layOutLanes({
    accounts: file.accounts.length,
    fees: file.fees.length,
    caps: file.caps.length,
    ledgers: file.ledgers.length,
    variables: settableConstants(file).length,
    classLanes: own.filter((lane) => lane !== null).length,
    triggers: file.triggers.length,
    seriesSlots,
  });
}

function constantMeanings(
  file: DealFile,
  schedules: readonly ScheduleTerms[],
  firstVariableLane: number,
): Map<string, ConstantMeaning> {
  const fixed = positions(fixedConstants(file));
  const settable = positions(settableConstants(file));
  const scheduled = positions(schedules);
  const triggers = positions(file.triggers);
  const meaning = ({ name, value, unit }: ConstantEntry): ConstantMeaning => {
    if (value.kind === "while") {
      const during = value.during.map((one) => ({
        trigger: triggers.get(one.trigger.text) ?? 0,
        value: one.value,
      }));
      return { kind: "while", unit, value: value.value, during };
    }
    if (value.kind === "fixed") return { kind: "fixed", position: fixed.get(name) ?? 0 };
    if (value.kind === "schedule") return { kind: "schedule", position: scheduled.get(name) ?? 0 };
    const position = settable.get(name) ?? 0;
    return { kind: "settable", position, lane: firstVariableLane + position };
  };
  return new Map([
    ["cutOffBalance", { kind: "fixed", position: 0 }],
    ...file.constants.map((entry): [string, ConstantMeaning] => [entry.name, meaning(entry)]),
  ]);
}

/** Position of each index among the figures, with the fixings of feeds behind them. */
function indexPositions(file: DealFile): Map<string, number> {
  const figures = positions(file.figures);
  const feeds = positions(file.indices.filter(({ feed }) => feed !== null));
  return new Map(
    file.indices.map(({ name, feed }) => [
      name,
      feed === null ? (figures.get(name) ?? 0) : file.figures.length + (feeds.get(name) ?? 0),
    ]),
  );
}

/** Whether a step of a program buys collateral. */
export function dealBuys(file: DealFile): boolean {
  return file.programs.some(({ steps }) =>
    flattenSteps(steps).some(({ operation }) => operation === "BUY"),
  );
}

export function nameDeal(
  file: DealFile,
  { series }: ExpandedTriggers,
  schedules: readonly ScheduleTerms[],
): DealNames {
  const layout = layOutDeal(file);
  const lanes = classLanes(file, layout.classes);
  const feeds = file.indices.filter(({ feed }) => feed !== null).length;
  const facilities = file.accounts.flatMap(({ name, facilityLimitCents: limit }) =>
    limit === null ? [] : [[name, limit] as const],
  );
  return {
    classes: positions(file.classes),
    fees: positions(file.fees),
    accounts: positions(file.accounts),
    caps: positions(file.caps),
    figures: positions(file.figures),
    payees: positions(file.parties.filter((party) => party.payee)),
    unpaidParties: new Set(file.parties.filter(({ payee }) => !payee).map(({ name }) => name)),
    phases: positions(file.phases),
    triggers: positions(file.triggers),
    notices: positions(file.notices),
    ledgers: positions(file.ledgers.map(({ text }) => ({ name: text }))),
    series: positions(series),
    indices: indexPositions(file),
    constants: constantMeanings(file, schedules, layout.variables),
    facilities: new Map(facilities),
    classFacts: file.classes.map(({ faceCents, capitalises }, i) => ({
      face: faceCents,
      capitalises,
      lanes: lanes[i] ?? { deferred: null, carryOver: null, pik: null },
    })),
    purchasePrice: dealBuys(file) ? file.figures.length + feeds : null,
    firstLedgerLane: layout.ledgers,
  };
}
