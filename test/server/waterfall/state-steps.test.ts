/** BOOK, TEST, SET and BUY, and the two ways in which FEE and INT differ from the ordinary ones. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FLAG } from "../../../server/deals/terms-format.ts";
import { handMadeDeal } from "./hand-made-deal.ts";
import type { DealParts } from "./hand-made-deal.ts";
import { runFirst, runMany } from "./run-hand-made.ts";
import type { Given } from "./run-hand-made.ts";

type Steps = NonNullable<DealParts["programs"]>[number];

/** [demand, paid, before, flags] of each step. */
function recordsOf(parts: DealParts, given?: Given) {
  const run = runFirst(parts, given);
  return run.records.map(({ demand, paid, before, flags }) => [demand, paid, before, flags]);
}

describe("BOOK", () => {
  const dr = (amount: string) => ({ operation: "BOOK", mode: "DR", amount }) as const;
  const cr = (amount: string) => ({ operation: "BOOK", mode: "CR", amount }) as const;

  test("a debit raises the ledger, a credit lowers it to 0 at most; what was not booked is lost", () => {
    const lost = { operation: "LET", destination: 0, amount: "LOST 2" } as const;
    const steps: Steps = [dr("70"), cr("20"), cr("60"), lost, dr("-5"), dr("5")];
    const run = runFirst({ ledgers: 1, programs: [steps] });
    assert.deepEqual(
      run.records.map(({ demand, paid, before }) => [demand, paid, before]),
      [
        [70n, 70n, 0n],
        [20n, 20n, 70n],
        [60n, 50n, 50n],
        [10n, 0n, 0n], // 60 - 50
        [0n, 0n, 0n],
        [5n, 5n, 0n],
      ],
    );
    assert.deepEqual(run.state.ledgers, [5n]);
  });

  test("[R7] a ledger holds 2^64 - 1 at most", () => {
    const full = 2n ** 64n - 1n;
    const records = recordsOf({ ledgers: 1, programs: [[dr(`${full - 3n}`), dr("5")]] });
    assert.deepEqual(records[1], [5n, 3n, full - 3n, 0]);
  });

  test("ledgers go on from run to run", () => {
    const terms = handMadeDeal({ ledgers: 2, programs: [[{ ...dr("PERIOD"), destination: 1 }]] });
    const ledgers = runMany(terms, [{}, {}, {}]).map(({ state }) => state.ledgers);
    assert.deepEqual(ledgers, [
      [0n, 1n],
      [0n, 3n],
      [0n, 6n],
    ]);
  });
});

describe("SET", () => {
  const read = (destination: number) =>
    ({ operation: "LET", destination, amount: "PHASE" }) as const;
  const phases = (mode: "PHASE" | "NOW"): DealParts => ({
    programs: [
      [{ operation: "SET", mode, destination: 1 }, read(0)],
      [read(0), { operation: "SET", mode: "PHASE", destination: 0 }],
    ],
  });

  test("a phase counts from the next run on, with NOW at once; the program goes on to its end", () => {
    for (const [mode, seen] of [["PHASE", 0n] as const, ["NOW", 1n] as const]) {
      const [first, second] = runMany(handMadeDeal(phases(mode)), [{}, {}]);
      assert.deepEqual(
        first?.records.map(({ demand, before }) => [demand, before]),
        [
          [1n, 0n],
          [seen, 0n],
        ],
      );
      assert.deepEqual([first?.phaseBefore, first?.phaseRun, first?.phaseAfter], [0, 0, 1]);
      assert.deepEqual([second?.phaseRun, second?.phaseAfter], [1, 0]);
      assert.deepEqual([second?.records[0]?.demand, second?.records[1]?.before], [1n, 1n]);
    }
  });

  test("a transition after the steps starts from the phase that SET named", () => {
    const transitions = [
      { from: 0, to: 2, when: "1" },
      { from: 1, to: 3, when: "1" },
    ];
    const run = runFirst({
      programs: [[{ operation: "SET", mode: "PHASE", destination: 1 }], [], [], []],
      transitions,
    });
    assert.equal(run.phaseAfter, 3);
  });

  test("a variable keeps its value; a negative one has demand 0 and no flag", () => {
    const set = (amount: string) => ({ operation: "SET", mode: "VALUE", amount }) as const;
    const terms = handMadeDeal({ variables: [40n], programs: [[set("SLANE 1; -30; ADD")]] });
    const runs = runMany(terms, [{}, {}]);
    assert.deepEqual(
      runs.map(({ state, records }) => [state.variables, records[0]?.demand, records[0]?.flags]),
      [
        [[10n], 10n, 0],
        [[-20n], 0n, 0],
      ],
    );
  });
});

