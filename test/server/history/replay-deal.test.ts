import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { DealEvent, DealRecord } from "../../../server/chain/deal-record.ts";
import { formatReplay } from "../../../server/history/format-replay.ts";
import { replayDeal, type Replay } from "../../../server/history/replay-deal.ts";
import { present } from "./present.ts";
import { goldenRecord, holders } from "./golden-record.ts";

let record: DealRecord;
before(async () => {
  record = await goldenRecord(39);
});

/** A copy in which some events of one name are changed. */
function withEvents<Name extends DealEvent["name"]>(
  name: Name,
  change: (event: DealEvent & { name: Name }) => Partial<DealEvent> | null,
): DealRecord {
  const events = record.events.flatMap((event) => {
    if (event.name !== name) return [event];
    const changed = change(event as DealEvent & { name: Name });
    return changed === null ? [] : [{ ...event, ...changed } as DealEvent];
  });
  return { ...record, events };
}

function itemsOf(replay: Replay): string[] {
  const all = [
    ...replay.periods.flatMap((period) => period.differences),
    ...replay.books.differences,
  ];
  return all.map(({ item }) => item);
}

/** Adds one to a 64-bit field of a word of period 5's run. */
function bumpWord(position: (words: bigint[]) => number, shift: bigint): DealRecord {
  return withEvents("WaterfallRun", (event) => {
    if (event.period !== 5) return event;
    const at = position(event.words);
    return { words: event.words.map((word, i) => (i === at ? word + (1n << shift) : word)) };
  });
}

/** Where class A stands after the header and the steps. */
const classA = (words: bigint[]): number => 1 + Number((present(words[0]) >> 208n) & 0xffn);

describe("a replay from the chain's record", () => {
  it("finds 39 periods of the golden deal equal to the last unit", () => {
    const replay = replayDeal(record);
    assert.deepEqual(itemsOf(replay), []);
    assert.equal(replay.differenceCount, 0);
    assert.equal(replay.periods.length, 39);
    assert.ok(replay.periods.every(({ compared }) => compared > 100));
    assert.match(formatReplay(replay), /39 periods computed again[\s\S]*to the last unit/);
  });

  it("of a deal that has paid nothing yet agrees with nothing", () => {
    const words = formatReplay({ ...replayDeal(record), periods: [] });
    assert.match(words, /there is nothing to compare yet\.$/);
    assert.doesNotMatch(words, /equals the chain|result hash/);
  });

  const tampered: [string, () => DealRecord, RegExp][] = [
    ["a step's paid amount", () => bumpWord(() => 14, 64n), /^step 14 .*, paid$/],
    ["a class balance", () => bumpWord(classA, 192n), /class A balance/],
    ["the last payee word", () => bumpWord((words) => words.length - 1, 192n), /payee .* paid/],
    ["the header's deal", () => bumpWord(() => 0, 0n), /header: deal/],
    ["bits of a word that nothing names", () => bumpWord(() => 3, 200n), /^word 3$/],
    [
      "a figure of a report",
      () =>
        withEvents("ReportPublished", (event) =>
          event.period === 2
            ? { figures: event.figures.map((figure, i) => (i === 1 ? figure - 1n : figure)) }
            : event,
        ),
      /report 2\.1 hash/,
    ],
    [
      "a funding left out",
      () => withEvents("CollectionsFunded", (event) => (event.cents === 466_931n ? null : event)),
      /collections after funding|cash: collections/,
    ],
    [
      "a deposit at closing that is too small",
      () => withEvents("DealOpened", (event) => ({ depositCents: event.depositCents - 1n })),
      /deposits at closing|funded = paid \+ held/,
    ],
    [
      "a closing that is missing",
      () => withEvents("DealOpened", () => null),
      /cash before closing/,
    ],
    [
      "an entitlement amount",
      () =>
        withEvents("EntitlementFunded", (event) =>
          event.period === 7 ? { principalUnits: event.principalUnits + 10_000n } : event,
        ),
      /class A period 7 entitlement, principal units/,
    ],
    [
      "a claim of one unit more",
      () => withEvents("Claimed", (event) => ({ interestUnits: event.interestUnits + 1n })),
      /claim of .* interest units/,
    ],
    [
      "a transfer dated before the record time",
      () =>
        withEvents("Transfer", (event) =>
          event.from === holders.early ? { at: event.at - 1 } : event,
        ),
      /holder .* claimable interest units/,
    ],
    [
      "a history of other runs",
      () => ({ ...record, books: { ...record.books, historyHash: record.created.termsHash } }),
      /^history hash/,
    ],
    [
      "cash that is missing",
      () => ({ ...record, books: { ...record.books, distributorHeldUnits: 0n } }),
      /distributor holds at least/,
    ],
    [
      "a principal balance of a token",
      () => ({
        ...record,
        books: {
          ...record.books,
          tokens: record.books.tokens.map((token) => ({ ...token, principalBalanceCents: 1n })),
        },
      }),
      /class A principal balance of the token/,
    ],
    [
      "a payee's address in the event",
      () => ({
        ...record,
        created: { ...record.created, payees: record.created.payees.toReversed() },
      }),
      /addresses of cash token/,
    ],
    [
      "another terms hash",
      () => ({ ...record, created: { ...record.created, termsHash: `0x${"ab".repeat(32)}` } }),
      /terms hash/,
    ],
  ];
  for (const [what, make, expected] of tampered) {
    it(`finds ${what}`, () => {
      const replay = replayDeal(make());
      assert.ok(replay.differenceCount > 0);
      assert.ok(
        itemsOf(replay).some((item) => expected.test(item)),
        itemsOf(replay).join("\n"),
      );
      assert.match(formatReplay(replay), /differences\.$/);
    });
  }

  it("prints both values of a difference", () => {
    const replay = replayDeal(bumpWord(classA, 192n));
    const difference = present(replay.periods[4]).differences.find(({ item }) =>
      /balance/.test(item),
    );
    const { chain, replay: again } = present(difference).books;
    assert.equal(BigInt(present(chain)) - BigInt(present(again)), 1n);
  });
});
