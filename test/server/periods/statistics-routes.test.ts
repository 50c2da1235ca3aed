import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import {
  AMCAR_MONTHS,
  amcarTape,
  close,
  correct,
  DEAL,
  insertDeal,
  upload,
} from "../tapes/amcar-2017-4.ts";
import { readAmcar } from "./plain-loans.ts";
import type { PlainLoan } from "./plain-loans.ts";
import { plainPeriod, plainVintages } from "./plain-statistics.ts";
import type { PlainPeriod } from "./plain-statistics.ts";

/** The first charge-off is in March 2018. */
const MONTHS = AMCAR_MONTHS.slice(0, 8);
const TAPES = readAmcar().slice(0, MONTHS.length);
const LAST = MONTHS.at(-1) ?? "";
const SUBTRACT = ["principal_cents", "other_adjustment_cents", "charge_off_cents"] as const;

const money = (cents: bigint): string => {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, "0");
  return `${cents < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};
/** An 1e18 integer in percent, without zeros at its end. */
const percent = (wad: bigint): string => {
  const digits = wad.toString().padStart(17, "0");
  return `${digits.slice(0, -16)}.${digits.slice(-16)}`.replace(/\.?0+$/, "");
};

function plainMonths(): PlainPeriod[] {
  const periods: PlainPeriod[] = [];
  for (const [i, { month, loans }] of TAPES.entries()) {
    if (i === 0) continue;
    const basis = {
      ...{ month, cutOff: 23_956_899n, subtract: SUBTRACT },
      available: [
        ...(["principal_cents", "interest_cents", "recovery_cents"] as const),
        "liquidation_proceeds_cents" as const,
      ],
    };
    const previous = TAPES[i - 1]?.loans ?? [];
    periods.push(plainPeriod(loans, { previous, earlier: periods.at(-1)?.amounts ?? {}, basis }));
  }
  return periods;
}

interface Stratum {
  band: string;
  loans: number;
  balance: string;
  balanceShare: string;
  rate: string | null;
  term: string | null;
}

describe("what a closed period says of its pool", () => {
  let server: TestServer;
  const read = async (path: string, user = server.users.auditor) =>
    await server.request(user, { url: `/v1/deals/${DEAL}/${path}` });
  const csv = async (path: string): Promise<string[]> => {
    const answer = await read(`${path}${path.includes("?") ? "&" : "?"}format=csv`);
    assert.match(String(answer.headers["content-type"]), /^text\/csv/);
    return answer.body.trimEnd().split("\r\n");
  };
  before(async () => {
    server = await startTestServer();
    await insertDeal(server);
    for (const month of MONTHS) {
      const answer = await upload(server, { month });
      assert.equal(answer.statusCode, 201, answer.body);
    }
    for (const month of MONTHS.slice(1)) {
      assert.equal((await close(server, month)).statusCode, 201);
    }
  });
  after(() => server.close());

  it("is each figure in its unit, with its definition and the formula", async () => {
    const answer = await read(`periods/${LAST}/statistics`);
    assert.equal(answer.statusCode, 200, answer.body);
    const { items, month } = answer.json();
    const expected = plainMonths().at(-1)?.figures ?? {};
    assert.equal(month, LAST);
    for (const { figure, unit, value, definition, formula } of items) {
      const wanted = expected[figure];
      assert.ok(definition.length > 5 && formula.length > 5, figure);
      if (unit === "money") assert.equal(value, money(wanted ?? 0n), figure);
      if (unit === "count") assert.equal(value, Number(wanted), figure);
      if (unit === "percent") {
        assert.equal(value, typeof wanted === "bigint" ? percent(wanted) : null, figure);
      }
    }
    assert.equal(items.length, Object.keys(expected).length);
    const sheet = await csv(`periods/${LAST}/statistics`);
    assert.equal(sheet[0], "figure,unit,definition,formula,value");
    assert.equal(sheet.length, items.length + 1);
  });

  it("is a series of figures over the closed periods", async () => {
    const { items, figures } = (await read("statistics?figures=netLoss,cpr,wam")).json();
    const plain = plainMonths();
    assert.deepEqual(
      items.map((item: { month: string }) => item.month),
      MONTHS.slice(1),
    );
    for (const [i, { values }] of items.entries()) {
      assert.equal(values.netLoss, money(plain[i]?.figures["netLoss"] ?? -1n));
      assert.equal(values.cpr, percent(plain[i]?.figures["cpr"] ?? -1n));
    }
    assert.deepEqual(
      figures.map(({ figure, unit }: Record<string, string>) => [figure, unit]),
      [
        ["netLoss", "money"],
        ["cpr", "percent"],
        ["wam", "months"],
      ],
    );
    const sheet = await csv("statistics?figures=netLoss,cpr");
    assert.equal(sheet[0], "period,month,version,netLoss,cpr");
    assert.equal(sheet.length, MONTHS.length);
    const unknown = await read("statistics?figures=netLoss,nothing");
    assert.deepEqual([unknown.statusCode, unknown.json().code], [422, "statistic-unknown"]);
    assert.ok("wac" in (await read("statistics")).json().items[0].values);
  });

  it("is a matrix of where the loans of each state went", async () => {
    const { items, flows, definition } = (await read(`periods/${LAST}/roll-rates`)).json();
    const rolls = plainMonths().at(-1)?.rolls ?? {};
    assert.match(definition, /start/);
    assert.equal(items.length, Object.keys(rolls).length);
    const rates = new Map<string, number>();
    for (const { before, after, loans, balanceBefore, balanceAfter, balanceRate } of items) {
      const [count, start, end] = rolls[`${before} -> ${after}`] ?? assert.fail();
      assert.deepEqual([loans, balanceBefore, balanceAfter], [count, money(start), money(end)]);
      rates.set(before, (rates.get(before) ?? 0) + Number(balanceRate));
    }
    for (const [before, sum] of rates) assert.ok(Math.abs(sum - 100) < 1e-9, before);
    assert.deepEqual(
      flows.items.map(({ before, after }: Record<string, string>) => `${before} -> ${after}`),
      ["current -> 1-29", "1-29 -> 30-59", "30-59 -> 60-89", "60-89 -> 90-119", "90-119 -> 120+"],
    );
    assert.match((await csv(`periods/${LAST}/roll-rates`))[0] ?? "", /^before,after,loans/);
  });

  it("is the pool by state, all of it or the largest", async () => {
    const { items, regions } = (await read(`periods/${LAST}/concentrations`)).json();
    const expected = plainMonths().at(-1)?.regions ?? [];
    assert.deepEqual(
      items.map((item: Record<string, unknown>) => [
        item["region"],
        item["loans"],
        item["balance"],
      ]),
      expected.map(([region, count, balance]) => [region, count, money(balance)]),
    );
    assert.equal(items.at(-1).cumulativeShare, "100");
    const top = (await read(`periods/${LAST}/concentrations?top=2`)).json();
    assert.deepEqual([top.items.length, top.regions], [2, regions]);
    assert.deepEqual(top.items, items.slice(0, 2));
  });

  it("is the losses of each origination quarter, month by month", async () => {
    const { items } = (await read("vintages")).json();
    for (const [i, month] of MONTHS.entries()) {
      if (i === 0) continue;
      const history = TAPES.slice(0, i + 1).map(({ loans }) => loans);
      const expected = plainVintages(history, { subtract: SUBTRACT });
      const found = items.filter((item: { month: string }) => item.month === month);
      assert.equal(found.length, Object.keys(expected).length);
      for (const point of found) {
        const [, year = "", quarter = ""] = /^(\d{4})-Q(\d)$/.exec(point.quarter) ?? [];
        const number = Number(year) * 4 + Number(quarter) - 1;
        const [count, balance, entered, original, gross, net, enteredLoans] =
          expected[number] ?? assert.fail();
        assert.deepEqual(
          [
            point.loans,
            point.balance,
            point.entered,
            point.original,
            point.grossLoss,
            point.netLoss,
            point.enteredLoans,
          ],
          [count, ...[balance, entered, original, gross, net].map(money), enteredLoans],
        );
        // The last month of a quarter is its third: 2017-Q2 ends with June, number 2017 x 12 + 5.
        assert.equal(point.monthsOnBook, 2017 * 12 + 8 + i - (number * 3 + 2));
      }
    }
    assert.match((await csv("vintages"))[0] ?? "", /^quarter,month,monthsOnBook/);
  });

  const LOANS = TAPES.at(-1)?.loans.filter((loan) => loan.ending_balance_cents > 0n) ?? [];

  /** Loans by what `bandOf` says of each, worked out here. */
  function stratify(bandOf: (loan: PlainLoan) => string): Record<string, unknown[]> {
    const groups = Object.groupBy(LOANS, bandOf);
    const whole = LOANS.reduce((sum, loan) => sum + loan.ending_balance_cents, 0n);
    return Object.fromEntries(
      Object.entries(groups).map(([band, loans = []]) => {
        const balance = loans.reduce((sum, loan) => sum + loan.ending_balance_cents, 0n);
        const product = loans.reduce(
          (sum, loan) => sum + loan.ending_balance_cents * (loan.interest_rate_wad ?? 0n),
          0n,
        );
        const share = percent((balance * 10n ** 18n) / balanceOr(whole));
        return [band, [loans.length, money(balance), share, percent(product / balance)]];
      }),
    );
  }
  const balanceOr = (whole: bigint): bigint => (whole === 0n ? 1n : whole);
  const shown = (items: readonly Stratum[]) =>
    Object.fromEntries(
      items.map(({ band, loans, balance, balanceShare, rate }) => [
        band,
        [loans, balance, balanceShare, rate],
      ]),
    );

  it("is the pool cut by a field, by usual bands, by bands as asked for, or by each value", async () => {
    const url = `periods/${LAST}/stratifications`;
    const byScore = (await read(`${url}?by=creditScore&bands=520,560`)).json();
    const score = ({ credit_score: value }: PlainLoan): string => {
      if (value === null) return "not stated";
      if (value < 520) return "below 520";
      return value < 560 ? "520 to below 560" : "560 and more";
    };
    assert.deepEqual(shown(byScore.items), stratify(score));
    assert.equal(byScore.bands, "520,560");

    const byRate = (await read(`${url}?by=interestRate&bands=10,%2012.5`)).json();
    const rate = ({ interest_rate_wad: wad }: PlainLoan): string => {
      if ((wad ?? 0n) < 10n ** 17n) return "below 10";
      return (wad ?? 0n) < 125n * 10n ** 15n ? "10 to below 12.5" : "12.5 and more";
    };
    assert.deepEqual(shown(byRate.items), stratify(rate));

    const byMonth = (await read(`${url}?by=origination&bands=2017-01`)).json();
    const isEarly = ({ origination_month: month }: PlainLoan) => (month ?? 0) < 2017 * 12;
    assert.deepEqual(
      shown(byMonth.items),
      stratify((loan) => (isEarly(loan) ? "below 2017-01" : "2017-01 and more")),
    );
    const byRegion = (await read(`${url}?by=region`)).json();
    assert.deepEqual(
      shown(byRegion.items),
      stratify(({ region }) => region ?? "not stated"),
    );
    const byTerm = (await read(`${url}?by=remainingTerm`)).json();
    assert.match(byTerm.bands, /^13,25,37/);
  });

  it("is the pool cut by a column of the tape that no canonical word has", async () => {
    const url = `periods/${LAST}/stratifications`;
    const elements = (name: string) =>
      new Map(
        [...amcarTape(LAST).matchAll(/<assets>([^]*?)<\/assets>/g)].map(([, record = ""]) => {
          const text = (of: string) => new RegExp(`<${of}>([^<]*)<`).exec(record)?.[1] ?? "";
          return [text("assetNumber"), text(name)];
        }),
      );
    const makers = elements("vehicleManufacturerName");
    const byMaker = (await read(`${url}?by=vehicleManufacturerName`)).json();
    assert.deepEqual(
      shown(byMaker.items),
      stratify(({ loan_id: id }) => makers.get(id) ?? ""),
    );
    const years = elements("vehicleModelYear");
    const byYear = (await read(`${url}?by=vehicleModelYear&bands=2015`)).json();
    assert.deepEqual(
      shown(byYear.items),
      stratify(({ loan_id: id }) =>
        Number(years.get(id)) < 2015 ? "below 2015" : "2015 and more",
      ),
    );
    assert.match((await csv(`${url}?by=vehicleModelYear&bands=2015`))[1] ?? "", /2015,/);
  });

  it("is not cut by what is no field, nor by bands that do not rise", async () => {
    const wrong = [
      ["shoeSize", "1,2", "is none of"],
      ["constructor", "1,2", "is none of"],
      ["__proto__", "1,2", "is none of"],
      ["creditScore", "560,520", "rise"],
      ["creditScore", "many", "whole numbers"],
      ["repossessed", "1", "takes no bands"],
      ["origination", "2017", "months"],
    ] as const;
    for (const [by, bands, words] of wrong) {
      const url = `periods/${LAST}/stratifications?by=${by}&bands=${bands}`;
      const answer = await read(url);
      assert.deepEqual([answer.statusCode, answer.json().code], [422, "stratification-invalid"]);
      assert.ok(answer.json().detail.includes(words), answer.json().detail);
    }
  });

  it("is for those who keep the books, and only of periods that are closed", async () => {
    const paths = ["statistics", "roll-rates", "concentrations", "stratifications?by=region"];
    for (const path of paths) {
      const answer = await read(`periods/2018-05/${path}`);
      assert.deepEqual([answer.statusCode, answer.json().code], [404, "period-not-closed"], path);
      for (const role of ["servicer", "approver", "trustee", "administrator"] as const) {
        assert.equal((await read(`periods/${LAST}/${path}`, server.users[role])).statusCode, 200);
      }
      const investor = await read(`periods/${LAST}/${path}`, server.users.investor);
      assert.equal(investor.statusCode, 403);
    }
  });

  it("stands in the statement", async () => {
    const sheet = (await read(`periods/${LAST}/statement?format=csv`)).body;
    const plain = plainMonths().at(-1)?.figures ?? {};
    // Per cent to four decimals, cut.
    const four = (wad: bigint | null | undefined) =>
      ((wad ?? 0n) / 10n ** 12n)
        .toString()
        .padStart(5, "0")
        .replace(/(\d{4})$/, ".$1");
    assert.ok(
      sheet.includes(`speeds.cpr (per cent, 4 decimals, cut)",${four(plain["cpr"])}`),
      sheet,
    );
    assert.ok(sheet.includes(`"cumulativeNetLoss (per cent, 4 decimals, cut)",5.2904`));
    assert.ok(sheet.includes(`delinquencyMba.30-59.balance,`));
  });

  it("is kept: it reads the same when the rows are gone, and a close that follows stands beside it", async () => {
    const paths = [
      ...["statistics", "roll-rates", "concentrations"].map((name) => `periods/${LAST}/${name}`),
      ...["vintages", "statistics"],
      `periods/${LAST}/stratifications?by=region`,
    ];
    const all = async () => await Promise.all(paths.map(async (path) => (await read(path)).json()));
    const earlier = await all();
    const { db } = server.context;
    const [deal] = (
      await sql<{ key: number }>`select key from deals where id = ${DEAL}`.execute(db)
    ).rows;
    const leaf = `loan_months_${deal?.key}_${MONTHS.length - 1}_1`;
    await sql`create table kept as select * from ${sql.table(leaf)}`.execute(db);
    await sql`truncate ${sql.table(leaf)}`.execute(db);
    assert.deepEqual(await all(), earlier);
    await sql`insert into ${sql.table(leaf)} select * from kept`.execute(db);

    const corrected = amcarTape(LAST).replace(/(<obligorGeographicLocation>)\w+/, "$1GU");
    const facts = { tape: corrected, reason: "a wrong state" };
    assert.equal((await correct(server, LAST, facts)).statusCode, 201);
    const { items, version } = (await read(`periods/${LAST}/concentrations`)).json();
    assert.equal(version, 2);
    assert.ok(items.some(({ region }: { region: string }) => region === "GU"));
    const { rows } = await sql<{ version: number; regions: number }>`
      select version, count(*)::integer as regions from pool_concentrations
      where period = ${MONTHS.length - 1} and region = 'GU' group by version
    `.execute(db);
    assert.deepEqual(rows, [{ version: 2, regions: 1 }]);
    const series = (await read("statistics?figures=wac")).json().items;
    assert.deepEqual(
      series.map((item: { version: number }) => item.version),
      [...MONTHS.slice(2).map(() => 1), 2],
    );
    for (const table of ["pool_statistics", "pool_vintages", "pool_stratifications"]) {
      const change = sql`update ${sql.table(table)} set version = version`.execute(db);
      await assert.rejects(change, /its rows do not change/);
    }
  });
});
