import type { Insertable, Transaction } from "kysely";
import type { DistributionsTable } from "../db/chain-tables.ts";
import type { Database } from "../db/tables.ts";
import type { DealTerms, StepTerms } from "../deals/deal-terms.ts";
import { readTerms } from "../deals/read-terms.ts";
import { readWords } from "../waterfall/read-words.ts";
import { insertDistribution, listRunsToRecord, type DistributionRows } from "./event-queries.ts";

/** What a WaterfallRun event says, with the place and time of its block. */
export interface RunEvent {
  dealId: string;
  period: number;
  reportHash: string;
  resultHash: string;
  words: readonly bigint[];
  /** Differences of restatements that it took; empty without any. */
  carried?: readonly bigint[];
  transactionHash: string;
  blockNumber: bigint;
  minedAt: Date;
}

/** Derives `distributions` and `waterfall_lines` from the runs that have none yet. */
export async function recordDistributions(trx: Transaction<Database>): Promise<void> {
  for (const event of await listRunsToRecord(trx)) {
    const args = event.args as { reportHash: string; resultHash: string; words: string[] };
    if (event.deal_id === null || event.period === null) continue;
    const rows = buildDistribution(
      {
        dealId: event.deal_id,
        period: event.period,
        reportHash: args.reportHash,
        resultHash: args.resultHash,
        words: args.words.map((word) => BigInt(word)),
        carried: ((event.carried ?? []) as string[]).map((difference) => BigInt(difference)),
        transactionHash: event.transaction_hash,
        blockNumber: event.block_number,
        minedAt: event.mined_at,
      },
      readTerms(event.terms),
    );
    await insertDistribution(trx, rows);
  }
}

/** A demand may be as high as 2^64 - 1 (then flagged OVERFLOW); the column ends below 2^63. */
const COLUMN_LIMIT = (1n << 63n) - 1n;

/**
 * The rows of one run: the words as they are, and one line per step of the phase's program with
 * the names that the terms give it. Amounts in cents.
 * @throws RangeError when the words are not those of a run of these terms
 */
export function buildDistribution(event: RunEvent, terms: DealTerms): DistributionRows {
  const run = readWords(terms, event.words);
  const phase = terms.phases[run.phaseRun];
  if (phase === undefined || run.period !== event.period) {
    throw new RangeError(`run of period ${event.period}: its header is of another`);
  }
  const lines = run.steps.map((recorded, step) => {
    const stepTerms = terms.steps[phase.firstStep + step];
    if (stepTerms?.operation !== recorded.operation) {
      throw new RangeError(`run of period ${event.period}: step ${step} is not of these terms`);
    }
    return {
      deal_id: event.dealId,
      period: event.period,
      step,
      operation: stepTerms.operation,
      label: stepTerms.label,
      clause: stepTerms.clause,
      source: sourceOf(stepTerms, terms),
      due_cents: columnCents(recorded.demand),
      paid_cents: columnCents(recorded.paid),
      source_before_cents: columnCents(recorded.before),
      flags: recorded.flags,
    };
  });
  return { distribution: buildRow(event, phase.name), lines };
}

function buildRow(event: RunEvent, phase: string): Insertable<DistributionsTable> {
  return {
    deal_id: event.dealId,
    period: event.period,
    phase,
    report_hash: event.reportHash,
    result_hash: event.resultHash,
    words: JSON.stringify(event.words.map(String)),
    carried: JSON.stringify((event.carried ?? []).map(String)),
    transaction_hash: event.transactionHash,
    block_number: event.blockNumber,
    distributed_at: event.minedAt,
  };
}

function columnCents(cents: bigint): bigint {
  return cents > COLUMN_LIMIT ? COLUMN_LIMIT : cents;
}

const PAYING = new Set(["FEE", "INT", "PRIN", "FILL", "MOVE", "REST", "BUY"]);

/** The account that a step takes from; null for steps that move no cash. */
function sourceOf(step: StepTerms, terms: DealTerms): string | null {
  if (!PAYING.has(step.operation)) return null;
  return terms.accounts[step.source]?.name ?? null;
}
