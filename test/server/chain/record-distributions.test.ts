import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { buildDistribution, type RunEvent } from "../../../server/chain/record-distributions.ts";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { runWaterfall } from "../../../server/waterfall/run-waterfall.ts";
import { openingState } from "../../../server/waterfall/waterfall-state.ts";
import { goldenFigures } from "../reports/golden-figures.ts";

const { deal } = compileDeal(await readFile("test/golden/amcar-2017-4/deal.yaml", "utf8"));
assert.ok(deal !== null);
const { terms } = deal;
const run = runWaterfall({
  terms,
  state: openingState(terms),
  period: 1,
  figures: await goldenFigures(terms, 1),
  chainDealId: 1n,
});
const event: RunEvent = {
  dealId: "amcar-2017-4",
  period: 1,
  reportHash: "0x01",
  resultHash: run.resultHash,
  words: run.words,
  transactionHash: "0x02",
  blockNumber: 9n,
  minedAt: new Date("2017-11-20T14:00:00Z"),
};

test("a run gives one line per step, with the names of the terms and the engine's amounts", () => {
  const { distribution, lines } = buildDistribution(event, terms);
  assert.equal(distribution.phase, "amortising");
  assert.equal(distribution.result_hash, run.resultHash);
  assert.deepEqual(
    lines.map((line) => [line.step, line.operation, line.due_cents, line.paid_cents, line.flags]),
    run.records.map((record) => [
      record.index,
      record.operation,
      record.demand,
      record.paid,
      record.flags,
    ]),
  );
});

test("a line names the account that paid and the clause; a step that moves no cash has none", () => {
  const { lines } = buildDistribution(event, terms);
  const interest = lines.find((line) => line.clause === "8.04(a)(iii)");
  // 172,000 x 4 % x 30/360 = 573.33, out of 5,719.62 less 50.00 and 449.19 of fees.
  assert.deepEqual(
    [interest?.source, interest?.due_cents, interest?.paid_cents, interest?.source_before_cents],
    ["COLL", 57_333n, 57_333n, 571_962n - 5_000n - 44_919n],
  );
  assert.equal(lines[0]?.operation, "LET");
  assert.equal(lines[0]?.source, null);
  assert.equal(lines[0]?.label, "sAB");
});

test("words of another program are refused", () => {
  const [header = 0n, ...rest] = run.words;
  const shorter = header - (1n << 208n);
  assert.throws(
    () => buildDistribution({ ...event, words: [shorter, ...rest] }, terms),
    RangeError,
  );
  const swapped = [header, rest[1] ?? 0n, rest[0] ?? 0n, ...rest.slice(2)];
  assert.throws(() => buildDistribution({ ...event, words: swapped }, terms), RangeError);
});
