import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { buildPoolPicture } from "../../../server/periods/build-pool-statistics.ts";
import type { StatisticsBasis } from "../../../server/periods/build-pool-statistics.ts";
import {
  describeFirstFault,
  readPoolCells,
  readPoolSpread,
} from "../../../server/periods/pool-statistics-queries.ts";
import type { TapePair } from "../../../server/periods/pool-statistics-queries.ts";
import type { PoolPicture } from "../../../server/periods/pool-statistics.ts";
import { STATISTICS } from "../../../server/periods/statistic-catalogue.ts";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import { AMCAR_TERMS } from "../tapes/amcar-2017-4.ts";
import { makePool } from "./made-pool.ts";
import { insertVersion, readAmcar, readCarmax } from "./plain-loans.ts";
import type { PlainLoan } from "./plain-loans.ts";
import { plainPeriod, plainVintages } from "./plain-statistics.ts";
import type { PlainPeriod } from "./plain-statistics.ts";

const TERMS = AMCAR_TERMS;
/** The flows that AMCAR_TERMS names. */
const AVAILABLE = [
  ...(["principal_cents", "interest_cents", "recovery_cents"] as const),
  "liquidation_proceeds_cents",
] as const;
const SUBTRACT = ["principal_cents", "other_adjustment_cents", "charge_off_cents"] as const;

interface Tape {
  month: number;
  loans: PlainLoan[];
}

/** A deal's tapes as versions 1 of its periods, and what the server makes of each period in turn. */
async function picturesOf(
  server: TestServer,
  dealKey: number,
  tapes: readonly Tape[],
): Promise<PoolPicture[]> {
  const { db } = server.context;
  for (const [period, { loans }] of tapes.entries()) {
    await insertVersion(db, { dealKey, period, version: 1 }, loans);
  }
  const pictures: PoolPicture[] = [];
  let earlier: StatisticsBasis["before"] = null;
  for (const [period, { month }] of tapes.entries()) {
    if (period === 0) continue;
    const pair = pairOf(dealKey, period, month);
    const rows = await db.transaction().execute(async (trx) => ({
      cells: await readPoolCells(trx, pair),
      spread: await readPoolSpread(trx, pair.current),
    }));
    assert.equal(
      rows.cells.reduce((sum, { faults }) => sum + faults, 0n),
      0n,
    );
    const picture = buildPoolPicture(rows, {
      ...{ terms: TERMS, month, months: 1, before: earlier },
      cutOffBalanceCents: closingOf(tapes[0]),
    });
    pictures.push(picture);
    earlier = { cumulative: picture.statistics.cumulative, vintages: picture.vintages };
  }
  return pictures;
}

function pairOf(dealKey: number, period: number, month: number): TapePair {
  return {
    previous: { dealKey, period: period - 1, version: 1 },
    current: { dealKey, period, version: 1 },
    month,
    terms: TERMS,
  };
}

const closingOf = (tape: Tape | undefined): bigint =>
  (tape?.loans ?? []).reduce((sum, loan) => sum + loan.ending_balance_cents, 0n);

function plainOf(tapes: readonly Tape[]): PlainPeriod[] {
  const periods: PlainPeriod[] = [];
  for (const [i, { month, loans }] of tapes.entries()) {
    if (i === 0) continue;
    const basis = {
      ...{ month, cutOff: closingOf(tapes[0]) },
      ...{ available: AVAILABLE, subtract: SUBTRACT },
    };
    const previous = tapes[i - 1]?.loans ?? [];
    periods.push(plainPeriod(loans, { previous, earlier: periods.at(-1)?.amounts ?? {}, basis }));
  }
  return periods;
}

const figuresOf = ({ statistics }: PoolPicture) =>
  Object.fromEntries(STATISTICS.map(({ name, read }) => [name, read(statistics)]));

function requireSame(pictures: readonly PoolPicture[], tapes: readonly Tape[]): void {
  const plain = plainOf(tapes);
  assert.equal(pictures.length, plain.length);
  for (const [i, picture] of pictures.entries()) {
    const expected = plain[i] ?? assert.fail();
    const label = `period ${i + 1}`;
    for (const { name, read } of STATISTICS) {
      assert.equal(read(picture.statistics), expected.figures[name], `${label} ${name}`);
    }
    assert.deepEqual(
      Object.keys(figuresOf(picture)).toSorted(),
      Object.keys(expected.figures).toSorted(),
    );
    const rolls = picture.rolls.map((roll) => [
      `${roll.before} -> ${roll.after}`,
      [roll.loanCount, roll.balanceBeforeCents, roll.balanceAfterCents],
    ]);
    assert.deepEqual(Object.fromEntries(rolls), expected.rolls, label);
    const regions = picture.concentrations.map((found) => [
      ...[found.region, found.loanCount],
      ...[found.balanceCents, found.rateWad],
    ]);
    assert.deepEqual(regions, expected.regions, label);
    const vintages = picture.vintages.map((point) => [
      point.quarter === null ? "?" : String(point.quarter),
      [
        ...[point.loanCount, point.balanceCents, point.enteredCents],
        ...[point.originalCents, point.grossLossCents, point.netLossCents],
        point.enteredCount,
      ],
    ]);
    const history = tapes.slice(0, i + 2).map(({ loans }) => loans);
    assert.deepEqual(
      Object.fromEntries(vintages),
      plainVintages(history, { subtract: SUBTRACT }),
      label,
    );
  }
}

