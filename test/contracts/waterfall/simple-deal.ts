import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { readWords } from "../../../server/waterfall/read-words.ts";
import type { RecordedRun } from "../../../server/waterfall/read-words.ts";
import { compileParts } from "./compile-parts.ts";
import type { OpenDeal, Platform, Report } from "./distribution-fixture.ts";
import { deployWithPeople, openDeal, reportOf } from "./distribution-fixture.ts";

/** Face of A and B, the trustee's fee a month, the reserve: cents. */
export const FACE_A = 80_000_000n;
export const FACE_B = 20_000_000n;
export const FEE = 10_000n;
export const RESERVE = 500_000n;
/** 80,000,000 x 6% x 30/360 and 20,000,000 x 12% x 30/360. */
export const INTEREST_A = 400_000n;
export const INTEREST_B = 200_000n;

/** Fee, interest, losses and recoveries, principal down to the pool, rest; sequential after a trigger. */
export const simpleDeal: DealTerms = compileParts({
  classes: { A: { face: FACE_A, coupon: "6 %" }, B: { face: FACE_B, coupon: "12 %" } },
  payees: ["trustee", "residual"],
  fees: { trusteeFee: { kind: "fixed", amount: "100.00", payee: "trustee", cap: "none" } },
  accounts: { COLL: 0n, RES: RESERVE },
  figures: ["chargeOffs", "recoveries", "otherAdjustments"],
  cutOffBalance: FACE_A + FACE_B,
  programs: {
    normal: [
      "FEE COLL -> trusteeFee",
      "INT COLL -> A",
      "INT COLL -> B",
      "PRIN COLL -> A, B SEQ UPTO sumbal(A, B) - p.poolClosing",
      "LOSS p.chargeOffs -> B, A AS loss",
      "GAIN p.recoveries -> A, B AS gain",
      "REST COLL -> residual",
    ],
    tripped: ["INT COLL -> A", "PRIN COLL -> A UPTO bal.A", "REST COLL -> residual"],
  },
  transitions: [{ from: "normal", to: "tripped", when: "p.otherAdjustments != 0" }],
});

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

/** The result words of the run that a transaction's receipt tells of. */
export async function wordsOf(platform: Platform, sent: { hash: string }): Promise<bigint[]> {
  const { provider } = platform.admin;
  const receipt = await provider!.getTransactionReceipt(sent.hash);
  for (const log of receipt!.logs) {
    const event = platform.distributor.interface.parseLog(log);
    if (event?.name === "WaterfallRun") return [...(event.args[4] as bigint[])];
  }
  throw new Error("no run in this transaction");
}

/** The same, taken apart. */
export async function runOf(
  platform: Platform,
  deal: OpenDeal,
  sent: { hash: string },
): Promise<RecordedRun> {
  return readWords(deal.terms, await wordsOf(platform, sent));
}

/** The simple deal, closed, on a platform of its own; for `loadFixture`. */
export async function openSimpleDeal() {
  const platform = await deployWithPeople();
  const deal = await openDeal(platform, simpleDeal);
  return { platform, deal, distributor: platform.distributor };
}
