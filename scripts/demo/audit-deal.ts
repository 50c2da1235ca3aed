/** The auditor's check: nothing here believes the server where the chain can be asked. */
import { readCommitment } from "../../server/chain/read-commitment.ts";
import { readDealRecord } from "../../server/chain/read-deal-record.ts";
import { checkEvidence, parseEvidence } from "../../server/history/check-proof.ts";
import type { DealReconciliation } from "../../server/history/read-reconciliation.ts";
import { replayDeal } from "../../server/history/replay-deal.ts";
import type { DealInService } from "./open-deal.ts";
import type { Demo } from "./start-demo.ts";

export interface Audit {
  /** PostgreSQL and chain, compared by the server after each distribution and now. */
  reconciled: { periods: number; compared: number; differences: number };
  /** The TypeScript engine over chain data alone. */
  replayed: { periods: number; compared: number; differences: number };
  /** Rows proven against the root on chain. */
  proofs: { checked: number; proven: number };
  agrees: boolean;
}

export async function auditDeal(
  demo: Demo,
  deal: DealInService,
  rows: readonly { month: string; loan: string }[],
): Promise<Audit> {
  const { chain } = demo.context;
  const reconciliation = await deal.auditor.get<DealReconciliation>(
    `/deals/${deal.id}/reconciliation`,
  );
  const compared = [...reconciliation.periods, ...(reconciliation.now ? [reconciliation.now] : [])];
  const record = await readDealRecord(chain.provider, { dealId: deal.chainDealId });
  const replay = replayDeal(record);
  let proven = 0;
  for (const { month, loan } of rows) if (await proves(demo, deal, { month, loan })) proven += 1;
  const audit = {
    reconciled: {
      periods: reconciliation.periods.length,
      compared: sum(compared.map((period) => period.compared)),
      differences: sum(compared.map(({ differences }) => differences.length)),
    },
    replayed: {
      periods: replay.periods.length,
      compared: sum(replay.periods.map((period) => period.compared)) + replay.books.compared,
      differences: replay.differenceCount,
    },
    proofs: { checked: rows.length, proven },
  };
  const agrees =
    audit.reconciled.differences === 0 &&
    reconciliation.agrees === true &&
    audit.replayed.differences === 0 &&
    audit.replayed.periods === audit.reconciled.periods &&
    proven === rows.length;
  return { ...audit, agrees };
}

async function proves(
  demo: Demo,
  deal: DealInService,
  { month, loan }: { month: string; loan: string },
): Promise<boolean> {
  const answer = await deal.auditor.get<unknown>(
    `/deals/${deal.id}/periods/${month}/loans/${encodeURIComponent(loan)}/proof`,
  );
  const evidence = parseEvidence(JSON.stringify(answer));
  const { provider, deployment } = demo.context.chain;
  const commitment = await readCommitment(provider, {
    registry: deployment.reportRegistry,
    dealId: deal.chainDealId,
    period: evidence.proof.period,
  });
  return checkEvidence(evidence, commitment);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
