import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import * as money from "../../../server/lib/money.ts";

describe("money", () => {
  test("text becomes cents and back without a float between", () => {
    const cases: [string, bigint][] = [
      ["0", 0n],
      ["0.01", 1n],
      ["-0.01", -1n],
      ["1.5", 150n],
      ["239568.99", 23956899n],
      ["90071992547409931.07", 9007199254740993107n],
      ["-820.00", -82000n],
    ];
    for (const [text, cents] of cases) assert.equal(money.parseCents(text), cents);
    assert.equal(money.formatCents(-1n), "-0.01");
    assert.equal(money.formatCents(23956899n), "239568.99");
    assert.equal(money.formatCentsGrouped(-123456789012n), "-1,234,567,890.12");
    assert.equal(money.formatDecimal(12n, 0), "12");
  });

  test("what is not exact is refused, with the value in the message", () => {
    for (const text of [
      "",
      "1.005",
      "1,000.00",
      "1e3",
      " 1",
      "+1",
      ".5",
      "5.",
      "NaN",
      "0x10",
      "$5",
    ]) {
      assert.throws(() => money.parseCents(text), {
        name: "RangeError",
        message: new RegExp(`^"${text.replace(/[$.+]/g, "\\$&")}"`),
      });
    }
  });

  test("every amount survives formatting and parsing", () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(2n ** 80n), 2n ** 80n),
        fc.integer({ min: 0, max: 18 }),
        (value, n) => {
          assert.equal(money.parseDecimal(money.formatDecimal(value, n), n), value);
        },
      ),
    );
  });

  test("cents become token units exactly", () => {
    assert.equal(money.centsToUnits(150n, 6), 1_500_000n);
    assert.equal(money.centsToUnits(150n, 2), 150n);
    assert.throws(() => money.centsToUnits(1n, 1), /decimals/);
  });
});
