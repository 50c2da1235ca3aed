/** What a random deal has: its parties, and what they keep and watch, by name. */
import type { DayCount } from "../../server/lib/day-counts.ts";
import { DAY_COUNTS } from "../../server/lib/day-counts.ts";
import { ACCRUAL_DATES } from "../../server/deals/deal-file.ts";
import type { AccrualDates } from "../../server/deals/deal-file.ts";
import { CAP_YEARS } from "../../server/deals/terms-format.ts";
import type { Draw } from "./random-draw.ts";

export interface ClassShape {
  name: string;
  defers: boolean;
  /** Has an available-funds cap. */
  carriesOver: boolean;
  capitalises: boolean;
  interestOnShortfall: boolean;
  /** Parts beside the first three that an ordinary INT pays. */
  ownParts: ("deferred" | "carryOver")[];
}

export interface FeeShape {
  name: string;
  /** Null for none. */
  cap: string | null;
  /** What `capLeft.` names; null without a cap. */
  capLeft: string | null;
}

export interface DealShape {
  classes: ClassShape[];
  /** The first is the collection account. */
  accounts: { name: string; retained: boolean; receives: string | null }[];
  facilities: string[];
  /** Those of facilities last. */
  fees: FeeShape[];
  caps: { name: string; perPayee: boolean; year: string }[];
  figures: { name: string; unit: "money" | "count" | "rate" | "flag"; signed: boolean }[];
  reportIndices: string[];
  feeds: string[];
  ledgers: string[];
  constants: { name: string; kind: "fixed" | "schedule" | "settable" | "while" }[];
  series: string[];
  triggers: { name: string; at: "before" | "within" | "after" }[];
  notices: string[];
  payees: string[];
  phases: { name: string; program: string }[];
  programs: string[];
  bases: { dayCount: DayCount; accrualDates: AccrualDates }[];
  periods: number;
}

const up = (count: number, name: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => name(i));

const CLASS_NAMES = ["A-1", "A-2a", "A2", "B", "C", "M-1", "N", "Z_9"];

/** One to four as a rule, seldom as many as there can be. */
function few(draw: Draw, most: number): number {
  return draw.chance(0.06) ? 1 + draw.below(most) : 1 + draw.below(Math.min(4, most));
}

function classShape(draw: Draw, name: string): ClassShape {
  const [defers, carriesOver] = [draw.chance(0.35), draw.chance(0.35)];
  const ownParts: ClassShape["ownParts"] = [];
  if (defers && draw.chance(0.5)) ownParts.push("deferred");
  if (carriesOver && draw.chance(0.5)) ownParts.push("carryOver");
  return {
    ...{ name, defers, carriesOver, ownParts },
    capitalises: draw.chance(0.35),
    interestOnShortfall: draw.chance(0.6),
  };
}

function figureShapes(draw: Draw): DealShape["figures"] {
  const own = up(draw.below(5), (i) => `stated${i}`);
  const money = ["principal", "chargeOffs", "recoveries"].filter(() => draw.chance(0.8));
  return [
    ...money.map((name) => ({ name, unit: "money" as const, signed: draw.chance(0.3) })),
    ...own.map((name) => {
      const unit = draw.pick(["money", "count", "rate", "flag"] as const);
      return { name, unit, signed: (unit === "money" || unit === "rate") && draw.chance(0.5) };
    }),
  ];
}

function feeShapes(draw: Draw, caps: DealShape["caps"], facilities: string[]): FeeShape[] {
  const fees = up(draw.below(5), (i): FeeShape => {
    const name = `fee${i}`;
    const cap = caps.length > 0 && draw.chance(0.6) ? draw.pick(caps) : null;
    if (cap === null) return { name, cap, capLeft: null };
    return { name, cap: cap.name, capLeft: cap.perPayee ? `${cap.name}.${name}` : cap.name };
  });
  const own = facilities.flatMap((name) => [`${name}.interest`, `${name}.commitment`]);
  return [...fees, ...own.map((name) => ({ name, cap: null, capLeft: null }))];
}

function accountShapes(draw: Draw, figures: DealShape["figures"]): DealShape["accounts"] {
  const names = ["COLL", "RES", "PR", "SIDE", "X5"].slice(0, 2 + draw.below(4));
  const money = draw.some(
    figures.filter(({ unit }) => unit === "money").map(({ name }) => name),
    0,
  );
  return names.map((name, i) => ({
    name,
    retained: draw.chance(0.6),
    receives: i > 0 && draw.chance(0.3) ? (money.pop() ?? null) : null,
  }));
}

/** Names of everything, without contradictions; amounts come later. */
export function randomShape(draw: Draw): DealShape {
  const caps = up(draw.below(4), (i) => ({
    ...{ name: `cap${i}`, perPayee: draw.chance(0.3), year: draw.pick(CAP_YEARS) },
  }));
  const facilities = draw.chance(0.25) ? ["LIQ"] : [];
  const figures = figureShapes(draw);
  const programs = up(few(draw, 4), (i) => `program${i}`);
  const phases = up(programs.length + draw.below(3), (i) => ({
    ...{ name: `PHASE${i}`, program: programs[i] ?? draw.pick(programs) },
  }));
  const triggers = up(draw.below(5), (i) => ({
    ...{ name: `watch${i}`, at: draw.pick(["before", "within", "after"] as const) },
  }));
  const kinds = ["fixed", "fixed", "schedule", "settable", "settable"] as const;
  const withWhile = triggers.length === 0 ? kinds : ([...kinds, "while"] as const);
  return {
    ...{ caps, facilities, figures, programs, phases, triggers },
    classes: (draw.chance(0.05)
      ? up(16, (i) => `K${i}`)
      : CLASS_NAMES.slice(0, 1 + draw.below(5))
    ).map((name) => classShape(draw, name)),
    accounts: accountShapes(draw, figures),
    fees: feeShapes(draw, caps, facilities),
    reportIndices: draw.chance(0.4) ? ["LIBOR1M"] : [],
    feeds: ["SOFR30", "TSFR-1M"].slice(0, draw.below(3)),
    ledgers: up(draw.below(4), (i) => `PDL-${i}`),
    constants: up(draw.below(6), (i) => ({ name: `term${i}`, kind: draw.pick(withWhile) })),
    series: up(draw.below(4), (i) => `line${i}`),
    notices: up(draw.below(4), (i) => `notice${i}`),
    payees: up(few(draw, 8), (i) => `payee${i}`),
    bases: up(1 + draw.below(4), () => ({
      ...{ dayCount: draw.pick(DAY_COUNTS), accrualDates: draw.pick(ACCRUAL_DATES) },
    })),
    periods: draw.chance(0.2) ? 1 + draw.below(3) : 6 + draw.below(30),
  };
}
