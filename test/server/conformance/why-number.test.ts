import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = new URL("../../../", import.meta.url).pathname;
const DEAL = [
  ...["--deal", "test/golden/carmax-2020-2/deal.yaml"],
  ...["--inputs", "test/golden/carmax-2020-2/inputs.json"],
];

/** `npm run replay` with these options; the code, what it printed, what it complained of. */
async function replay(...options: string[]): Promise<[code: number, out: string, err: string]> {
  const command = ["scripts/replay.ts", ...DEAL, ...options];
  try {
    const { stdout, stderr } = await run(process.execPath, command, { cwd: ROOT });
    return [0, stdout, stderr];
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return [code, stdout, stderr];
  }
}

describe("replay --why", () => {
  it("prints the tree of an amount down to the file of inputs and the deal file", async () => {
    const [code, out] = await replay("--why", "classes.A-1.principal", "--period", "3");
    assert.equal(code, 0);
    // The certificate of June 2020: the class gets both principal payments of the period.
    assert.match(out, /^classes\.A-1\.principal = 36,641,021\.93 {2}principal paid to class A-1\n/);
    assert.match(
      out,
      /\n +acct\.NOTES = 36,641,021\.93 .*\n +.*\n +.*0\.00 \+ 19,865,367\.56 \+ 16,775,654\.37\n/,
    );
    assert.match(out, /max\(0\.18475 % \+ 1\.3 %, 0/);
    assert.match(out, /from: stated in test\/golden\/carmax-2020-2\/inputs\.json, period 3\n/);
    assert.match(out, /from: constants\.ocTarget, line \d+ of the deal file\n/);
    assert.match(
      out,
      /from: closing amount of period 2 \(2020-05\) -> 2020-05 classes\.A-1\.balance/,
    );
  });

  it("lists the amounts, and goes only as deep as it is asked to", async () => {
    const [, list] = await replay("--why", "list", "--period", "3");
    assert.match(list, /\nclasses\.A-2b\.rate = 1\.48475 % /);
    const [, flat] = await replay("--why", "terms.regular", "--period", "3", "--depth", "0");
    assert.equal(flat.trimEnd().split("\n").length, 3);
  });

  it("says what is wrong with the question", async () => {
    const unknown = await replay("--why", "classes.Z.interest", "--period", "3");
    assert.deepEqual([unknown[0], unknown[2].includes("--why list names them all")], [2, true]);
    assert.match((await replay("--why", "phase", "--period", "99"))[2], /has no period 99/);
    assert.match((await replay("--why", "phase"))[2], /--period is a number/);
    assert.match((await replay("--period", "3"))[2], /not with --inputs without --why/);
  });
});
