import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";

const DEMO = path.resolve(import.meta.dirname, "../../../scripts/demo.ts");

describe("the demo that is ended early", { concurrency: 2 }, () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(path.join(tmpdir(), "penstock-ended-"));
  });
  after(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));

  /** Starts it with a temporary folder of its own. */
  async function start(name: string, args: string[] = []) {
    const folder = path.join(root, name);
    await mkdir(folder);
    const child = spawn(process.execPath, [DEMO, ...args], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (chunk) => (said += String(chunk)));
    const exit = once(child, "exit") as Promise<[number | null, string | null]>;
    return { child, exit, folder, errors: () => said };
  }

  async function leavesNothing(folder: string): Promise<void> {
    const { stdout } = await promisify(execFile)("ps", ["-eo", "args"]);
    assert.deepEqual(
      stdout.split("\n").filter((line) => line.includes(folder)),
      [],
    );
    assert.deepEqual(await readdir(folder), []);
  }

  for (const [signal, code] of [
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    it(`stops what it is just starting at ${signal}, sent twice as terminals do`, async () => {
      const { child, exit, errors, folder } = await start(signal);
      await once(child.stdout, "data");
      child.kill(signal);
      child.kill(signal);
      assert.deepEqual(await exit, [code, null], errors());
      assert.equal(errors(), "");
      await leavesNothing(folder);
    });
  }

  it("stops when nobody reads what it prints", async () => {
    const { child, exit, errors, folder } = await start("reader-gone");
    await once(child.stdout, "data");
    child.stdout.destroy();
    assert.deepEqual(await exit, [141, null], errors());
    assert.equal(errors(), "");
    await leavesNothing(folder);
  });

  for (const args of [["--jsn", "x"], ["--json"], ["--keep", ""], ["extra"]]) {
    it(`answers ${JSON.stringify(args)} with its usage`, async () => {
      const { exit, errors } = await start(`usage ${args.join(" ")}`, args);
      assert.deepEqual(await exit, [2, null]);
      assert.match(errors(), /^demo: .+\nusage: npm run demo.+\n$/s);
      assert.doesNotMatch(errors(), /^\s+at /m);
    });
  }

  it("keeps nothing in a folder that has something in it", async () => {
    const taken = path.join(root, "taken");
    await mkdir(taken);
    await writeFile(path.join(taken, "letter.txt"), "mine");
    const { exit, errors } = await start("keep", ["--keep", taken]);
    assert.deepEqual(await exit, [2, null]);
    assert.match(errors(), /must be a new or an empty folder/);
    assert.deepEqual(await readdir(taken), ["letter.txt"]);
  });
});
