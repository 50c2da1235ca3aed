import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { FIGURE_CATALOGUE } from "../../../server/deals/figure-catalogue.ts";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import {
  AMCAR_DEAL_FILE,
  AMCAR_MONTHS,
  close,
  insertDeal,
  uploadMonths,
} from "../tapes/amcar-2017-4.ts";

const ON_REQUEST = FIGURE_CATALOGUE.filter(({ onRequest }) => onRequest === true);

/** The deal with figures of the tape that it must ask for. */
function dealWith(figures: readonly string[], source: string): string {
  const lines = figures.map((name) => {
    const isMoney = FIGURE_CATALOGUE.find((known) => known.name === name)?.unit === "money";
    const bounds = isMoney ? "min: -1000000.00, max: 1000000.00" : "min: 0, max: 1000";
    return `  ${name}: { ${bounds}${source} }`;
  });
  // After the last of the deal's own.
  return AMCAR_DEAL_FILE.replace(
    /\n {2}delinquent60: .*\n/,
    (line) => `${line}${lines.join("\n")}\n`,
  );
}

/** The first charge-off is in March 2018. */
const MONTHS = AMCAR_MONTHS.slice(0, 7);

describe("figures that a deal asks of the tape", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    await insertDeal(
      server,
      dealWith(
        ON_REQUEST.slice(0, 8).map(({ name }) => name),
        ", source: tape",
      ),
    );
    await uploadMonths(server, MONTHS);
  });
  after(() => server.close());

  it("are the statistics of the period", async () => {
    const figures = new Map<string, string | number>();
    let statistics: { amounts: Record<string, string> } | null = null;
    for (const month of MONTHS.slice(1)) {
      const answer = await close(server, month);
      assert.equal(answer.statusCode, 201, answer.body);
      const view = answer.json();
      statistics = view.statistics;
      for (const { figure, value } of view.figures) figures.set(figure, value);
    }
    const { amounts } = statistics ?? assert.fail();
    const { netLoss, ...others } = amounts;
    assert.equal(figures.get("netLosses"), netLoss);
    assert.equal(netLoss, "12674.39");
    for (const { name } of ON_REQUEST.slice(0, 8)) {
      if (name in others) assert.equal(figures.get(name), others[name], name);
    }
  });

  it("are the servicer's word where the deal does not ask the tape", () => {
    const { deal, problems } = compileDeal(dealWith(["netLosses", "delinquent30"], ""));
    assert.deepEqual(
      problems.filter(({ severity }) => severity === "error"),
      [],
    );
    const found = deal?.file.figures.filter(({ name }) =>
      ["netLosses", "delinquent30"].includes(name),
    );
    assert.deepEqual(
      found?.map(({ source, measures }) => [source, measures]),
      [
        ["servicer", "period"],
        ["servicer", "period"],
      ],
    );
    const asked = compileDeal(
      dealWith(["delinquent30", "repossessedCount"], ", source: tape"),
    ).deal;
    assert.deepEqual(
      asked?.file.figures.slice(-2).map(({ source, measures, unit }) => [source, measures, unit]),
      [
        ["tape", "date", "money"],
        ["tape", "date", "count"],
      ],
    );
  });
});
