import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { describeExpression } from "../../../server/deals/describe-expression.ts";
import { describeStep } from "../../../server/deals/describe-step.ts";
import { encodeTerms } from "../../../server/deals/encode-terms.ts";
import { readTerms } from "../../../server/deals/read-terms.ts";
import { advanceWaterfall } from "../../../server/waterfall/advance-waterfall.ts";
import { explainWaterfall } from "../../../server/waterfall/explain-waterfall.ts";
import { runWaterfall } from "../../../server/waterfall/run-waterfall.ts";
import type { WaterfallInput, WaterfallRun } from "../../../server/waterfall/run-waterfall.ts";
import { readWords } from "../../../server/waterfall/read-words.ts";
import {
  openingState,
  stateFromWords,
  stateToWords,
} from "../../../server/waterfall/waterfall-state.ts";
import {
  dealText,
  expressionText,
  randomDealText,
  randomFigures,
  randomState,
} from "./random-deals.ts";
import { randomExtras, randomNotices, randomTerms } from "./random-terms.ts";

/** Random deals that keep the limits on steps and tokens; any other error is a fault of the compiler. */
const randomDeals = randomDealText
  .map((text) => {
    const { deal, problems } = compileDeal(text);
    const errors = problems.filter(({ severity }) => severity === "error");
    const faults = errors.filter(({ code }) => code !== "too-many" && code !== "too-long");
    assert.deepEqual(faults, []);
    return deal;
  })
  .filter((deal) => deal !== null);

const RUNS = { numRuns: 400 };

interface Trial {
  input: WaterfallInput;
  run: WaterfallRun;
}

/** Deals as files, with the state and figures of any of their periods. */
const fileTrials: fc.Arbitrary<Trial> = randomDeals.chain(({ bytes }) => {
  const terms = readTerms(bytes);
  return fc.tuple(randomState(terms), randomFigures(terms)).map(([state, figures]) => {
    const input = { terms, state, period: state.lastPeriod + 1, figures, chainDealId: 7n };
    return { input, run: runWaterfall(input) };
  });
});

/** Deals of tokens, with every step and opcode. */
const tokenTrials: fc.Arbitrary<Trial> = randomTerms.chain((terms) =>
  fc
    .record({
      state: randomState(terms),
      figures: randomFigures(terms),
      extras: randomExtras,
      notices: randomNotices,
      purchasePrice: fc.constantFrom({}, { purchasePrice: "any" as const }),
    })
    .map(({ figures: stated, purchasePrice, ...given }) => {
      const figures = stated.map((figure, i) => (i === 3 && figure < 0n ? -figure : figure));
      const period = given.state.lastPeriod + 1;
      const input = { terms, ...given, ...purchasePrice, period, figures, chainDealId: 7n };
      return { input, run: runWaterfall(input) };
    }),
);

const trials = fc.oneof(fileTrials, tokenTrials);

const total = (values: readonly bigint[]) => values.reduce((sum, value) => sum + value, 0n);

