/** A closed period's pool in bands of a field: worked out at the first request, kept ever after. */
import type { Kysely } from "kysely";
import type { StratumRow } from "../db/statistics-tables.ts";
import type { Database } from "../db/tables.ts";
import { problem } from "../errors.ts";
import { WAD } from "../lib/mul-div.ts";
import { parseMonth } from "../lib/dates.ts";
import { monthOfPeriod } from "../tapes/tape-deal.ts";
import type { TapeDeal } from "../tapes/tape-deal.ts";
import { getTapeById } from "../tapes/tapes-queries.ts";
import { floorDivide } from "./calculate-speeds.ts";
import { formatBound, nameBand, parseBands } from "./parse-bands.ts";
import type { Bands } from "./parse-bands.ts";
import type { ClosedPeriod } from "./periods-queries.ts";
import { bandsOf, findStratificationField, STRATIFICATION_NAMES } from "./stratification-fields.ts";
import type { StratificationField } from "./stratification-fields.ts";
import {
  findStratification,
  insertStratification,
  listAttributeNames,
  readStrata,
} from "./stratification-queries.ts";
import type { Stratum } from "./stratification-queries.ts";

export interface Stratification {
  field: string;
  /** As they were read; empty for each value by itself. */
  bands: string;
  strata: StratumRow[];
}

/** @throws Problem stratification-invalid */
export async function stratifyPeriod(
  db: Kysely<Database>,
  { deal, closed }: { deal: TapeDeal; closed: ClosedPeriod },
  asked: { by: string; bands: string | undefined },
): Promise<Stratification> {
  const attributes = await listAttributeNames(db, closed.tape_id);
  const field = findStratificationField(asked.by, attributes);
  if (field === null) {
    const names = [...STRATIFICATION_NAMES, ...attributes].join(", ");
    throw problem("stratification-invalid", { by: asked.by, wrong: `is none of ${names}` });
  }
  const bands = parseBands(field.kind, bandsOf(field, asked.bands));
  if ("wrong" in bands) throw problem("stratification-invalid", { by: asked.by, ...bands });
  const key = { dealKey: deal.key, period: closed.period, version: closed.version };
  const cut = { field: field.name, bands: bands.text };
  const kept = await findStratification(db, key, cut);
  if (kept !== undefined) return { ...cut, strata: kept };
  const tape = await getTapeById(db, deal.id, closed.tape_id);
  const found = await readStrata(
    db,
    { dealKey: deal.key, period: tape.period, version: tape.version },
    {
      field,
      bounds: bands.bounds,
      month: parseMonth(monthOfPeriod(deal, closed.period)),
      attributes,
    },
  );
  const strata = inOrder(found, bands).map((stratum) => toRow(stratum, field, bands));
  await insertStratification(db, key, { ...cut, strata });
  return { ...cut, strata };
}

/** Bands from the lowest up; values as they come, the largest first; what is neither comes last. */
function inOrder(strata: readonly Stratum[], { bounds }: Bands): Stratum[] {
  if (bounds.length === 0) return [...strata];
  const place = ({ band }: Stratum): number =>
    typeof band === "number" ? band : Number.POSITIVE_INFINITY;
  return strata.toSorted((left, right) => {
    if (place(left) === place(right)) return 0;
    return place(left) < place(right) ? -1 : 1;
  });
}

function toRow(stratum: Stratum, field: StratificationField, { bounds }: Bands): StratumRow {
  const { rateProduct, rateWeight, termProduct, termWeight } = stratum;
  const mean = (product: bigint, weight: bigint): string | null =>
    weight === 0n ? null : floorDivide(product, weight).toString();
  return {
    band: bandName(stratum, field, bounds),
    loanCount: Number(stratum.loans),
    balanceCents: stratum.balance.toString(),
    rateWad: mean(rateProduct, rateWeight),
    termWad: mean(termProduct * WAD, termWeight),
  };
}

function bandName(
  { band, kind }: Stratum,
  field: StratificationField,
  bounds: readonly bigint[],
): string {
  if (typeof band === "number") return nameBand(field.kind, bounds, band);
  const isPlain = kind === "rest" || ["text", "flag"].includes(field.kind);
  return isPlain ? band : formatBound(field.kind, BigInt(band));
}
