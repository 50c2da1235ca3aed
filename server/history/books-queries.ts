import { sql, type Kysely, type Selectable, type Transaction } from "kysely";
import { findUnrecorded } from "../claims/claim-queries.ts";
import type { IndexFixingsTable } from "../db/chain-tables.ts";
import type { Database } from "../db/tables.ts";
import type { DealTerms } from "../deals/deal-terms.ts";
import { findRunInputs, listFixings, type RunInputs } from "../waterfall/run-inputs-queries.ts";
import {
  findReportByHash,
  listDistributions,
  listLines,
  type Distribution,
  type WaterfallLine,
} from "./history-queries.ts";

/** What Postgres holds of a deal, all read at one moment. */
export interface PostgresBooks {
  /** The block up to which events are stored: where the chain is to be read. */
  block: number;
  distributions: Distribution[];
  lines: WaterfallLine[];
  /** Names an event that is stored and not in holdings and claims yet; then they cannot be compared. */
  unrecorded: string | undefined;
  /** Figures of the stored report by report hash. */
  figures: Map<string, bigint[]>;
  /** What the run read beside its report; undefined when a fixing is not stored. */
  inputs: RunInputs | undefined;
  /** Of the period, and of the one before. */
  fixings: Selectable<IndexFixingsTable>[];
  fixingsBefore: Selectable<IndexFixingsTable>[];
  /** Result hash of the preview that the report was made from; undefined when the run carried otherwise. */
  previewHash: string | null | undefined;
  holdings: { class_id: string; holder: string; face_cents: bigint }[];
  claims: { class_id: string; holder: string; units: bigint }[];
  /** Everyone who ever held, by class token address (lower case). */
  everHeld: Map<string, string[]>;
  fundedCents: bigint;
  payeeOwedCents: bigint;
  /** Entitlement funding events: units by class token address (lower case). */
  entitledUnits: Map<string, bigint>;
}

type Reader = Kysely<Database> | Transaction<Database>;

/** Sum of an integer argument over a deal's events of one name, by contract address. */
async function sumArgs(
  db: Reader,
  dealId: string,
  { name, args }: { name: string; args: readonly string[] },
): Promise<Map<string, bigint>> {
  const amount = sql.join(
    args.map((arg) => sql`(args->>${arg})::numeric`),
    sql` + `,
  );
  const { rows } = await sql<{ address: string; units: string }>`
    select lower(address) as address, sum(${amount})::text as units from chain_events
    where deal_id = ${dealId} and name = ${name} group by lower(address)`.execute(db);
  return new Map(rows.map(({ address, units }) => [address, BigInt(units)]));
}

function total(sums: ReadonlyMap<string, bigint>): bigint {
  return [...sums.values()].reduce((sum, value) => sum + value, 0n);
}

async function listEverHeld(db: Reader, dealId: string): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ address: string; holder: string }>`
    select distinct lower(address) as address, args->>'to' as holder from chain_events
    where deal_id = ${dealId} and name = 'Transfer' order by 1, 2`.execute(db);
  const byToken = Map.groupBy(rows, ({ address }) => address);
  return new Map([...byToken].map(([token, held]) => [token, held.map(({ holder }) => holder)]));
}

async function listClaimSums(db: Reader, dealId: string): Promise<PostgresBooks["claims"]> {
  const { rows } = await sql<{ class_id: string; holder: string; units: string }>`
    select class_id, holder, sum(interest_units + principal_units)::text as units from claims
    where deal_id = ${dealId} group by class_id, holder order by 1, 2`.execute(db);
  return rows.map((row) => ({ ...row, units: BigInt(row.units) }));
}

/** Carried differences as text; none and zeros are the same. */
const nonZero = (carried: readonly string[]): string =>
  carried.every((difference) => difference === "0") ? "" : carried.join();

async function findPreviewHash(
  db: Reader,
  dealId: string,
  { period, report_hash, carried }: Distribution,
): Promise<string | null | undefined> {
  const report = await findReportByHash(db, dealId, report_hash);
  if (report === undefined) return null;
  const preview = await db
    .selectFrom("waterfall_previews")
    .select(["result_hash", "carried"])
    .where("deal_id", "=", dealId)
    .where("period", "=", period)
    .where("close_version", "=", report.close_version)
    .executeTakeFirst();
  if (preview === undefined) return null;
  return nonZero(preview.carried) === nonZero(carried) ? preview.result_hash : undefined;
}

async function listFigures(db: Reader, dealId: string): Promise<Map<string, bigint[]>> {
  const reports = await db
    .selectFrom("reports")
    .select(["report_hash", "message"])
    .where("deal_id", "=", dealId)
    .execute();
  return new Map(
    reports.map(({ report_hash, message }) => [
      report_hash,
      message.figures.map((figure) => BigInt(figure)),
    ]),
  );
}

/**
 * Reads a deal's books in one snapshot of the database, for the comparison of one distribution.
 * Undefined when the period has no distribution.
 */
export async function loadBooks(
  db: Kysely<Database>,
  { dealId, period, terms }: { dealId: string; period: number; terms: DealTerms },
): Promise<PostgresBooks | undefined> {
  return await db
    .transaction()
    .setIsolationLevel("repeatable read")
    .execute(async (trx) => {
      const distributions = await listDistributions(trx, dealId);
      const distribution = distributions.find((found) => found.period === period);
      if (distribution === undefined) return undefined;
      const { last } = await trx
        .selectFrom("chain_blocks")
        .select(({ fn }) => fn.max("number").as("last"))
        .executeTakeFirstOrThrow();
      const booked = total(await sumArgs(trx, dealId, { name: "PayeeBooked", args: ["cents"] }));
      const withdrawn = await sumArgs(trx, dealId, { name: "PayeeWithdrawn", args: ["cents"] });
      const entitled = ["interestUnits", "principalUnits"];
      const inputs = await findRunInputs(trx, { dealId, period, terms });
      return {
        block: Number(last),
        unrecorded: await findUnrecorded(trx),
        distributions,
        lines: await listLines(trx, dealId, [period]),
        figures: await listFigures(trx, dealId),
        inputs: "extras" in inputs ? inputs : undefined,
        fixings: await listFixings(trx, { dealId, period }),
        fixingsBefore: await listFixings(trx, { dealId, period: period - 1 }),
        previewHash: await findPreviewHash(trx, dealId, distribution),
        holdings: await trx
          .selectFrom("holdings")
          .select(["class_id", "holder", "face_cents"])
          .where("deal_id", "=", dealId)
          .execute(),
        claims: await listClaimSums(trx, dealId),
        everHeld: await listEverHeld(trx, dealId),
        fundedCents: total(
          await sumArgs(trx, dealId, { name: "CollectionsFunded", args: ["cents"] }),
        ),
        payeeOwedCents: booked - total(withdrawn),
        entitledUnits: await sumArgs(trx, dealId, { name: "EntitlementFunded", args: entitled }),
      };
    });
}
