import type { Kysely } from "kysely";
import type { Database } from "../db/tables.ts";
import type { DealFile } from "../deals/deal-file.ts";
import { getDeal } from "../deals/deals-queries.ts";
import { openDealSource } from "../deals/deal-source.ts";
import { readDealFile } from "../deals/read-deal-file.ts";
import { readMapping } from "../deals/read-mapping-section.ts";
import { FIXED_FIGURES } from "../deals/terms-format.ts";
import { formatMonth } from "../lib/dates.ts";
import { findNewestMapping } from "./mapping/mappings-queries.ts";
import type { StoredMapping } from "./mapping/mappings-queries.ts";
import type { TapeDeal } from "./tape-deal.ts";
import { MAPPED } from "./tape-words.ts";

/** Deals that were read before, by their texts: reading one takes longer than a small upload. */
const readDeals = new Map<string, TapeDeal>();
const MOST_READ_DEALS = 100;

/**
 * What the stored deal file says about tapes, pool, calendar and figures; with the newest mapping of
 * the servicer where the deal's tapes are mapped.
 * @throws Problem deal-unknown
 */
export async function getTapeDeal(db: Kysely<Database>, dealId: string): Promise<TapeDeal> {
  const { key, source } = await getDeal(db, dealId);
  const deal = readOnce(`${dealId}\n${source}`, () =>
    tapeDealOf({ id: dealId, key }, readDealFile(openDealSource(source))),
  );
  if (deal.terms.format !== MAPPED) return { ...deal, key };
  const stored = await findNewestMapping(db, dealId);
  if (stored === undefined) return { ...deal, key };
  const mapped = readOnce(`${dealId}\n${source}\n${stored.version}\n${stored.source}`, () =>
    withMapping(deal, stored),
  );
  return { ...mapped, key };
}

function readOnce(name: string, read: () => TapeDeal): TapeDeal {
  const known = readDeals.get(name);
  if (known !== undefined) return known;
  const deal = read();
  if (readDeals.size >= MOST_READ_DEALS) readDeals.clear();
  readDeals.set(name, deal);
  return deal;
}

function withMapping(deal: TapeDeal, { version, source }: StoredMapping): TapeDeal {
  const { mapping } = readMapping(source);
  if (mapping === null) throw new Error(`mapping ${version} of ${deal.id} was stored unread`);
  return { ...deal, mappingVersion: version, terms: { ...deal.terms, mapping } };
}

function tapeDealOf(deal: { id: string; key: number }, file: DealFile): TapeDeal {
  return {
    ...deal,
    terms: { ...file.tape, currency: file.currency },
    mappingVersion: file.tape.format === MAPPED ? 0 : null,
    months: file.calendar.months,
    cutOffMonth: formatMonth(file.calendar.firstCollectionMonth - 1),
    cutOffBalanceCents: file.pool.cutOffBalanceCents,
    cutOffLoans: file.pool.cutOffLoans,
    periods: file.calendar.periods,
    figures: file.figures.map(({ name, unit, source, minimum, maximum }) => ({
      ...{ name, unit, minimum, maximum },
      source: TREE_FIGURES.has(name) ? "tape" : source,
    })),
    identities: file.reporting.identities.map(({ addends }) =>
      addends.map(({ figure, subtracted }) => ({ figure: figure.text, subtracted })),
    ),
  };
}

/** Figures that the tape's tree proves, whoever might state them. */
const TREE_FIGURES: ReadonlySet<string> = new Set(FIXED_FIGURES.slice(0, 3));
