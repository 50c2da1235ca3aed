import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { HDNodeWallet, verifyTypedData } from "ethers";
import { EMBEDDED_MNEMONIC } from "../../../server/chain/embedded-chain.ts";
import { checkDealPlan } from "../../../server/chain/check-deal-plan.ts";
import { explainFailure } from "../../../server/chain/explain-failure.ts";
import { platformInterface } from "../../../server/chain/platform-interface.ts";
import { PlanError, prepareDeal } from "../../../server/chain/prepare-deal.ts";
import { type DealPlan, readDealPlan } from "../../../server/chain/read-deal-plan.ts";
import { compileGolden } from "../waterfall/golden-deals.ts";
import { signOrders } from "../../../server/chain/sign-orders.ts";
import { priceOf, proceedsOf, subscriptionTypedData } from "../../../server/chain/subscription.ts";

const SAMPLE = path.resolve(import.meta.dirname, "../../../scripts/sample-deal");
const sampleText = readFileSync(path.join(SAMPLE, "deal.json"), "utf8");

function readSample(): DealPlan {
  const { plan, problems } = readDealPlan(sampleText);
  assert.deepEqual(problems, []);
  assert.ok(plan);
  return plan;
}

describe("the sample deal", () => {
  it("compiles, and its plan fits it", async () => {
    const { plan, compiled } = await prepareDeal(path.join(SAMPLE, "deal.json"));
    assert.equal(compiled.terms.dealId, "sample-2026-1");
    assert.equal(plan.cashToken, null);
    assert.equal(plan.allocations.length, 3);
  });

  it("has a DATE on every line that another closing changes, and tapes of its first two months", () => {
    const lines = readFileSync(path.join(SAMPLE, "deal.yaml"), "utf8").split("\n");
    const dated = lines.filter((line) => /20\d\d-\d\d/.test(line) && !/holidays|^#/.test(line));
    assert.deepEqual(
      dated.filter((line) => !line.includes("# DATE")),
      [],
    );
    for (const [file, day] of [
      ["cut-off.csv", "2026-10-31"],
      ["first-month.csv", "2026-11-30"],
    ] as const) {
      const rows = readFileSync(path.join(SAMPLE, file), "utf8").trim().split("\n").slice(1);
      assert.ok(rows.length === 4 && rows.every((row) => row.split(",")[1] === day), file);
    }
  });
});

describe("the consents of a plan's wallets", () => {
  const withConsents = (consents: unknown) => {
    const plan = JSON.parse(sampleText) as { identities: object[] };
    const identities = plan.identities.map((known) => ({ ...known, consents }));
    return readDealPlan(JSON.stringify({ ...plan, identities }));
  };
  const [wallet = ""] = readSample().identities[0]?.wallets ?? [];

  it("are read, and are nobody's where the plan has none", () => {
    const consent = { wallet, deadline: 1_956_528_000, signature: "0x1234" };
    assert.deepEqual(withConsents([consent]).plan?.identities[0]?.consents, [consent]);
    assert.deepEqual(readSample().identities[0]?.consents, []);
  });

  it("are refused with every fault named", () => {
    const { plan, problems } = withConsents([{ wallet: "0x", deadline: 0, signed: "0x" }]);
    assert.equal(plan, null);
    assert.deepEqual(
      problems.slice(0, 4).map((line) => line.split(";")[0]),
      [
        "identities[0].consents[0].signed: is not known here",
        'identities[0].consents[0].wallet: "0x" does not fit',
        "identities[0].consents[0].deadline: 0 does not fit",
        "identities[0].consents[0].signature: is missing",
      ],
    );
  });
});

describe("the successors of a plan", () => {
  const handsOver = {
    ...compileGolden("amcar-2017-4").terms,
    payees: ["trustee", "servicer", "residual"],
  };
  const successorProblems = (change: Partial<DealPlan>) =>
    checkDealPlan({ ...readSample(), ...change }, handsOver).filter((line) =>
      line.startsWith("successor"),
    );
  const [one = "", two = ""] = readSample().attesters;

  it("are read, and are nobody where the plan names none", () => {
    const plan = { ...JSON.parse(sampleText), successors: [one], successorThreshold: 1 };
    const read = readDealPlan(JSON.stringify(plan)).plan;
    assert.deepEqual([read?.successors, read?.successorThreshold], [[one], 1]);
    assert.deepEqual([readSample().successors, readSample().successorThreshold], [[], 0]);
  });

  it("must be there where the deal file hands over, and as many as must sign", () => {
    assert.match(successorProblems({}).join(), /are missing; the deal file says `successor: true`/);
    const fits = { successors: [one, two], successorThreshold: 2 };
    assert.deepEqual(successorProblems(fits), []);
    assert.match(
      successorProblems({ ...fits, successorThreshold: 3 }).join(),
      /3 must sign, but there are 2/,
    );
    assert.match(successorProblems({ ...fits, successorThreshold: 0 }).join(), /is missing/);
    assert.match(successorProblems({ ...fits, successors: [one, one] }).join(), /stands twice/);
  });
});

describe("a deal's plan", () => {
  it("is refused with every fault at once, each with its place and what to write", () => {
    const bad = {
      payees: ["0x12", 5],
      identities: [{ id: "0x", wallets: "none" }, 7],
      threshold: 0,
      treshold: 2,
      feeds: { LIBOR1M: "0x12" },
    };
    const { plan, problems } = readDealPlan(JSON.stringify(bad));
    assert.equal(plan, null);
    for (const start of [
      "treshold: is not known here",
      "dealFile: is missing; write",
      'payees[0]: "0x12" does not fit; write an address',
      "payees[1]: 5 does not fit",
      "symbols: is missing; write a list",
      "threshold: 0 does not fit",
      'identities[0].id: "0x" does not fit',
      "identities[0].kycExpiry: is missing",
      "identities[0].wallets: is no list",
      "identities[1]: is no object",
      "allocations: is missing",
      'feeds.LIBOR1M: "0x12" does not fit; write an address',
    ]) {
      assert.ok(
        problems.some((problem) => problem.startsWith(start)),
        `${start}\n${problems.join("\n")}`,
      );
    }
    assert.match(readDealPlan("{").problems.join(), /^is not JSON: /);
    assert.equal(readDealPlan("[]").problems.length, 1);
  });

  it("is held against the deal: counts, faces, holders, attesters, the holder cap", async () => {
    const { compiled } = await prepareDeal(path.join(SAMPLE, "deal.json"));
    const plan = readSample();
    const [first, ...others] = plan.allocations;
    assert.ok(first);
    const problems = checkDealPlan(
      {
        ...plan,
        payees: plan.payees.slice(1),
        attesters: [...plan.attesters, plan.attesters[0] ?? ""],
        threshold: 4,
        capExempt: [],
        identities: plan.identities.map((known) => ({ ...known, kycExpiry: 1 })),
        allocations: [
          { ...first, face: 7_100_000n },
          { ...first, classIndex: 9, face: 1n, holder: plan.payees[0] ?? "" },
          ...others,
        ],
      },
      compiled.terms,
    ).join("\n");
    for (const words of [
      /payees: there are 2; write an address for each payee, in this order: trustee, servicer, residual/,
      /attesters: 0x\w+ stands twice/,
      /threshold: 4 must sign, but there are 3 attesters/,
      /identities\[0\]\.kycExpiry: has passed at the closing/,
      /allocations\[1\]\.classIndex: 9 is no class; they are 0 to 2/,
      /allocations\[1\]\.holder: 0x\w+ is no wallet/,
      /class A \(classIndex 0\) comes to 71,000\.00, its face is 72,000\.00/,
      /identities\[0\]: gets 71,000\.00, more than the deal's holder cap of 57,600\.00/,
    ]) {
      assert.match(problems, words);
    }
  });
});

describe("the feeds of a plan", () => {
  const feed = "0x976EA74026E726554dB657fA54763abd0C3a0aa9";

  it("are those of the deal's indices, by name", async () => {
    const { plan, compiled } = await prepareDeal(path.join(SAMPLE, "deal.json"));
    const index = {
      name: "SOFR30",
      feedDecimals: 8,
      unit: "percent",
      maxAgeSeconds: 1,
      initialRateWad: 0n,
    } as const;
    const terms = { ...compiled.terms, indices: [index, { ...index, name: "LIBOR1M" }] };
    const check = (feeds: Record<string, string>) => checkDealPlan({ ...plan, feeds }, terms);
    assert.deepEqual(check({ LIBOR1M: feed, SOFR30: feed }), []);
    assert.deepEqual(check({ SOFR30: feed, EURIBOR: feed }), [
      "feeds.LIBOR1M: is missing; write the address of the index's feed",
      "feeds.EURIBOR: no feed fixes such an index in the deal file",
    ]);
  });

  it("are an object of addresses, and none where no feed fixes an index", () => {
    assert.deepEqual(readSample().feeds, {});
    const rest = JSON.parse(sampleText) as object;
    const read = (value: unknown) =>
      readDealPlan(JSON.stringify({ ...rest, feeds: value })).problems;
    assert.ok(read([feed]).some((problem) => problem.startsWith("feeds: is no object")));
  });
});

function embeddedWallet(account: number): HDNodeWallet {
  return HDNodeWallet.fromPhrase(EMBEDDED_MNEMONIC, undefined, `m/44'/60'/0'/0/${account}`);
}

describe("the issue of a plan", () => {
  const sampleOf = (changes: object) =>
    readDealPlan(JSON.stringify({ ...(JSON.parse(sampleText) as object), ...changes }));
  const { allocations } = JSON.parse(sampleText) as {
    allocations: { classIndex: number; holder: string; face: string }[];
  };
  /** The sample's three parts, sold at 99.125 % of their face. */
  const orders = allocations.map(({ classIndex, holder, face }) => ({
    ...{ classIndex, investor: holder, face, price: "99.125", deadline: 1956528000 },
    signature: "0x1234",
  }));
  const sold = (subscriptions: unknown) => sampleOf({ allocations: undefined, subscriptions });

  it("is sold on subscriptions, at prices in percent", async () => {
    const { compiled } = await prepareDeal(path.join(SAMPLE, "deal.json"));
    const { plan, problems } = sold(orders);
    assert.deepEqual(problems, []);
    assert.ok(plan);
    assert.deepEqual(plan.allocations, []);
    assert.deepEqual(checkDealPlan(plan, compiled.terms), []);
    const [first] = plan.subscriptions;
    assert.ok(first);
    assert.equal(first.priceWad, 991_250_000_000_000_000n);
    assert.equal(first.leastFace, 7_200_000n);
    assert.equal(first.allottedFace, 7_200_000n);
    assert.equal(first.salt, `0x${"0".repeat(64)}`);
    // 72,000.00 x 0.99125 = 71,370.00; rounded up to the cent.
    assert.equal(priceOf(first), 7_137_000n);
    assert.equal(priceOf({ ...first, allottedFace: 1n }), 1n);
    const originator = plan.payees[0] ?? "";
    const cents = 7_137_000n + 1_288_625n + 1_090_375n;
    const proceeds = (from: string) =>
      proceedsOf(plan.subscriptions, { originator: from, cashDecimals: 6 });
    assert.equal(proceeds(originator), cents * 10_000n);
    // What the originator takes himself he pays to himself.
    assert.equal(proceeds(first.investor), (cents - 7_137_000n) * 10_000n);
  });

  it("is sold or allocated, not both, and every order is right", async () => {
    const both = sampleOf({ subscriptions: orders }).problems.join("\n");
    assert.match(both, /^subscriptions: stands beside allocations/);
    const faults = sold([
      { ...orders[0], price: "1e2", signature: "0x1", salt: "0x12", deadline: 0 },
      { investor: 5 },
    ]).problems.join("\n");
    for (const words of [
      /subscriptions\[0\]\.price: "1e2" does not fit; write a price in percent/,
      /subscriptions\[0\]\.signature: "0x1" does not fit/,
      /subscriptions\[0\]\.salt: "0x12" does not fit/,
      /subscriptions\[0\]\.deadline: 0 does not fit/,
      /subscriptions\[1\]\.investor: 5 does not fit/,
      /subscriptions\[1\]\.face: is missing/,
    ]) {
      assert.match(faults, words);
    }
    const { compiled } = await prepareDeal(path.join(SAMPLE, "deal.json"));
    const { plan } = sold([
      { ...orders[0], leastFace: "7100000", allottedFace: "7000000", deadline: 1 },
      { ...orders[1], classIndex: 9, investor: "0x976EA74026E726554dB657fA54763abd0C3a0aa9" },
    ]);
    assert.ok(plan);
    const unfit = checkDealPlan(plan, compiled.terms).join("\n");
    for (const words of [
      /subscriptions\[0\]\.allottedFace: 70,000\.00 is not between 71,000\.00 and 72,000\.00/,
      /subscriptions\[0\]\.deadline: lies before the closing/,
      /subscriptions\[1\]\.classIndex: 9 is no class/,
      /subscriptions\[1\]\.investor: 0x\w+ is no wallet/,
      /subscriptions: class A \(classIndex 0\) comes to 70,000\.00, its face is 72,000\.00/,
    ]) {
      assert.match(unfit, words);
    }
  });

  it("takes the signatures of the investors' own orders, and of no others", async () => {
    const wallet = embeddedWallet(3);
    const unsigned = orders.map(({ signature: _none, ...order }) => order);
    const rest = JSON.parse(sampleText) as object;
    const json = JSON.stringify({ ...rest, allocations: undefined, subscriptions: unsigned });
    const primaryIssuance = "0x976EA74026E726554dB657fA54763abd0C3a0aa9";
    const offer = {
      chainId: 31_337n,
      primaryIssuance,
      dealId: 1n,
      dealHash: `0x${"12".repeat(32)}`,
    };
    const done = await signOrders(json, offer, wallet);
    assert.equal(done.signed, 1);
    const { plan } = readDealPlan(done.json);
    assert.ok(plan);
    const [own, ...others] = plan.subscriptions;
    assert.ok(own);
    const { domain, types, message } = subscriptionTypedData(offer, own);
    assert.equal(verifyTypedData(domain, types, message, own.signature), wallet.address);
    assert.ok(others.every(({ signature }) => signature === "0x"));
    await assert.rejects(signOrders("{}", offer, wallet), PlanError);
  });

  it("may be guarded by a reserve feed", () => {
    assert.equal(readSample().reserve, null);
    const feed = "0x976EA74026E726554dB657fA54763abd0C3a0aa9";
    const guard = { feed, maxAge: 86_400, advanceBps: 9_600 };
    assert.deepEqual(sampleOf({ reserve: guard }).plan?.reserve, guard);
    const faults = sampleOf({ reserve: { feed: "0x1", maxAge: 0, advanceBps: 10_001 } }).problems;
    assert.equal(faults.length, 3, faults.join("\n"));
  });
});

describe("a contract's refusal in words", () => {
  const refusal = (name: string, args: readonly unknown[]): string | undefined => {
    const data = platformInterface.encodeErrorResult(name, args);
    return explainFailure({ info: { error: { data } } });
  };

  it("says times as dates and amounts with their decimals", () => {
    assert.match(
      refusal("ClosingTimePassed", [1_800_000_060, 1_800_000_000]) ?? "",
      /closing time 2027-01-15T08:00:00Z has passed \(the chain's clock says 2027-01-15T08:01:00Z\)/,
    );
    assert.equal(
      refusal("AllocationMismatch", [1, 1_300_001, 1_300_000]),
      "class number 1 is not allocated exactly: 13,000.01 of a face of 13,000.00",
    );
    assert.match(
      refusal("ERC20InsufficientBalance", [`0x${"11".repeat(20)}`, 5n, 2_400_000_000n]) ?? "",
      /has 0\.000005 \(5 units\) of the cash token and needs 2,400\.00 \(2400000000 units\)$/,
    );
  });

  it("names what has no sentence, and never prints a page of hex", () => {
    assert.equal(refusal("LinkMissing", []), "a contract refused: LinkMissing()");
    const unknown = explainFailure({ info: { error: { data: `0x${"ab".repeat(5_000)}` } } }) ?? "";
    assert.ok(unknown.length < 120 && unknown.includes("0xabababab"), unknown);
    assert.equal(explainFailure(new Error("something else")), undefined);
  });
});
