/** A run as its explanation needs it: computed again from what is stored, with where its inputs came from. */
import type { Kysely } from "kysely";
import { listPunctualityChanges } from "../chain/punctuality-queries.ts";
import type { Context } from "../context.ts";
import type { Database } from "../db/tables.ts";
import { openDealSource } from "../deals/deal-source.ts";
import type { DealFile } from "../deals/deal-file.ts";
import { getDeal } from "../deals/deals-queries.ts";
import { findCatalogueFigure } from "../deals/figure-catalogue.ts";
import { readDealFile } from "../deals/read-deal-file.ts";
import { readTerms } from "../deals/read-terms.ts";
import { problem } from "../errors.ts";
import { formatMonth } from "../lib/dates.ts";
import { getMonth } from "../reports/report-period.ts";
import { tellStory } from "../waterfall/explain-amounts.ts";
import type { InputSources, RunStory } from "../waterfall/explain-story.ts";
import { carryInto, type Carried } from "../waterfall/carry-differences.ts";
import { describeFixing } from "../waterfall/last-rate.ts";
import { previewWaterfall } from "../waterfall/preview-waterfall.ts";
import { readWords } from "../waterfall/read-words.ts";
import { findPurchaseList, listFixings, runInputsOf } from "../waterfall/run-inputs-queries.ts";
import { runWaterfall } from "../waterfall/run-waterfall.ts";
import type { WaterfallInput, WaterfallRun } from "../waterfall/run-waterfall.ts";
import { findDistributedWords } from "../waterfall/waterfall-queries.ts";
import { openingState } from "../waterfall/waterfall-state.ts";
import { listLastNotices } from "./explanation-queries.ts";
import {
  findClosedPeriod,
  findDistribution,
  findReportByHash,
  findTape,
} from "./history-queries.ts";

export interface ExplanationKey {
  dealId: string;
  /** Ordinal, from 1. */
  period: number;
}

/** A run told, and what it is a run of. */
export interface ToldPeriod {
  story: RunStory;
  basis: "distribution" | "preview";
  closeVersion: number;
  resultHash: string;
  /** What the chain recorded; null before the distribution. */
  recordedHash: string | null;
}

interface FoundRun {
  input: WaterfallInput;
  carried: Carried | null;
  run: WaterfallRun;
  closeVersion: number;
  recordedHash: string | null;
}

/**
 * The distribution of a period, run again on its own report over the state that the one before left.
 * Undefined before it is distributed.
 */
async function findDistributedRun(
  db: Kysely<Database>,
  { dealId, period }: ExplanationKey,
): Promise<FoundRun | undefined> {
  const distribution = await findDistribution(db, dealId, period);
  if (distribution === undefined) return undefined;
  const deal = await getDeal(db, dealId);
  const terms = readTerms(deal.terms);
  const report = await findReportByHash(db, dealId, distribution.report_hash);
  const before = period === 1 ? undefined : await findDistributedWords(db, dealId, period - 1);
  if (report === undefined || (before === undefined && period > 1)) {
    const month = formatMonth(terms.calendar[period - 1]?.collectionMonth ?? 0);
    throw problem("explanation-impossible", { deal: dealId, period: month });
  }
  const { carried, ...inputs } = await runInputsOf(db, { dealId, period, terms });
  const reported = report.message.figures.map((figure) => BigInt(figure));
  const input: WaterfallInput = {
    ...inputs,
    terms,
    state: before === undefined ? openingState(terms) : readWords(terms, before).state,
    period,
    figures: carryInto(reported, carried?.differences).figures,
    chainDealId: deal.chain_deal_id ?? 0n,
  };
  const { close_version: closeVersion } = report;
  const { result_hash: recordedHash } = distribution;
  return { input, carried, run: runWaterfall(input), closeVersion, recordedHash };
}

