import type { Context } from "../context.ts";
import { attestAsServer } from "../reports/attest-report.ts";
import type { ReportKey, StoredReport } from "../reports/report-queries.ts";
import { storeReport } from "../reports/store-report.ts";
import { previewWaterfall } from "../waterfall/preview-waterfall.ts";
import { getChainDeal, type ChainDeal } from "./chain-deal-queries.ts";
import {
  readAccepted,
  readAttestation,
  readNextVersion,
  type AcceptedReport,
  type Attestation,
} from "./read-registry.ts";

export interface PreparedReport {
  deal: ChainDeal;
  report: StoredReport;
  /** What the registry holds for the period. */
  accepted: AcceptedReport | undefined;
  attestation: Attestation;
}

/** Hash of the version that stands; undefined when there is none, or it was rejected. */
export function standingHashOf(accepted: AcceptedReport | undefined): string | undefined {
  if (accepted === undefined || accepted.status === "rejected") return undefined;
  return accepted.restatement?.reportHash ?? accepted.reportHash;
}

/**
 * Brings the report of a closed period up to date: previewed, built in the version that the
 * registry expects, and signed by the server's attester. Of a period that was distributed on it is a
 * restatement once the period was closed again. The same again changes nothing.
 * @throws Problem deal-not-on-chain, period-not-closed, chain-unreachable
 */
export async function prepareReport(
  context: Context,
  { dealId, period }: ReportKey,
): Promise<PreparedReport> {
  const { chain, db } = context;
  const deal = await getChainDeal(db, dealId);
  const { chainDealId, termsHash } = deal;
  const accepted = await readAccepted(chain, { chainDealId, period });
  const attestation = await readAttestation(chain, chainDealId);
  const restates = accepted?.used === true;
  // A distributed period's preview is history.
  if (!restates) await previewWaterfall(context, { dealId, period });
  const report = await storeReport(context, {
    ...{ dealId, period, chainDealId, termsHash, restates },
    standingHash: standingHashOf(accepted),
    version: await readNextVersion(chain, { chainDealId, period }),
  });
  await attestAsServer(context, { report, attesters: attestation.attesters });
  return { deal, report, accepted, attestation };
}
