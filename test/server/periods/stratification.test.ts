import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { formatBound, nameBand, parseBands } from "../../../server/periods/parse-bands.ts";
import type { Bands } from "../../../server/periods/parse-bands.ts";
import { findStratificationField } from "../../../server/periods/stratification-fields.ts";
import { MOST_VALUES, readStrata } from "../../../server/periods/stratification-queries.ts";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import { makePool } from "./made-pool.ts";
import { insertVersion } from "./plain-loans.ts";
import type { PlainLoan } from "./plain-loans.ts";

const ATTRIBUTES = ["maker", "modelYear", "id"];
const MONTH = 2024 * 12;
const MAKERS = ["FORD", "KIA", "", "O'NEIL, \\ CO"];
const YEARS = ["2014", "2015", "2016.5", "", "n/a", "-3"];

/** 600 loans with three columns of their own. */
const LOANS: PlainLoan[] = (
  makePool({ seed: 3, loans: 600, months: 1, cutOff: MONTH - 1 })[1]?.loans ?? []
).map((loan, i) => ({
  ...loan,
  attributes: [MAKERS[i % 4], YEARS[i % 6], `id ${i}`].join("\u001f"),
}));
const ALIVE = LOANS.filter((loan) => loan.ending_balance_cents > 0n);
const attribute = (loan: PlainLoan, place: number): string =>
  loan.attributes?.split("\u001f")[place] ?? "";

describe("a pool cut into bands", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    await insertVersion(server.context.db, { dealKey: 1, period: 1, version: 1 }, LOANS);
  });
  after(() => server.close());

  /** The strata by what they are called, each with loans, balance and the two means. */
  async function cut(by: string, text = ""): Promise<[string, (bigint | null)[]][]> {
    const field = findStratificationField(by, ATTRIBUTES) ?? assert.fail(by);
    const bands = parseBands(field.kind, text);
    assert.ok("bounds" in bands);
    const strata = await readStrata(
      server.context.db,
      { dealKey: 1, period: 1, version: 1 },
      { field, bounds: bands.bounds, month: MONTH, attributes: ATTRIBUTES },
    );
    return strata.map(({ band, ...sums }) => [
      typeof band === "number" ? nameBand(field.kind, bands.bounds, band) : band,
      [
        ...[sums.loans, sums.balance],
        sums.rateWeight === 0n ? null : sums.rateProduct / sums.rateWeight,
        sums.termWeight === 0n ? null : (sums.termProduct * 100n) / sums.termWeight,
      ],
    ]);
  }

  /** The same, worked out loan by loan. */
  function plain(bandOf: (loan: PlainLoan) => string): Record<string, (bigint | null)[]> {
    const mean = (
      loans: readonly PlainLoan[],
      value: (loan: PlainLoan) => bigint | null,
    ): bigint | null => {
      const stated = loans.filter((loan) => value(loan) !== null);
      const weight = stated.reduce((sum, loan) => sum + loan.ending_balance_cents, 0n);
      const product = stated.reduce(
        (sum, loan) => sum + loan.ending_balance_cents * (value(loan) ?? 0n),
        0n,
      );
      return weight === 0n ? null : product / weight;
    };
    return Object.fromEntries(
      [...Map.groupBy(ALIVE, bandOf)].map(([band, loans]) => [
        band,
        [
          BigInt(loans.length),
          loans.reduce((sum, loan) => sum + loan.ending_balance_cents, 0n),
          mean(loans, (loan) => loan.interest_rate_wad),
          mean(loans, ({ remaining_term_months: term }) =>
            term === null ? null : BigInt(term) * 100n,
          ),
        ],
      ]),
    );
  }

  const below = (value: number | null, bounds: readonly number[]): string => {
    if (value === null) return "not stated";
    const above = bounds.findIndex((bound) => value < bound);
    if (above === 0) return `below ${bounds[0]}`;
    if (above < 0) return `${bounds.at(-1)} and more`;
    return `${bounds[above - 1]} to below ${bounds[above]}`;
  };

  it("by a number", async () => {
    const bounds = [500, 650, 800];
    assert.deepEqual(
      Object.fromEntries(await cut("creditScore", "500,650,800")),
      plain((loan) => below(loan.credit_score, bounds)),
    );
  });

  it("by what follows from two columns: age, loan to value, quarter of origination", async () => {
    assert.deepEqual(
      Object.fromEntries(await cut("loanAge", "6,12")),
      plain(({ origination_month: month }) =>
        below(month === null ? null : MONTH - month, [6, 12]),
      ),
    );
    assert.deepEqual(
      Object.fromEntries(await cut("loanToValue", "90,150")),
      plain(({ original_balance_cents: balance, collateral_value_cents: value }) => {
        if (balance === null || value === null || value === 0n) return "not stated";
        if (balance * 100n < value * 90n) return "below 90";
        return balance * 100n < value * 150n ? "90 to below 150" : "150 and more";
      }),
    );
    assert.deepEqual(
      Object.fromEntries(await cut("originationQuarter")),
      plain(({ origination_month: month }) =>
        month === null
          ? "not stated"
          : `${Math.floor(month / 12)}-Q${Math.floor((month % 12) / 3) + 1}`,
      ),
    );
  });

  it("by a column of the tape, as words and as numbers", async () => {
    assert.deepEqual(
      Object.fromEntries(await cut("maker")),
      plain((loan) => attribute(loan, 0) || "not stated"),
    );
    assert.deepEqual(
      Object.fromEntries(await cut("modelYear", "2015,2016")),
      plain((loan) => {
        const year = attribute(loan, 1);
        if (year === "") return "not stated";
        return year === "n/a" ? "not a number" : below(Number(year), [2015, 2016]);
      }),
    );
  });

  it("by a column where nearly every loan has a value of its own: the largest, and the others", async () => {
    const found = await cut("id");
    assert.equal(found.length, MOST_VALUES + 1);
    const [last, sums] = found.at(-1) ?? assert.fail();
    assert.deepEqual([last, sums[0]], ["others", BigInt(ALIVE.length - MOST_VALUES)]);
    const whole = ALIVE.reduce((sum, loan) => sum + loan.ending_balance_cents, 0n);
    const shown = found.reduce((sum, [, stratum]) => sum + (stratum[1] ?? 0n), 0n);
    assert.equal(shown, whole);
  });

  it("by any field that there is: the strata always add up to the pool", async () => {
    const whole = ALIVE.reduce((sum, loan) => sum + loan.ending_balance_cents, 0n);
    const names = ["status", "delinquencyBucket", "region", "repossessed", "terminationCode"];
    for (const name of [...names, "endingBalance", "maturity", "recovery", "daysPastDue"]) {
      const strata = await cut(name);
      assert.equal(
        strata.reduce((sum, [, stratum]) => sum + (stratum[1] ?? 0n), 0n),
        whole,
        name,
      );
    }
  });
});

