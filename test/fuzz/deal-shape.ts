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
  /** A program buys collateral. */
  buys: boolean;
  /** Most lines of a program. */
  lines: number;
  bases: { dayCount: DayCount; accrualDates: AccrualDates }[];
  periods: number;
}

/** As many as are wanted, each by its number. */
const up = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

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

function figureShapes(draw: Draw, most: number): DealShape["figures"] {
  const own = up(draw.below(most), (i) => `stated${i}`);
  const money = ["principal", "chargeOffs", "recoveries"].filter(() => draw.chance(0.8));
  return [
    ...money.map((name) => ({ name, unit: "money" as const, signed: draw.chance(0.3) })),
    ...own.map((name) => {
      const unit = draw.pick(["money", "count", "rate", "flag"] as const);
      return { name, unit, signed: (unit === "money" || unit === "rate") && draw.chance(0.5) };
    }),
  ];
}

function feeShapes(
  draw: Draw,
  count: number,
  { caps, facilities }: Pick<DealShape, "caps" | "facilities">,
): FeeShape[] {
  const fees = up(count, (i): FeeShape => {
    const name = `fee${i}`;
    const cap = caps.length > 0 && draw.chance(0.6) ? draw.pick(caps) : null;
    if (cap === null) return { name, cap, capLeft: null };
    return { name, cap: cap.name, capLeft: cap.perPayee ? `${cap.name}.${name}` : cap.name };
  });
  const own = facilities.flatMap((name) => [`${name}.interest`, `${name}.commitment`]);
  return [...fees, ...own.map((name) => ({ name, cap: null, capLeft: null }))];
}

function accountShapes(
  draw: Draw,
  count: number,
  figures: DealShape["figures"],
): DealShape["accounts"] {
  const names = ["COLL", "RES", "PR", "SIDE", "X5", "X6", "X7", "X8"].slice(0, count);
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

/** How many there are of each; a large deal comes near to every limit, and passes some. */
function countsOf(draw: Draw) {
  const large = draw.chance(0.03);
  const count = (most: number, limit: number) => draw.below(1 + (large ? limit : most));
  return {
    large,
    classes: large || draw.chance(0.05) ? 16 : 1 + draw.below(5),
    accounts: large ? 8 : 2 + draw.below(4),
    ...{ fees: count(4, 14), caps: count(3, 10), figures: 1 + count(4, 24) },
    ...{ ledgers: count(3, 8), constants: count(5, 40), series: count(3, 8) },
    ...{ notices: count(3, 8), triggers: count(4, 12) },
    programs: large ? 8 : few(draw, 4),
    payees: large ? 16 : few(draw, 8),
  };
}

function phaseShapes(draw: Draw, programs: string[]): DealShape["phases"] {
  const count = Math.min(8, programs.length + draw.below(3));
  return up(count, (i) => ({ name: `PHASE${i}`, program: programs[i] ?? draw.pick(programs) }));
}

/** Names of everything, without contradictions; amounts come later. */
export function randomShape(draw: Draw): DealShape {
  const counts = countsOf(draw);
  const caps = up(counts.caps, (i) => ({
    ...{ name: `cap${i}`, perPayee: draw.chance(0.3), year: draw.pick(CAP_YEARS) },
  }));
  const facilities = draw.chance(0.25) && !counts.large ? ["LIQ"] : [];
  const figures = figureShapes(draw, counts.figures);
  const programs = up(counts.programs, (i) => `program${i}`);
  const triggers = up(counts.triggers, (i) => ({
    ...{ name: `watch${i}`, at: draw.pick(["before", "within", "after"] as const) },
  }));
  const kinds = ["fixed", "fixed", "schedule", "settable", "settable"] as const;
  const withWhile = triggers.length === 0 ? kinds : ([...kinds, "while"] as const);
  const classes = up(counts.classes, (i) => CLASS_NAMES[i] ?? `K${i}`);
  return {
    ...{ caps, facilities, figures, programs, triggers },
    phases: phaseShapes(draw, programs),
    classes: classes.map((name) => classShape(draw, name)),
    accounts: accountShapes(draw, counts.accounts, figures),
    fees: feeShapes(draw, counts.fees, { caps, facilities }),
    reportIndices: draw.chance(0.4) ? ["LIBOR1M"] : [],
    feeds: ["SOFR30", "TSFR-1M", "EURIBOR", "SONIA"].slice(0, draw.below(counts.large ? 5 : 3)),
    ledgers: up(counts.ledgers, (i) => `PDL-${i}`),
    constants: up(counts.constants, (i) => ({ name: `term${i}`, kind: draw.pick(withWhile) })),
    series: up(counts.series, (i) => `line${i}`),
    notices: up(counts.notices, (i) => `notice${i}`),
    payees: up(counts.payees, (i) => `payee${i}`),
    buys: draw.chance(0.5),
    lines: counts.large ? 56 : 40,
    bases: up(1 + draw.below(4), () => ({
      ...{ dayCount: draw.pick(DAY_COUNTS), accrualDates: draw.pick(ACCRUAL_DATES) },
    })),
    periods: draw.chance(0.2) ? 1 + draw.below(3) : 6 + draw.below(30),
  };
}