describe("laws of the engine, on random deals and states", () => {
  test("[W3] no state makes it throw, and cash in is cash out plus what stays", () => {
    fc.assert(
      fc.property(trials, ({ input, run }) => {
        const { state, figures } = input;
        const paid = run.classes.map((result) => result.interestPaid + result.principalPaid);
        const out = total(paid) + total(run.payees) + total(run.state.accounts);
        assert.equal(total(state.accounts) + (figures[3] ?? 0n), out);
      }),
      RUNS,
    );
  });

  test("[W12] nothing is paid above what is due, and no balance goes below zero", () => {
    fc.assert(
      fc.property(trials, ({ input, run }) => {
        run.classes.forEach((result, i) => {
          assert.ok(result.interestPaid <= result.interestDue);
          const before = input.state.classes[i];
          const after = run.state.classes[i];
          assert.ok(before && after && after.balance >= 0n && after.written >= 0n);
          const accountedFor = after.balance + after.written + result.principalPaid;
          const added = run.capitalised[i] ?? 0n;
          assert.equal(accountedFor, before.balance + before.written + added);
          assert.ok(after.pik <= before.pik + added);
        });
        const { accounts, feesUnpaid, capsUsed, ledgers } = run.state;
        for (const list of [accounts, feesUnpaid, capsUsed, ledgers]) {
          assert.ok(list.every((cents) => cents >= 0n));
        }
        const steps = run.records.filter(({ operation }) => operation !== "TEST");
        assert.ok(steps.every(({ demand, paid }) => paid <= demand));
      }),
      RUNS,
    );
  });

  test("[W4] [F1] what is not paid is carried: interest as shortfall, fees as they are", () => {
    fc.assert(
      fc.property(trials, ({ run }) => {
        run.classes.forEach(({ interestDue, interestPaid }, i) => {
          const after = run.state.classes[i];
          assert.ok(after);
          const { shortfall, shortfallInterest, deferred, carryOver } = after;
          const carried = shortfall + shortfallInterest + deferred + carryOver;
          assert.equal(carried + (run.capitalised[i] ?? 0n), interestDue - interestPaid);
        });
      }),
      RUNS,
    );
  });

  test("[W1] [W2] the same input gives the same words, and the words hold the state", () => {
    fc.assert(
      fc.property(trials, ({ input, run }) => {
        assert.deepEqual(runWaterfall(input).words, run.words);
        assert.deepEqual(readWords(input.terms, run.words).state, run.state);
        assert.deepEqual(
          stateFromWords(input.terms, stateToWords(input.terms, run.state)),
          run.state,
        );
      }),
      { numRuns: 100 },
    );
  });

  test("a run without records leaves the same state and pays the same", () => {
    fc.assert(
      fc.property(trials, ({ input, run }) => {
        const { records: _records, derivations: _derived, claims: _claims, ...rest } = run;
        const { feesDue: _fees, words: _words, resultHash: _hash, ...outcome } = rest;
        assert.deepEqual(advanceWaterfall(input), outcome);
      }),
      { numRuns: 100 },
    );
  });

  test("period after period, nothing is lost over many", () => {
    fc.assert(
      fc.property(
        randomTerms,
        randomExtras,
        fc.array(fc.bigInt(0n, 10n ** 9n)),
        (terms, extras, funds) => {
          let state = openingState(terms);
          let paid = 0n;
          for (const [i, cents] of funds.entries()) {
            const figures = terms.figures.map((_, g) => (g < 3 ? 10n ** 9n : cents / 2n));
            figures[3] = cents;
            const run = advanceWaterfall({ terms, state, period: i + 1, figures, extras });
            state = run.state;
            paid += total(run.classes.map((result) => result.interestPaid + result.principalPaid));
            paid += total(run.payees);
          }
          assert.equal(total(funds) + 500n, paid + total(state.accounts));
        },
      ),
      { numRuns: 100 },
    );
  });

  test("every step of every run can be explained", () => {
    fc.assert(
      fc.property(trials, ({ input, run }) => {
        const { steps } = explainWaterfall(input, run);
        assert.equal(steps.length, run.records.length);
        assert.ok(steps.every(({ words, clause }) => words !== "" && clause !== ""));
        assert.ok(!JSON.stringify(steps).includes('"?'));
      }),
      { numRuns: 100 },
    );
  });
});

describe("laws of the compiler", () => {
  test("bytes and terms say the same: read(encode(terms)) = terms, encode(read(bytes)) = bytes", () => {
    fc.assert(
      fc.property(randomDeals, ({ terms, bytes }) => {
        assert.deepEqual(readTerms(bytes), terms);
        assert.deepEqual(encodeTerms(readTerms(bytes)), bytes);
        terms.steps.forEach((_, i) => assert.ok(!describeStep(terms, i).includes("?")));
      }),
      { numRuns: 150 },
    );
  });

  test("bytes hold every step, opcode, series, trigger and schedule", () => {
    fc.assert(
      fc.property(randomTerms, (terms) => assert.deepEqual(readTerms(encodeTerms(terms)), terms)),
      { numRuns: 100 },
    );
  });

  test("an expression read back from its tokens compiles to the same tokens", () => {
    const letOf = (text: string) => {
      const { deal } = compileDeal(dealText([`LET x = ${text} @ 1`], "cumulative half-up"));
      fc.pre(deal !== null);
      const { terms } = deal;
      return { terms, expression: terms.steps[2]?.amount ?? [] };
    };
    fc.assert(
      fc.property(expressionText, (text) => {
        const first = letOf(text);
        const spoken = describeExpression(first.terms, first.expression, 2);
        const again = letOf(spoken);
        assert.deepEqual(again.expression, first.expression);
        assert.deepEqual(again.terms.constants, first.terms.constants);
      }),
      { numRuns: 200 },
    );
  });
});
