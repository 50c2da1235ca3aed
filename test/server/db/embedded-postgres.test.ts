import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { startEmbeddedPostgres } from "../../../server/db/embedded-postgres.ts";
import {
  FolderInUseError,
  describeProcess,
  findFreePort,
  holdFolder,
} from "../../../server/db/process-control.ts";

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe("the embedded PostgreSQL", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "penstock-postgres-"));
  });
  after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

  const start = () => startEmbeddedPostgres({ folder, durable: false });
  const postmaster = async () =>
    Number((await readFile(path.join(folder, "cluster/postmaster.pid"), "utf8")).split("\n")[0]);

  it("keeps its rows, its port and its password over a stop and a start", async () => {
    const first = await start();
    await query(first.url, "create table kept (n int)");
    await query(first.url, "insert into kept values (7)");
    await first.stop();
    const second = await start();
    assert.equal(second.url, first.url);
    assert.deepEqual(await query(second.url, "select n from kept"), [{ n: 7 }]);
    await second.stop();
  });

  it("is PostgreSQL 18, listens on this machine alone, and asks for the password", async () => {
    const postgres = await start();
    const [version] = await query(postgres.url, "show server_version");
    assert.match(JSON.stringify(version), /"18\./);
    const [addresses] = await query(postgres.url, "show listen_addresses");
    assert.deepEqual(addresses, { listen_addresses: "127.0.0.1" });
    const wrong = new URL(postgres.url);
    wrong.password = "wrong";
    await assert.rejects(query(wrong.href, "select 1"), /password authentication failed/);
    await postgres.stop();
  });

  it("stops what a killed parent left running, and starts anew with its rows", async () => {
    const script = path.join(import.meta.dirname, "start-and-wait.ts");
    const parent = spawn(process.execPath, [script, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(parent.stdout, "data");
    const left = await postmaster();
    parent.kill("SIGKILL");
    await once(parent, "exit");
    assert.notEqual(await describeProcess(left), null, "PostgreSQL outlives its parent");
    const postgres = await start();
    assert.equal(await describeProcess(left), null);
    assert.deepEqual(await query(postgres.url, "select n from kept"), [{ n: 7 }]);
    await postgres.stop();
  });

  it("never stops a process of somebody else whose id a stale file names", async () => {
    const stranger = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const pidFile = path.join(folder, "cluster/postmaster.pid");
    await writeFile(pidFile, `${stranger.pid}\n${folder}\n`);
    const postgres = await start();
    assert.equal(stranger.exitCode, null);
    assert.notEqual(await describeProcess(stranger.pid ?? 0), null);
    await postgres.stop();
    stranger.kill();
  });

  it("takes another port when its own is taken", async () => {
    const port = Number(await readFile(path.join(folder, "port"), "utf8"));
    const other = createServer().listen(port, "127.0.0.1");
    await once(other, "listening");
    const postgres = await start();
    assert.notEqual(Number(new URL(postgres.url).port), port);
    await postgres.stop();
    other.close();
  });
});

describe("a free port", () => {
  it("is the wanted one when nobody has it, else another", async () => {
    const free = await findFreePort(null);
    assert.equal(await findFreePort(free), free);
    const other = createServer().listen(free, "127.0.0.1");
    await once(other, "listening");
    assert.notEqual(await findFreePort(free), free);
    other.close();
  });
});

describe("the hold on a data folder", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "penstock-hold-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("refuses a second holder with the id of the first, until it is released", async () => {
    const first = await holdFolder(folder);
    await assert.rejects(holdFolder(folder), (error) => {
      assert.ok(error instanceof FolderInUseError);
      assert.match(error.message, new RegExp(`in use by process ${process.pid}`));
      return true;
    });
    await first.release();
    await (await holdFolder(folder)).release();
  });

  it("is taken over from a process that is gone, and from an id that is another process now", async () => {
    const lock = path.join(folder, "server.lock");
    const gone = spawn(process.execPath, ["-e", ""]);
    await once(gone, "exit");
    const lines = [
      { pid: gone.pid, startedAt: "1" },
      { pid: process.pid, startedAt: "of another process" },
    ];
    for (const line of lines) {
      await writeFile(lock, JSON.stringify(line));
      await (await holdFolder(folder)).release();
    }
  });
});
