import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compareFigures, projectHonda } from "../../golden/honda-2009-1/figures.ts";

describe("Honda 2009-1, as its filing prints it", () => {
  test("all 54 cells of the decrement table, six lives and the four lives to the 10 % call", async () => {
    const figures = await compareFigures();
    const differences = figures.filter(({ equal }) => !equal);
    assert.deepEqual(differences, []);
    assert.equal(figures.filter(({ period }) => period !== "life").length, 54);
    assert.equal(figures.length, 64);
  });

  test("every class is repaid, the engine raises no flag, the call comes at or below 10 %", async () => {
    for (const [name, result] of await projectHonda()) {
      assert.equal(result.flags, 0, name);
      assert.equal(result.unfinished, false, name);
      assert.equal(result.outOfBounds, null, name);
      for (const each of result.classes) {
        assert.equal(each.principalPaid, each.faceCents, name);
        assert.equal(each.principalLoss + each.interestLoss, 0n, name);
      }
      assert.equal(result.calledPeriod !== null, name.startsWith("to call"), name);
    }
  });
});