describe("the statistics of a pool equal those computed loan by loan", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  it("over the 39 periods of AmeriCredit 2017-4", async () => {
    const tapes = readAmcar();
    requireSame(await picturesOf(server, 101, tapes), tapes);
  });

  it("over the four months after the first of 99 loans of CarMax 2017-1, until all have ended", async () => {
    const tapes = readCarmax();
    const pictures = await picturesOf(server, 102, tapes);
    requireSame(pictures, tapes);
    // The exhibits' own sums: 5,511.58 principal in January 2017, 1,278,704.03 charged off in April.
    assert.equal(pictures[0]?.statistics.amounts.principal, 551_158n);
    assert.equal(pictures[3]?.statistics.amounts.chargeOffs, 127_870_403n);
    assert.deepEqual(
      [pictures[3]?.statistics.poolClosing, pictures[3]?.statistics.loanCount],
      [0n, 0],
    );
  });

  it("over made pools with every status, missing values, additions and loans that come back", async () => {
    const met = new Set<string>();
    for (const [i, cutOff] of [2023 * 12, 2023 * 12 + 11, 2024 * 12 + 2].entries()) {
      const tapes = makePool({ seed: 5 + i, loans: 300, months: 4, cutOff });
      requireSame(await picturesOf(server, 110 + i, tapes), tapes);
      for (const { loans } of tapes) for (const { status } of loans) met.add(status);
    }
    assert.equal(met.size, 10);
  });

  it("over a tape that counts lateness in months, and one that states no days", async () => {
    for (const [i, days] of [30, null].entries()) {
      const tapes = makePool({ seed: 40 + i, loans: 200, months: 2, cutOff: 2024 * 12 }).map(
        ({ month, loans }) => ({
          month,
          loans: loans.map((loan) => ({
            ...loan,
            days_past_due:
              days === null || loan.days_past_due === null
                ? null
                : Math.floor(loan.days_past_due / days) * days,
          })),
        }),
      );
      requireSame(await picturesOf(server, 120 + i, tapes), tapes);
    }
  });

  it("over a period of three months: a quarter's rates, a month's and a year's", async () => {
    const [first, second] = makePool({ seed: 70, loans: 200, months: 1, cutOff: 2024 * 12 });
    assert.ok(first !== undefined && second !== undefined);
    const { db } = server.context;
    await insertVersion(db, { dealKey: 140, period: 0, version: 1 }, first.loans);
    await insertVersion(db, { dealKey: 140, period: 1, version: 1 }, second.loans);
    const pair = pairOf(140, 1, second.month);
    const rows = await db.transaction().execute(async (trx) => ({
      cells: await readPoolCells(trx, pair),
      spread: await readPoolSpread(trx, pair.current),
    }));
    const basis = { terms: TERMS, month: second.month, before: null };
    const cutOffBalanceCents = closingOf(first);
    const { statistics } = buildPoolPicture(rows, { ...basis, months: 3, cutOffBalanceCents });
    const { amounts, speeds, poolOpening, poolClosing } = statistics;
    const whole = poolOpening - amounts.scheduledPrincipal;
    const left = whole - amounts.prepaidPrincipal;
    const wad = 10n ** 18n;
    // A quarter leaves left / whole; a year has four of them, a month is its cube root.
    const year = (left ** 4n * wad + whole ** 4n - 1n) / whole ** 4n;
    assert.equal(speeds.cprWad, wad - year);
    const month = wad - (speeds.smmWad ?? 0n);
    assert.ok(month ** 3n * whole >= left * wad ** 3n);
    assert.ok((month - 1n) ** 3n * whole < left * wad ** 3n);
    // Four times the quarter's net loss, over the mean balance.
    assert.equal(
      statistics.annualisedNetLossWad,
      (4n * 2n * amounts.netLoss * wad) / (poolOpening + poolClosing),
    );
  });

  it("find a month that does not begin where the last one ended, and a loan that is gone", async () => {
    const [first, second] = makePool({ seed: 9, loans: 20, months: 1, cutOff: 2024 * 12 });
    assert.ok(first !== undefined && second !== undefined);
    const { db } = server.context;
    const broken = second.loans.map((loan) =>
      loan.loan_id === "L7" ? { ...loan, beginning_balance_cents: 1n } : loan,
    );
    await insertVersion(db, { dealKey: 130, period: 0, version: 1 }, first.loans);
    await insertVersion(db, { dealKey: 130, period: 1, version: 1 }, broken);
    const gone = second.loans.filter(({ loan_id: id }) => id !== "L5");
    await insertVersion(db, { dealKey: 130, period: 1, version: 2 }, gone);
    const ended = (id: string): string => {
      const cents = first.loans.find((loan) => loan.loan_id === id)?.ending_balance_cents ?? 0n;
      return `${cents / 100n}.${String(cents % 100n).padStart(2, "0")}`;
    };
    const found: string[] = [];
    for (const version of [1, 2]) {
      const pair = pairOf(130, 1, second.month);
      pair.current.version = version;
      await db.transaction().execute(async (trx) => {
        const cells = await readPoolCells(trx, pair);
        assert.equal(
          cells.reduce((sum, { faults }) => sum + faults, 0n),
          1n,
        );
        found.push(await describeFirstFault(trx, pair));
      });
    }
    assert.deepEqual(found, [
      `L7: found "0.01", expected ${ended("L7")}, the closing balance of the tape before`,
      `L5: found "", expected a row: its last closing balance is ${ended("L5")}`,
    ]);
  });
});
