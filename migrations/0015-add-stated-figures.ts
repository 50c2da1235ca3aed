/** Figures that the servicer stated when the period was closed, by name, as integers of their unit. */
import type { Kysely } from "kysely";
import { sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("closed_periods")
    .addColumn("stated_figures", "jsonb", (column) => column.notNull().defaultTo(sql`'{}'::jsonb`))
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("closed_periods").dropColumn("stated_figures").execute();
}
