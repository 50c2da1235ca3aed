import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compareBooks, newComparison } from "../../../server/history/compare-books.ts";
import { formatFactor, formatPerThousand } from "../../../server/history/format-ratio.ts";
import { formatTable } from "../../../server/history/format-table.ts";

describe("ratios as the market prints them", () => {
  it("give the amounts per $1,000 that Nissan 2009-A printed (securitisation 2.7)", () => {
    // 47,765,175.46 / 357,000 = 133.7960097
    assert.equal(formatPerThousand(4_776_517_546n, 35_700_000_000n), "133.7960097");
    assert.equal(formatPerThousand(0n, 35_700_000_000n), "0.0000000");
  });

  it("give class factors of seven digits, half up", () => {
    assert.equal(formatFactor(2n, 3n), "0.6666667");
    assert.equal(formatFactor(17_200_000n, 17_200_000n), "1.0000000");
    assert.equal(formatFactor(0n, 17_200_000n), "0.0000000");
    // 0.00000005 rounds up to the last digit, 0.00000004 does not.
    assert.equal(formatFactor(5n, 100_000_000n), "0.0000001");
    assert.equal(formatFactor(4n, 100_000_000n), "0.0000000");
  });
});

describe("a table", () => {
  it("puts words to the left and amounts to the right", () => {
    const text = formatTable(
      ["class", "paid"],
      [
        ["A", "573.33"],
        ["senior", null],
      ],
    );
    assert.deepEqual(text.split("\n"), [
      "class     paid",
      "------  ------",
      "A       573.33",
      "senior",
    ]);
  });
});

describe("a comparison of books", () => {
  it("counts what agrees and keeps what does not, each book with its value", () => {
    const comparison = newComparison();
    compareBooks(comparison, "collections", { chain: 5n, postgres: 5n });
    compareBooks(comparison, "accounts", { chain: 5n, postgres: 6n });
    compareBooks(comparison, "carry", { chain: 0n, postgres: undefined });
    assert.equal(comparison.compared, 3);
    assert.deepEqual(comparison.differences, [
      { item: "accounts", books: { chain: "5", postgres: "6" } },
      { item: "carry", books: { chain: "0", postgres: "none" } },
    ]);
  });
});
