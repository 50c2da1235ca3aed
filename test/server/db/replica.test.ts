/** A read replica takes what may be a moment behind: proofs, openings, a loan's history. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { sql } from "kysely";
import { startEmbeddedPostgres } from "../../../server/db/embedded-postgres.ts";
import type { EmbeddedPostgres } from "../../../server/db/embedded-postgres.ts";
import { verifyLoanProof } from "../../../server/tapes/loan-proof.ts";
import type { LoanProof } from "../../../server/tapes/loan-proof.ts";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import { AMCAR_MONTHS, DEAL, insertDeal, uploadMonths } from "../tapes/amcar-2017-4.ts";

const LOAN = encodeURIComponent("0001718362 - 011705");

describe("a server with a read replica", () => {
  let folder: string;
  let primary: EmbeddedPostgres;
  let replica: EmbeddedPostgres;
  let server: TestServer;
  const given = process.env["TEST_DATABASE_URL"];
  const of = (name: string): string => path.join(folder, name);

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "penstock-replica-"));
    primary = await startEmbeddedPostgres({ folder: of("primary"), durable: false });
    await primary.stop();
    // The copy of a stopped cluster is what pg_basebackup makes of a running one.
    await promisify(execFile)("cp", ["-Rp", of("primary"), of("replica")]);
    await rm(of("replica/port"));
    primary = await startEmbeddedPostgres({ folder: of("primary"), durable: false });
    const { hostname, port, username, password } = new URL(primary.url);
    await writeFile(of("replica/cluster/standby.signal"), "");
    const place = `host=${hostname} port=${port} user=${username} password=${password}`;
    await appendFile(of("replica/cluster/postgresql.auto.conf"), `primary_conninfo = '${place}'\n`);
    replica = await startEmbeddedPostgres({ folder: of("replica"), durable: false });
    process.env["TEST_DATABASE_URL"] = primary.url;
    const replicaOf = (url: string): string => {
      const own = new URL(replica.url);
      own.pathname = new URL(url).pathname;
      return own.href;
    };
    server = await startTestServer({ replicaOf });
    await insertDeal(server);
    await uploadMonths(server, AMCAR_MONTHS.slice(0, 2));
  });
  after(async () => {
    if (given === undefined) delete process.env["TEST_DATABASE_URL"];
    else process.env["TEST_DATABASE_URL"] = given;
    await server.close();
    await replica.stop();
    await primary.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Waits until the replica has what is on the primary. */
  async function caughtUp(): Promise<void> {
    const { db, reader } = server.context;
    const count = async (on: typeof db): Promise<number> =>
      (await on.selectFrom("tapes").select("id").execute()).length;
    for (let tries = 0; (await count(reader)) < (await count(db)); tries += 1) {
      if (tries === 200) throw new Error("the replica does not catch up");
      await sleep(50);
    }
  }

  async function get(route: string): Promise<{ statusCode: number; json: () => unknown }> {
    return await server.request(server.users.auditor, { url: `/v1/deals/${DEAL}${route}` });
  }

  it("reads a loan's history and its proof there, from a server that cannot write", async () => {
    await caughtUp();
    const { rows } = await sql<{ standby: boolean }>`select pg_is_in_recovery() as standby`.execute(
      server.context.reader,
    );
    assert.deepEqual(rows, [{ standby: true }]);
    const history = (await get(`/loans/${LOAN}`)).json() as { items: unknown[] };
    assert.equal(history.items.length, 2);
    const answer = await get(`/periods/${AMCAR_MONTHS[1]}/loans/${LOAN}/proof`);
    assert.equal(answer.statusCode, 200);
    const proof = answer.json() as LoanProof;
    assert.ok(verifyLoanProof(proof, proof.commitment));
    const [tape] = await server.context.db.selectFrom("tapes").select("id").execute();
    assert.equal((await get(`/tapes/${tape?.id}/blocks/0`)).statusCode, 200);
  });

  it("asks the primary nothing for them, and the replica nothing for anything else", async () => {
    await replica.stop();
    assert.equal((await get(`/loans/${LOAN}`)).statusCode, 500);
    assert.equal((await get(`/periods/${AMCAR_MONTHS[1]}/loans/${LOAN}/proof`)).statusCode, 500);
    assert.equal((await get("/tapes")).statusCode, 200);
    await uploadMonths(server, AMCAR_MONTHS.slice(2, 3));
    replica = await startEmbeddedPostgres({ folder: of("replica"), durable: false });
    await caughtUp();
    const history = (await get(`/loans/${LOAN}`)).json() as { items: unknown[] };
    assert.equal(history.items.length, 3);
  });
});
