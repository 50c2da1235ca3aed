/**
 * The whole flow, by what the demo does and what it says: two deals over 39 months of real tapes on
 * a real PostgreSQL and a real chain, read back over the API and from the chain, compared to the
 * cent with what an independent script computed.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { MONTHS, runDemo, type DemoOutcome } from "../../scripts/demo/run-demo.ts";
import { startDemo, type Demo } from "../../scripts/demo/start-demo.ts";
import { readHolders } from "../../server/chain/read-deal-books.ts";
import type { DealTerms } from "../../server/deals/deal-terms.ts";
import { readDealCode } from "../../server/deals/read-deal-code.ts";
import { readTerms } from "../../server/deals/read-terms.ts";
import { asGolden, readGolden, type GoldenDeal } from "./golden-periods.ts";
import {
  centsOf,
  entitledByRecordDate,
  readLivedDeal,
  same,
  type LivedDeal,
} from "./lived-deal.ts";

const AUTO = "amcar-2017-4";
const WRITE_DOWN = "amcar-2017-4-write-down";
const UNITS_PER_CENT = 10_000n;
/** Claims are rounded down to a unit (a millionth of a dollar) at each of a few dozen claims. */
const ROUNDING_UNITS = 100n;
const CLASS_A = 0;
/** Of the cast: Castle sells, Lark buys, in these periods, after the record date. */
const [SELLER, BUYER] = [2, 3];
const TRADE_PERIODS = [3, 15, 27];
const FACE_PER_TRADE_PERIOD = 2_000_00n;

