import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { describeProcess } from "../../../server/db/process-control.ts";

const MAIN = path.resolve(import.meta.dirname, "../../../server/main.ts");

describe("a port that is taken", () => {
  it("is told in one line, before anything is started", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const { port } = holder.address() as AddressInfo;
    const folder = path.join(tmpdir(), `penstock-none-${port}`);
    const child = spawn(process.execPath, [MAIN], {
      env: { PATH: process.env["PATH"], DATA_DIR: folder, PORT: String(port), HOST: "127.0.0.1" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (chunk) => (said += String(chunk)));
    const [code] = (await once(child, "close")) as [number];
    holder.close();
    assert.equal(code, 1);
    assert.match(said, new RegExp(`^port ${port} of 127\\.0\\.0\\.1 is in use: [^\\n]*\\n$`));
    await assert.rejects(stat(folder), { code: "ENOENT" });
  });
});

describe("the service on its embedded defaults", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "penstock-service-"));
  });
  after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

  const run = (): ChildProcess =>
    spawn(process.execPath, [MAIN], {
      env: { PATH: process.env["PATH"], DATA_DIR: folder, PORT: "0", LOG_LEVEL: "silent" },
      stdio: ["ignore", "pipe", "pipe"],
    });

  /** Starts it and waits until it listens. */
  async function start(): Promise<{ child: ChildProcess; url: string; said: string }> {
    const child = run();
    let said = "";
    for await (const chunk of child.stdout ?? []) {
      said += String(chunk);
      const url = /listens on (\S+);/.exec(said)?.[1];
      if (url !== undefined) return { child, url, said };
    }
    throw new Error("the service ended before it listened");
  }

  async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<unknown[]> {
    child.kill(signal);
    return await once(child, "exit");
  }

  const keyIn = (said: string) => /shown only now: (pk_\S+)/.exec(said)?.[1] ?? null;
  const idIn = async (file: string) =>
    parseInt(await readFile(path.join(folder, file), "utf8"), 10);
  const authorized = async (url: string, key: string) =>
    (
      await fetch(`${url}/v1/jobs/run`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}` },
      })
    ).status;

  it("shows one key once, keeps its state over SIGKILL and restart, and leaves nothing behind", async () => {
    const first = await start();
    const key = keyIn(first.said) ?? "";
    assert.equal((await fetch(`${first.url}/health`)).status, 200);
    assert.equal(await authorized(first.url, key), 200);
    const deployment = await readFile(path.join(folder, "chain/deployment.json"), "utf8");

    const other = run();
    let refusal = "";
    other.stderr?.on("data", (chunk) => (refusal += String(chunk)));
    const [code] = (await once(other, "exit")) as [number];
    assert.equal(code, 1);
    assert.match(refusal, new RegExp(`in use by process ${first.child.pid}`));

    await end(first.child, "SIGKILL");
    const left = [await idIn("postgres/cluster/postmaster.pid"), await idIn("chain/anvil.pid")];
    const second = await start();
    for (const id of left) assert.equal(await describeProcess(id), null);
    assert.equal(keyIn(second.said), null);
    assert.equal(await authorized(second.url, key), 200);
    assert.equal(await readFile(path.join(folder, "chain/deployment.json"), "utf8"), deployment);

    const mine = [await idIn("postgres/cluster/postmaster.pid"), await idIn("chain/anvil.pid")];
    assert.deepEqual(await end(second.child, "SIGTERM"), [0, null]);
    for (const id of mine) assert.equal(await describeProcess(id), null);
  });
});
