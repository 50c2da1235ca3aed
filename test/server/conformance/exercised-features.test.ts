import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bindInputs } from "../../../scripts/replay/bind-inputs.ts";
import type { Feature } from "../../../scripts/replay/figure-comparison.ts";
import { readInputs } from "../../../scripts/replay/read-inputs.ts";
import { runPeriods, typescriptEngine } from "../../../scripts/replay/run-periods.ts";
import { compileGolden } from "../waterfall/golden-deals.ts";

const ZERO = "0.00";

/** Of program (a), how many figures of one period exercise each feature. */
async function featuresOf(
  month: { poolClosing: string; cash: string },
  opening?: Record<string, unknown>,
): Promise<(key: string) => readonly Feature[]> {
  const deal = compileGolden("program-a");
  const labels = ["resDraw", "capped", "first", "second", "third", "regular", "overflow"];
  const steps = Object.fromEntries(labels.map((label) => [label, ZERO]));
  const classes = Object.fromEntries(["A1", "A2", "A3", "B", "C"].map((name) => [name, ZERO]));
  const period = {
    period: opening === undefined ? 1 : 7,
    figures: { poolClosing: month.poolClosing },
    cash: { COLL: month.cash },
    expected: {
      ...{ paid: steps, due: steps, interest: classes, principal: classes, balances: classes },
      ...{ shortfalls: classes, accounts: { RES: ZERO }, feesUnpaid: { trusteeFee: ZERO } },
    },
  };
  const file = JSON.stringify({ ...(opening && { opening }), periods: [period] });
  const bound = bindInputs(deal, "inputs.json", readInputs("inputs.json", file));
  const { comparisons } = await runPeriods(deal.terms, bound, typescriptEngine(deal.terms));
  return (key) => comparisons.find((each) => each.key === key)?.features ?? [];
}

const OPENING = {
  balances: {
    A1: "1000000.00",
    A2: "350000000.00",
    A3: "300000000.00",
    B: "40000000.00",
    C: "30000000.00",
  },
  accounts: { RES: "5000000.00" },
  poolClosing: "741000000.00",
};

describe("a figure exercises", () => {
  it("the first period, whatever it is of, in the deal's first period", async () => {
    const features = await featuresOf({ poolClosing: "980000000.00", cash: "30000000.00" });
    assert.ok(features("balances.C").includes("first period"));
  });

  it("a hand-over where one class is repaid and the next one begins", async () => {
    const features = await featuresOf(
      { poolClosing: "710000000.00", cash: "40000000.00" },
      OPENING,
    );
    assert.deepEqual(features("principal.A1"), ["hand-over"]);
    assert.deepEqual(features("balances.A2"), ["hand-over"]);
    assert.deepEqual(features("balances.B"), []);
  });

  it("a draw, funds exhausted and a shortfall where the cash does not reach", async () => {
    const features = await featuresOf(
      { poolClosing: "741000000.00", cash: "1000.00" },
      {
        ...OPENING,
        accounts: { RES: "600000.00" },
      },
    );
    assert.deepEqual(features("paid.resDraw"), ["draw"]);
    assert.deepEqual(features("accounts.RES"), ["draw"]);
    assert.deepEqual(features("due.regular"), ["funds exhausted"]);
    assert.deepEqual(features("interest.B"), ["shortfall"]);
    assert.deepEqual(features("shortfalls.A2"), ["shortfall"]);
  });

  it("a cap where a fee has the cash and not the room", async () => {
    const features = await featuresOf(
      { poolClosing: "740000000.00", cash: "40000000.00" },
      {
        ...OPENING,
        capsUsed: { admin: "300000.00" },
      },
    );
    // Period 7 is paid in 2025, period 6 too: the cap's year goes on.
    assert.deepEqual(features("paid.capped"), ["cap"]);
    assert.deepEqual(features("feesUnpaid.trusteeFee"), ["cap"]);
    assert.deepEqual(features("paid.overflow"), []);
  });

  it("a deposit where the reserve is filled", async () => {
    const features = await featuresOf(
      { poolClosing: "740000000.00", cash: "40000000.00" },
      {
        ...OPENING,
        accounts: { RES: "4000000.00" },
      },
    );
    assert.deepEqual(features("accounts.RES"), ["deposit"]);
  });
});