describe("two deals over 39 months, from the tapes to the claims", () => {
  let demo: Demo;
  let outcome: DemoOutcome;
  const lived = new Map<string, LivedDeal>();
  const golden = new Map<string, GoldenDeal>();
  const months: string[] = [];

  before(async () => {
    demo = await startDemo();
    const month = (_done: number, name: string): void => void months.push(name);
    outcome = await runDemo(demo, { say: () => undefined, month });
    for (const { summary } of outcome.deals) {
      lived.set(summary.deal, await readLivedDeal(demo, summary));
      golden.set(summary.deal, await readGolden(summary.deal));
    }
  });
  after(() => demo.close());

  const lifeOf = (deal: string): LivedDeal => lived.get(deal) ?? assert.fail(`no ${deal}`);
  const goldenOf = (deal: string): GoldenDeal => golden.get(deal) ?? assert.fail(`no ${deal}`);
  const ofClass = (deal: string, name: string) =>
    lifeOf(deal).summary.periods.map(
      ({ classes }) => classes.find((row) => row.class === name) ?? assert.fail(`no class ${name}`),
    );
  const monthsWhere = (deal: string, holds: (i: number) => boolean): string[] =>
    lifeOf(deal).summary.periods.flatMap(({ month }, i) => (holds(i) ? [month] : []));
  const termsOf = (deal: string): DealTerms =>
    readTerms(readDealCode(Buffer.from(lifeOf(deal).record.code)).terms);

  for (const deal of [AUTO, WRITE_DOWN]) {
    it(`${deal}: every period of the history is the golden one, to the cent`, () => {
      const expected = goldenOf(deal);
      const { periods } = lifeOf(deal).summary;
      assert.equal(periods.length, MONTHS);
      assert.equal(expected.periods.length, MONTHS);
      const sameId = lifeOf(deal).record.dealId === BigInt(expected.chainDealId);
      for (const [i, like] of expected.periods.entries()) {
        const actual = asGolden(periods[i] ?? assert.fail(), like);
        // The result hash covers the deal's number on chain.
        if (!sameId) actual.resultHash = like.resultHash;
        assert.deepEqual(actual, like, `${deal} ${like.month}`);
      }
      assert.deepEqual(
        months,
        expected.periods.map(({ month }) => month),
      );
    });

    it(`${deal}: the issue was delivered against payment, and covered by the cut-off tape`, () => {
      const { issue } = lifeOf(deal).summary;
      // 172,000.00 at par, 31,000.00 at 99.5 % and 27,000.00 at 97.25 %: 30,845.00 and 26,257.50.
      assert.equal(issue.proceeds, 172_000_00n + 30_845_00n + 26_257_50n);
      assert.equal(issue.face, 230_000_00n);
      assert.equal(issue.orders.length, 8);
      assert.equal(
        issue.orders.reduce((sum, { paid }) => sum + paid, 0n),
        issue.proceeds,
      );
      assert.equal(issue.reserve, termsOf(deal).cutOffBalanceCents);
      // 239,568.99 x 96 % = 229,986.23, and the deposit of 2,400.00.
      assert.equal(issue.covered, 229_986_23n + 2_400_00n);
    });

    it(`${deal}: the collections are those of the tapes`, () => {
      const { totals } = lifeOf(deal).summary;
      assert.equal(totals["principal"], "137094.35");
      assert.equal(totals["interest"], "55634.08");
      assert.equal(totals["recoveriesAndProceeds"], "21888.02");
      assert.equal(totals["availableFunds"], "214616.45");
      assert.equal(totals["chargeOffs"], "59255.27");
      assert.equal(totals["poolClosing"], "43292.13");
    });

    it(`${deal}: PostgreSQL, chain and replay agree, and every loan row is proven`, () => {
      const { audit } = outcome.deals.find(({ summary }) => summary.deal === deal) ?? assert.fail();
      assert.deepEqual(audit.proofs, { checked: 3, proven: 3 });
      for (const found of [audit.reconciled, audit.replayed]) {
        assert.equal(found.periods, MONTHS);
        assert.equal(found.differences, 0);
        assert.ok(found.compared > (100 * MONTHS) / 10, "hardly anything was compared");
      }
      assert.equal(audit.agrees, true);
    });

    it(`${deal}: all claims and what is left are what was funded, to the unit`, () => {
      const { claims, record, summary } = lifeOf(deal);
      const { cash } = record.books;
      const deposit = 2_400_00n;
      const funded = centsOf(summary.totals["availableFunds"] ?? "") + deposit;
      const claimed = sum(
        claims.map(({ interest, principal }) => BigInt(interest.units) + BigInt(principal.units)),
      );
      const payees = summary.periods.flatMap((period) => period.payees);
      const paidOut = sum(payees.map(({ paid }) => centsOf(paid)));
      const left = cash.collectionsCents + cash.accountsCents + cash.carryCents;
      assert.equal(
        claimed + cash.unclaimedUnits + (paidOut + left) * UNITS_PER_CENT,
        funded * UNITS_PER_CENT,
      );
      assert.ok(cash.unclaimedUnits < ROUNDING_UNITS, "everybody claimed at the end");
      assert.equal(cash.accountsCents, centsOf(summary.totals["reserve"] ?? ""));
      assert.equal(cash.payeeOwedCents, 0n);
      assert.equal(record.books.distributorHeldUnits, record.books.allDealsUnits);
    });

    it(`${deal}: every holder got what the faces at the record dates give, class by class`, () => {
      const life = lifeOf(deal);
      const recordTimes = termsOf(deal).calendar.map(({ recordTime }) => recordTime);
      for (const { wallet, faces } of demo.cast.investors) {
        for (const [classIndex, { name }] of termsOf(deal).classes.entries()) {
          const holder = wallet.address;
          const due = entitledByRecordDate(life, { classIndex, holder, recordTimes });
          const got = sum(
            life.claims
              .filter((claim) => claim.class === name && same(claim.holder, holder))
              .map(({ interest, principal }) => BigInt(interest.units) + BigInt(principal.units)),
          );
          if (faces[name] !== undefined) assert.ok(due > 0n, `${name} pays its holders`);
          const off = got > due ? got - due : due - got;
          assert.ok(off < ROUNDING_UNITS, `${holder} ${name}: due ${due}, got ${got}`);
        }
      }
    });

    it(`${deal}: who bought between record and payment date gets nothing of that period for it`, async () => {
      const { record, summary } = lifeOf(deal);
      const { provider } = demo.context.chain;
      const holder = demo.cast.investors[BUYER]?.wallet.address ?? assert.fail();
      const token = record.created.tokens[CLASS_A] ?? assert.fail();
      const at = async (block: number) => {
        const [book] = await readHolders({ provider, block }, [token], [[holder]]);
        return book ?? assert.fail();
      };
      let faceBefore = 0n;
      for (const period of TRADE_PERIODS) {
        const { block, classes } = summary.periods[period - 1] ?? assert.fail();
        const [before, paid] = [await at(block - 1), await at(block)];
        assert.equal(paid.faceCents, faceBefore + FACE_PER_TRADE_PERIOD, "it is bought by then");
        const interest = centsOf(classes[CLASS_A]?.interestPaid ?? "") * UNITS_PER_CENT;
        assert.ok(interest > 0n);
        const gained = paid.interestUnits - before.interestUnits;
        const due = (interest * faceBefore) / 172_000_00n;
        assert.ok(gained - due <= 1n && due - gained <= 1n, `due ${due}, gained ${gained}`);
        faceBefore = paid.faceCents;
      }
      const seller = demo.cast.investors[SELLER]?.wallet.address ?? assert.fail();
      const trades = record.events.filter(
        (event) => event.name === "Transfer" && same(event.from, seller),
      );
      assert.equal(trades.length, 2 * TRADE_PERIODS.length);
    });
  }

  it("the trade above the holder cap is refused in both deals, by its own error", () => {
    assert.deepEqual(outcome.refusedTrades, ["HolderCapExceeded", "HolderCapExceeded"]);
  });

  it("auto: the reserve is drawn to zero in 2018-03, refilled, drawn to zero again in 2019-11", () => {
    const reserve = lifeOf(AUTO).summary.periods.map((period) => period.reserve ?? "");
    const emptied = monthsWhere(AUTO, (i) => reserve[i] === "0.00" && reserve[i - 1] !== "0.00");
    assert.deepEqual(emptied, ["2018-03", "2019-11"]);
    const full = monthsWhere(AUTO, (i) => reserve[i] === "2400.00");
    assert.ok(
      full.some((month) => month > "2018-03" && month < "2019-11"),
      "it was refilled",
    );
    assert.equal(reserve.at(-1), "0.00");
  });

  it("auto: C's interest is short in eleven periods from 2020-02, 1,405.37 stays owed, A and B never are", () => {
    const short = (name: string): string[] => {
      const rows = ofClass(AUTO, name);
      return monthsWhere(AUTO, (i) => rows[i]?.interestPaid !== rows[i]?.interestDue);
    };
    assert.deepEqual(short("A"), []);
    assert.deepEqual(short("B"), []);
    const ofC = short("C");
    assert.equal(ofC.length, 11);
    assert.equal(ofC[0], "2020-02");
    assert.equal(ofClass(AUTO, "C").at(-1)?.shortfall, "1405.37");
  });

  it("auto: residual 18,973.67; at the end A 12,292.13, B 31,000, C 27,000 against a pool of 43,292.13", () => {
    const { totals } = lifeOf(AUTO).summary;
    assert.equal(totals["paidTo.residual"], "18973.67");
    const balances = ["A", "B", "C"].map((name) => totals[`balance.${name}`]);
    assert.deepEqual(balances, ["12292.13", "31000.00", "27000.00"]);
    const notes = sum(balances.map((balance) => centsOf(balance ?? "")));
    assert.equal(
      notes - centsOf(totals["poolClosing"] ?? ""),
      27_000_00n,
      "C's collateral deficit",
    );
  });

  it("auto: C is unpaid at its last date: the deal is accelerated, and C's claim survives", () => {
    const { record, summary } = lifeOf(AUTO);
    const phases = summary.periods.map(({ phaseAfter }) => phaseAfter);
    assert.deepEqual(new Set(phases.slice(0, -1)), new Set(["amortising"]));
    assert.equal(phases.at(-1), "accelerated");
    assert.equal(termsOf(AUTO).phases[record.books.phase]?.name, "accelerated");
    const token = record.books.tokens[2] ?? assert.fail();
    assert.equal(token.principalBalanceCents, 27_000_00n);
    assert.equal(token.supplyCents, 27_000_00n);
    assert.equal(ofClass(AUTO, "C").at(-1)?.writtenDown, "0.00");
  });

  it("write-down: the totals of the independent script", () => {
    const { periods, totals } = lifeOf(WRITE_DOWN).summary;
    const of = (what: string) => ["A", "B", "C"].map((name) => totals[`${what}.${name}`]);
    assert.deepEqual(of("balance"), ["13682.03", "29610.10", "0.00"]);
    assert.deepEqual(of("writtenDown"), ["0.00", "1389.90", "27000.00"]);
    assert.deepEqual(of("shortfall"), ["0.00", "0.00", "0.00"]);
    assert.deepEqual(of("interestPaid"), ["12926.27", "5903.88", "5398.03"]);
    assert.equal(totals["paidTo.residual"], "19122.78");
    assert.equal(totals["reserve"], "2400.00");
    const notes = sum(of("balance").map((balance) => centsOf(balance ?? "")));
    assert.equal(notes, 43_292_13n, "notes are written down to the pool");
    const rows = ofClass(WRITE_DOWN, "C");
    const short = monthsWhere(WRITE_DOWN, (i) => rows[i]?.shortfall !== "0.00");
    assert.deepEqual(short, ["2020-02"]);
    assert.equal(rows[28]?.shortfall, "97.11");
    assert.equal(periods.at(-1)?.phaseAfter, "accelerated");
  });

  it("no step raised a flag", () => {
    for (const { summary } of outcome.deals) {
      assert.deepEqual(
        summary.periods.flatMap(({ flags }) => flags),
        [],
      );
    }
  });

  it("the gas of every kind of transaction is told beside its bar", (test) => {
    test.diagnostic(`39 months of both deals took ${outcome.monthsSeconds.toFixed(1)} s`);
    const times = new Map(outcome.gas.map(({ count, kind }) => [kind, count]));
    assert.equal(times.get("distribute"), 2 * MONTHS);
    assert.equal(times.get("report, two signatures"), 2 * MONTHS);
    assert.equal(times.get("fund"), 2 * MONTHS);
    for (const { bar, kind, median } of outcome.gas) {
      test.diagnostic(`${kind}: median gas ${median}, bar ${bar ?? "none"}`);
    }
  });
});

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
