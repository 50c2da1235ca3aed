import type { ReportMessage } from "./report-message.ts";

/** Everything that a report states, already frozen by the steps before it. */
export interface ReportFacts {
  deal: { chainDealId: bigint; termsHash: string };
  closedPeriod: { period: number; closeHash: string; figures: readonly string[] };
  /** Root node hash of the tape's Merkle sum tree. */
  treeHash: string;
  /** Hash of the previewed waterfall result; zero of a restatement, on which nothing runs. */
  resultHash: string;
  /** The version that the registry expects next of this period. */
  version: number;
}

/** The report of a closed period. */
export function buildReport(facts: ReportFacts): ReportMessage {
  return {
    dealId: facts.deal.chainDealId,
    period: facts.closedPeriod.period,
    version: facts.version,
    termsHash: facts.deal.termsHash,
    tapeRoot: facts.treeHash,
    closeHash: facts.closedPeriod.closeHash,
    resultHash: facts.resultHash,
    figures: facts.closedPeriod.figures.map((figure) => BigInt(figure)),
  };
}
