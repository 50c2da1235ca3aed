/**
 * The golden deal's first periods as a chain would tell them, by the plain rules and without a
 * chain: A is held by two, of whom one sells to the other between record and payment of period 1.
 */
import { readFile } from "node:fs/promises";
import type { DealEvent, DealRecord } from "../../../server/chain/deal-record.ts";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { keccak256 } from "../../../server/lib/keccak.ts";
import { hashReport } from "../../../server/reports/report-message.ts";
import { hashHistory } from "../../../server/waterfall/hash-history.ts";
import { runWaterfall } from "../../../server/waterfall/run-waterfall.ts";
import { openingState } from "../../../server/waterfall/waterfall-state.ts";
import { present } from "./present.ts";
import { goldenFigures } from "../reports/golden-figures.ts";

const zero = `0x${"00".repeat(20)}`;
const hash = (byte: string): string => `0x${byte.repeat(32)}`;
const wallet = (byte: string): string => `0x${byte.repeat(20)}`;
export const holders = {
  early: wallet("e1"),
  late: wallet("1a"),
  b: wallet("0b"),
  c: wallet("0c"),
};
const addresses = {
  cashToken: wallet("ca"),
  tokens: [wallet("a0"), wallet("b0"), wallet("c0")],
  payees: [wallet("f1"), wallet("f2"), wallet("f3")],
  feeds: [],
};

export async function compileGolden(): Promise<{ terms: DealTerms; bytes: Uint8Array }> {
  const source = await readFile("test/golden/amcar-2017-4/deal.yaml", "utf8");
  const { deal, problems } = compileDeal(source);
  if (deal === null) throw new Error(JSON.stringify(problems));
  return deal;
}

function codeOf(terms: Uint8Array): Uint8Array {
  const list = [addresses.cashToken, ...addresses.tokens, ...addresses.payees];
  const bytes = list.map((address) => Buffer.from(address.slice(2), "hex"));
  return Buffer.concat([Buffer.from([0]), terms, ...bytes]);
}

interface ClassBook {
  supply: bigint;
  index: [bigint, bigint];
  remainder: [bigint, bigint];
}

/** The token's rule: index += floor((units << 24 + remainder) / supply). */
function raise(book: ClassBook, kind: 0 | 1, units: bigint): void {
  const amount = (units << 24n) + book.remainder[kind];
  book.index[kind] += amount / book.supply;
  book.remainder[kind] = amount % book.supply;
}

/** A record of `count` periods in which everything agrees. */
export async function goldenRecord(count: number): Promise<DealRecord> {
  const { terms, bytes } = await compileGolden();
  const events: DealEvent[] = [];
  const termsHash = `0x${keccak256(bytes).toString("hex")}`;
  let block = 10;
  const at = (time: number) => ({ at: time, block: (block += 1), transaction: hash("77") });
  const mint = (classIndex: number, to: string, face: bigint): void => {
    const when = at(terms.closingTime + 60);
    events.push({ name: "Transfer", classIndex, from: zero, to, face, ...when });
  };
  mint(0, holders.early, 10_000_000n);
  mint(0, holders.late, 7_200_000n);
  mint(1, holders.b, 3_100_000n);
  mint(2, holders.c, 2_700_000n);
  const depositCents = terms.accounts.reduce(
    (sum, account) => sum + account.initialDepositCents,
    0n,
  );
  events.push({ name: "DealOpened", depositCents, ...at(terms.closingTime + 60) });
  const classes = terms.classes.map(({ faceCents }): ClassBook => ({
    supply: faceCents,
    index: [0n, 0n],
    remainder: [0n, 0n],
  }));
  const owedToB: [bigint, bigint] = [0n, 0n];
  let state = openingState(terms);
  for (let period = 1; period <= count; period += 1) {
    const row = present(terms.calendar[period - 1]);
    const figures = await goldenFigures(terms, period);
    const report = {
      dealId: 1n,
      period,
      version: 1,
      termsHash,
      tapeRoot: hash("11"),
      closeHash: hash("22"),
      resultHash: hash("00"),
      figures,
    };
    const reportHash = hashReport(report);
    events.push({
      name: "ReportPublished",
      ...report,
      reportHash,
      signers: [],
      ...at(row.determinationTime + 60),
    });
    if (period === 1) {
      const sale = { classIndex: 0, from: holders.early, to: holders.late, face: 1_000_000n };
      events.push({ name: "Transfer", ...sale, ...at(row.recordTime) });
    }
    const cents = present(figures[3]);
    const funded = { from: wallet("5e"), cents, collections: cents };
    events.push({ name: "CollectionsFunded", ...funded, ...at(row.paymentTime) });
    const run = runWaterfall({ terms, state, period, figures, chainDealId: 1n });
    state = run.state;
    run.classes.forEach(({ interestPaid, principalPaid }, classIndex) => {
      if (interestPaid + principalPaid === 0n) return;
      const book = present(classes[classIndex]);
      const [interestUnits, principalUnits] = [interestPaid * 10_000n, principalPaid * 10_000n];
      raise(book, 0, interestUnits);
      raise(book, 1, principalUnits);
      events.push({
        name: "EntitlementFunded",
        classIndex,
        period,
        interestUnits,
        principalUnits,
        ...at(row.paymentTime),
      });
      if (classIndex === 1) {
        owedToB[0] = (book.index[0] * book.supply) >> 24n;
        owedToB[1] = (book.index[1] * book.supply) >> 24n;
      }
    });
    const { words, resultHash } = run;
    const ran = { period, reportHash, resultHash, words };
    events.push({ name: "WaterfallRun", ...ran, ...at(row.paymentTime) });
    if (period === 1) {
      const claim = { classIndex: 1, interestUnits: owedToB[0], principalUnits: owedToB[1] };
      events.push({ name: "Claimed", holder: holders.b, ...claim, ...at(row.paymentTime + 60) });
    }
  }
  return {
    chainId: 31_337n,
    dealId: 1n,
    created: { termsHash, ...addresses },
    code: codeOf(bytes),
    events,
    books: booksOf(terms, { termsHash, events, state, classes }),
  };
}

