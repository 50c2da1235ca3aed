import type { DealDraft } from "./assemble-terms.ts";
import { autoProgram, TWO_PERCENT } from "./auto-program.ts";
import * as e from "./program-notation.ts";
import type { Step } from "./program-notation.ts";

const WAD = 10n ** 18n;
const DAY = 86_400;
const CLOSING = 1_000;

const all = ["A", "B", "C"];
const parties = { classesA: ["A"], adminFees: ["trustee"], adminMode: "SEQ" as const };

/** Losses, recoveries, a payment by odd weights up to an amount that divides by a figure. */
const writeDowns: Step[] = [
  { op: "LOSS", amount: e.figure("loss"), classes: ["C", "B", "A"], label: "loss" },
  { op: "GAIN", amount: e.figure("recovery"), classes: all },
  {
    ...{ op: "PRIN", from: "COLL", classes: all },
    upTo: e.mulDiv(e.account("COLL"), e.figure("loss"), e.figure("recovery")),
    weights: [e.balance("A"), e.number(3), e.figure("ysoc")],
  },
  { op: "INT", from: "COLL", classes: all, mode: "PRORATA" },
];

const normal = autoProgram(parties, 500_000n, TWO_PERCENT);
const proRata: Step[] = [
  { op: "FEE", from: "COLL", fees: ["servicer", "trustee"], mode: "PRORATA" },
  { op: "INT", from: "COLL", classes: all, mode: "PRORATA" },
  { op: "PRIN", from: "COLL", classes: all, upTo: e.sumBalance(...all) },
  { op: "REST", from: "COLL", payee: "residual" },
];

/** The deal of the Solidity fuzz tests. */
export const fuzzDeal: DealDraft = {
  classes: [
    { name: "A", face: 80_000_000n, couponWad: (3n * WAD) / 100n, interestOnShortfall: true },
    {
      ...{ name: "B", face: 10_000_000n, couponWad: (4n * WAD) / 100n },
      ...{ interestOnShortfall: true, order: [3, 2, 1] },
    },
    { name: "C", face: 8_000_000n, couponWad: (6n * WAD) / 100n, order: [2, 3, 1] },
  ],
  fees: [
    { name: "trustee", payee: "trustee", amount: 1_000n, cap: "admin" },
    { name: "servicer", payee: "servicer", kind: 1, amount: WAD / 100n, base: "poolOpening" },
  ],
  caps: [{ name: "admin", cents: 20_000n }],
  accounts: [{ name: "COLL" }, { name: "RES" }],
  figures: [
    ...["poolOpening", "poolClosing", "loanCount", "availableFunds"],
    ...["ysoc", "loss", "recovery"],
  ],
  payees: ["trustee", "servicer", "residual"],
  phases: [[...normal.slice(0, -1), ...writeDowns, ...normal.slice(-1)], proRata],
  transitions: [
    { from: 0, to: 1, when: e.greater(e.figure("loss"), e.figure("poolClosing")) },
    { from: 1, to: 0, when: e.equal(e.figure("loss"), e.number(0)) },
  ],
  closingTime: CLOSING,
  graceSeconds: DAY,
  cutOffPool: 98_000_000n,
  calendar: Array.from({ length: 12 }, (_, i) => {
    const record = CLOSING + (i + 1) * 30 * DAY;
    const year = Math.floor(i / 6);
    return {
      ...{ determination: record - 10, record, payment: record + 5 * DAY, numerator: 30, year },
    };
  }),
};
