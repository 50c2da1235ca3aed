import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parsePool } from "../../../server/projection/parse-pool.ts";

const HEADER = "balance,apr,remainingTerm,age";

/** The messages of a pool that cannot be used. */
function problemsOf(text: string): string[] {
  const { pool, problems } = parsePool(text);
  assert.equal(pool, null);
  return problems.map(({ row, message }) => `${row}: ${message}`);
}

describe("a pool file", () => {
  test("CSV and JSON give the same pool; the header's spelling is the reader's", () => {
    const csv = parsePool('Balance,"APR %",Remaining term,AGE\r\n24151090.50,3.591,10,30\r\n');
    const json = parsePool(
      '[{"balance": "24151090.50", "apr": 3.591, "remaining_term": 10, "age": 30}]',
    );
    assert.deepEqual(csv.problems, []);
    assert.deepEqual(csv.pool, json.pool);
    assert.equal(csv.pool?.totalCents, 2_415_109_050);
    assert.equal(csv.pool?.monthlyRates[0], 3.591 / 1200);
  });

  test("age is what has passed of the original term where it is not stated", () => {
    const { pool } = parsePool("balance,apr,remainingTerm,originalTerm\n100.00,6,20,60\n");
    assert.equal(pool?.ages[0], 40);
  });

  test("a balloon, interest-only months and the loans of a row are read where they stand", () => {
    const text = `${HEADER},amortisationTerm,interestOnly,loans\n100.00,6,60,0,360,12,25\n50.00,6,60,0,,,\n`;
    const { pool } = parsePool(text);
    assert.deepEqual([...(pool?.amortisations ?? [])], [360, 60]);
    assert.deepEqual([...(pool?.interestOnly ?? [])], [12, 0]);
    assert.deepEqual([...(pool?.loans ?? [])], [25, 1]);
  });

  test("every fault is named with its row, all at once", () => {
    assert.deepEqual(problemsOf(`${HEADER}\n100.00,6,0,3\n,6,12,3\n100.00,6,12\n`), [
      '2: remainingTerm is "0"; write a whole number from 1 to 720',
      "3: balance (current balance) is missing",
      "4: 3 cells, the header has 4",
    ]);
    assert.deepEqual(problemsOf("balance,apr,remainingTerm\n1,2,3\n"), [
      "2: write its age or its originalTerm",
    ]);
    assert.match(
      problemsOf("balance,aprr,remainingTerm,age\n")[0] ?? "",
      /no column `aprr`; known: balance/,
    );
    assert.deepEqual(problemsOf(HEADER), ["1: the pool file has no rows"]);
    assert.deepEqual(problemsOf(`${HEADER}\n0,6,12,3\n`), ["1: the balances of the pool sum to 0"]);
    assert.match(problemsOf('{"loans": 3}')[0] ?? "", /^1: write a JSON list/);
    assert.match(problemsOf(`${HEADER}\n"1,2,3,4\n`)[0] ?? "", /^2: a quote that is never closed/);
    assert.match(problemsOf(`${HEADER}\n-1.00,6,12,3\n`)[0] ?? "", /balance is "-1.00"/);
  });

  test("no more than twenty faults of a file are told", () => {
    assert.equal(problemsOf(`${HEADER}\n${"x,6,12,3\n".repeat(50)}`).length, 20);
  });
});
