/** A small deal that is sold: cash with habits, investors with cash and approvals, an originator who has agreed. */
import { AbiCoder, id, keccak256 } from "ethers";
import { createDeal } from "../../../server/chain/create-deal.ts";
import type { ReserveGuard } from "../../../server/chain/create-deal.ts";
import { subscriptionTypedData } from "../../../server/chain/subscription.ts";
import type { AnyContract } from "./any-contract.ts";
import { deployWithPeople, ethers, networkHelpers, newDealOf } from "./platform-fixture.ts";
import type { Platform } from "./platform-fixture.ts";
import { present } from "./present.ts";

export const PAR = 10n ** 18n;
export const UNITS_PER_CENT = 10_000n;
/** Far more than an issue of the small deal costs: a million dollars, in units. */
export const PURSE = 10n ** 12n;
/** The habits of the awkward cash token, by recipient. */
export const HABIT = {
  ...{ none: 0, reverts: 1, returnsFalse: 2, burnsGas: 3, returnsMuch: 4, takesFee: 5 },
  ...{ callsBack: 6, returnsNothing: 7, blocked: 8 },
} as const;

export interface Order {
  dealId: bigint;
  classIndex: number;
  face: bigint;
  leastFace: bigint;
  priceWad: bigint;
  investor: string;
  deadline: number;
  salt: string;
  dealHash: string;
}

export interface Allotment {
  subscription: Order;
  signature: string;
  face: bigint;
}

export type Investor = Platform["admin"];

export interface Sale {
  platform: Platform;
  cash: AnyContract;
  dealId: bigint;
  dealHash: string;
  tokens: AnyContract[];
}

/** Creates a small deal in the cash token and brings it to its closing time. */
export async function offerDeal(
  platform: Platform,
  cash: AnyContract,
  reserve: ReserveGuard | null = null,
): Promise<Sale> {
  const changes = { cashToken: await cash.getAddress(), reserve };
  const sender = { signer: platform.admin };
  const deal = newDealOf(platform, changes);
  const { dealId, code, tokens } = await createDeal(sender, platform.deployment, { deal });
  await platform.factory.connect(platform.originator).agreeToDeposit(dealId);
  const spender = platform.deployment.waterfallDistributor;
  await cash.connect(platform.originator).approve(spender, 2n ** 255n);
  for (const holder of platform.holders) {
    await cash.mint(holder.address, PURSE);
    await cash.connect(holder).approve(platform.deployment.primaryIssuance, 2n ** 255n);
  }
  await networkHelpers.time.increaseTo(platform.terms.closingTime);
  const dealHash = dealHashOf(await ethers.provider.getCode(code), platform.originator.address);
  const classes = tokens.map((token): Promise<AnyContract> =>
    ethers.getContractAt("TrancheToken", token),
  );
  return { platform, cash, dealId, dealHash, tokens: await Promise.all(classes) };
}

/** What an order names of a deal: its code, and who is paid. */
export function dealHashOf(code: string, originator: string): string {
  const values = [keccak256(code), originator];
  return keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "address"], values));
}

/** The small deal, sold in awkward cash. */
export async function offerSmallDeal(): Promise<Sale> {
  const platform = await deployWithPeople();
  return offerDeal(platform, await ethers.deployContract("AwkwardCash"));
}

/** An order at par for exactly the face, unless the changes say otherwise. */
export function orderOf(
  { platform, dealId, dealHash }: Sale,
  { investor, ...part }: { investor: string; classIndex: number; face: bigint } & Partial<Order>,
): Order {
  const salt = id(`${investor} ${part.classIndex} ${part.face}`);
  const deadline = platform.terms.closingTime + 86_400;
  const fixed = { dealId, dealHash, leastFace: part.face, priceWad: PAR, deadline, salt };
  return { ...fixed, ...part, investor };
}

/** The order, signed by `signer` for the issuance contract, and filled in full. */
export async function signOrder(
  { platform }: Sale,
  signer: Investor,
  subscription: Order,
  changes: { chainId?: bigint; verifyingContract?: string } = {},
): Promise<Allotment> {
  const { chainId } = await ethers.provider.getNetwork();
  const { primaryIssuance } = platform.deployment;
  const order = { ...subscription, allottedFace: subscription.face, signature: "0x" };
  const offer = { chainId, primaryIssuance, ...subscription };
  const { domain, types, message } = subscriptionTypedData(offer, order);
  const signature = await signer.signTypedData({ ...domain, ...changes }, types, message);
  return { subscription, signature, face: subscription.face };
}

/** The whole issue at par: A to the first holder, B to the second, C halved between the last two. */
export async function fullOrders(sale: Sale, changes: Partial<Order> = {}): Promise<Allotment[]> {
  const [a, b, c] = sale.platform.terms.faces as [bigint, bigint, bigint];
  const parts = [
    { holder: 0, classIndex: 0, face: a },
    { holder: 1, classIndex: 1, face: b },
    { holder: 1, classIndex: 2, face: c / 2n },
    { holder: 2, classIndex: 2, face: c - c / 2n },
  ];
  return Promise.all(
    parts.map(({ holder, ...part }) => {
      const signer = present(sale.platform.holders[holder]);
      return signOrder(
        sale,
        signer,
        orderOf(sale, { investor: signer.address, ...part, ...changes }),
      );
    }),
  );
}

/** What every investor and the originator has of the cash, and of each class. */
export async function purses({ platform, cash, tokens }: Sale): Promise<bigint[]> {
  const people = [platform.originator, ...platform.holders];
  const contracts = [cash, ...tokens];
  const accounts = people.flatMap(({ address }) => contracts.map((token) => ({ token, address })));
  return Promise.all(
    accounts.map(({ token, address }): Promise<bigint> => token.balanceOf(address)),
  );
}
