/** Exhibits 102 of the SEC: slices of filings, and made ones of the schemas that few issuers file. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { assertFigures } from "./control-figures.ts";
import type { ControlFigures } from "./control-figures.ts";
import { readSample, sampleFile } from "./read-sample.ts";
import type { ReadSample, SampleTerms } from "./read-sample.ts";
import { USUAL } from "./usual-roll-forward.ts";

const text = (name: string): string => readFileSync(sampleFile(name), "utf8");

const SLICES: { file: string; terms: SampleTerms; figures: ControlFigures }[] = [
  {
    file: "absee-auto-loan-xml/ally-2017-03.xml",
    // Ally takes off repossession proceeds and recoveries, too.
    terms: {
      periodEnd: "2017-03-31",
      rollForward: {
        subtract: ["principal", "chargeOff", "liquidationProceeds", "recovery"],
        add: [],
        toleranceCents: 0n,
      },
    },
    figures: {
      rows: 6,
      loans: 6,
      terminated: 2,
      delinquent: 1,
      sums: {
        beginningBalance: "83295.61",
        principal: "108.59",
        interest: "39.02",
        otherAdjustment: "-743.24",
        chargeOff: "17296.02",
        liquidationProceeds: "17753.25",
        endingBalance: "48137.75",
      },
    },
  },
  {
    file: "absee-auto-loan-xml/california-republic-2017-03.xml",
    terms: { periodEnd: "2017-03-31", rateUnit: "percent", rollForward: USUAL },
    figures: {
      rows: 6,
      loans: 6,
      terminated: 1,
      delinquent: 5,
      sums: {
        beginningBalance: "105649.96",
        principal: "15173.21",
        interest: "119.80",
        chargeOff: "1.00",
        endingBalance: "90475.75",
      },
    },
  },
  {
    file: "absee-auto-loan-xml/carmax-2016-12.xml",
    terms: { periodEnd: "2016-12-31", rollForward: USUAL },
    figures: {
      // One of the loans stands twice, each time with the same values.
      rows: 4,
      loans: 3,
      terminated: 0,
      delinquent: 3,
      sums: {
        beginningBalance: "84569.09",
        principal: "1667.30",
        interest: "1058.45",
        endingBalance: "82901.79",
      },
    },
  },
  {
    file: "absee-auto-loan-xml/santander-2026-06.xml",
    terms: { periodEnd: "2026-06-30", rollForward: USUAL },
    figures: {
      rows: 8,
      loans: 8,
      terminated: 5,
      delinquent: 3,
      sums: {
        beginningBalance: "6620.23",
        principal: "2576.36",
        interest: "25.48",
        endingBalance: "4043.87",
      },
    },
  },
  {
    file: "absee-cmbs-xml/bmark-2026-03.xml",
    terms: {
      periodBegin: "2026-02-12",
      periodEnd: "2026-03-11",
      // 38,702,733.27 follows from 38,775,462.14 - 72,728.86 to within a cent.
      rollForward: { ...USUAL, toleranceCents: 1n },
    },
    figures: {
      rows: 4,
      loans: 4,
      terminated: 0,
      delinquent: 0,
      sums: {
        beginningBalance: "203775462.14",
        principal: "72728.86",
        interest: "651907.74",
        endingBalance: "203702733.27",
      },
    },
  },
];

describe("slices of exhibits as filed", () => {
  for (const { file, terms, figures } of SLICES) {
    it(`add up to the control totals: ${file}`, async () => {
      assertFigures(await readSample(text(file), terms), figures);
    });
  }

  it("are as the pool's own rule says, and Ally's are not by the usual one", async () => {
    for (const { file, terms } of SLICES) {
      const { refusals } = await readSample(text(file), terms);
      const codes = refusals.map(({ code }) => code);
      // Ally closes 93 % of its rows; here a charged-off loan of 8,100.00 and one of 9,653.25.
      const allowed = file.includes("ally") ? ["roll-forward", "terminated-with-balance"] : [];
      assert.deepEqual([...new Set(codes.filter((code) => !allowed.includes(code)))], [], file);
    }
    const ally = { ...SLICES[0]!, terms: { periodEnd: "2017-03-31", rollForward: USUAL } };
    const { refusals } = await readSample(text(ally.file), ally.terms);
    assert.equal(refusals.filter(({ code }) => code === "roll-forward").length, 6);
  });

  it("skip the properties of a loan with several, and count them", async () => {
    const { rows, problems } = await readSample(text("absee-cmbs-xml/bmark-2026-03.xml"), {
      periodEnd: "2026-03-11",
    });
    assert.deepEqual(
      rows.map(({ loanId }) => loanId),
      ["1", "2", "3", "4"],
    );
    // 3-001 and 3-002.
    const skipped = problems.find(({ code }) => code === "records-skipped");
    assert.equal(skipped?.value, "2 records without any");
  });

  it("value the collateral of a loan by what its properties were appraised at", async () => {
    const { rows } = await readSample(text("absee-cmbs-xml/bmark-2026-03.xml"), {
      periodEnd: "2026-03-11",
    });
    assert.deepEqual(
      rows.slice(0, 3).map(({ cents, values }) => [cents("collateralValue"), values.region]),
      [
        [216_000_000_00, "NY"],
        [85_350_000_00, "AZ"],
        [152_700_000_00, null],
      ],
    );
  });

  it("say when what was paid is not the sum of its parts", async () => {
    const { problems } = await readSample(text("absee-auto-loan-xml/santander-2026-06.xml"), {
      periodEnd: "2026-06-30",
    });
    const split = problems.filter(({ code }) => code === "payment-split");
    // 210.00 paid; 207.10 + 0 + 10.35 booked.
    assert.deepEqual(
      split.map(({ value, severity }) => [value, severity]),
      [["210.00", "note"]],
    );
    assert.match(split[0]?.expected ?? "", /217\.45/);
  });

  it("are refused where the rates are in percent and the deal says fractions", async () => {
    const { refusals } = await readSample(
      text("absee-auto-loan-xml/california-republic-2017-03.xml"),
      { periodEnd: "2017-03-31", rateUnit: "fraction" },
    );
    // Row by row, and once for the column.
    assert.deepEqual([...new Set(refusals.map(({ code }) => code))], ["rate-range", "rate-unit"]);
  });
});

describe("servicing fees", () => {
  for (const [file, terms, perYear] of [
    // 0.00083 a month is 0.996 % a year.
    [
      "carmax-2016-12",
      { periodEnd: "2016-12-31", rateUnit: "fraction", feeUnit: "fraction a month" },
      0.00083 * 12,
    ],
    // 1 stands for 1 %.
    [
      "california-republic-2017-03",
      { periodEnd: "2017-03-31", rateUnit: "percent", feeUnit: "percent" },
      0.01,
    ],
    ["ally-2017-03", { periodEnd: "2017-03-31", rateUnit: "fraction" }, 0.01],
  ] as const) {
    it(`are stated in the deal's own unit: ${file}`, async () => {
      const { rows } = await readSample(text(`absee-auto-loan-xml/${file}.xml`), terms);
      assert.equal(rows[0]?.rate("servicingFeeRate"), perYear);
    });
  }
});

describe("codes with one name", () => {
  const cases: [file: string, periodEnd: string, statuses: Record<string, string>][] = [
    [
      "absee-auto-lease-xml/leases-2026-02.xml",
      "2026-02-28",
      {
        "L-000001": "current",
        "L-000002": "delinquent",
        // 1: terminated; the vehicle was returned.
        "L-000003": "prepaid or matured",
        // 3: charged off, where it is a repurchase of an auto loan.
        "L-000004": "charged off",
        // terminationIndicator 3: repossessed, and not yet sold.
        "L-000005": "repossessed",
      },
    ],
    [
      "absee-rmbs-xml/mortgages-2026-02.xml",
      "2026-02-28",
      {
        "R-1": "current",
        // Next due on 2025-12-01: 89 days to 2026-02-28.
        "R-2": "delinquent",
        "R-3": "prepaid or matured",
        // 3: a short sale.
        "R-4": "liquidated",
        "R-5": "current",
        // Acquired by foreclosure.
        "R-6": "repossessed",
      },
    ],
    [
      "absee-debt-securities-xml/securities-2026-02.xml",
      "2026-02-28",
      {
        "12345AAA0": "current",
        "12345AAB8": "delinquent",
        "12345AAC6": "prepaid or matured",
        // 2: repurchased, where it is a sale of an auto loan.
        "12345AAD4": "repurchased",
      },
    ],
  ];
  for (const [file, periodEnd, statuses] of cases) {
    it(`mean what their own schema says: ${file}`, async () => {
      const { rows } = await readSample(text(file), { periodEnd });
      assert.deepEqual(Object.fromEntries(rows.map((row) => [row.loanId, row.status])), statuses);
    });
  }
});

describe("an exhibit of auto leases", () => {
  const read = (): Promise<ReadSample> =>
    readSample(text("absee-auto-lease-xml/leases-2026-02.xml"), { periodEnd: "2026-02-28" });

  it("has the securitisation value for a balance, to the cent", async () => {
    const { rows, totals } = await read();
    // 24,100.12345678 and 23,650.87654321
    assert.deepEqual(
      [rows[0]?.cents("beginningBalance"), rows[0]?.cents("endingBalance")],
      [24_100_12, 23_650_88],
    );
    // 24,100.12 + 18,000.00 + 15,000.00 + 16,500.50 + 21,000.00
    assert.equal(totals.cents("beginningBalance"), 94_600_62);
    // 23,650.88 + 17,600.40 + 0 + 0 + 20,800.00
    assert.equal(totals.cents("endingBalance"), 62_051_28);
    // 15.00 + (0 + 350.25)
    assert.equal(totals.cents("fees"), 365_25);
    assert.deepEqual([totals.terminated, totals.delinquent], [2, 3]);
  });

  it("says that a vehicle was repossessed, also among several codes", async () => {
    const { rows } = await read();
    // terminationIndicator: none, none, 2 (returned), 3 and 98, 3
    assert.deepEqual(
      rows.map((row) => row.number("repossessed")),
      [null, null, 0, 1, 1],
    );
  });

  it("has a discount rate instead of an interest rate", async () => {
    const { rows } = await read();
    assert.equal(rows[0]?.rate("interestRate"), 0.0625);
    assert.deepEqual([rows[0]?.number("originalTerm"), rows[0]?.number("remainingTerm")], [36, 13]);
  });
});

describe("an exhibit of residential mortgages", () => {
  const read = (): Promise<ReadSample> =>
    readSample(text("absee-rmbs-xml/mortgages-2026-02.xml"), {
      periodEnd: "2026-02-28",
      rollForward: USUAL,
    });

  it("rolls forward, also through a short sale", async () => {
    const { refusals, totals } = await read();
    assert.deepEqual(refusals, []);
    // 241,000 + 150,000 + 90,000 + 200,000 + 205,000 + 99,000
    assert.equal(totals.cents("beginningBalance"), 985_000_00);
    // 387.55 + 90,000 + 140,000 + 400
    assert.equal(totals.cents("principal"), 230_787_55);
    // 985,000.00 - 230,787.55 - 60,000.00 lost - 100.00 adjusted
    assert.equal(totals.cents("endingBalance"), 694_112_45);
  });

  it("adds up recoveries and advances of several elements", async () => {
    const { rows, totals } = await read();
    // 5,000.00 of mortgage insurance, 250.00 later.
    assert.equal(rows[3]?.cents("recovery"), 5_250_00);
    assert.equal(rows[3]?.cents("liquidationProceeds"), 140_000_00);
    // 6 x (100.10 + 200.20)
    assert.equal(totals.cents("servicerAdvance"), 1_801_80);
  });

  it("takes a modified maturity and a later score before the original ones", async () => {
    const { rows } = await read();
    const of = (id: string): (number | null)[] => {
      const row = rows.find(({ loanId }) => loanId === id);
      return [row?.number("maturity") ?? null, row?.number("creditScore") ?? null];
    };
    assert.deepEqual(of("R-1"), [2045 * 12 + 5, 731]);
    assert.deepEqual(of("R-5"), [2050 * 12, 655]);
  });

  it("counts the days from the next due date", async () => {
    const { rows } = await read();
    assert.deepEqual(
      rows.map(({ days, bucket }) => [days, bucket]),
      [
        // Next due in March: nothing is late.
        [0, "current"],
        // 31 days of December + 31 + 27
        [89, "60-89"],
        [0, "current"],
        [364, "120+"],
        [0, "current"],
        [272, "120+"],
      ],
    );
  });
});

describe("an exhibit of debt securities", () => {
  it("reads the interest from the element that is called a percentage", async () => {
    const { totals, rows } = await readSample(
      text("absee-debt-securities-xml/securities-2026-02.xml"),
      { periodEnd: "2026-02-28", rollForward: USUAL },
    );
    // 23,437.50 + 0 + 390.63 + 2,500.00
    assert.equal(totals.cents("interest"), 26_328_13);
    // 7,400,000 + 5,010,000, to which 10,000 of interest was added
    assert.equal(totals.cents("endingBalance"), 12_410_000_00);
    assert.deepEqual([rows[1]?.days, rows[1]?.number("modified")], [31, 1]);
  });
});
