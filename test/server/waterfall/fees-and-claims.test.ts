import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { runWaterfall } from "../../../server/waterfall/run-waterfall.ts";
import { openingState } from "../../../server/waterfall/waterfall-state.ts";
import type { WaterfallState } from "../../../server/waterfall/waterfall-state.ts";
import { dealText } from "./deal-text.ts";

/** A deal with classes of 1,000,000.00 at 7.3 % and an admin cap of 100.00 a year. */
function compile(...steps: string[]) {
  const lines = steps.map((step) => `${step} @ 1`);
  const { deal, problems } = compileDeal(dealText(lines, "cumulative half-up"));
  assert.ok(deal, JSON.stringify(problems));
  return deal.terms;
}

type Terms = ReturnType<typeof compile>;

function runPeriod(terms: Terms, state: WaterfallState, availableFunds: bigint, principal = 0n) {
  const named: Record<string, bigint> = { availableFunds, principal, poolClosing: 10n ** 9n };
  return runWaterfall({
    terms,
    state,
    period: state.lastPeriod + 1,
    figures: terms.figures.map(({ name }) => named[name] ?? 0n),
    chainDealId: 1n,
  });
}

/** The state at closing without the reserve, so that collections alone pay. */
function closing(terms: Terms): WaterfallState {
  return { ...openingState(terms), accounts: terms.accounts.map(() => 0n) };
}

describe("fees", () => {
  const capped = "FEE COLL -> trusteeFee, backupFee PRORATA CAP capLeft.admin";

  test("an annual cap is used up by what is paid under it, and the rest waits", () => {
    const terms = compile(capped);
    const first = runPeriod(terms, closing(terms), 100_000n);
    assert.deepEqual(first.payees, [5000n, 3333n]);
    assert.deepEqual(first.state.capsUsed, [8333n]);
    const second = runPeriod(terms, first.state, 100_000n);
    // 16.67 of the cap are left for 50.00 and 33.33: pro rata, 10.00 and 6.67
    assert.deepEqual(second.payees, [1000n, 667n]);
    assert.deepEqual(second.state.capsUsed, [10_000n]);
    assert.deepEqual(second.state.feesUnpaid, [4000n, 2666n, 0n]);
  });

  test("[F2] the overflow step pays what the cap held back, once, and uses no cap", () => {
    const terms = compile(capped, "FEE COLL -> trusteeFee, backupFee SEQ");
    const first = runPeriod(terms, closing(terms), 100_000n);
    const second = runPeriod(terms, first.state, 100_000n);
    assert.deepEqual(second.payees, [5000n, 3333n]);
    assert.deepEqual(second.state.capsUsed, [10_000n]);
    assert.deepEqual(second.state.feesUnpaid, [0n, 0n, 0n]);
  });

  test("[F1] an unpaid fee is carried as it is; a fee on a negative figure accrues nothing", () => {
    const terms = compile();
    let state = closing(terms);
    for (const principal of [3_650_000n, -3_650_000n]) {
      state = runPeriod(terms, state, 0n, principal).state;
    }
    // 36,500.00 x 1 % x 30/365 (ACT/ACT, 16 October to 15 November) = 30.00
    assert.deepEqual(state.feesUnpaid, [10_000n, 6666n, 3000n]);
  });
});

describe("interest claims", () => {
  test("unpaid interest bears interest only where the deal says so, and never on that interest", () => {
    const terms = compile();
    const first = runPeriod(terms, closing(terms), 0n);
    // A2: 1,000,000.00 x 7.3 % x 29/360 = 5,880.5555, floor
    assert.equal(first.state.classes[1]?.shortfall, 588_055n);
    const second = runPeriod(terms, first.state, 0n).state.classes;
    // 5,880.55 x 7.3 % x 30/360 = 35.7733, floor; B and C: 29 days, ceil and half-up
    assert.equal(second[1]?.shortfallInterest, 3577n);
    assert.equal(second[2]?.shortfallInterest, 3578n);
    assert.equal(second[3]?.shortfallInterest, 0n);
  });

  test("[C5] the parts of a claim are met in the deal's order", () => {
    const terms = compile("INT COLL -> A2");
    const state = closing(terms);
    const a2 = { balance: 100_000_000n, shortfall: 50_000n, shortfallInterest: 300n, written: 0n };
    state.classes[1] = { ...a2, deferred: 0n, carryOver: 0n, pik: 0n };
    const run = runPeriod(terms, state, 600_000n);
    // due: current 5,880.55; on shortfall 3.00 + 500.00 x 7.3 % x 29/360 = 2.94; shortfall 500.00
    assert.deepEqual(run.records[2]?.payments, [
      { kind: "interest", to: 1, cents: 588_055n, component: "current" },
      { kind: "interest", to: 1, cents: 594n, component: "interestOnShortfall" },
      { kind: "interest", to: 1, cents: 11_351n, component: "shortfall" },
    ]);
    assert.equal(run.state.classes[1]?.shortfall, 50_000n - 11_351n);
  });
});

