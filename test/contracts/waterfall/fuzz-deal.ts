import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { autoProgram } from "./auto-deal.ts";
import { compileParts } from "./compile-parts.ts";
import type { DealParts } from "./compile-parts.ts";

const DAY = 86_400;
const CLOSING = 1_000;

/** Losses, recoveries, a payment by odd weights up to an amount that divides by a figure. */
const writeDowns = [
  "LOSS p.chargeOffs -> C, B, A AS loss",
  "GAIN p.recoveries -> A, B, C",
  "PRIN COLL -> A, B, C PRORATA(bal.A; 3; p.otherAdjustments) UPTO muldiv(acct.COLL, p.chargeOffs, p.recoveries)",
  "INT COLL -> A, B, C PRORATA",
];
const normal = autoProgram("5000.00", "1000000000.00");
const interest = { interestOnShortfall: true };

export const fuzzParts: DealParts = {
  classes: {
    A: { face: 80_000_000n, coupon: "3 %", ...interest },
    B: {
      ...{ face: 10_000_000n, coupon: "4 %", ...interest },
      componentOrder: ["current", "shortfall", "interestOnShortfall"],
    },
    C: {
      ...{ face: 8_000_000n, coupon: "6 %" },
      componentOrder: ["shortfall", "current", "interestOnShortfall"],
    },
  },
  payees: ["trustee", "servicer", "residual"],
  fees: {
    trusteeFee: { kind: "fixed", amount: "10.00", payee: "trustee", cap: "admin" },
    servicingFee: {
      ...{ kind: "rate", rate: "1 %", on: "poolOpening", dayCount: "30/360" },
      ...{ accrualDates: "unadjusted", rounding: "half-up", payee: "servicer", cap: "none" },
    },
  },
  caps: { admin: { amount: "200.00", year: "calendar year" } },
  figures: ["otherAdjustments", "chargeOffs", "recoveries"],
  cutOffBalance: 98_000_000n,
  programs: {
    normal: [...normal.slice(0, -1), ...writeDowns, ...normal.slice(-1)],
    proRata: [
      "FEE COLL -> servicingFee, trusteeFee PRORATA",
      "INT COLL -> A, B, C PRORATA",
      "PRIN COLL -> A, B, C SEQ UPTO sumbal(A, B, C)",
      "REST COLL -> residual",
    ],
  },
  transitions: [
    { from: "normal", to: "proRata", when: "p.chargeOffs > p.poolClosing" },
    { from: "proRata", to: "normal", when: "p.chargeOffs == 0" },
  ],
};
const compiled = compileParts(fuzzParts);

/** The deal of the Solidity fuzz tests: months of thirty days, and two years of six. */
export const fuzzDeal: DealTerms = {
  ...compiled,
  closingTime: CLOSING,
  calendar: compiled.calendar.map((row, i) => {
    const recordTime = CLOSING + (i + 1) * 30 * DAY;
    return {
      ...row,
      recordTime,
      determinationTime: recordTime - 10,
      paymentTime: recordTime + 5 * DAY,
      calendarYear: Math.floor(i / 6),
    };
  }),
};
