import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { keccak256, toUtf8Bytes } from "ethers";
import { readTerms } from "../../../server/deals/read-terms.ts";
import { canonicalJson } from "../../../server/lib/canonical-json.ts";
import { previewWaterfall } from "../../../server/waterfall/preview-waterfall.ts";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import {
  AMCAR_DEAL_FILE,
  amcarTape,
  close,
  correct,
  DEAL,
  insertDeal,
  uploadMonths,
} from "../tapes/amcar-2017-4.ts";

/** The golden deal with an index that comes with the report, and figures that no tape gives. */
const STATING = AMCAR_DEAL_FILE.replace(
  "\nreporting:",
  `  ysoc: { min: -10.00, max: 1000.00 }
  calls: { min: 0, max: 5, unit: count }
  isServicerDefault: { min: 0, max: 1, unit: flag }

indices:
  LIBOR1M: { source: report, min: -1 %, max: 50 % }

reporting:`,
);

const FIGURES = { LIBOR1M: "0.27176", ysoc: "123.45", calls: "3", isServicerDefault: "0" };

interface Figure {
  figure: string;
  value: string | number;
  unit: string;
  source: string;
  meaning: string;
}

describe("figures that the servicer states", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    await insertDeal(server, STATING);
    await uploadMonths(server, ["2017-09", "2017-10", "2017-11"]);
  });
  after(() => server.close());

  const refusal = async (figures?: object): Promise<{ figure: string; fault: string }[]> => {
    const answer = await close(server, "2017-10", figures === undefined ? {} : { figures });
    assert.deepEqual(
      [answer.statusCode, answer.json().code],
      [422, "figures-invalid"],
      answer.body,
    );
    return answer.json().figures;
  };

  it("are missed by name when the period is closed without them", async () => {
    for (const given of [undefined, {}]) {
      const faults = await refusal(given);
      assert.deepEqual(faults.map(({ figure }) => figure).toSorted(), [
        "LIBOR1M",
        "calls",
        "isServicerDefault",
        "ysoc",
      ]);
    }
    const { ysoc: _left, ...rest } = FIGURES;
    assert.deepEqual(await refusal(rest), [
      { figure: "ysoc", fault: 'is missing; write an amount with two decimals such as "123.45"' },
    ]);
  });

  const refused: [what: string, change: object, figure: string, fault: RegExp][] = [
    ["unknown", { SOFR: "5" }, "SOFR", /^is no figure of this deal; it states ysoc, calls, /],
    ["summed from the tape", { interest: "1.00" }, "interest", /^is summed from the tape/],
    ["the tree's", { poolClosing: "1.00" }, "poolClosing", /^is summed from the tape/],
    ["money without cents", { ysoc: "123.4" }, "ysoc", /"123.4" does not fit; write an amount/],
    ["money as a number", { ysoc: 123 }, "ysoc", /^"123" does not fit/],
    ["grouped money", { ysoc: "1,123.45" }, "ysoc", /does not fit/],
    ["a rate with its sign", { LIBOR1M: "0.3 %" }, "LIBOR1M", /write a rate in percent such as/],
    ["a rate in exponents", { LIBOR1M: "1e-1" }, "LIBOR1M", /does not fit/],
    ["a rate below its bound", { LIBOR1M: "-1.01" }, "LIBOR1M", /^-1.01 is not from -1 to 50/],
    ["a rate above its bound", { LIBOR1M: "50.0000001" }, "LIBOR1M", /is not from -1 to 50/],
    [
      "money above its bound",
      { ysoc: "1000.01" },
      "ysoc",
      /^1000.01 is not from -10.00 to 1000.00/,
    ],
    ["half a call", { calls: "1.5" }, "calls", /write a whole number/],
    ["too many calls", { calls: 6 }, "calls", /^6 is not from 0 to 5/],
    ["a flag in words", { isServicerDefault: "no" }, "isServicerDefault", /write "0" or "1"/],
  ];
  for (const [what, change, figure, fault] of refused) {
    it(`are refused by name: ${what}`, async () => {
      const [found, ...others] = await refusal({ ...FIGURES, ...change });
      assert.equal(found?.figure, figure);
      assert.match(found?.fault ?? "", fault);
      assert.deepEqual(others, []);
    });
  }

  it("are refused all at once, in a sentence", async () => {
    const figures = { ...FIGURES, ysoc: "x", calls: 9 };
    const answer = await close(server, "2017-10", { figures });
    assert.match(answer.json().detail, /^ysoc: "x" does not fit; .*; calls: 9 is not from 0 to 5/);
  });

  it("stand in the period with their units, and who stated them", async () => {
    const closed = await close(server, "2017-10", { figures: FIGURES });
    assert.equal(closed.statusCode, 201, closed.body);
    const { figures, closedBy } = closed.json<{ figures: Figure[]; closedBy: string }>();
    const stated = figures.filter(({ source }) => source === "servicer");
    assert.deepEqual(
      stated.map(({ figure, value, unit }) => [figure, value, unit]),
      [
        ["ysoc", "123.45", "money"],
        ["calls", 3, "count"],
        ["isServicerDefault", 0, "flag"],
        ["LIBOR1M", "0.27176", "rate"],
      ],
    );
    assert.equal(stated.at(-1)?.meaning, "LIBOR1M, in percent, stated by the servicer");
    assert.equal(closedBy, server.users.servicer.id);
    assert.ok(figures.length > stated.length && figures[0]?.source === "tape");
  });

  it("are part of the close hash", async () => {
    const { figures, statistics, closeHash, tape } = (
      await close(server, "2017-10", { figures: FIGURES })
    ).json();
    const tapes = await server.request(server.users.auditor, { url: `/v1/deals/${DEAL}/tapes` });
    const items = tapes.json().items as Record<string, string>[];
    const found = items.find(({ id }) => id === tape.id);
    const cents = (value: string) => BigInt(value.replace(".", "")).toString();
    const statedFigures = {
      ysoc: "12345",
      calls: "3",
      isServicerDefault: "0",
      LIBOR1M: "2717600000000000",
    };
    const preimage = canonicalJson({
      schema: "penstock-closed-period/2",
      deal: DEAL,
      period: 1,
      tapeContentHash: found?.["contentHash"] ?? "",
      treeHash: found?.["treeHash"] ?? "",
      figures: (figures as Figure[]).map(({ figure, value }) =>
        figure in statedFigures
          ? statedFigures[figure as keyof typeof statedFigures]
          : typeof value === "number"
            ? `${value}`
            : cents(value),
      ),
      statedFigures,
      statistics,
    });
    assert.equal(keccak256(toUtf8Bytes(preimage)), closeHash);
  });

  it("change nothing when they are the same, or not given again", async () => {
    for (const body of [{ figures: FIGURES }, {}, { figures: { ...FIGURES, calls: 3 } }]) {
      const again = await close(server, "2017-10", body);
      assert.deepEqual([again.statusCode, again.json().version], [200, 1], again.body);
    }
  });

  it("close the period anew when one is corrected, with a reason", async () => {
    const figures = { ...FIGURES, LIBOR1M: "-0.5" };
    const silent = await close(server, "2017-10", { figures });
    assert.deepEqual([silent.statusCode, silent.json().code], [422, "close-reason-missing"]);
    const before = (await close(server, "2017-10")).json();
    const reason = "The index was read from the wrong day";
    const anew = await close(server, "2017-10", { figures, reason });
    assert.deepEqual([anew.statusCode, anew.json().version], [201, 2], anew.body);
    assert.notEqual(anew.json().closeHash, before.closeHash);
    const rate = (anew.json().figures as Figure[]).find(({ figure }) => figure === "LIBOR1M");
    assert.equal(rate?.value, "-0.5");
  });

  it("stand in the statement, as figures and in its sheet", async () => {
    const url = `/v1/deals/${DEAL}/periods/2017-10/statement`;
    const read = await server.request(server.users.auditor, { url });
    assert.equal(read.statusCode, 200, read.body);
    const figure = (read.json().figures as Figure[]).find(({ figure: name }) => name === "LIBOR1M");
    assert.deepEqual([figure?.value, figure?.source], ["-0.5", "servicer"]);
    const sheet = await server.request(server.users.auditor, { url: `${url}?format=csv` });
    assert.match(sheet.body, /figure,"?LIBOR1M, in percent, stated by the servicer"?,-0\.5\r\n/);
  });

  it("reach the waterfall and its report in the order of the terms", async () => {
    const { input } = await previewWaterfall(server.context, { dealId: DEAL, period: 1 });
    const { terms } = await server.context.db
      .selectFrom("deals")
      .select("terms")
      .where("id", "=", DEAL)
      .executeTakeFirstOrThrow();
    const names = readTerms(terms).figures.map(({ name }) => name);
    const valueOf = (name: string) => input.figures[names.indexOf(name)];
    assert.equal(valueOf("LIBOR1M"), -5_000_000_000_000_000n);
    assert.equal(valueOf("ysoc"), 12_345n);
    assert.equal(valueOf("isServicerDefault"), 0n);
  });

  it("are stated anew in every period", async () => {
    const silent = await close(server, "2017-11");
    assert.deepEqual([silent.statusCode, silent.json().code], [422, "figures-invalid"]);
    const figures = { ...FIGURES, isServicerDefault: 1 };
    const closed = await close(server, "2017-11", { figures });
    assert.equal(closed.statusCode, 201, closed.body);
  });

  it("are kept when a corrected tape closes the period anew", async () => {
    const before = (await close(server, "2017-11")).json();
    const tape = `${amcarTape("2017-11")}\n<!-- the same loans -->\n`;
    const accepted = await correct(server, "2017-11", { tape, reason: "Sent again by the bank" });
    assert.equal(accepted.statusCode, 201, accepted.body);
    const anew = (await close(server, "2017-11")).json();
    assert.deepEqual([anew.version, anew.tape.version], [2, 2]);
    assert.deepEqual(anew.figures, before.figures);
  });
});
