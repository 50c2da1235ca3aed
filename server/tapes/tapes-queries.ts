import { sql } from "kysely";
import type { Kysely, Selectable } from "kysely";
import type { Database, TapeProblemsTable, TapesTable } from "../db/tables.ts";
import { problem } from "../errors.ts";
import type { TapeProblem } from "./tape-problem.ts";

export type Tape = Selectable<TapesTable>;
/** A problem with the name of who accepted it. */
export type StoredProblem = Selectable<TapeProblemsTable> & { accepted_by_name: string | null };

/** Until the transaction ends, nobody else stores a tape or closes a period of this deal. */
export async function lockTapesOfDeal(trx: Kysely<Database>, dealId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`tapes ${dealId}`}, 0))`.execute(trx);
}

export async function insertTape(trx: Kysely<Database>, tape: Tape): Promise<void> {
  const control_totals = JSON.stringify(tape.control_totals);
  await trx
    .insertInto("tapes")
    .values({ ...tape, control_totals })
    .execute();
}

/**
 * The tape that stands for a period, accepted last; or one named version of it, if it was ever accepted.
 * Proposed versions are seen by their id alone.
 */
export async function findTape(
  db: Kysely<Database>,
  key: { dealId: string; period: number; version?: number | undefined },
): Promise<Tape | undefined> {
  let query = db
    .selectFrom("tape_acceptances as acceptance")
    .innerJoin("tapes as tape", "tape.id", "acceptance.tape_id")
    .selectAll("tape")
    .where("acceptance.deal_id", "=", key.dealId)
    .where("acceptance.period", "=", key.period);
  if (key.version !== undefined) query = query.where("tape.version", "=", key.version);
  return await query.orderBy("acceptance.ordinal", "desc").limit(1).executeTakeFirst();
}

/** A version of a period's tape, whether accepted or not. */
export async function findTapeVersion(
  db: Kysely<Database>,
  key: { dealId: string; period: number; version: number },
): Promise<Tape | undefined> {
  return await db
    .selectFrom("tapes")
    .selectAll()
    .where("deal_id", "=", key.dealId)
    .where("period", "=", key.period)
    .where("version", "=", key.version)
    .executeTakeFirst();
}

/** The highest version that a tape of a period ever had, also a dropped one; 0 when there was none. */
export async function findLastVersion(
  db: Kysely<Database>,
  key: { dealId: string; period: number },
): Promise<number> {
  const { rows } = await sql<{ last: number }>`
    select coalesce(max(version), 0)::integer as last from (
      select version from tapes where deal_id = ${key.dealId} and period = ${key.period}
      union all
      select version from tape_rejections where deal_id = ${key.dealId} and period = ${key.period}
    ) as versions
  `.execute(db);
  return rows[0]?.last ?? 0;
}

/** Tapes of a period that were never accepted. */
export async function countProposed(
  db: Kysely<Database>,
  key: { dealId: string; period: number },
): Promise<number> {
  const { rows } = await sql<{ proposed: number }>`
    select count(*)::integer as proposed from tapes
    where deal_id = ${key.dealId} and period = ${key.period}
      and not exists (select from tape_acceptances where tape_id = tapes.id)
  `.execute(db);
  return rows[0]?.proposed ?? 0;
}

export async function insertTapeRejection(
  trx: Kysely<Database>,
  rejection: Selectable<Database["tape_rejections"]>,
): Promise<void> {
  await trx.insertInto("tape_rejections").values(rejection).execute();
}

/** Takes a proposed tape and its problems away; its rows are dropTapeVersion's. */
export async function deleteTape(
  trx: Kysely<Database>,
  tape: { dealId: string; id: string },
): Promise<void> {
  await trx
    .deleteFrom("tape_problems")
    .where("deal_id", "=", tape.dealId)
    .where("tape_id", "=", tape.id)
    .execute();
  await trx.deleteFrom("tapes").where("id", "=", tape.id).execute();
}

export async function findTapeByContent(
  db: Kysely<Database>,
  key: {
    dealId: string;
    period: number;
    contentHash: string;
    mappingVersion: number | null;
    differencedFrom: string | null;
  },
): Promise<Tape | undefined> {
  return await db
    .selectFrom("tapes")
    .selectAll()
    .where("deal_id", "=", key.dealId)
    .where("period", "=", key.period)
    .where("content_hash", "=", key.contentHash)
    .where("mapping_version", "is not distinct from", key.mappingVersion)
    .where("differenced_from", "is not distinct from", key.differencedFrom)
    .executeTakeFirst();
}

/** @throws Problem tape-unknown */
export async function getTapeById(
  db: Kysely<Database>,
  dealId: string,
  tapeId: string,
): Promise<Tape> {
  const tape = await db
    .selectFrom("tapes")
    .selectAll()
    .where("deal_id", "=", dealId)
    .where("id", "=", tapeId)
    .executeTakeFirst();
  if (tape === undefined) throw problem("tape-unknown", { deal: dealId, tape: tapeId });
  return tape;
}

/** Tapes by period and version, after the given place. */
export async function listTapes(
  db: Kysely<Database>,
  dealId: string,
  page: { after: { period: number; version: number }; limit: number },
): Promise<Tape[]> {
  const { period, version } = page.after;
  return await db
    .selectFrom("tapes")
    .selectAll()
    .where("deal_id", "=", dealId)
    .where(sql<boolean>`(period, version) > (${period}, ${version})`)
    .orderBy("period")
    .orderBy("version")
    .limit(page.limit)
    .execute();
}

export async function insertTapeProblems(
  trx: Kysely<Database>,
  tape: { dealId: string; id: string },
  problems: readonly TapeProblem[],
): Promise<void> {
  const rows = problems.map((found, ordinal) => {
    if (found.severity === "refuse") throw new Error("a refused tape cannot be stored");
    return {
      deal_id: tape.dealId,
      tape_id: tape.id,
      ordinal,
      line: found.line,
      column_number: found.column,
      field: found.field,
      code: found.code,
      severity: found.severity,
      loan_id: found.loanId,
      value: found.value,
      expected: found.expected,
      accepted_by: null,
      accepted_at: null,
      reason: null,
    };
  });
  for (let from = 0; from < rows.length; from += 500) {
    await trx
      .insertInto("tape_problems")
      .values(rows.slice(from, from + 500))
      .execute();
  }
}

function storedProblems(db: Kysely<Database>, tape: { dealId: string; id: string }) {
  return db
    .selectFrom("tape_problems as found")
    .leftJoin("users as accepter", "accepter.id", "found.accepted_by")
    .selectAll("found")
    .select("accepter.name as accepted_by_name")
    .where("found.deal_id", "=", tape.dealId)
    .where("found.tape_id", "=", tape.id);
}

export async function listTapeProblems(
  db: Kysely<Database>,
  tape: { dealId: string; id: string },
): Promise<StoredProblem[]> {
  return await storedProblems(db, tape).orderBy("found.ordinal").execute();
}

export interface ProblemCounts {
  notes: number;
  reasons: number;
  /** Reasons that nobody has given yet. */
  openReasons: number;
}

/** The counts of several tapes, by their ids. */
export async function countProblemsOf(
  db: Kysely<Database>,
  dealId: string,
  tapeIds: readonly string[],
): Promise<Map<string, ProblemCounts>> {
  if (tapeIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("tape_problems")
    .select([
      "tape_id",
      sql<number>`(count(*) filter (where severity = 'note'))::integer`.as("notes"),
      sql<number>`(count(*) filter (where severity = 'reason'))::integer`.as("reasons"),
      sql<number>`(count(*) filter (where severity = 'reason' and reason is null))::integer`.as(
        "openReasons",
      ),
    ])
    .where("deal_id", "=", dealId)
    .where("tape_id", "in", tapeIds)
    .groupBy("tape_id")
    .execute();
  return new Map(rows.map(({ tape_id, ...counts }) => [tape_id, counts]));
}

const NO_PROBLEMS: ProblemCounts = { notes: 0, reasons: 0, openReasons: 0 };

export async function countTapeProblems(
  db: Kysely<Database>,
  tape: { dealId: string; id: string },
): Promise<ProblemCounts> {
  return (await countProblemsOf(db, tape.dealId, [tape.id])).get(tape.id) ?? NO_PROBLEMS;
}

interface ProblemKey {
  dealId: string;
  tapeId: string;
  ordinal: number;
}

export async function findTapeProblem(
  db: Kysely<Database>,
  { dealId, tapeId, ordinal }: ProblemKey,
): Promise<StoredProblem | undefined> {
  return await storedProblems(db, { dealId, id: tapeId })
    .where("found.ordinal", "=", ordinal)
    .executeTakeFirst();
}

interface ProblemAcceptance {
  reason: string;
  accepted_by: string;
  accepted_at: Date;
}

/** Writes the reason of an open problem. @returns false when it is not open or needs none */
export async function updateProblemAcceptance(
  db: Kysely<Database>,
  key: ProblemKey,
  acceptance: ProblemAcceptance,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("tape_problems")
    .set({ ...acceptance })
    .where("deal_id", "=", key.dealId)
    .where("tape_id", "=", key.tapeId)
    .where("ordinal", "=", key.ordinal)
    .where("severity", "=", "reason")
    .where("reason", "is", null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

interface CodeKey {
  dealId: string;
  tapeId: string;
  code: string;
}

/** Writes one reason into all open problems of a code. @returns how many there were */
export async function updateProblemAcceptances(
  db: Kysely<Database>,
  key: CodeKey,
  acceptance: ProblemAcceptance,
): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable("tape_problems")
    .set({ ...acceptance })
    .where("deal_id", "=", key.dealId)
    .where("tape_id", "=", key.tapeId)
    .where("code", "=", key.code)
    .where("severity", "=", "reason")
    .where("reason", "is", null)
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

/** Problems of a code that need a reason or have one. */
export async function countProblemsOfCode(db: Kysely<Database>, key: CodeKey): Promise<number> {
  const { count } = await db
    .selectFrom("tape_problems")
    .select(({ fn }) => fn.countAll<bigint>().as("count"))
    .where("deal_id", "=", key.dealId)
    .where("tape_id", "=", key.tapeId)
    .where("code", "=", key.code)
    .where("severity", "=", "reason")
    .executeTakeFirstOrThrow();
  return Number(count);
}
