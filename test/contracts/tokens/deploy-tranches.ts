import { id } from "ethers";
import { network } from "hardhat";
import type { AnyContract } from "../deals/any-contract.ts";
import { dealCodeInit, type CalendarTerms } from "./deal-code.ts";

export const { ethers, networkHelpers } = await network.create();

export const DAY = 86_400;
export const REGISTRAR = 2n;
export const USA = 840;
const NO_CAP = 0xffff;
/** Why the registrar acts, as the registry wants to be told. */
export const REASON = id("test");

type Signer = Awaited<ReturnType<typeof ethers.getSigners>>[number];

/** What a test may choose; the rest is three classes of 600,000.00, 300,000.00, 100,000.00 and twelve months. */
export interface DealChoice {
  faces?: bigint[];
  periods?: number;
  holderCapBps?: number;
  /** 2 if left out: then a cent is one unit of cash. */
  cashDecimals?: number;
}

/** Platform and one deal behind real proxies; plain accounts stand where factory and distributor call from. */
export async function deployTranches(choice: DealChoice = {}) {
  const [admin, factory, distributor, registrar, ...wallets] = await ethers.getSigners();
  const people = {
    admin: admin!,
    factory: factory!,
    distributor: distributor!,
    registrar: registrar!,
  };
  const authority: AnyContract = await ethers.deployContract("AccessManager", [people.admin]);
  const compliance = await deployCompliance(people, await authority.getAddress());

  const now = await networkHelpers.time.latest();
  const faces = choice.faces ?? [600_000_00n, 300_000_00n, 100_000_00n];
  const periods = choice.periods ?? 12;
  const terms: CalendarTerms = {
    faces,
    closingTime: now,
    recordTimes: Array.from({ length: periods }, (_, i) => now + (i + 1) * 30 * DAY),
    holderCapBps: choice.holderCapBps ?? NO_CAP,
    cashDecimals: choice.cashDecimals ?? 2,
  };
  const code = await deployCode(people.admin, terms);

  const beacon: AnyContract = await ethers.deployContract("UpgradeableBeacon", [
    await ethers.deployContract("TrancheToken", [
      people.factory.address,
      people.distributor.address,
      await compliance.getAddress(),
    ]),
    people.admin,
  ]);
  const tokens: AnyContract[] = [];
  for (const index of faces.keys()) {
    const token = await deployToken(await beacon.getAddress(), {
      name: `Class ${"ABCDEFGHIJKLMNOP"[index]}`,
      symbol: "ABCDEFGHIJKLMNOP"[index]!,
      authority: await authority.getAddress(),
      dealId: 1n,
      classIndex: index,
      dealCode: code,
    });
    tokens.push(token);
  }
  // The roles of all tokens stand in the row of their beacon.
  await restrict(authority, await beacon.getAddress(), tokens[0]!, [
    "forcedTransfer",
    "batchForcedTransfer",
    "setFrozenTokens",
    "freezePartialTokens",
    "unfreezePartialTokens",
    "setAddressFrozen",
    "recoveryAddress",
    "pause",
    "unpause",
  ]);
  await restrict(authority, await compliance.getAddress(), compliance, [
    "setIdentity",
    "setCredential",
    "setIssuer",
    "endIssuerEpoch",
    "setVenue",
    "setDealVenue",
    "linkWallet",
    "linkWalletBySignature",
    "setIdentityFrozen",
    "setCapExempt",
    "setRequirements",
    "setCountryListed",
    "setCountryListMeaning",
    "setLockup",
  ]);
  await authority.grantRole(REGISTRAR, people.registrar, 0);
  await compliance
    .connect(people.factory)
    .registerDeal(1n, code, await Promise.all(tokens.map((token) => token.getAddress())));
  return {
    ...people,
    wallets,
    authority,
    compliance,
    registry: compliance.connect(people.registrar) as AnyContract,
    beacon,
    token: tokens[0]!,
    tokens,
    terms,
    code,
  };
}

export type Tranches = Awaited<ReturnType<typeof deployTranches>>;

/** Identity id of a name. */
export const identityId = (name: string) => id(name);

/** The name's identity as the token's `recoveryAddress` wants it: an address of its last 20 bytes. */
export const identityAddress = (name: string) => ethers.getAddress(`0x${id(name).slice(-40)}`);

/** Sets the identity `name` (valid for ten years, US) and links the wallets to it. */
export async function admit(deal: Tranches, name: string, ...wallets: Signer[]) {
  const expiry = (await networkHelpers.time.latest()) + 3650 * DAY;
  await deal.registry.setIdentity(identityId(name), expiry, USA, REASON);
  for (const wallet of wallets) await link(deal, wallet, identityId(name));
}

/** Links a wallet, which consents, to an identity. */
export async function link(
  deal: Pick<Tranches, "compliance" | "registry">,
  wallet: Signer,
  identity: string,
) {
  await deal.compliance.connect(wallet).consentToLink(identity);
  await deal.registry.linkWallet(wallet, identity, REASON);
}

/** Moves the clock to `seconds` after record time `period` (0: no further than now). */
export async function enterWindow(deal: Tranches, period: number, seconds = 0) {
  await networkHelpers.time.increaseTo(deal.terms.recordTimes[period - 1]! + seconds);
}

/** End of a period's record window, unix seconds, as the distributor reads it; the last window never closes. */
export const windowEnd = (deal: Tranches, period: number): number =>
  deal.terms.recordTimes[period] ?? 2 ** 40 - 1;

async function deployCompliance(
  people: { factory: Signer; distributor: Signer },
  authority: string,
): Promise<AnyContract> {
  const implementation = await ethers.deployContract("ComplianceRegistry", [
    people.factory.address,
    people.distributor.address,
  ]);
  const call = implementation.interface.encodeFunctionData("initialize", [authority]);
  const proxy = await ethers.deployContract("ERC1967Proxy", [implementation, call]);
  return ethers.getContractAt("ComplianceRegistry", await proxy.getAddress());
}

async function deployToken(beacon: string, params: Record<string, unknown>): Promise<AnyContract> {
  const { interface: abi } = await ethers.getContractFactory("TrancheToken");
  const call = abi.encodeFunctionData("initialize", [params]);
  const proxy = await ethers.deployContract("BeaconProxy", [beacon, call]);
  return ethers.getContractAt("TrancheToken", await proxy.getAddress());
}

async function deployCode(deployer: Signer, terms: CalendarTerms): Promise<string> {
  const receipt = await (await deployer.sendTransaction({ data: dealCodeInit(terms) })).wait();
  return receipt!.contractAddress!;
}

async function restrict(
  authority: AnyContract,
  target: string,
  contract: AnyContract,
  names: string[],
) {
  const selectors = names.map((name) => contract.interface.getFunction(name)!.selector);
  await authority.setTargetFunctionRole(target, selectors, REGISTRAR);
}
