import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatDate } from "../../../server/lib/dates.ts";
import { formatCents, parseCents } from "../../../server/lib/money.ts";
import { readTerms } from "../../../server/deals/read-terms.ts";
import { runWaterfall } from "../../../server/waterfall/run-waterfall.ts";
import type { WaterfallRun } from "../../../server/waterfall/run-waterfall.ts";
import { openingState } from "../../../server/waterfall/waterfall-state.ts";
import { compileGolden, figuresOf, readGoldenJson, recordOf } from "./golden-deals.ts";

type Amounts = Record<string, string>;

interface ExpectedPeriod {
  period: number;
  month: string;
  paymentDate: string;
  phase: string;
  phaseAfter: string;
  named: Amounts;
  paid: Amounts;
  payees: Amounts;
  interestDue: Amounts;
  interestPaid: Amounts;
  principalPaid: Amounts;
  balances: Amounts;
  shortfalls: Amounts;
  written: Amounts;
  reserve: string;
  resultHash: string;
}

interface Expected {
  termsHash: string;
  chainDealId: number;
  totals: { payees: Amounts; interestPaid: Amounts; principalPaid: Amounts };
  periods: ExpectedPeriod[];
}

const figures = readGoldenJson<Record<string, string>[]>("amcar-2017-4/figures.json");

/** Runs all 39 periods over the bytes alone, as the chain and a replay do. */
function runDeal(name: string) {
  const compiled = compileGolden(name);
  const terms = readTerms(compiled.bytes);
  let state = openingState(terms);
  const runs = figures.map((named, i) => {
    const run = runWaterfall({
      terms,
      state,
      period: i + 1,
      figures: figuresOf(terms, named),
      chainDealId: 1n,
    });
    state = run.state;
    return run;
  });
  return { terms, runs, termsHash: compiled.termsHash };
}

type Deal = ReturnType<typeof runDeal>;

function summarise({ terms }: Deal, run: WaterfallRun, expected: ExpectedPeriod): ExpectedPeriod {
  const { state } = run;
  const byClass = (cents: (index: number) => bigint) =>
    Object.fromEntries(terms.classes.map(({ name }, i) => [name, formatCents(cents(i))]));
  const labelled = (labels: Amounts, field: "demand" | "paid") =>
    Object.fromEntries(
      Object.keys(labels).map((label) => [label, formatCents(recordOf(terms, run, label)[field])]),
    );
  const accelerated = run.phaseBefore === 1;
  assert.equal(accelerated, false, "the tapes end before the accelerated program runs");
  return {
    period: run.period,
    month: figures[run.period - 1]?.["month"] ?? "",
    paymentDate: formatDate(terms.calendar[run.period - 1]?.paymentDay ?? 0),
    phase: terms.phases[run.phaseBefore]?.name ?? "",
    phaseAfter: terms.phases[run.phaseAfter]?.name ?? "",
    named: labelled(expected.named, "demand"),
    paid: labelled(expected.paid, "paid"),
    payees: Object.fromEntries(run.payees.map((paid, i) => [terms.payees[i], formatCents(paid)])),
    interestDue: byClass((i) => run.classes[i]?.interestDue ?? 0n),
    interestPaid: byClass((i) => run.classes[i]?.interestPaid ?? 0n),
    principalPaid: byClass((i) => run.classes[i]?.principalPaid ?? 0n),
    balances: byClass((i) => state.classes[i]?.balance ?? 0n),
    shortfalls: byClass((i) => state.classes[i]?.shortfall ?? 0n),
    written: byClass((i) => state.classes[i]?.written ?? 0n),
    reserve: formatCents(state.accounts[1] ?? 0n),
    resultHash: run.resultHash,
  };
}

/** Column sums over the periods, per name. */
function sumOver(periods: readonly Amounts[]): Amounts {
  const totals: Record<string, bigint> = {};
  for (const amounts of periods) {
    for (const [name, text] of Object.entries(amounts)) {
      totals[name] = (totals[name] ?? 0n) + parseCents(text);
    }
  }
  return Object.fromEntries(Object.entries(totals).map(([name, sum]) => [name, formatCents(sum)]));
}

