import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import type { ClosedStatistics } from "../../../server/periods/periods-queries.ts";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import { AMCAR_MONTHS, close, DEAL, insertDeal, uploadMonths } from "../tapes/amcar-2017-4.ts";

const golden = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../golden/${DEAL}/${name}`, import.meta.url), "utf8"));

interface GoldenStatistics {
  month: string;
  cumulative: Record<string, string>;
  netLoss: string;
  loanCount: number;
  cumulativeNetLossWad: string;
  poolFactorWad: string;
  weightedRate: [string | null, string];
  weightedRemainingTerm: [string | null, string];
  weightedAge: [string | null, string];
  delinquency: Record<string, [number, number]>;
  prepaidInFull: number;
}

interface ClosedView {
  period: number;
  month: string;
  figures: { figure: string; value: string | number }[];
  statistics: ClosedStatistics;
}

const FIGURES = golden("figures.json") as Record<string, string | number>[];
const STATISTICS = golden("statistics.json") as GoldenStatistics[];

describe("the 39 periods of AmeriCredit 2017-4, closed in order", () => {
  let server: TestServer;
  let closed: ClosedView[];
  before(async () => {
    server = await startTestServer();
    await insertDeal(server);
    await uploadMonths(server, AMCAR_MONTHS);
    closed = [];
    for (const month of AMCAR_MONTHS.slice(1)) {
      const answer = await close(server, month);
      assert.equal(answer.statusCode, 201, answer.body);
      closed.push(answer.json());
    }
  });
  after(() => server.close());

  it("report the figures of an independent script, in the deal's order", () => {
    assert.equal(closed.length, FIGURES.length);
    for (const [index, expected] of FIGURES.entries()) {
      const { period, month, figures } = closed[index] ?? assert.fail();
      assert.deepEqual([period, month], [index + 1, expected["month"]]);
      assert.deepEqual(
        figures.slice(0, 4).map(({ figure }) => figure),
        ["poolOpening", "poolClosing", "loanCount", "availableFunds"],
      );
      for (const { figure, value } of figures) {
        assert.equal(value, expected[figure], `${month} ${figure}`);
      }
    }
  });

  it("add up to the totals that the filings give", () => {
    const cumulative = closed.at(-1)?.statistics.cumulative;
    assert.deepEqual(
      [cumulative?.principal, cumulative?.interest, cumulative?.availableFunds],
      ["137094.35", "55634.08", "214616.45"],
    );
    assert.deepEqual([cumulative?.chargeOffs, cumulative?.netLoss], ["59255.27", "37367.25"]);
  });

  it("have the statistics that exact fractions give", () => {
    const pairOf = (mean: { meanWad: string | null; missingShareWad: string }) => [
      mean.meanWad,
      mean.missingShareWad,
    ];
    for (const [index, { statistics }] of closed.entries()) {
      const { month, cumulative, delinquency, ...expected } = STATISTICS[index] ?? assert.fail();
      assert.deepEqual({ ...statistics.cumulative, ...cumulative }, statistics.cumulative, month);
      assert.deepEqual(
        {
          netLoss: statistics.amounts.netLoss,
          loanCount: statistics.loanCount,
          cumulativeNetLossWad: statistics.cumulativeNetLossWad,
          poolFactorWad: statistics.poolFactorWad,
          weightedRate: pairOf(statistics.weightedRate),
          weightedRemainingTerm: pairOf(statistics.weightedRemainingTerm),
          weightedAge: pairOf(statistics.weightedAge),
          prepaidInFull: statistics.prepaidInFull,
        },
        expected,
        month,
      );
      for (const [name, bucket] of Object.entries(statistics.delinquency)) {
        const [loans, cents] = delinquency[name] ?? [0, 0];
        const balance = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
        assert.deepEqual([bucket.loanCount, bucket.balance], [loans, balance], `${month} ${name}`);
      }
    }
  });

  it("roll forward: opening + additions - principal - charge-offs - other = closing", () => {
    const cents = (text: string): bigint => BigInt(text.replace(".", ""));
    let opening = "239568.99";
    for (const { statistics } of closed) {
      assert.equal(statistics.poolOpening, opening);
      const { additions, principal, chargeOffs, otherAdjustments } = statistics.amounts;
      assert.equal(
        cents(opening) +
          cents(additions) -
          cents(principal) -
          cents(chargeOffs) -
          cents(otherAdjustments),
        cents(statistics.poolClosing),
      );
      opening = statistics.poolClosing;
    }
  });

  it("are listed with the periods that still wait for a tape", async () => {
    const url = `/v1/deals/${DEAL}/periods`;
    const answer = await server.request(server.users.trustee, { url });
    const items = answer.json().items as { period: number; state: string }[];
    assert.equal(items.length, 51);
    assert.equal(items.filter(({ state }) => state === "closed").length, 39);
    assert.deepEqual(items[39], {
      ...items[39],
      period: 40,
      month: "2021-01",
      state: "awaiting tape",
    });
  });
});
