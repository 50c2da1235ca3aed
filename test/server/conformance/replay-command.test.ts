/** `npm run replay -- --deal --inputs`, as somebody runs it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const CARMAX = path.join(ROOT, "test/golden/carmax-2020-2");
const QUARTERLY = path.join(ROOT, "test/golden/quarterly-rmbs");

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

function replay(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, ["scripts/replay.ts", ...args], { cwd: ROOT });
  const ended = { code: null, out: "", err: "" } as Ended;
  child.stdout.on("data", (chunk: Buffer) => void (ended.out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => void (ended.err += chunk.toString()));
  return new Promise((resolve) => child.once("close", (code) => resolve({ ...ended, code })));
}

interface Inputs {
  periods: { expected: { balances: Record<string, string> } }[];
}

describe("npm run replay over a file of periods", () => {
  let folder = "";
  let inputs: Inputs;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "penstock-replay-test-"));
    const whole = JSON.parse(await readFile(path.join(CARMAX, "inputs.json"), "utf8")) as Inputs;
    inputs = { periods: whole.periods.slice(0, 3) };
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function run(content: string | Inputs, ...more: string[]): Promise<Ended> {
    const file = path.join(folder, "inputs.json");
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
    return replay("--deal", path.join(CARMAX, "deal.yaml"), "--inputs", file, ...more);
  }

  it("runs four quarters that were worked by hand, in TypeScript and by the contracts", async () => {
    const files = ["--deal", `${QUARTERLY}/deal.yaml`, "--inputs", `${QUARTERLY}/inputs.json`];
    for (const engine of [[], ["--chain"]]) {
      const { code, out } = await replay(...files, ...engine);
      assert.equal(out, "52 figures compared, 52 equal\n");
      assert.equal(code, 0);
    }
  });

  it("ends with 0 and the count when every figure is equal", async () => {
    const { code, out } = await run(inputs);
    assert.match(out, /^180 figures compared, 180 equal$/m);
    assert.equal(code, 0);
  });

  it("ends with 1 and period, key, expected and got where a cent differs", async () => {
    const changed = structuredClone(inputs);
    const balances = changed.periods[1]?.expected.balances;
    assert.ok(balances);
    const right = balances["A-1"];
    balances["A-1"] = "146043531.62";
    const { code, out } = await run(changed);
    assert.ok(out.split("\n").includes(`2 balances.A-1 146043531.62 ${right}`));
    assert.match(out, /^180 figures compared, 179 equal$/m);
    assert.equal(code, 1);
  });

  it("ends with 2 and the place of what cannot be read", async () => {
    const { code, err, out } = await run(
      '{"periods": [{"period": 1, "figures": {"poolEnd": "1"}}]}',
    );
    assert.match(err, /inputs\.json:1:40: periods\[1\]\.figures\.poolEnd: the deal has no report/);
    assert.equal(out, "");
    assert.equal(code, 2);
  });

  it("runs the same on the contracts, report, cash and clock included", async () => {
    const { code, out, err } = await run(inputs, "--chain");
    assert.match(out, /^180 figures compared, 180 equal$/m);
    assert.match(err, /run by the contracts/);
    assert.equal(code, 0);
  });
});
