/** What an expression may name at the place where it stands, and how its faults are told. */
import type { AccrualBasis, ConstantEntry } from "./deal-file.ts";
import type { ValueUnit } from "./deal-notes.ts";
import type { Place } from "./deal-source.ts";
import type { ClassTerms, ExpressionToken } from "./deal-terms.ts";
import { instead } from "./suggest-instead.ts";
import { OPCODE } from "./terms-format.ts";
import type { Operation } from "./terms-format.ts";

/** What `k.name` stands for. */
export type ConstantMeaning =
  | { kind: "fixed"; position: number }
  | { kind: "schedule"; position: number }
  | { kind: "settable"; position: number; lane: number }
  | {
      kind: "while";
      unit: ConstantEntry["unit"];
      value: bigint;
      during: readonly { trigger: number; value: bigint }[];
    };

/** Positions of everything that has a name, in the order of the deal file. */
export interface DealNames {
  classes: ReadonlyMap<string, number>;
  fees: ReadonlyMap<string, number>;
  accounts: ReadonlyMap<string, number>;
  caps: ReadonlyMap<string, number>;
  figures: ReadonlyMap<string, number>;
  payees: ReadonlyMap<string, number>;
  /** Parties that no step pays. */
  unpaidParties: ReadonlySet<string>;
  phases: ReadonlyMap<string, number>;
  triggers: ReadonlyMap<string, number>;
  notices: ReadonlyMap<string, number>;
  ledgers: ReadonlyMap<string, number>;
  series: ReadonlyMap<string, number>;
  /** Position among figures, fixings behind them, of what an index is. */
  indices: ReadonlyMap<string, number>;
  constants: ReadonlyMap<string, ConstantMeaning>;
  /** Commitment of each facility, cents. */
  facilities: ReadonlyMap<string, bigint>;
  /** Per class, in order. */
  classFacts: readonly { face: bigint; capitalises: boolean; lanes: ClassTerms["lanes"] }[];
  /** Position among the figures of the purchase list's price; null when nothing is bought. */
  purchasePrice: number | null;
  firstLedgerLane: number;
}

export interface LetName {
  slot: number;
  /** The IF branch that it stands in; a LET is known in its own branch and those within. */
  branch: number;
}

/** When an expression is evaluated: what is not there yet cannot be read. */
export type Stage = "coupon" | "fee" | "before" | "program" | "after";

export interface Scope {
  names: DealNames;
  stage: Stage;
  /** Null outside programs: LETs and steps belong to a program. */
  lets: Map<string, LetName> | null;
  steps: Map<string, { index: number; operation: Operation }> | null;
  /** Open branches, outermost first. */
  branches: number[];
  /** Position of a literal, as it is written, among the constants. */
  literal(value: bigint, unit: ValueUnit): number;
  /** Position of a day-count basis. */
  basis(basis: AccrualBasis): number;
  /** Notes that a series must keep so many periods. */
  useSeries(series: number, depth: number): void;
  complain(place: Place, code: string, value: string, message: string): void;
}

/** The part of a scope that is the same for the whole deal. */
export type DealScope = Omit<Scope, "stage" | "lets" | "steps" | "branches">;

/** A scope outside programs. */
export function scopeAt(deal: DealScope, stage: Stage): Scope {
  return { ...deal, stage, lets: null, steps: null, branches: [] };
}

const SNAPSHOTS = [OPCODE.BAL0, OPCODE.ACCT0, OPCODE.FDUE0];
const FEE_STATE = [OPCODE.FDUE, OPCODE.SUMFDUE, OPCODE.CAPLEFT];
const CLAIMS = [OPCODE.DUE, OPCODE.DUE0, OPCODE.SUMDUE, OPCODE.CURRENT, OPCODE.RATE, OPCODE.CUREIC];

/** What is not there yet when coupons, and then fees, are worked out. */
const TOO_EARLY: Readonly<Partial<Record<Stage, { of: string; codes: readonly number[] }>>> = {
  coupon: { of: "the rate of a class", codes: [...SNAPSHOTS, ...FEE_STATE, ...CLAIMS] },
  fee: { of: "a fee", codes: [...SNAPSHOTS, ...FEE_STATE] },
};

/** Complains of a token that reads what the run has not worked out yet. */
export function checkStage(
  scope: Scope,
  tokens: readonly ExpressionToken[],
  written: { text: string; place: Place },
): void {
  const early = TOO_EARLY[scope.stage];
  if (early === undefined || !tokens.some(({ code }) => early.codes.includes(code))) return;
  const message =
    `\`${written.text}\` is not known yet when ${early.of} is worked out; use figures, constants, ` +
    "bal. or acct.";
  scope.complain(written.place, "too-early", written.text, message);
}

/** The names that there are, as a message lists them. */
export function known(names: Iterable<string>): string {
  return [...names].join(", ") || "none";
}

/** Position of a name, or 0 with a problem that lists what there is. */
export function resolveName(
  scope: Pick<Scope, "complain">,
  names: ReadonlyMap<string, number>,
  what: { kind: string; name: string; place: Place; written?: string },
): number {
  const index = names.get(what.name);
  if (index !== undefined) return index;
  const dash = what.name.includes("-") ? " (a minus has spaces around it)" : "";
  const message =
    `there is no ${what.kind} \`${what.name}\`; ${instead(what.name, names.keys())}` +
    `known: ${known(names.keys())}${dash}`;
  scope.complain(what.place, "unknown-name", what.written ?? what.name, message);
  return 0;
}
