/** The whole platform, deployed by the server's own deployment code, and a small deal on it. */
import { network } from "hardhat";
import { getBytes, hexlify, id, toBeHex, ZeroAddress } from "ethers";
import type { ChainDeal, NewDeal } from "../../../server/chain/create-deal.ts";
import { createDeal } from "../../../server/chain/create-deal.ts";
import { deployPlatform } from "../../../server/chain/deploy-platform.ts";
import { registerIdentities } from "../../../server/chain/register-identities.ts";
import type { AnyContract } from "./any-contract.ts";
import { buildSmallTerms, smallDeal } from "./build-small-terms.ts";
import { present } from "./present.ts";

export const { ethers, networkHelpers } = await network.create();

const USA = 840;
/** A deal whose issue nothing guards. */
export const UNGUARDED = { feed: ZeroAddress, maxAge: 0, advanceBps: 0 };

export async function deployWithPeople() {
  const [admin, originator, trustee, residual, anyone, ...others] = await ethers.getSigners();
  const people = {
    admin: present(admin),
    originator: present(originator),
    trustee: present(trustee),
    residual: present(residual),
    anyone: present(anyone),
    attesters: others.slice(0, 3),
    holders: others.slice(3, 6),
  };
  const deployment = await deployPlatform({ signer: people.admin, testStablecoin: true });
  const at = async (name: string, address: string): Promise<AnyContract> =>
    ethers.getContractAt(name, address);
  const contracts = {
    manager: await at("AccessManager", deployment.accessManager),
    factory: await at("DealFactory", deployment.dealFactory),
    compliance: await at("ComplianceRegistry", deployment.complianceRegistry),
    reports: await at("ReportRegistry", deployment.reportRegistry),
    distributor: await at("WaterfallDistributor", deployment.waterfallDistributor),
    inputs: await at("RunInputs", deployment.runInputs),
    issuance: await at("PrimaryIssuance", deployment.primaryIssuance),
    beacon: await at("UpgradeableBeacon", deployment.trancheTokenBeacon),
    cash: await at("MockStablecoin", present(deployment.cashToken)),
  };
  const kycExpiry = 2 ** 40 - 1;
  const identities = people.holders.map((holder, i) => ({
    id: id(`holder ${i}`),
    kycExpiry,
    country: USA,
    wallets: [holder.address],
  }));
  await registerIdentities({ signer: people.admin }, deployment, identities);
  const terms = smallDeal((await networkHelpers.time.latest()) + 10_000);
  return { ...people, ...contracts, deployment, terms };
}

export type Platform = Awaited<ReturnType<typeof deployWithPeople>>;

/** What the small deal is created from; a test may change any part of it. */
export function newDealOf(platform: Platform, changes: Partial<NewDeal> = {}): NewDeal {
  const { deployment, terms, trustee, residual, originator, attesters } = platform;
  return {
    terms: getBytes(buildSmallTerms(terms)),
    cashToken: present(deployment.cashToken),
    payees: [trustee.address, residual.address],
    feeds: [],
    originator: originator.address,
    symbols: terms.faces.map((_, i) => `SML-${"ABC"[i]}`),
    names: terms.faces.map((_, i) => `Small Deal Class ${"ABC"[i]}`),
    attesters: attesters.map((attester) => attester.address),
    threshold: 2,
    ...changes,
  };
}

/** The deal as the factory takes it. */
export function argumentOf(deal: NewDeal) {
  const { attesters, threshold, successors = [], successorThreshold = 0, reserve, ...rest } = deal;
  const ascending = [...attesters].toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  const attestation = { attesters: ascending, threshold, successors, successorThreshold };
  return { ...rest, attestation, reserve: reserve ?? UNGUARDED };
}

export async function createSmallDeal(platform: Platform): Promise<ChainDeal> {
  const sender = { signer: platform.admin };
  return createDeal(sender, platform.deployment, { deal: newDealOf(platform) });
}

/** Every class in full: A to the first holder, B to the second, C halved between the last two. */
export function fullAllocations(platform: Platform) {
  const [first, second, third] = platform.holders.map((holder) => holder.address);
  const [a, b, c] = platform.terms.faces as [bigint, bigint, bigint];
  return [
    { classIndex: 0, holder: present(first), face: a },
    { classIndex: 1, holder: present(second), face: b },
    { classIndex: 2, holder: present(second), face: c / 2n },
    { classIndex: 2, holder: present(third), face: c - c / 2n },
  ];
}

/** The terms with `size` bytes at `offset` replaced. */
export function patched(terms: Uint8Array, offset: number, value: bigint | number, size: number) {
  const copy = Uint8Array.from(terms);
  copy.set(getBytes(toBeHex(value, size)), offset);
  return copy;
}

/** Deal code as it stands on chain: STOP, terms, cash token, tokens, payees, feeds. */
export function expectedCode(deal: NewDeal, tokens: string[]): string {
  const addresses = [deal.cashToken, ...tokens, ...deal.payees, ...deal.feeds];
  return `0x00${hexlify(deal.terms).slice(2)}${addresses.map((address) => address.slice(2)).join("")}`.toLowerCase();
}
