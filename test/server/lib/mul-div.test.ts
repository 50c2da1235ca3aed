import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { mulDiv, mulDivDown, mulDivHalfUp, mulDivUp } from "../../../server/lib/mul-div.ts";
import { putInt, putUint, takeInt, takeUint } from "../../../server/lib/big-endian.ts";

describe("division with a stated rounding", () => {
  test("the table: a x b / c down, half-up, up", () => {
    const cases: [bigint, bigint, bigint, bigint, bigint, bigint][] = [
      [7n, 1n, 2n, 3n, 4n, 4n], // 3.5
      [10n, 1n, 3n, 3n, 3n, 4n], // 3.33
      [11n, 1n, 3n, 3n, 4n, 4n], // 3.67
      [9n, 1n, 3n, 3n, 3n, 3n],
      [0n, 5n, 3n, 0n, 0n, 0n],
      [2n ** 127n, 2n ** 127n, 2n ** 128n, 2n ** 126n, 2n ** 126n, 2n ** 126n],
    ];
    for (const [a, b, c, down, halfUp, up] of cases) {
      assert.equal(mulDivDown(a, b, c), down);
      assert.equal(mulDivHalfUp(a, b, c), halfUp);
      assert.equal(mulDivUp(a, b, c), up);
    }
  });

  test("down <= half-up <= up, at most one apart, equal exactly when the division is exact", () => {
    const amount = fc.bigInt(0n, 2n ** 100n);
    fc.assert(
      fc.property(amount, amount, fc.bigInt(1n, 2n ** 100n), (a, b, c) => {
        const [down, near, up] = [
          mulDiv(a, b, c, "floor"),
          mulDiv(a, b, c, "half-up"),
          mulDiv(a, b, c, "ceil"),
        ];
        assert.ok(down <= near && near <= up && up - down <= 1n);
        assert.equal(up === down, (a * b) % c === 0n);
        const twice = 2n * (a * b - near * c);
        assert.ok(twice < c && twice >= -c, "the nearest, an exact half upwards");
      }),
    );
  });
});

describe("big-endian integers", () => {
  test("signed and unsigned values survive, and what does not fit is refused", () => {
    const bytes = new Uint8Array(20);
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 127n), 2n ** 127n - 1n), (value) => {
        putInt(bytes, { offset: 2, size: 16 }, value);
        assert.equal(takeInt(bytes, 2, 16), value);
      }),
    );
    putUint(bytes, { offset: 0, size: 2 }, 0xabcd);
    assert.deepEqual([...bytes.subarray(0, 2)], [0xab, 0xcd]);
    assert.throws(() => putUint(bytes, { offset: 0, size: 1 }, 256), /does not fit/);
    assert.throws(() => putUint(bytes, { offset: 0, size: 1 }, -1), /does not fit/);
    assert.throws(() => putInt(bytes, { offset: 0, size: 1 }, 128n), /does not fit/);
    assert.throws(() => takeUint(bytes, 18, 4), /past the end/);
  });
});
