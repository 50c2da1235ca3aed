/** Step 6: what a closed period will pay, computed before anyone attests it. */
import type { Kysely } from "kysely";
import type { Context } from "../context.ts";
import type { Database } from "../db/tables.ts";
import type { DealTerms } from "../deals/deal-terms.ts";
import { getDeal } from "../deals/deals-queries.ts";
import { readTerms } from "../deals/read-terms.ts";
import { problem } from "../errors.ts";
import { formatMonth } from "../lib/dates.ts";
import { findClosedPeriod } from "../periods/periods-queries.ts";
import { carryInto, type Carried } from "./carry-differences.ts";
import { readWords } from "./read-words.ts";
import { runInputsOf } from "./run-inputs-queries.ts";
import { runWaterfall } from "./run-waterfall.ts";
import type { WaterfallInput, WaterfallRun } from "./run-waterfall.ts";
import { findDistributedWords, storePreview } from "./waterfall-queries.ts";
import { openingState } from "./waterfall-state.ts";
import type { WaterfallState } from "./waterfall-state.ts";

export interface WaterfallPreview {
  /** Version of the closed period that it was computed from. */
  closeVersion: number;
  input: WaterfallInput;
  /** What restatements of earlier periods add to the reported figures in it; null without any. */
  carried: Carried | null;
  run: WaterfallRun;
}

export interface PreviewKey {
  dealId: string;
  /** Ordinal, from 1. */
  period: number;
}

/** The state that the run before left on chain; at the first period the state at closing. */
async function stateBefore(
  db: Kysely<Database>,
  terms: DealTerms,
  { dealId, period }: PreviewKey,
): Promise<WaterfallState> {
  if (period === 1) return openingState(terms);
  const words = await findDistributedWords(db, dealId, period - 1);
  if (words !== undefined) return readWords(terms, words).state;
  const row = terms.calendar[period - 2];
  const previous = row === undefined ? `${period - 1}` : formatMonth(row.collectionMonth);
  throw problem("preview-out-of-order", { deal: dealId, period, previous });
}

/**
 * Runs the waterfall over the newest close of a period, from the last distributed state, and stores
 * the result. The same again changes nothing.
 * @throws Problem deal-unknown, period-not-closed, preview-out-of-order, fixing-missing
 */
export async function previewWaterfall(
  context: Context,
  key: PreviewKey,
): Promise<WaterfallPreview> {
  const { dealId, period } = key;
  return await context.db.transaction().execute(async (trx) => {
    const deal = await getDeal(trx, dealId);
    const terms = readTerms(deal.terms);
    const closed = await findClosedPeriod(trx, dealId, period);
    if (closed === undefined) throw problem("period-not-closed", { deal: dealId, period });
    const { carried: waiting, ...inputs } = await runInputsOf(trx, { dealId, period, terms });
    const reported = closed.figures.map((figure) => BigInt(figure));
    const { figures, differences } = carryInto(reported, waiting?.differences);
    const carried = waiting === null ? null : { ...waiting, differences };
    const input: WaterfallInput = {
      ...inputs,
      terms,
      state: await stateBefore(trx, terms, key),
      period,
      figures,
      chainDealId: deal.chain_deal_id ?? 0n,
    };
    const run = runWaterfall(input);
    await storePreview(trx, {
      deal_id: dealId,
      period,
      close_version: closed.version,
      result_hash: run.resultHash,
      flags: run.flags,
      words: JSON.stringify(run.words.map((word) => `0x${word.toString(16)}`)),
      carried: JSON.stringify((carried?.differences ?? []).map(String)),
      created_at: context.clock.now(),
    });
    return { closeVersion: closed.version, input, carried, run };
  });
}
