import type { Kysely } from "kysely";
import { sql } from "kysely";

/** People, their API keys (only hashes), and the deals that they may act on. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("users")
    .addColumn("id", "uuid", (column) => column.primaryKey())
    .addColumn("name", "text", (column) => column.notNull().unique())
    .addColumn("role", "text", (column) =>
      column
        .notNull()
        .check(
          sql`role in ('servicer', 'approver', 'trustee', 'investor', 'auditor', 'administrator')`,
        ),
    )
    .addColumn("address", "text", (column) => column.check(sql`address ~ '^0x[0-9a-fA-F]{40}$'`))
    .addColumn("created_at", "timestamptz", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("api_keys")
    .addColumn("id", "uuid", (column) => column.primaryKey())
    .addColumn("user_id", "uuid", (column) => column.notNull().references("users.id"))
    .addColumn("secret_hash", "text", (column) =>
      column.notNull().check(sql`secret_hash ~ '^[0-9a-f]{64}$'`),
    )
    .addColumn("created_at", "timestamptz", (column) => column.notNull())
    .addColumn("revoked_at", "timestamptz")
    .execute();
  await db.schema.createIndex("api_keys_by_user").on("api_keys").column("user_id").execute();
  await db.schema
    .createTable("deal_members")
    .addColumn("deal_id", "text", (column) => column.notNull())
    .addColumn("user_id", "uuid", (column) => column.notNull().references("users.id"))
    .addPrimaryKeyConstraint("deal_members_pkey", ["deal_id", "user_id"])
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("deal_members").execute();
  await db.schema.dropTable("api_keys").execute();
  await db.schema.dropTable("users").execute();
}
