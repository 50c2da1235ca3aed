/** Why a period was closed again: given by whoever closes it anew, null on a first close without one. */
import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("closed_periods").addColumn("reason", "text").execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("closed_periods").dropColumn("reason").execute();
}