describe("bands", () => {
  const cases: [
    kind: Parameters<typeof parseBands>[0],
    text: string,
    bounds: bigint[],
    written: string,
  ][] = [
    ["money", "10000, 99.5", [], ""],
    ["money", "99.5,10000", [9950n, 1_000_000n], "99.50,10000.00"],
    ["rate", "4.5,10", [45n * 10n ** 15n, 10n ** 17n], "4.5,10"],
    ["ratio", "80", [8n * 10n ** 17n], "80"],
    ["month", "2016-01", [24_192n], "2016-01"],
    ["integer", "-1,0", [-1n, 0n], "-1,0"],
    ["text", "0.25,2015", [250_000n, 2_015_000_000n], "0.25,2015"],
    ["text", "", [], ""],
  ];
  for (const [kind, text, bounds, written] of cases) {
    it(`of ${kind} are read from "${text}"`, () => {
      const bands = parseBands(kind, text);
      if (bounds.length === 0 && text !== "") assert.ok("wrong" in bands);
      else assert.deepEqual(bands, { bounds, text: written } satisfies Bands);
    });
  }

  it("are at most fifty, and have names", () => {
    const many = Array.from({ length: 51 }, (_, i) => i).join(",");
    assert.ok("wrong" in parseBands("integer", many));
    assert.ok("wrong" in parseBands("flag", "1"));
    assert.deepEqual(
      [0, 1, 2].map((band) => nameBand("money", [100n, 250n], band)),
      ["below 1.00", "1.00 to below 2.50", "2.50 and more"],
    );
    assert.equal(formatBound("text", 2_015_000_000n), "2015");
  });
});