for (const name of ["amcar-2017-4", "amcar-2017-4-write-down"]) {
  describe(`golden deal ${name}`, () => {
    const expected = readGoldenJson<Expected>(`${name}/expected.json`);
    const deal = runDeal(name);

    test("compiles to the same terms hash", () => {
      assert.equal(deal.termsHash, expected.termsHash);
    });

    test("pays every period to the cent, with the same result hash", () => {
      assert.equal(deal.runs.length, expected.periods.length);
      deal.runs.forEach((run, i) => {
        const period = expected.periods[i];
        assert.ok(period);
        assert.deepEqual(summarise(deal, run, period), period);
        assert.equal(run.flags, 0);
      });
    });

    test("[W3] pays out what came in: collections + reserve = paid + reserve left", () => {
      const { totals } = expected;
      assert.deepEqual(sumOver(expected.periods.map(({ payees }) => payees)), totals.payees);
      const collections = sumOver(figures.map(({ availableFunds = "0" }) => ({ availableFunds })));
      const paid = [totals.payees, totals.interestPaid, totals.principalPaid]
        .flatMap((amounts) => Object.values(amounts))
        .reduce((sum, text) => sum + parseCents(text), 0n);
      const reserveLeft = parseCents(expected.periods.at(-1)?.reserve ?? "0");
      assert.equal(collections["availableFunds"], "214616.45");
      assert.equal(formatCents(paid + reserveLeft), formatCents(21461645n + 240000n));
    });
  });
}

describe("the auto deal's story", () => {
  const { periods, totals } = readGoldenJson<Expected>("amcar-2017-4/expected.json");

  test("the reserve is drawn to zero in 2018-03, refilled, and empty again from 2019-11", () => {
    const empty = periods.filter(({ reserve }) => reserve === "0.00").map(({ month }) => month);
    assert.equal(empty[0], "2018-03");
    assert.equal(periods.find(({ month }) => month === "2019-10")?.reserve, "2400.00");
    const last = periods.slice(periods.findIndex(({ month }) => month === "2019-11"));
    assert.ok(last.every(({ reserve }) => reserve === "0.00"));
  });

  test("[W4] C is short in the eleven periods from 2020-02, and 1,405.37 stays owed", () => {
    const short = periods.filter(({ shortfalls }) => shortfalls["C"] !== "0.00");
    assert.deepEqual([short.length, short[0]?.month], [11, "2020-02"]);
    assert.equal(periods.at(-1)?.shortfalls["C"], "1405.37");
    assert.ok(periods.every(({ shortfalls: { A, B } }) => A === "0.00" && B === "0.00"));
  });

  test("the end: residual 18,973.67, A 12,292.13, B 31,000, C 27,000, then acceleration", () => {
    assert.equal(totals.payees["residual"], "18973.67");
    const end = periods.at(-1);
    assert.deepEqual(end?.balances, { A: "12292.13", B: "31000.00", C: "27000.00" });
    assert.equal(end?.phaseAfter, "accelerated");
  });
});

describe("the write-down deal's story", () => {
  const { periods, totals } = readGoldenJson<Expected>("amcar-2017-4-write-down/expected.json");

  test("[L7] after every period notes are at most the pool: losses act in the same period", () => {
    periods.forEach(({ balances }, i) => {
      const notes = Object.values(balances).reduce((sum, text) => sum + parseCents(text), 0n);
      assert.ok(notes <= parseCents(figures[i]?.["poolClosing"] ?? "0"));
    });
  });

  test("the end: A 13,682.03, B 29,610.10, C 0; 1,389.90 and 27,000.00 stay written down", () => {
    const end = periods.at(-1);
    assert.deepEqual(end?.balances, { A: "13682.03", B: "29610.10", C: "0.00" });
    assert.deepEqual(end?.written, { A: "0.00", B: "1389.90", C: "27000.00" });
    assert.equal(totals.payees["residual"], "19122.78");
    assert.equal(end?.reserve, "2400.00");
  });
});
