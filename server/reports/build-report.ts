import type { ReportMessage } from "./report-message.ts";

/** Everything that a report states, already frozen by the steps before it. */
export interface ReportFacts {
  deal: { chainDealId: bigint; termsHash: string };
  closedPeriod: { period: number; closeHash: string; figures: readonly string[] };
  /** Root node hash of the tape's Merkle sum tree. */
  treeHash: string;
  /** Hash of the previewed waterfall result. */
  resultHash: string;
  /** Version of the report that the registry holds for this period; undefined when it has none. */
  acceptedVersion: number | undefined;
}

/**
 * The report of a closed period. Its version is what the registry expects next: 1, or the accepted
 * version + 1 when the period was closed again before its distribution.
 */
export function buildReport(facts: ReportFacts): ReportMessage {
  return {
    dealId: facts.deal.chainDealId,
    period: facts.closedPeriod.period,
    version: (facts.acceptedVersion ?? 0) + 1,
    termsHash: facts.deal.termsHash,
    tapeRoot: facts.treeHash,
    closeHash: facts.closedPeriod.closeHash,
    resultHash: facts.resultHash,
    figures: facts.closedPeriod.figures.map((figure) => BigInt(figure)),
  };
}
