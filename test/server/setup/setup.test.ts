/** scripts/setup.mjs in a repository of its own, with a `hardhat` that only notes that it was called. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { describeProcess } from "../../../server/db/process-control.ts";

const SCRIPTS = path.resolve(import.meta.dirname, "../../../scripts");
const LOCK = '{"lockfileVersion":3}';
const BUILD = `#!/bin/sh
echo built >> built.log
mkdir -p artifacts/contracts artifacts/build-info
cat contracts/Deal.sol > artifacts/contracts/Deal.json
echo info > artifacts/build-info/1.json
`;

describe("the setup before every command", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), "penstock-setup-test-"));
    for (const name of ["setup.mjs", "setup"]) {
      await cp(path.join(SCRIPTS, name), path.join(root, "scripts", name), { recursive: true });
    }
    await write("package-lock.json", LOCK);
    await write("package.json", "{}");
    const packages = createHash("sha256").update(LOCK).update("{}").digest("hex");
    const platform = `${process.platform}-${process.arch}`;
    await write("node_modules/.penstock-setup", `${packages} ${platform}\n`);
    await write("hardhat.config.ts", "export default {};");
    await write("contracts/Deal.sol", "contract Deal {}");
    await write("node_modules/.bin/hardhat", BUILD, 0o755);
  });
  afterEach(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));

  async function write(name: string, content: string, mode = 0o644): Promise<void> {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), content, { mode });
  }

  function start(command: string[], env: Record<string, string> = {}): ChildProcess {
    const { npm_lifecycle_event: _ours, ...inherited } = process.env;
    return spawn(process.execPath, [path.join(root, "scripts/setup.mjs"), ...command], {
      env: { ...inherited, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  async function end(child: ChildProcess): Promise<{ code: number | null; said: string }> {
    let said = "";
    child.stderr?.on("data", (chunk) => (said += String(chunk)));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, said };
  }

  async function builds(): Promise<number> {
    const log = await readFile(path.join(root, "built.log"), "utf8").catch(() => "");
    return log.split("\n").length - 1;
  }

  it("builds once and is silent afterwards", async () => {
    const first = await end(start(["true"]));
    assert.equal(first.code, 0, first.said);
    assert.match(first.said, /compiling the contracts: done/);
    assert.deepEqual(await end(start(["true"])), { code: 0, said: "" });
    assert.equal(await builds(), 1);
  });

  it("builds again when a source, a setting or any of the output is not what it was", async () => {
    const artifact = path.join(root, "artifacts/contracts/Deal.json");
    await end(start(["true"]));
    const changes = [
      () => write("contracts/Deal.sol", "contract Deal { uint256 a; }"),
      () => write("hardhat.config.ts", "export default { solidity: {} };"),
      () => rm(artifact),
      () => writeFile(artifact, "half"),
      () => rm(path.join(root, "artifacts/build-info"), { recursive: true }),
      () => rm(path.join(root, "artifacts"), { recursive: true }),
    ];
    for (const [i, change] of changes.entries()) {
      await change();
      assert.equal((await end(start(["true"]))).code, 0);
      assert.equal(await builds(), i + 2);
      assert.deepEqual(await end(start(["true"])), { code: 0, said: "" });
    }
    assert.equal(await readFile(artifact, "utf8"), "contract Deal { uint256 a; }");
  });

  it("does not take a build that failed for a good one", async () => {
    await write("node_modules/.bin/hardhat", `${BUILD}echo no such type; exit 1\n`, 0o755);
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const { code, said } = await end(start(["true"]));
      assert.equal(code, 1);
      assert.match(said, /no such type\nsetup: the contracts do not compile/);
      assert.equal(await builds(), attempt);
    }
  });

  it("names a temporary folder that cannot be written to before it does anything", async () => {
    const nowhere = path.join(root, "nowhere");
    const { code, said } = await end(start(["true"], { TMPDIR: nowhere }));
    assert.equal(code, 1);
    assert.match(
      said,
      /^setup: the temporary folder \S+nowhere cannot be written to \(ENOENT\).*\n$/,
    );
    assert.equal(await builds(), 0);
  });

  it("says who holds the lock and since when, and goes on when the holder ends", async () => {
    const lock = path.join(root, ".toolchain/setup.lock");
    await write(".toolchain/setup.lock", `${process.pid} ${Date.now() - 40_000}\n`);
    const child = start(["true"]);
    const ended = end(child);
    await once(child.stderr ?? child, "data");
    await rm(lock);
    const { code, said } = await ended;
    assert.equal(code, 0);
    assert.match(said, new RegExp(`at work here \\(process ${process.pid}, begun 4\\d s ago\\)`));
  });

  it("passes a signal to the command and ends as the command does", async () => {
    await end(start(["true"]));
    const command = "trap 'echo stopped; exit 7' TERM; echo up; while :; do sleep 0.05; done";
    const child = start(["sh", "-c", command]);
    await once(child.stdout ?? child, "data");
    const ended = end(child);
    child.kill("SIGTERM");
    assert.deepEqual(await ended, { code: 7, said: "" });
  });

  it("ends the build with all that it started when it is told to end", async () => {
    const busy = "#!/bin/sh\nsleep 300 &\necho $! > sleeper\nwait\n";
    await write("node_modules/.bin/hardhat", busy, 0o755);
    const child = start(["true"]);
    const ended = end(child);
    const sleeper = await readWhenThere(path.join(root, "sleeper"));
    child.kill("SIGTERM");
    assert.equal((await ended).code, 143);
    assert.equal(await describeProcess(sleeper), null);
  });

  it("ends its command when npm, its parent, is gone", async () => {
    await end(start(["true"]));
    const command = "echo $$ > command; while :; do sleep 0.05; done";
    const setup = path.join(root, "scripts/setup.mjs");
    const npm = spawn(
      "sh",
      ["-c", '"$0" "$@"; true', process.execPath, setup, "sh", "-c", command],
      { env: { ...process.env, npm_lifecycle_event: "demo" }, stdio: "ignore" },
    );
    const pid = await readWhenThere(path.join(root, "command"));
    npm.kill("SIGKILL");
    for (let wait = 0; wait < 250; wait += 1) {
      if ((await describeProcess(pid)) === null) return;
      await sleep(20);
    }
    assert.fail("the command goes on");
  });
});

async function readWhenThere(file: string): Promise<number> {
  for (let wait = 0; wait < 500; wait += 1) {
    const text = await readFile(file, "utf8").catch(() => "");
    if (text.endsWith("\n")) return Number(text);
    await sleep(20);
  }
  throw new Error(`${file} was not written`);
}
