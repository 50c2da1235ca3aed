import { sql } from "kysely";
import type { Kysely, Selectable } from "kysely";
import type { Database } from "../db/tables.ts";
import type { TapeAcceptancesTable } from "../db/upload-tables.ts";
import type { Tape } from "./tapes-queries.ts";

export type TapeAcceptance = Selectable<TapeAcceptancesTable>;

/** Makes a tape the one that stands for its period. The tapes of the deal must be locked. */
export async function insertTapeAcceptance(
  trx: Kysely<Database>,
  tape: Pick<Tape, "deal_id" | "period" | "id">,
  acceptance: Pick<TapeAcceptance, "accepted_by" | "accepted_at" | "reason">,
): Promise<void> {
  const last = trx
    .selectFrom("tape_acceptances")
    .select(sql<number>`coalesce(max(ordinal), 0) + 1`.as("next"))
    .where("deal_id", "=", tape.deal_id)
    .where("period", "=", tape.period);
  await trx
    .insertInto("tape_acceptances")
    .values({
      deal_id: tape.deal_id,
      period: tape.period,
      ordinal: last,
      tape_id: tape.id,
      ...acceptance,
    })
    .execute();
}

/** The acceptances of a period, first to last: the last one is of the tape that stands. */
export async function listTapeAcceptances(
  db: Kysely<Database>,
  key: { dealId: string; period: number },
): Promise<TapeAcceptance[]> {
  return await db
    .selectFrom("tape_acceptances")
    .selectAll()
    .where("deal_id", "=", key.dealId)
    .where("period", "=", key.period)
    .orderBy("ordinal")
    .execute();
}

/** The versions of a deal's tapes that nobody has accepted, as "period.version". */
export async function listProposedVersions(
  db: Kysely<Database>,
  dealId: string,
): Promise<Set<string>> {
  const rows = await db
    .selectFrom("tapes as tape")
    .leftJoin("tape_acceptances as acceptance", "acceptance.tape_id", "tape.id")
    .select(["tape.period", "tape.version"])
    .where("tape.deal_id", "=", dealId)
    .where("acceptance.tape_id", "is", null)
    .execute();
  return new Set(rows.map(({ period, version }) => `${period}.${version}`));
}

/** How a tape stands: `proposed` was never accepted, `replaced` was until another one was. */
export type TapeState = "standing" | "replaced" | "proposed";

export interface TapeStanding {
  state: TapeState;
  /** Its last acceptance; null for a proposed one. */
  acceptance: TapeAcceptance | null;
}

/** How tapes stand, by their ids. */
export async function findStandings(
  db: Kysely<Database>,
  tapes: readonly Pick<Tape, "id" | "deal_id" | "period">[],
): Promise<Map<string, TapeStanding>> {
  if (tapes.length === 0) return new Map();
  const rows = await db
    .selectFrom("tape_acceptances")
    .selectAll()
    .where("deal_id", "in", [...new Set(tapes.map((tape) => tape.deal_id))])
    .where("period", "in", [...new Set(tapes.map((tape) => tape.period))])
    .orderBy("ordinal")
    .execute();
  return new Map(
    tapes.map((tape) => {
      const ofPeriod = rows.filter(
        ({ deal_id, period }) => deal_id === tape.deal_id && period === tape.period,
      );
      const own = ofPeriod.findLast(({ tape_id }) => tape_id === tape.id) ?? null;
      const isLast = own !== null && own === ofPeriod.at(-1);
      const state = own === null ? "proposed" : isLast ? "standing" : "replaced";
      return [tape.id, { state, acceptance: own }];
    }),
  );
}
