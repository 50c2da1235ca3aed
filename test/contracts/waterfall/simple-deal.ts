import * as e from "./program-notation.ts";
import type { Draft, OpenDeal, Platform } from "./distribution-fixture.ts";
import { reportOf } from "./distribution-fixture.ts";
import type { Report } from "./distribution-fixture.ts";

const WAD = 10n ** 18n;

/** Face of A and B, the trustee's fee a month, the reserve: cents. */
export const FACE_A = 80_000_000n;
export const FACE_B = 20_000_000n;
export const FEE = 10_000n;
export const RESERVE = 500_000n;
/** 80,000,000 x 6% x 30/360 and 20,000,000 x 12% x 30/360. */
export const INTEREST_A = 400_000n;
export const INTEREST_B = 200_000n;

/** Fee, interest, losses and recoveries, principal down to the pool, rest; sequential after a trigger. */
export const simpleDraft: Draft = {
  classes: [
    { name: "A", face: FACE_A, couponWad: (6n * WAD) / 100n },
    { name: "B", face: FACE_B, couponWad: (12n * WAD) / 100n },
  ],
  fees: [{ name: "trustee", payee: "trustee", amount: FEE }],
  accounts: [{ name: "COLL" }, { name: "RES", deposit: RESERVE }],
  figures: [
    "poolOpening",
    "poolClosing",
    "loanCount",
    "availableFunds",
    "loss",
    "recovery",
    "trip",
  ],
  payees: ["trustee", "residual"],
  phases: [
    [
      { op: "FEE", from: "COLL", fees: ["trustee"] },
      { op: "INT", from: "COLL", classes: ["A"] },
      { op: "INT", from: "COLL", classes: ["B"] },
      {
        ...{ op: "PRIN", from: "COLL", classes: ["A", "B"] },
        upTo: e.subtract(e.sumBalance("A", "B"), e.figure("poolClosing")),
      },
      { op: "LOSS", amount: e.figure("loss"), classes: ["B", "A"], label: "loss" },
      { op: "GAIN", amount: e.figure("recovery"), classes: ["A", "B"], label: "gain" },
      { op: "REST", from: "COLL", payee: "residual" },
    ],
    [
      { op: "INT", from: "COLL", classes: ["A"] },
      { op: "PRIN", from: "COLL", classes: ["A"], upTo: e.balance("A") },
      { op: "REST", from: "COLL", payee: "residual" },
    ],
  ],
  transitions: [{ from: 0, to: 1, when: e.figure("trip") }],
  cutOffPool: FACE_A + FACE_B,
};

/** A month of the simple deal: what of it differs from a month in which only interest comes in. */
export interface Month {
  opening?: bigint;
  closing?: bigint;
  funds?: bigint;
  loss?: bigint;
  recovery?: bigint;
  trip?: bigint;
}

/** Fee and interest of a month without principal. */
export const INTEREST_MONTH = FEE + INTEREST_A + INTEREST_B;

/** The report of a month; the pool stays as it is unless the month says otherwise. */
export function monthReport(deal: OpenDeal, period: number, month: Month = {}): Report {
  const opening = month.opening ?? deal.cutOffPool;
  return reportOf(deal, period, opening, {
    poolClosing: month.closing ?? opening,
    availableFunds: month.funds ?? INTEREST_MONTH,
    others: [month.loss ?? 0n, month.recovery ?? 0n, month.trip ?? 0n],
  });
}

/** The result words of the last run that a transaction's receipt tells of. */
export async function wordsOf(platform: Platform, sent: { hash: string }): Promise<bigint[]> {
  const { provider } = platform.admin;
  const receipt = await provider!.getTransactionReceipt(sent.hash);
  for (const log of receipt!.logs) {
    const event = platform.distributor.interface.parseLog(log);
    if (event?.name === "WaterfallRun") return [...(event.args[4] as bigint[])];
  }
  throw new Error("no run in this transaction");
}