/** Which tape or person stands behind each figure. */
async function figureSources(
  db: Kysely<Database>,
  key: ExplanationKey & { file: DealFile; version: number; terms: RunStory["terms"] },
): Promise<Map<string, string>> {
  const { dealId, period, file, version, terms } = key;
  const closed = await findClosedPeriod(db, dealId, period, version);
  const tape = closed === undefined ? undefined : await findTape(db, closed.tape_id);
  if (closed === undefined || tape === undefined) return new Map();
  const close = `closed as version ${closed.version} by ${closed.closed_by_name}`;
  const month = formatMonth(terms.calendar[period - 1]?.collectionMonth ?? 0);
  const words = ({ name }: { name: string }): string => {
    if (closed.stated_figures[name] !== undefined) {
      return `stated by the servicer (${closed.closed_by_name}) when ${month} was ${close}`;
    }
    const meaning = findCatalogueFigure(name)?.meaning ?? name;
    return `${meaning}: total of tape ${month} version ${tape.version} (${tape.file_name}), ${close}`;
  };
  return new Map(file.figures.map((figure) => [figure.name, words(figure)]));
}

/** The notices that a servicer default brings into force, once it is declared. */
async function defaultNotices(
  db: Kysely<Database>,
  dealId: string,
  { notices }: RunStory["terms"],
): Promise<[string, string][]> {
  const changes = await listPunctualityChanges(db, dealId);
  const declared = changes.find(({ state }) => state === "servicer default");
  if (declared === undefined) return [];
  const words = `servicer default declared in transaction ${declared.transaction_hash}`;
  return notices.flatMap(({ name, kind }) => (kind === "servicer default" ? [[name, words]] : []));
}

async function sourcesOf(
  db: Kysely<Database>,
  key: ExplanationKey & { file: DealFile; version: number; terms: RunStory["terms"] },
  carried: Carried | null,
): Promise<InputSources> {
  const { dealId, terms } = key;
  const fixings = await listFixings(db, key);
  const notices = await listLastNotices(db, dealId);
  const list = await findPurchaseList(db, key);
  return {
    carried,
    figures: await figureSources(db, key),
    fixings: new Map(
      fixings.map((fixing) => [
        terms.indices[fixing.position]?.name ?? "",
        `${describeFixing(fixing)}, fixed in transaction ${fixing.transaction_hash}`,
      ]),
    ),
    notices: new Map([
      ...notices.map(({ position, action, party, transaction_hash }): [string, string] => [
        terms.notices[position]?.name ?? "",
        `last ${action} by ${party} in transaction ${transaction_hash}`,
      ]),
      ...(await defaultNotices(db, dealId, terms)),
    ]),
    purchaseList:
      list === undefined
        ? null
        : `price of purchase list version ${list.version}, ${list.loan_count} loans, ` +
          `root ${list.list_root}, transaction ${list.transaction_hash}`,
  };
}

/**
 * The run of a period for its explanation: of the distribution where there is one, else the preview.
 * @throws Problem deal-unknown, explanation-impossible; without a distribution period-not-distributed
 *   for an investor, else what a preview throws
 */
export async function readExplanation(
  context: Context,
  key: ExplanationKey,
  isInvestor: boolean,
): Promise<ToldPeriod> {
  const { db } = context;
  const { dealId } = key;
  const distributed = await findDistributedRun(db, key);
  if (distributed === undefined && isInvestor) {
    const month = await getMonth(db, key);
    throw problem("period-not-distributed", { deal: dealId, period: month });
  }
  const found = distributed ?? { ...(await previewWaterfall(context, key)), recordedHash: null };
  const { input, carried, run, closeVersion, recordedHash } = found;
  const file = readDealFile(openDealSource((await getDeal(db, dealId)).source));
  const { terms } = input;
  const sources = await sourcesOf(db, { ...key, file, version: closeVersion, terms }, carried);
  return {
    story: tellStory({ input, run, file, sources }),
    basis: distributed === undefined ? "preview" : "distribution",
    closeVersion,
    resultHash: run.resultHash,
    recordedHash,
  };
}
