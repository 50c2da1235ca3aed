import type { ApiClient } from "../../scripts/demo/api-client.ts";
import type { DealSummary } from "../../scripts/demo/summarise-deal.ts";
import type { Demo } from "../../scripts/demo/start-demo.ts";
import { readDealRecord } from "../../server/chain/read-deal-record.ts";
import type { DealRecord } from "../../server/chain/deal-record.ts";
import type { DescribedClaim } from "../../server/claims/describe-claims.ts";

/** A deal after its months: what the API and what the chain alone say of it. */
export interface LivedDeal {
  summary: DealSummary;
  claims: DescribedClaim[];
  record: DealRecord;
}

/** Reads the claims over the API with an auditor's key, and the deal's record from the chain. */
export async function readLivedDeal(demo: Demo, summary: DealSummary): Promise<LivedDeal> {
  const { deal } = summary;
  const reader = { name: `reader of ${deal}`, role: "auditor", deals: [deal] } as const;
  const auditor = await demo.addUser({ ...reader, deals: [deal] });
  const { chain_deal_id: dealId } = await demo.context.db
    .selectFrom("deals")
    .select("chain_deal_id")
    .where("id", "=", deal)
    .executeTakeFirstOrThrow();
  if (dealId === null) throw new Error(`${deal} is not on chain`);
  const record = await readDealRecord(demo.context.chain.provider, { dealId });
  return { summary, claims: await listClaims(auditor, deal), record };
}

async function listClaims(auditor: ApiClient, deal: string): Promise<DescribedClaim[]> {
  const claims: DescribedClaim[] = [];
  for (let next: string | null = ""; next !== null;) {
    const page: { items: DescribedClaim[]; next: string | null } = await auditor.get(
      `/deals/${deal}/claims?limit=100${next === "" ? "" : `&cursor=${next}`}`,
    );
    claims.push(...page.items);
    next = page.next;
  }
  return claims;
}

/**
 * What a holder is owed of a class over the whole life by the plain rule, in units: each period's
 * payment to the class, shared by the face held at its record time.
 */
export function entitledByRecordDate(
  { record, summary }: LivedDeal,
  {
    classIndex,
    holder,
    recordTimes,
  }: {
    classIndex: number;
    holder: string;
    /** Unix seconds, by period from 1. */
    recordTimes: readonly number[];
  },
): bigint {
  const moves = record.events.filter(
    (event) => event.name === "Transfer" && event.classIndex === classIndex,
  );
  let units = 0n;
  for (const [i, { classes }] of summary.periods.entries()) {
    const recordTime = recordTimes[i] ?? 0;
    let held = 0n;
    let supply = 0n;
    for (const event of moves) {
      if (event.name !== "Transfer" || event.at > recordTime) continue;
      if (same(event.to, holder)) held += event.face;
      if (same(event.from, holder)) held -= event.face;
      if (/^0x0+$/.test(event.from)) supply += event.face;
    }
    const paid = classes[classIndex];
    if (paid === undefined) throw new Error("the deal has no such class");
    const paidUnits = (centsOf(paid.interestPaid) + centsOf(paid.principalPaid)) * 10_000n;
    units += (paidUnits * held) / supply;
  }
  return units;
}

/** "1234.56" as cents. */
export function centsOf(amount: string): bigint {
  return BigInt(amount.replace(".", ""));
}

export function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