function booksOf(
  terms: DealTerms,
  end: {
    termsHash: string;
    events: DealEvent[];
    state: ReturnType<typeof openingState>;
    classes: ClassBook[];
  },
): DealRecord["books"] {
  const { events, state, classes } = end;
  const runs = events.filter((event) => event.name === "WaterfallRun");
  const firstB = events.find((event) => event.name === "Claimed");
  const [claimedInterest, claimedPrincipal] =
    firstB?.name === "Claimed" ? [firstB.interestUnits, firstB.principalUnits] : [0n, 0n];
  const funded = events.reduce(
    (sum, event) =>
      event.name === "EntitlementFunded" ? sum + event.interestUnits + event.principalUnits : sum,
    0n,
  );
  const accountsCents = state.accounts.reduce((sum, cents) => sum + cents, 0n);
  const unclaimedUnits = funded - claimedInterest - claimedPrincipal;
  const held = accountsCents * 10_000n + unclaimedUnits;
  const claimable = (classIndex: number, kind: 0 | 1, face: bigint): bigint =>
    ((classes[classIndex]?.index[kind] ?? 0n) * face) >> 24n;
  const first = events.find((event) => event.name === "EntitlementFunded");
  const early = first?.name === "EntitlementFunded" ? first : undefined;
  // The face sold after record time 1 earns period 1 for the seller and the rest for the buyer.
  const sold = (kind: 0 | 1, face: bigint, before: bigint): bigint => {
    const units = (kind === 0 ? early?.interestUnits : early?.principalUnits) ?? 0n;
    const index1 = (units << 24n) / present(classes[0]).supply;
    const now = classes[0]?.index[kind] ?? 0n;
    return (before * index1 + face * (now - index1)) >> 24n;
  };
  const holdersOf = (classIndex: number, holder: string, face: bigint) => ({
    classIndex,
    holder,
    faceCents: face,
    interestUnits: claimable(classIndex, 0, face),
    principalUnits: claimable(classIndex, 1, face),
  });
  const b = holdersOf(1, holders.b, 3_100_000n);
  return {
    block: 1_000,
    phase: state.phase,
    lastPeriod: state.lastPeriod,
    collectionsCents: 0n,
    classWords: [],
    laneWords: [],
    historyHash: hashHistory(
      end.termsHash,
      runs.map(({ resultHash }) => resultHash),
    ),
    cash: {
      collectionsCents: 0n,
      accountsCents,
      unclaimedUnits,
      payeeOwedCents: 0n,
      carryCents: 0n,
    },
    tokens: terms.classes.map(({ faceCents }, i) => ({
      supplyCents: faceCents,
      principalBalanceCents: state.classes[i]?.balance ?? 0n,
    })),
    holders: [
      {
        ...holdersOf(0, holders.early, 9_000_000n),
        interestUnits: sold(0, 9_000_000n, 10_000_000n),
        principalUnits: sold(1, 9_000_000n, 10_000_000n),
      },
      {
        ...holdersOf(0, holders.late, 8_200_000n),
        interestUnits: sold(0, 8_200_000n, 7_200_000n),
        principalUnits: sold(1, 8_200_000n, 7_200_000n),
      },
      {
        ...b,
        interestUnits: b.interestUnits - claimedInterest,
        principalUnits: b.principalUnits - claimedPrincipal,
      },
      holdersOf(2, holders.c, 2_700_000n),
    ],
    distributorHeldUnits: held,
    allDealsUnits: held,
  };
}
