/** A closed period's pool cut into bands, by SQL over its tape, and kept once it was asked for. */
import { sql } from "kysely";
import type { Kysely, RawBuilder } from "kysely";
import type { StratumRow } from "../db/statistics-tables.ts";
import type { Database } from "../db/tables.ts";
import type { StratificationField } from "./stratification-fields.ts";
import type { VersionKey } from "./pool-statistics-queries.ts";
import type { CloseKey } from "./statistics-queries.ts";

/** Values shown by themselves; what is left stands together. */
export const MOST_VALUES = 200;

export interface Cut {
  field: StratificationField;
  /** Ascending; none: each value by itself. */
  bounds: readonly bigint[];
  /** Last month of the period, for ages. */
  month: number;
  /** Names of the values in the tape's attributes. */
  attributes: readonly string[];
}

/** A band or a value with what its loans add up to. */
export interface Stratum {
  /** Position of the band (0 is below the first bound), the value, or why there is neither. */
  band: number | string;
  kind: "band" | "value" | "rest";
  loans: bigint;
  balance: bigint;
  rateProduct: bigint;
  rateWeight: bigint;
  termProduct: bigint;
  termWeight: bigint;
}

/** The value of a row as a number, or as a text where the field is one. */
function valueOf({ field, month, attributes }: Cut): RawBuilder<unknown> {
  const { source } = field;
  if ("column" in source) return sql.ref(source.column);
  if ("attribute" in source) {
    const place = attributes.indexOf(source.attribute) + 1;
    return sql`nullif(split_part(attributes, chr(31), ${sql.lit(place)}), '')`;
  }
  if (source.derived === "loanAge") return sql`${sql.lit(month)} - origination_month`;
  if (source.derived === "originationQuarter") {
    return sql`
      origination_month / 12 || '-Q' || (origination_month % 12) / 3 + 1
    `;
  }
  return sql`
    case when original_balance_cents > 0 and collateral_value_cents > 0
      then div(original_balance_cents::numeric * 1000000000000000000, collateral_value_cents) end
  `;
}

const NUMBER = "^[+-]?[0-9]{1,20}([.][0-9]{1,20})?$";

/** Which band or value a row is of, as text: "b3", "vCA", "n" not stated, "x" not a number. */
function labelOf(cut: Cut): RawBuilder<unknown> {
  if (cut.bounds.length === 0) return sql`coalesce('v' || (value)::text, 'n')`;
  const numbers = cut.bounds.map((bound) => sql`${sql.lit(bound.toString())}::numeric`);
  const bounds = sql`array[${sql.join(numbers)}]`;
  if (cut.field.kind !== "text") {
    return sql`coalesce('b' || width_bucket(value::numeric, ${bounds}), 'n')`;
  }
  // A text's bounds are integers of a millionth.
  return sql`
    case when value is null then 'n' when value !~ ${sql.lit(NUMBER)} then 'x'
      else 'b' || width_bucket(value::numeric * 1000000, ${bounds}) end
  `;
}

/** Loans with a balance by band; without bounds by value, the largest first and the rest together. */
export async function readStrata(
  db: Kysely<Database>,
  tape: VersionKey,
  cut: Cut,
): Promise<Stratum[]> {
  const { rows } = await sql<Record<string, string>>`
    with valued as (
      select (${valueOf(cut)}) as value, ending_balance_cents as balance, interest_rate_wad as rate,
        remaining_term_months as term
      from loan_months
      where deal_key = ${sql.lit(tape.dealKey)} and period = ${sql.lit(tape.period)}
        and version = ${sql.lit(tape.version)} and ending_balance_cents > 0
    ),
    cut as (
      select ${labelOf(cut)} as label, count(*) as loans, sum(balance) as balance,
        sum(balance::numeric * rate) as rate_product,
        sum(balance) filter (where rate is not null) as rate_weight,
        sum(balance::numeric * term) as term_product,
        sum(balance) filter (where term is not null) as term_weight
      from valued group by 1
    ),
    ranked as (
      select *, row_number() over (order by label = 'n', balance desc, label collate "C") as place
      from cut
    )
    select case when label like 'v%' and place > ${sql.lit(MOST_VALUES)} then 'o' else label end as label,
      sum(loans)::text as loans, sum(balance)::text as balance,
      coalesce(sum(rate_product), 0)::text as rate_product,
      coalesce(sum(rate_weight), 0)::text as rate_weight,
      coalesce(sum(term_product), 0)::text as term_product,
      coalesce(sum(term_weight), 0)::text as term_weight
    from ranked group by 1 order by min(place)
  `.execute(db);
  return rows.map(toStratum);
}

const RESTS: Readonly<Record<string, string>> = {
  n: "not stated",
  x: "not a number",
  o: "others",
};

function toStratum(row: Record<string, string>): Stratum {
  const label = row["label"] ?? "n";
  const rest = RESTS[label];
  const sum = (name: string): bigint => BigInt(row[name] ?? "0");
  const value = label.slice(1);
  return {
    band: rest ?? (label.startsWith("b") ? Number(value) : value),
    kind: rest === undefined ? (label.startsWith("b") ? "band" : "value") : "rest",
    loans: sum("loans"),
    balance: sum("balance"),
    rateProduct: sum("rate_product"),
    rateWeight: sum("rate_weight"),
    termProduct: sum("term_product"),
    termWeight: sum("term_weight"),
  };
}

/** The strata that are kept of a close. */
export async function findStratification(
  db: Kysely<Database>,
  key: CloseKey,
  cut: { field: string; bands: string },
): Promise<StratumRow[] | undefined> {
  const row = await db
    .selectFrom("pool_stratifications")
    .select("strata")
    .where("deal_key", "=", key.dealKey)
    .where("period", "=", key.period)
    .where("version", "=", key.version)
    .where("field", "=", cut.field)
    .where("bands", "=", cut.bands)
    .executeTakeFirst();
  return row?.strata;
}

/** Cuts that are kept of a close: who asks for ever new ones has them computed each time. */
const MOST_KEPT = 200;

/** Keeps them; somebody else may have asked at the same time and found the same. */
export async function insertStratification(
  db: Kysely<Database>,
  key: CloseKey,
  { field, bands, strata }: { field: string; bands: string; strata: readonly StratumRow[] },
): Promise<void> {
  const { dealKey: deal_key, period, version } = key;
  const { kept } = await db
    .selectFrom("pool_stratifications")
    .select(({ fn }) => fn.countAll<bigint>().as("kept"))
    .where("deal_key", "=", deal_key)
    .where("period", "=", period)
    .where("version", "=", version)
    .executeTakeFirstOrThrow();
  if (kept >= MOST_KEPT) return;
  await db
    .insertInto("pool_stratifications")
    .values({ deal_key, period, version, field, bands, strata: JSON.stringify(strata) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Names of the columns of a tape that are kept as they stand. */
export async function listAttributeNames(db: Kysely<Database>, tapeId: string): Promise<string[]> {
  const { rows } = await sql<{ attribute_names: string[] }>`
    select attribute_names from tapes where id = ${tapeId}
  `.execute(db);
  return rows[0]?.attribute_names ?? [];
}
