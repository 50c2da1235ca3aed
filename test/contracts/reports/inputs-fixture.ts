/** The platform with one deal that reads everything beside its report: two feed indices, three notices, a purchase list. */
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { getBytes, id } from "ethers";
import type { AnyContract } from "../deals/any-contract.ts";
import { buildSmallTerms, DAY, timesOf } from "../deals/build-small-terms.ts";
import type { SmallDeal } from "../deals/build-small-terms.ts";
import {
  argumentOf,
  deployWithPeople,
  ethers,
  networkHelpers,
  newDealOf,
} from "../deals/platform-fixture.ts";

export { ethers, networkHelpers };

/** Of index 1, -0.25 %; index 0 states none. */
export const INITIAL_RATE = -25n * 10n ** 14n;

/** Index 0 writes 5.25 % as 0.05250000, index 1 as 5.250000000000000000. */
export const INDICES: SmallDeal["indices"] = [
  { decimals: 8, unit: "fraction", maxAge: 7 * DAY },
  { decimals: 18, unit: "percent", maxAge: 2 * DAY, initialRate: INITIAL_RATE },
];

/** Payee 0 is the trustee, payee 1 the residual holder. */
export const NOTICE = { waiver: 0, acceleration: 1, call: 2 } as const;
const NOTICES: SmallDeal["notices"] = [
  { payee: 0, kind: "once" },
  { payee: 0, kind: "standing" },
  { payee: 1, kind: "once" },
];

export interface PurchaseList {
  dealId: bigint;
  period: number;
  version: number;
  listRoot: string;
  loanCount: bigint;
  balance: bigint;
  price: bigint;
}

const LIST_TYPES = {
  PurchaseList: [
    { name: "dealId", type: "uint64" },
    { name: "period", type: "uint16" },
    { name: "version", type: "uint16" },
    { name: "listRoot", type: "bytes32" },
    { name: "loanCount", type: "uint64" },
    { name: "balance", type: "uint64" },
    { name: "price", type: "uint64" },
  ],
};

/** Deal 1 reads inputs, deal 2 none at all; the clock stands at the fixing time of deal 1's first period. */
export async function deployInputsDeal() {
  const platform = await deployWithPeople();
  const feeds: AnyContract[] = [];
  for (const { decimals } of INDICES) {
    feeds.push(await ethers.deployContract("MockIndexFeed", [decimals]));
  }
  const addresses = await Promise.all(feeds.map((feed) => feed.getAddress()));
  const terms: SmallDeal = { ...platform.terms, indices: INDICES, notices: NOTICES, buys: true };
  const deal = newDealOf(platform, { terms: getBytes(buildSmallTerms(terms)), feeds: addresses });
  await platform.factory.createDeal(argumentOf(deal));
  await platform.factory.createDeal(argumentOf(newDealOf(platform)));
  const fixing = timesOf(terms, 1).fixing;
  await networkHelpers.time.increaseTo(fixing);
  return { ...platform, terms, deal, fixing, feeds: feeds as [AnyContract, AnyContract] };
}

export type InputsFixture = Awaited<ReturnType<typeof deployInputsDeal>>;

/** The RunInputs contract as the distributor sees it: the only one that uses inputs. */
export async function asDistributor({ deployment, inputs }: InputsFixture): Promise<AnyContract> {
  const address = deployment.waterfallDistributor;
  await networkHelpers.impersonateAccount(address);
  await networkHelpers.setBalance(address, 10n ** 18n);
  return inputs.connect(await ethers.getSigner(address)) as AnyContract;
}

/** Fixes both indices of a period at 5.25 % and -0.5 %. */
export async function fixBoth({ feeds, inputs, terms }: InputsFixture, period: number) {
  const { fixing } = timesOf(terms, period);
  await feeds[0].setRound(period, 5_250_000n, fixing);
  await feeds[1].setRound(period, -5n * 10n ** 17n, fixing);
  if ((await networkHelpers.time.latest()) < fixing) await networkHelpers.time.increaseTo(fixing);
  await inputs.fixIndex(1, period, 0, period);
  await inputs.fixIndex(1, period, 1, period);
}

export function firstList(changes: Partial<PurchaseList> = {}): PurchaseList {
  return {
    dealId: 1n,
    period: 1,
    version: 1,
    listRoot: id("the loans"),
    loanCount: 40n,
    balance: 60_000n,
    price: 59_000n,
    ...changes,
  };
}

/** Signs with the attesters of the given positions, ascending by address. */
export async function signList(
  { inputs, attesters }: InputsFixture,
  list: PurchaseList,
  positions: number[] = [0, 1],
): Promise<[string[], string[]]> {
  const { chainId } = await ethers.provider.getNetwork();
  const verifyingContract = await inputs.getAddress();
  const domain = { name: "Penstock", version: "1", chainId, verifyingContract };
  const ascending = attesters.toSorted((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
  const chosen = positions.map((position) => ascending[position] as HardhatEthersSigner);
  const signatures = await Promise.all(
    chosen.map((wallet) => wallet.signTypedData(domain, LIST_TYPES, list)),
  );
  return [chosen.map((wallet) => wallet.address), signatures];
}

/** Signs with two attesters and offers. */
export async function offer(fixture: InputsFixture, list: PurchaseList) {
  const [signers, signatures] = await signList(fixture, list);
  return fixture.inputs.connect(fixture.anyone).offerLoans(list, signers, signatures);
}
