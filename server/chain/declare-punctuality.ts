import type { Context } from "../context.ts";
import type { DueJob, Job } from "../jobs/job.ts";
import { listVersions } from "../reports/report-life-queries.ts";
import { getChainDeal, getNextPeriod, listOpenDeals } from "./chain-deal-queries.ts";
import type { ChainDeal } from "./chain-deal-queries.ts";
import { refusalOf } from "./decode-revert.ts";
import { findLastPunctuality, isPaused } from "./punctuality-queries.ts";
import { encodeCall, readContract } from "./read-contract.ts";
import { readPunctuality, type Punctuality } from "./read-punctuality.ts";
import { sendIntended } from "./send-transaction.ts";
import { insertIntent } from "./transaction-queries.ts";
import { watchEvents } from "./watch-events.ts";

/** Names of the calls among the chain's transactions. */
const KINDS = {
  declareLate: "declare-late",
  declareServicerDefault: "declare-servicer-default",
} as const;
type Method = keyof typeof KINDS;

/** Says on chain that a report is late, or that its servicer is in default, from the moment it is so. */
export const declarePunctualityJob: Job = {
  name: "declare-punctuality",
  async due(context): Promise<DueJob[]> {
    const jobs: DueJob[] = [];
    for (const dealId of await listOpenDeals(context.db)) {
      const due = await findDue(context, dealId);
      if (due !== undefined) jobs.push({ key: `${dealId}:${due}`, data: { dealId } });
    }
    return jobs;
  },
  async run(context, data): Promise<void> {
    await declarePunctuality(context, (data as { dealId: string }).dealId);
  },
};

/** What is to be declared by the terms and the events that are read; the registry has the last word. */
async function findDue({ clock, db }: Context, dealId: string): Promise<string | undefined> {
  const last = await findLastPunctuality(db, dealId);
  if (last === "servicer default" || (await isPaused(db, dealId))) return undefined;
  const { terms } = await getChainDeal(db, dealId);
  const period = await getNextPeriod(db, dealId);
  const row = terms.calendar[period - 1];
  if (row === undefined) return undefined;
  const versions = await listVersions(db, { dealId, period });
  if (versions.some(({ status }) => status !== "rejected")) return undefined;
  const { dueLeadSeconds, defaultGraceSeconds } = terms.reporting;
  const dueAt = row.paymentTime - dueLeadSeconds;
  const now = clock.now().getTime() / 1_000;
  const isInDefault = defaultGraceSeconds !== null && now > dueAt + defaultGraceSeconds;
  if (isInDefault) return `${period}:servicer default`;
  return now > dueAt && last !== "late" ? `${period}:late` : undefined;
}

/** Undefined when nothing is to be declared at a time, unix seconds. */
function chooseDeclaration(
  { state, dueAt, defaultAt }: Punctuality,
  now: number,
): Method | undefined {
  if (state === "servicer default") return undefined;
  if (defaultAt !== null && now > defaultAt) return "declareServicerDefault";
  return dueAt !== null && now > dueAt && state === "on time" ? "declareLate" : undefined;
}

/**
 * Declares what is so now. Anyone may do it, and once is enough: when another came first, all is well.
 * @throws Problem deal-not-on-chain, chain-refused, chain-unreachable
 */
async function declarePunctuality(context: Context, dealId: string): Promise<void> {
  const { chain, clock, db } = context;
  const deal = await getChainDeal(db, dealId);
  const choose = async () => {
    const found = await readPunctuality(chain, deal.chainDealId);
    const method = chooseDeclaration(found, clock.now().getTime() / 1_000);
    return method === undefined ? undefined : { method, found };
  };
  const chosen = await choose();
  if (chosen !== undefined) {
    try {
      await send(context, deal, chosen);
    } catch (error) {
      if ((await choose())?.method === chosen.method) throw error;
    }
  }
  await watchEvents(context);
}

async function send(
  context: Context,
  { id, chainDealId }: ChainDeal,
  { method, found }: { method: Method; found: Punctuality },
): Promise<void> {
  const { chain, clock, db } = context;
  const sender = await chain.servicer.getAddress();
  const recipient = chain.deployment.reportRegistry;
  const call = { contract: "reportRegistry", method, args: [chainDealId] } as const;
  try {
    await readContract(chain, { ...call, address: recipient, from: sender });
  } catch (error) {
    throw refusalOf(error);
  }
  // A report that came late and was rejected makes its period late anew, from another time on.
  const key = `${KINDS[method]}:${id}:${found.period}:${found.dueAt}`;
  const intent = {
    ...{ key, kind: KINDS[method], dealId: id, period: found.period, sender, recipient },
    data: encodeCall(call),
  };
  await db.transaction().execute((trx) => insertIntent(trx, intent, clock.now()));
  await sendIntended(context, key);
  context.log.warn({ deal: id, ...found, declared: KINDS[method] }, "the report is overdue");
}