describe("write-downs", () => {
  test("[L1] [L2] a loss above all classes stops at zero, and the next period still runs", () => {
    const terms = compile("LOSS 9999999.00 -> C, B, A2, A1 AS loss", "REST COLL -> residual");
    const first = runPeriod(terms, closing(terms), 0n);
    assert.deepEqual(
      first.state.classes.map(({ balance }) => balance),
      [0n, 0n, 0n, 0n],
    );
    assert.equal(first.records[2]?.paid, 400_000_000n);
    assert.equal(first.records[2]?.demand, 999_999_900n);
    const second = runPeriod(terms, { ...first.state, phase: 0 }, 700n);
    assert.deepEqual(second.payees, [0n, 700n]);
  });

  test("[L3] [L6] a gain restores senior first, never above what was written", () => {
    const terms = compile(
      "LOSS 1500000.00 -> C, B AS loss",
      "GAIN 700000.00 -> B, C AS gain",
      "GAIN 5000000.00 -> B, C AS rest",
      "MOVE RES -> COLL UPTO lost.rest",
    );
    const run = runPeriod(terms, closing(terms), 0n);
    const [loss, gain, rest, move] = run.records.slice(2);
    assert.deepEqual(
      loss?.payments.map(({ to, cents }) => [to, cents]),
      [
        [3, 100_000_000n],
        [2, 50_000_000n],
      ],
    );
    assert.deepEqual(
      gain?.payments.map(({ to, cents }) => [to, cents]),
      [
        [2, 50_000_000n],
        [3, 20_000_000n],
      ],
    );
    assert.deepEqual(
      rest?.payments.map(({ to, cents }) => [to, cents]),
      [[3, 80_000_000n]],
    );
    assert.equal(move?.demand, 420_000_000n);
    assert.deepEqual(
      run.state.classes.map(({ balance, written }) => [balance, written]),
      Array.from({ length: 4 }, () => [100_000_000n, 0n]),
    );
  });
});

describe("steps", () => {
  test("FILL tops up to its target and never pulls back; MOVE stops at what is there", () => {
    const terms = compile(
      "FILL COLL -> RES TO 30.00 AS fill",
      "FILL COLL -> RES TO 10.00 AS lower",
      "MOVE COLL -> SIDE UPTO 1000.00 AS move",
    );
    const run = runPeriod(terms, closing(terms), 5000n);
    assert.deepEqual(run.state.accounts, [0n, 3000n, 2000n]);
    assert.deepEqual(
      run.records.slice(2).map(({ demand, paid, before }) => [demand, paid, before]),
      [
        [3000n, 3000n, 5000n],
        [0n, 0n, 2000n],
        [100_000n, 2000n, 2000n],
      ],
    );
  });

  test("the branch not taken is recorded as skipped, with every amount zero", () => {
    const lines = ["IF acct.COLL >= 10.00 { @ 1", "MOVE COLL -> SIDE UPTO 1.00 @ 1", "} ELSE {"];
    lines.push("MOVE COLL -> SIDE UPTO 2.00 @ 1", "}");
    const { deal } = compileDeal(dealText(lines, "cumulative half-up"));
    assert.ok(deal);
    const flagsAt = (funds: bigint) =>
      runPeriod(deal.terms, closing(deal.terms), funds)
        .records.slice(2)
        .map(({ operation, flags, paid }) => `${operation} ${flags} ${paid}`);
    assert.deepEqual(flagsAt(1000n), ["IF 0 0", "MOVE 0 100", "ELSE 0 0", "MOVE 8 0"]);
    assert.deepEqual(flagsAt(999n), ["IF 0 0", "MOVE 8 0", "ELSE 8 0", "MOVE 0 200"]);
  });
});
