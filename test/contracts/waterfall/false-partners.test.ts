/** The distributor among partners that are wrong: each answer that no contract of ours gives is refused. */
import { expect } from "chai";
import {
  AbiCoder,
  type BytesLike,
  ZeroAddress,
  ZeroHash,
  concat,
  getAddress,
  id,
  toBeHex,
} from "ethers";
import { network } from "hardhat";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { encodeTerms } from "../../../server/deals/encode-terms.ts";
import { compileGolden } from "../../server/waterfall/golden-deals.ts";
import type { AnyContract } from "../deals/any-contract.ts";
import { compileParts } from "./compile-parts.ts";

const { ethers, networkHelpers } = await network.create();
const coder = AbiCoder.defaultAbiCoder();
const DAY = 86_400;

/** One class, one payee; what is reported goes to the class up to its balance, the rest to the payee. */
const plain: DealTerms = compileParts({
  classes: { A: { face: 1_000n } },
  payees: ["residual"],
  accounts: { COLL: 0n },
  programs: { only: ["PRIN COLL -> A UPTO bal.A", "REST COLL -> residual"] },
});

/** Code that answers every call with these bytes: COPY what follows these ten bytes, RETURN it. */
const answering = (data: BytesLike) => {
  const length = (concat([data]).length - 2) / 2;
  return concat(["0x61", toBeHex(length, 2), "0x80600a5f395ff3", data]);
};
/** Code that reverts with these bytes. */
const reverting = (data: BytesLike) => answering(data).replace("5ff3", "5ffd");

const PARTNERS = ["engine", "reports", "compliance", "inputs"] as const;

async function falseWorld() {
  const [factory, originator] = await ethers.getSigners();
  const links = {
    factory: factory!.address,
    ...Object.fromEntries(PARTNERS.map((name) => [name, `0x${id(name).slice(-40)}`])),
  } as Record<(typeof PARTNERS)[number] | "factory", string>;
  for (const name of PARTNERS) await networkHelpers.setCode(links[name], answering("0x"));
  const make = (changes: Partial<typeof links> = {}): Promise<AnyContract> =>
    ethers.deployContract("WaterfallDistributor", [{ ...links, ...changes }]);
  const bare = await make();
  const start = bare.interface.encodeFunctionData("initialize", [factory!.address]);
  const proxy = await ethers.deployContract("ERC1967Proxy", [await bare.getAddress(), start]);
  const distributor: AnyContract = await ethers.getContractAt(
    ...["WaterfallDistributor", await proxy.getAddress()],
  );
  const cash = await ethers.deployContract("MockStablecoin", []);
  const closing = (await networkHelpers.time.latest()) + 100;
  const token = getAddress(`0x${id("token").slice(-40)}`);
  await networkHelpers.setCode(token, answering("0x"));

  /** A deal's code with these addresses behind the terms. */
  const write = async (terms: DealTerms, addresses: string[]): Promise<string> => {
    const calendar = terms.calendar.map((row, i) => {
      const recordTime = closing + (i + 1) * 30 * DAY;
      const times = { determinationTime: recordTime - 2 * DAY, paymentTime: recordTime + 5 * DAY };
      return { ...row, ...times, recordTime };
    });
    const body = concat([
      ...["0x00", encodeTerms({ ...terms, closingTime: closing, calendar }), ...addresses],
    ]);
    const sent = await factory!.sendTransaction({ data: answering(body) });
    return (await sent.wait())!.contractAddress!;
  };
  const addresses = [await cash.getAddress(), token, originator!.address];
  const code = await write(plain, addresses);
  /** The deal, registered, open and funded with 1,000 cents, at the payment time of its first period. */
  const ready = async (dealCode = code, tokens = [token]): Promise<void> => {
    await distributor.registerDeal(1, dealCode, tokens);
    await distributor.openDeal(1, originator!.address);
    await cash.getFunction("mint")(factory!.address, 10_000_000n);
    await cash.getFunction("approve")(await distributor.getAddress(), 10_000_000n);
    await distributor.fund(1, 1_000n);
    await networkHelpers.time.increaseTo(closing + 36 * DAY);
    await networkHelpers.setCode(links.reports, answering(coder.encode(["uint256[2]"], [[7, 0]])));
  };
  return { distributor, make, links, cash, token, addresses, code, write, ready, originator };
}

