import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readHardhatSummary, readNodeSummary } from "../../../scripts/read-summary.ts";

describe("the counts of node --test", () => {
  it("are the closing lines, with cancelled as failed and todo as skipped", () => {
    const lines = ["tests 9", "suites 1", "pass 5", "fail 1", "cancelled 1", "skipped 1", "todo 1"];
    const output = `✔ pass 700\n${lines.map((line) => `ℹ ${line}`).join("\n")}\nℹ duration_ms 3\n`;
    assert.deepEqual(readNodeSummary(output), { passed: 5, failed: 2, skipped: 2 });
    const tap = lines.map((line) => `# ${line}`).join("\n");
    assert.deepEqual(readNodeSummary(tap), { passed: 5, failed: 2, skipped: 2 });
  });

  it("are none when the runner did not come to its end", () => {
    assert.equal(readNodeSummary("✔ a test (1 ms)\n"), null);
  });
});

describe("the counts of hardhat test", () => {
  it("are those of the whole run, not of one kind", () => {
    const output = `
  12 passing (2s)
  1 failing

  5 passing


17 passing (5 solidity, 12 mocha)
1 failing (1 mocha)

Test run failed
`;
    assert.deepEqual(readHardhatSummary(output), { passed: 17, failed: 1, skipped: 0 });
  });

  it("see through colours and count pending tests as skipped", () => {
    const output =
      "\u001b[32m3 passing (3 mocha)\u001b[0m\n\u001b[36m2 pending (2 mocha)\u001b[0m\n";
    assert.deepEqual(readHardhatSummary(output), { passed: 3, failed: 0, skipped: 2 });
  });

  it("are none when the compiler stopped it", () => {
    assert.equal(readHardhatSummary("Error HHE902: no such file\n"), null);
  });
});
