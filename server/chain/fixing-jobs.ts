import type { Context } from "../context.ts";
import type { DueJob, Job } from "../jobs/job.ts";
import { getChainDeal, getNextPeriod, listOpenDeals } from "./chain-deal-queries.ts";
import { bringFixing } from "./bring-fixing.ts";
import type { FixingKey } from "./choose-fixing.ts";
import { listFixed } from "./input-event-queries.ts";

/** Fixes the indices of every period that is not paid yet, each from its fixing time on; see {@link bringFixing}. */
export const fixIndicesJob: Job = {
  name: "fix-indices",
  async due(context): Promise<DueJob[]> {
    const keys: FixingKey[] = [];
    for (const dealId of await listOpenDeals(context.db)) {
      keys.push(...(await listDue(context, dealId)));
    }
    return keys.map((key) => ({ key: `${key.dealId}:${key.period}:${key.position}`, data: key }));
  },
  async run(context, data): Promise<void> {
    await bringFixing(context, data as FixingKey);
  },
};

async function listDue({ clock, db }: Context, dealId: string): Promise<FixingKey[]> {
  const { terms } = await getChainDeal(db, dealId);
  if (terms.indices.length === 0) return [];
  const from = await getNextPeriod(db, dealId);
  const fixed = await listFixed(db, { dealId, from });
  const now = clock.now().getTime() / 1_000;
  return terms.calendar.slice(from - 1).flatMap(({ fixingTimes }, i) =>
    fixingTimes.flatMap((time, position) => {
      const period = from + i;
      return time > now || fixed.has(`${period}:${position}`) ? [] : [{ dealId, period, position }];
    }),
  );
}