const load = () => networkHelpers.loadFixture(falseWorld);

const reportOf = (figures: bigint[], dealId = 1n) => ({
  ...{ dealId, period: 1, version: 1, termsHash: ZeroHash, tapeRoot: ZeroHash },
  ...{ closeHash: ZeroHash, resultHash: ZeroHash, figures },
});
const report = reportOf([0n, 0n, 0n, 1_000n]);

/** An answer of the engine: no step records, class word, lanes, class result, payees. */
const wordsOf = (words: bigint[]) => coder.encode(["uint256[]"], [words]);
const cents = (interest: bigint, principal: bigint) => (interest << 128n) | (principal << 64n);

describe("A distributor among false partners", () => {
  it("is not made without each of its links", async () => {
    const { make, links, distributor } = await load();
    for (const name of Object.keys(links) as (keyof typeof links)[]) {
      await expect(make({ [name]: ZeroAddress }), name).to.be.revertedWithCustomError(
        ...[distributor, "CollaboratorMissing"],
      );
    }
  });

  it("registers a deal only as its code has it, in its range, once, with tokens of its own [W10]", async () => {
    const { distributor, code, token, write, addresses, cash } = await load();
    const [cashAddress = "", , payee = ""] = addresses;
    const refused = (sent: Promise<unknown>, error: string) =>
      expect(sent, error).to.be.revertedWithCustomError(distributor, error);
    await refused(distributor.registerDeal(0, code, [token]), "DealIdOutOfRange");
    await refused(distributor.registerDeal(2 ** 24, code, [token]), "DealIdOutOfRange");
    await refused(distributor.registerDeal(1, code, []), "ClassCountMismatch");
    await refused(distributor.registerDeal(1, code, [payee]), "ClassTokenMismatch");
    const nobody = await write(plain, [payee, token, payee]);
    await refused(distributor.registerDeal(1, nobody, [token]), "CashTokenMismatch");
    const eight = await write({ ...plain, cashDecimals: 8 }, [cashAddress, token, payee]);
    await refused(distributor.registerDeal(1, eight, [token]), "CashTokenMismatch");
    await distributor.registerDeal(2 ** 24 - 1, code, [token]);
    await refused(distributor.registerDeal(2 ** 24 - 1, code, [token]), "DealKnown");
    await refused(distributor.registerDeal(1, code, [token]), "ClassTokenMismatch");
    expect(await distributor.heldFor(cash)).to.equal(0n);
  });

  it("reads no deal out of code that is none, or shorter than it says", async () => {
    const { distributor, code, token } = await load();
    const bytes = await ethers.provider.getCode(code);
    const malformed = new ethers.Interface(["error DealCodeMalformed(address)"]);
    for (const wrong of [
      // A byte short of a header, and of a third format.
      ...[bytes.slice(0, 2 + 2 * 96), bytes.replace("0x0002", "0x0003")],
    ]) {
      await networkHelpers.setCode(code, wrong);
      await expect(distributor.registerDeal(1, code, [token])).to.be.revertedWithCustomError(
        ...[{ interface: malformed }, "DealCodeMalformed"],
      );
    }
    // Cut in its terms: the addresses behind them are nobody's.
    await networkHelpers.setCode(code, bytes.slice(0, 2 + 2 * 200));
    await expect(distributor.registerDeal(1, code, [token])).to.be.revertedWithCustomError(
      ...[distributor, "CashTokenMismatch"],
    );
  });

  it("opens a deal once, and runs none before", async () => {
    const { distributor, code, token, originator } = await load();
    await distributor.registerDeal(1, code, [token]);
    expect(await distributor.isLate(1)).to.equal(false);
    await expect(distributor.distribute(report)).to.be.revertedWithCustomError(
      ...[distributor, "DealNotOpen"],
    );
    await distributor.openDeal(1, originator!.address);
    await expect(distributor.openDeal(1, originator!.address)).to.be.revertedWithCustomError(
      distributor,
      "DealOpenAlready",
    );
  });

  it("starts the variables of a deal with their initial values", async () => {
    const { distributor, write, addresses, originator, cash } = await load();
    const { terms } = compileGolden("every-feature");
    const tokens = terms.classes.map(({ name }) => `0x${id(name).slice(-40)}`);
    const payees = terms.payees.map(() => originator!.address);
    const deal = {
      ...terms,
      accounts: terms.accounts.map((one) => ({ ...one, initialDepositCents: 0n })),
    };
    const all = [
      addresses[0]!,
      ...tokens,
      ...payees,
      ...terms.indices.map(() => originator!.address),
    ];
    await distributor.registerDeal(1, await write(deal, all), tokens);
    await distributor.openDeal(1, originator!.address);
    const [, , , , lanes] = await distributor.stateOf(1);
    const first = [terms.accounts, terms.fees, terms.caps, terms.ledgers].flat().length;
    const values = terms.variables.map((_, i) => {
      const word: bigint = lanes[(first + i) >> 2];
      return (word >> BigInt(192 - 64 * ((first + i) & 3))) & (2n ** 64n - 1n);
    });
    expect(values).to.deep.equal(
      terms.variables.map((variable) => BigInt.asUintN(64, variable.initial)),
    );
    expect(await distributor.heldFor(cash)).to.equal(0n);
  });

  it("takes no report with other figures than the terms count", async () => {
    const { distributor, ready } = await load();
    await ready();
    const more = reportOf([...report.figures, 0n]);
    await expect(distributor.distribute(more))
      .to.be.revertedWithCustomError(distributor, "FiguresMismatch")
      .withArgs(1, 4, 5);
  });

  it("takes no answer of a registry that is not there, or says something else [R3]", async () => {
    const { distributor, ready, links } = await load();
    await ready();
    for (const answer of [
      "0x",
      coder.encode(["uint256"], [7]),
      coder.encode(["uint256[3]"], [[7, 0, 0]]),
    ]) {
      await networkHelpers.setCode(links.reports, answering(answer));
      await expect(distributor.distribute(report)).to.be.revertedWithCustomError(
        ...[distributor, "CollaboratorMissing"],
      );
    }
    await networkHelpers.setCode(links.reports, "0x");
    await expect(distributor.distribute(report)).to.be.revertedWithCustomError(
      ...[distributor, "CollaboratorMissing"],
    );
  });

  it("takes no result of another shape, and hands on why the engine failed", async () => {
    const { distributor, ready, links } = await load();
    await ready();
    const shape = plain.classes.length + 1 + 1 + 1;
    for (const words of [[], [0n], Array.from({ length: shape + 2 }, () => 0n)]) {
      await networkHelpers.setCode(links.engine, answering(wordsOf(words)));
      await expect(distributor.distribute(report)).to.be.revertedWithCustomError(
        ...[distributor, "ResultMalformed"],
      );
    }
    for (const bytes of ["0x", "0x01", concat([wordsOf([0n, 0n]), "0x00"])]) {
      await networkHelpers.setCode(links.engine, answering(bytes));
      await expect(distributor.distribute(report)).to.be.revertedWithCustomError(
        ...[distributor, "ResultMalformed"],
      );
    }
    await networkHelpers.setCode(links.engine, reverting(id("Broken()").slice(0, 10)));
    await expect(distributor.distribute(report)).to.be.revertedWithCustomError(
      { interface: new ethers.Interface(["error Broken()"]) },
      "Broken",
    );
  });

  it("stores no result that gives out a cent more or less than came in [W3] [U3]", async () => {
    const { distributor, ready, links, cash, token } = await load();
    await ready();
    // Header (one payee), class word, lanes, the class's 600 + 399, the payee's 1: the 1,000 of the report.
    const result = (interest: bigint, payee: bigint, account: bigint) =>
      wordsOf([1n << 184n, 0n, account << 192n, cents(interest, 399n), payee << 192n]);
    for (const [interest, payee, account] of [
      [601n, 1n, 0n],
      [599n, 1n, 0n],
      [600n, 2n, 0n],
      [600n, 1n, 1n],
    ] as const) {
      await networkHelpers.setCode(links.engine, answering(result(interest, payee, account)));
      const out = interest + 399n + payee + account;
      await expect(distributor.distribute(report))
        .to.be.revertedWithCustomError(distributor, "CashNotConserved")
        .withArgs(1, 1_000, out);
    }
    await networkHelpers.setCode(links.engine, answering(result(600n, 1n, 0n)));
    await distributor.distribute(report);
    expect((await distributor.escrowOf(token)).unclaimedUnits).to.equal(999n * 10_000n);
    expect(await cash.getFunction("balanceOf")(distributor)).to.equal(999n * 10_000n);
  });

  it("pays no token more than it was funded with, nor on an answer that is none [C1]", async () => {
    const { distributor, ready, token, originator } = await load();
    await ready();
    const claim = () => distributor.claim(token, originator!.address);
    await networkHelpers.setCode(token, answering(coder.encode(["uint256[2]"], [[1, 0]])));
    await expect(claim())
      .to.be.revertedWithCustomError(distributor, "EscrowShort")
      .withArgs(token, 1);
    await networkHelpers.setCode(token, answering(coder.encode(["uint256"], [1])));
    await expect(claim()).to.be.revertedWithCustomError(distributor, "TokenUnknown");
  });

  it("runs on as many inputs as the terms read, no more and no fewer", async () => {
    const { distributor, write, addresses, ready, links, token } = await load();
    const index = {
      name: "I",
      feedDecimals: 8,
      unit: "percent" as const,
      maxAgeSeconds: 1,
      initialRateWad: 0n,
    };
    const terms: DealTerms = {
      ...plain,
      indices: [index],
      calendar: plain.calendar.map((row) => ({ ...row, fixingTimes: [row.determinationTime] })),
    };
    await ready(await write(terms, [...addresses, token]), [token]);
    for (const count of [0, 2]) {
      const extras = Array.from({ length: count }, () => 0n);
      const answer = coder.encode(["int256[]", "uint256"], [extras, 0]);
      await networkHelpers.setCode(links.inputs, answering(answer));
      await expect(distributor.distribute(report))
        .to.be.revertedWithCustomError(distributor, "FiguresMismatch")
        .withArgs(1, 1, count);
    }
    const right = coder.encode(["int256[]", "uint256"], [[5n], 0]);
    await networkHelpers.setCode(links.inputs, answering(right));
    // Now it is the engine's turn, which says nothing here.
    await expect(distributor.distribute(report)).to.be.revertedWithCustomError(
      ...[distributor, "ResultMalformed"],
    );
  });

  it("asks for no upkeep that would fail: report, funds, inputs and the time must be there [T3]", async () => {
    const { distributor, write, addresses, links, token, code } = await load();
    const encoded = (of: object) =>
      coder.encode([distributor.interface.getFunction("distribute")!.inputs[0]!], [of]);
    const needed = async (of: object = report): Promise<boolean> =>
      (await distributor.checkUpkeep(encoded(of))).upkeepNeeded;
    const terms = { ...plain, notices: [{ name: "N", payee: 0, kind: "once" as const }] };
    await distributor.registerDeal(2, code, [token]);
    // Known, but not open.
    expect(await needed(reportOf(report.figures, 2n))).to.equal(false);
    const { ready } = await load();
    await ready(await write(terms, addresses));
    const usable = (units: bigint) =>
      networkHelpers.setCode(links.reports, answering(coder.encode(["uint256"], [units])));
    await networkHelpers.setCode(
      ...[links.inputs, answering(coder.encode(["int256[]", "uint256"], [[], 0]))],
    );
    await usable(1_000n);
    expect(await needed()).to.equal(true);
    await usable(1_001n);
    expect(await needed()).to.equal(false);
    await networkHelpers.setCode(links.reports, reverting("0x"));
    expect(await needed()).to.equal(false);
    await usable(1_000n);
    await networkHelpers.setCode(links.inputs, reverting("0x"));
    expect(await needed()).to.equal(false);
    expect(await needed({ ...report, period: 2 })).to.equal(false);
  });
});