describe("transitions", () => {
  const programs: DealParts["programs"] = [
    [{ operation: "LET", destination: 0, amount: "100" }],
    [{ operation: "LET", destination: 0, amount: "200" }],
  ];

  test("before the steps: the other program runs in the same period", () => {
    const run = runFirst({ programs, transitions: [{ to: 1, when: "1", at: "before" }] });
    assert.deepEqual([run.phaseBefore, run.phaseRun, run.phaseAfter], [0, 1, 1]);
    assert.equal(run.records[0]?.demand, 200n);
  });

  test("the first that holds is taken; one from another phase is not looked at", () => {
    const transitions: DealParts["transitions"] = [
      { from: 1, to: 0, when: "1" },
      { from: 0, to: 0, when: "0" },
      { from: null, to: 1, when: "1" },
      { from: null, to: 0, when: "1" },
    ];
    const run = runFirst({ programs, transitions });
    assert.deepEqual([run.phaseRun, run.phaseAfter], [0, 1]);
    assert.deepEqual(
      run.derivations.map(({ index }) => index),
      [1, 2],
    );
  });

  test("a trigger tested before the steps moves the phase of this period", () => {
    const run = runFirst({
      programs,
      triggers: [{ numerator: "2", threshold: "1" }],
      transitions: [{ to: 1, when: "TRIG 0", at: "before" }],
    });
    assert.equal(run.phaseRun, 1);
  });
});

describe("BUY", () => {
  const buy = { operation: "BUY", destination: 0, toPayee: true, amount: "80" } as const;
  const parts: DealParts = { buys: true, programs: [[buy, buy]] };
  const at = (price: bigint, funds = 100n) => {
    const run = runFirst(parts, { funds, extras: [price] });
    const [first, second] = run.records;
    return { paid: [first?.paid, second?.paid], flags: first?.flags, words: run.words.at(-1), run };
  };

  test("pays the list's price once, when the deal may pay as much and has it", () => {
    assert.deepEqual(at(80n).paid, [80n, 0n]);
    assert.deepEqual(at(79n).run.payees, [79n]);
    assert.equal(at(79n).run.flags, 0);
    assert.equal(at(79n).words, 79n);
  });

  test("a list that costs more than the deal may pay, or has, is not bought, with a flag", () => {
    assert.deepEqual([at(81n).paid, at(81n).flags], [[0n, 0n], FLAG.UNMATCHED]);
    assert.deepEqual([at(60n, 59n).paid, at(60n, 59n).flags], [[0n, 0n], FLAG.UNMATCHED]);
  });

  test("a price of 0 or below buys nothing; a negative one stands in the words as it is", () => {
    assert.deepEqual([at(0n).paid, at(0n).flags], [[0n, 0n], 0]);
    assert.deepEqual([at(-1n).paid, at(-1n).flags], [[0n, 0n], 0]);
    assert.equal(at(-1n).words, 2n ** 256n - 1n);
  });

  test("at any price every BUY pays what there is, and the sum stands in the words", () => {
    const run = runFirst(parts, { funds: 100n, purchasePrice: "any" });
    assert.deepEqual(
      run.records.map(({ paid }) => paid),
      [80n, 20n],
    );
    assert.deepEqual([run.payees, run.extras, run.words.at(-1)], [[100n], [100n], 100n]);
  });

  test("the figures must be there: fixings, and a price where the deal buys", () => {
    assert.throws(() => runFirst(parts), /0 fixings and prices given, the deal has 1/);
    assert.throws(() => runFirst({}, { extras: [1n] }), /1 fixings and prices given/);
    assert.throws(() => runFirst({ indices: 2, buys: true }, { purchasePrice: "any" }), RangeError);
  });
});

describe("FEE CAP EACH", () => {
  const fees: DealParts["fees"] = [
    { amount: 50n, cap: 0 },
    { amount: 30n, cap: 0 },
    { amount: 40n, cap: 1 },
    { amount: 9n },
  ];
  const caps = [{ cents: 60n }, { cents: 25n }];
  const step = { operation: "FEE", list: [0, 1, 2, 3], capEach: true } as const;

  test("each fee is limited by its own cap, a shared one in the order of the list", () => {
    const run = runFirst({ fees, caps, programs: [[{ ...step, mode: "SEQ" }]] }, { funds: 500n });
    const [record] = run.records;
    // cap 0: 50 + 10 of 30; cap 1: 25 of 40; no cap: 9. Due are 129
    assert.deepEqual([record?.demand, record?.paid], [129n, 94n]);
    assert.deepEqual(run.state.feesUnpaid, [0n, 20n, 15n, 0n]);
    assert.deepEqual(run.state.capsUsed, [60n, 25n]);
  });

  test("pro rata to what each may take, and the caps are used by what is paid", () => {
    const run = runFirst({ fees, caps, programs: [[step]] }, { funds: 47n });
    // half of 50, 10, 25 and 9: 25, 5, 12.5 and 4.5, cut cumulatively half-up
    assert.deepEqual(run.state.feesUnpaid, [25n, 25n, 27n, 5n]);
    assert.deepEqual(run.state.capsUsed, [30n, 13n]);
  });

  test("a later step without a cap pays what the caps held back", () => {
    const overflow = { operation: "FEE", list: [0, 1, 2, 3], mode: "SEQ" } as const;
    const run = runFirst({ fees, caps, programs: [[step, overflow]] }, { funds: 500n });
    assert.deepEqual(run.state.feesUnpaid, [0n, 0n, 0n, 0n]);
    assert.deepEqual(run.state.capsUsed, [60n, 25n]);
    assert.deepEqual(run.payees, [129n]);
  });
});
