import type { Kysely } from "kysely";
import { sql } from "kysely";

/**
 * Which version of a tape stands for its period: the one that was accepted last. The first version is
 * accepted as it is stored; every other one is proposed until somebody accepts it with a reason.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("tape_acceptances")
    .addColumn("deal_id", "text", (column) => column.notNull().references("deals.id"))
    .addColumn("period", "integer", (column) => column.notNull())
    .addColumn("ordinal", "integer", (column) => column.notNull().check(sql`ordinal >= 1`))
    .addColumn("tape_id", "uuid", (column) => column.notNull().references("tapes.id"))
    .addColumn("accepted_by", "uuid", (column) => column.notNull().references("users.id"))
    .addColumn("accepted_at", "timestamptz", (column) => column.notNull())
    .addColumn("reason", "text")
    .addPrimaryKeyConstraint("tape_acceptances_pkey", ["deal_id", "period", "ordinal"])
    .addCheckConstraint("tape_acceptances_reason", sql`(ordinal = 1) = (reason is null)`)
    .execute();
  await db.schema
    .createIndex("tape_acceptances_tape")
    .on("tape_acceptances")
    .column("tape_id")
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("tape_acceptances").execute();
}
