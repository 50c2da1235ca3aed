import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type BoundInputs, bindInputs } from "../../../scripts/replay/bind-inputs.ts";
import { readInputs } from "../../../scripts/replay/read-inputs.ts";
import { runPeriods, typescriptEngine } from "../../../scripts/replay/run-periods.ts";
import { compileGolden } from "../waterfall/golden-deals.ts";

const deal = compileGolden("program-a");

function bind(file: unknown): BoundInputs {
  return bindInputs(deal, "inputs.json", readInputs("inputs.json", JSON.stringify(file, null, 1)));
}

const month = (period: number, more: Record<string, unknown> = {}) => ({
  period,
  figures: { poolClosing: "970000000.00" },
  cash: { COLL: "30000000.00" },
  ...more,
});

describe("an inputs file with its deal", () => {
  it("gives the report's figures in the deal's order, the opening pool rolling forward", () => {
    const { periods } = bind({
      periods: [
        month(1, { figures: { poolClosing: "970000000.00", loanCount: "39000" } }),
        month(2),
      ],
    });
    assert.deepEqual(periods[0]?.figures, [
      deal.terms.cutOffBalanceCents,
      970_000_000_00n,
      39_000n,
      30_000_000_00n,
    ]);
    assert.deepEqual(periods[1]?.figures, [
      970_000_000_00n,
      970_000_000_00n,
      39_000n,
      30_000_000_00n,
    ]);
  });

  it("takes available funds that are stated before the sum of the cash", () => {
    const figures = { poolClosing: "970000000.00", availableFunds: "1.00" };
    assert.equal(bind({ periods: [month(1, { figures })] }).periods[0]?.figures[3], 1_00n);
  });

  it("starts on the state that it states, all else zero", () => {
    const { state, isOpeningGiven } = bind({
      opening: {
        balances: { A1: "0.00", A2: "5.00", A3: "3.00", B: "2.00", C: "1.00" },
        shortfalls: { B: "0.25" },
        accounts: { RES: "7.00" },
        feesUnpaid: { reviewerFee: "0.50" },
        capsUsed: { admin: "9.00" },
        phase: "accelerated",
      },
      periods: [month(7)],
    });
    assert.ok(isOpeningGiven);
    assert.equal(state.lastPeriod, 6);
    assert.equal(state.phase, 1);
    assert.deepEqual(
      state.classes.map(({ balance, shortfall }) => [balance, shortfall]),
      [
        [0n, 0n],
        [5_00n, 0n],
        [3_00n, 0n],
        [2_00n, 25n],
        [1_00n, 0n],
      ],
    );
    assert.deepEqual(state.accounts, [0n, 7_00n]);
    assert.deepEqual(state.feesUnpaid, [0n, 50n, 0n]);
    assert.deepEqual(state.capsUsed, [9_00n]);
  });

  it("is refused with every name that the deal does not know, at its place", () => {
    const file = {
      opening: { balances: { A1: "1.00", Z: "1.00" } },
      periods: [
        month(1, {
          cash: { COLL: "1.00", RES: "2.00", XX: "3.00" },
          figures: { poolEnd: "1.00" },
          index: { SOFR: "4.35" },
          notices: ["call"],
          features: ["luck"],
          expected: { paid: { regulr: "1.00" }, balances: { D: "1.00" }, phase: "late" },
        }),
      ],
    };
    assert.throws(
      () => bind(file),
      ({ message }: Error) => {
        const faults = message.split("\n");
        const about = (path: string) => faults.filter((fault) => fault.includes(`: ${path}: `));
        for (const path of [
          "opening.balances.Z",
          "opening.balances",
          "periods[1].cash.RES",
          "periods[1].cash.XX",
          "periods[1].figures.poolEnd",
          "periods[1].index.SOFR",
          "periods[1].notices[1]",
          "periods[1].features",
          "periods[1].expected.paid.regulr",
          "periods[1].expected.balances.D",
          "periods[1].expected.phase",
        ]) {
          assert.equal(about(path).length, 1, path);
        }
        assert.match(about("periods[1].expected.balances.D")[0] ?? "", /known: A1, A2, A3, B, C$/);
        assert.ok(faults.every((fault) => /^inputs\.json:\d+:\d+: /.test(fault)));
        assert.ok(faults.some((fault) => fault.endsWith("figures.poolClosing is missing")));
        return true;
      },
    );
  });

  it("is compared to the cent, and its dates with the deal's calendar", async () => {
    const bound = bind({
      periods: [
        month(1, {
          dates: { paymentDate: "2024-11-15", days: { A1: 24, A2: 24 } },
          expected: { accounts: { RES: "5000000.00" }, balances: { A1: "200000000.01" } },
        }),
      ],
    });
    const { comparisons, dates } = await runPeriods(
      deal.terms,
      bound,
      typescriptEngine(deal.terms),
    );
    assert.deepEqual(dates, [{ period: "1", key: "dates.days.A2", expected: "24", got: "23" }]);
    assert.deepEqual(
      comparisons.map(({ key, expected, got, equal }) => [key, expected, got, equal]),
      [
        ["balances.A1", "200000000.01", "200000000.00", false],
        ["accounts.RES", "5000000.00", "5000000.00", true],
      ],
    );
  });
});
