import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import { from as copyFrom } from "pg-copy-streams";
import { copyTransaction } from "../../../server/db/copy-transaction.ts";
import { migrateDatabase, revertDatabase } from "../../../server/db/migrate-database.ts";
import { type TestServer, startTestServer } from "../start-test-server.ts";

describe("the database", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  it("reads bigint as bigint, numeric as text and a date as its day", async () => {
    const { rows } = await sql`
      select 9223372036854775807::bigint as large, 0.10::numeric as exact, date '2017-10-18' as day
    `.execute(server.context.db);
    assert.deepEqual(rows, [
      { large: 9_223_372_036_854_775_807n, exact: "0.10", day: "2017-10-18" },
    ]);
  });

  it("migrates nothing twice, and survives two processes that migrate at once", async () => {
    const again = await Promise.all([
      migrateDatabase(server.context.db),
      migrateDatabase(server.context.db),
    ]);
    assert.deepEqual(again, [[], []]);
  });

  const insertUser = (id: string, name: string) => ({
    id,
    name,
    role: "auditor" as const,
    address: null,
    created_at: server.clock.now(),
  });

  it("carries a COPY and other rows in one transaction: all of them", async () => {
    const [kept, copied] = [randomUUID(), randomUUID()];
    await copyTransaction(server.context.db, async ({ trx, client }) => {
      await trx.insertInto("users").values(insertUser(kept, "kept")).execute();
      const copy = client.query(copyFrom("copy users (id, name, role, created_at) from stdin"));
      await pipeline([`${copied}\tcopied\tauditor\t2017-10-18\n`], copy);
    });
    const rows = await server.context.db
      .selectFrom("users")
      .where("id", "in", [kept, copied])
      .select("name")
      .orderBy("name")
      .execute();
    assert.deepEqual(rows, [{ name: "copied" }, { name: "kept" }]);
  });

  it("or none of them", async () => {
    const id = randomUUID();
    await assert.rejects(
      copyTransaction(server.context.db, async ({ trx, client }) => {
        await trx.insertInto("users").values(insertUser(id, "gone")).execute();
        const copy = client.query(copyFrom("copy users (id, name, role, created_at) from stdin"));
        await pipeline(["not-a-uuid\tx\tauditor\t2017-10-18\n"], copy);
      }),
      /invalid input syntax for type uuid/,
    );
    const row = await server.context.db.selectFrom("users").where("id", "=", id).executeTakeFirst();
    assert.equal(row, undefined);
  });

  it("goes all the way down and up again", async () => {
    const { db } = server.context;
    const down = await revertDatabase(db);
    const { rows } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables
      where table_schema = 'public' and table_name not like 'kysely%'
    `.execute(db);
    assert.deepEqual(rows, []);
    assert.deepEqual(await migrateDatabase(db), down.toReversed());
  });
});
