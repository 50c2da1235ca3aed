/** A ReportRegistry behind its proxy, with one deal registered and three attesters of whom two must sign. */
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { network } from "hardhat";
import { concat, keccak256, toBeHex, ZeroHash } from "ethers";
import type { AnyContract } from "../deals/any-contract.ts";
import { buildSmallTerms, smallDeal, timesOf } from "../deals/build-small-terms.ts";
import type { SmallDeal } from "../deals/build-small-terms.ts";
import { present } from "../deals/present.ts";

export const { ethers, networkHelpers } = await network.create();

export const REPORT_TYPES = {
  Report: [
    { name: "dealId", type: "uint64" },
    { name: "period", type: "uint16" },
    { name: "version", type: "uint16" },
    { name: "termsHash", type: "bytes32" },
    { name: "tapeRoot", type: "bytes32" },
    { name: "closeHash", type: "bytes32" },
    { name: "resultHash", type: "bytes32" },
    { name: "figures", type: "int256[]" },
  ],
};

export interface Report {
  dealId: bigint;
  period: number;
  version: number;
  termsHash: string;
  tapeRoot: string;
  closeHash: string;
  resultHash: string;
  figures: bigint[];
}

/** Writes bytes as contract code behind a STOP byte, as the factory does. */
export async function writeDealCode(signer: HardhatEthersSigner, terms: string): Promise<string> {
  const body = concat(["0x00", terms, "0x" + "11".repeat(20 * 6)]);
  const size = toBeHex((body.length - 2) / 2, 2);
  const data = concat(["0x61", size, "0x80600a5f395ff3", body]);
  const receipt = await (await signer.sendTransaction({ data })).wait();
  return present(present(receipt).contractAddress);
}

/** Attesters with nobody to take over from them. */
export const attestedBy = (attesters: string[], threshold: number) => ({
  ...{ attesters, threshold },
  ...{ successors: [] as string[], successorThreshold: 0 },
});

export async function deployRegistry() {
  const [admin, factory, distributor, anyone, ...wallets] = await ethers.getSigners();
  const manager = await ethers.deployContract("AccessManager", [present(admin).address]);
  const implementation: AnyContract = await ethers.deployContract("ReportRegistry", [
    present(factory).address,
    present(distributor).address,
  ]);
  const call = implementation.interface.encodeFunctionData("initialize", [
    await manager.getAddress(),
  ]);
  const proxy = await ethers.deployContract("ERC1967Proxy", [
    await implementation.getAddress(),
    call,
  ]);
  const address = await proxy.getAddress();
  const registry: AnyContract = await ethers.getContractAt("ReportRegistry", address);
  const attesters = wallets
    .slice(0, 4)
    .toSorted((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
  return {
    admin: present(admin),
    factory: present(factory),
    distributor: present(distributor),
    anyone: present(anyone),
    attesters,
    manager,
    implementation,
    registry,
  };
}

/** With deal 1 registered; attesters 0 to 2 of the four, threshold 2; the clock stands after period 1's determination. */
export async function deployRegisteredDeal() {
  const base = await deployRegistry();
  const deal = smallDeal((await networkHelpers.time.latest()) + 1_000);
  const terms = buildSmallTerms(deal);
  const code = await writeDealCode(base.factory, terms);
  const signers = base.attesters.slice(0, 3).map((attester) => attester.address);
  await base.registry.connect(base.factory).registerDeal(1, code, attestedBy(signers, 2));
  await networkHelpers.time.increaseTo(timesOf(deal, 1).determination);
  return { ...base, deal, terms, code, termsHash: keccak256(terms) };
}

export type Fixture = Awaited<ReturnType<typeof deployRegisteredDeal>>;

/** A report of period 1, version 1, with the last figure negative. */
export function firstReport(fixture: { deal: SmallDeal; termsHash: string }): Report {
  const rest = fixture.deal.bounds.slice(4).map((_, i) => BigInt(i) * 1_111n);
  rest[rest.length - 1] = -250n;
  return {
    dealId: 1n,
    period: 1,
    version: 1,
    termsHash: fixture.termsHash,
    tapeRoot: keccak256("0x01"),
    closeHash: keccak256("0x02"),
    resultHash: ZeroHash,
    figures: [fixture.deal.cutOffBalance, 1_000_000n, 97n, 55_000n, ...rest],
  };
}

/** The report that follows `last`: opening where it closed, 10,000.00 less at the end. */
export function nextReport(last: Report): Report {
  const [, closing, count, ...rest] = last.figures as [bigint, bigint, bigint, ...bigint[]];
  return {
    ...last,
    period: last.period + 1,
    version: 1,
    tapeRoot: keccak256(last.tapeRoot),
    figures: [closing, closing - 10_000n, count, ...rest],
  };
}

export interface SigningDomain {
  name?: string;
  version?: string;
  chainId?: bigint;
  verifyingContract?: string;
}

/** Signs `report` with `wallets` (made ascending), for the registry of the fixture or a domain that differs from it. */
export async function sign(
  fixture: { registry: { getAddress(): Promise<string> } },
  report: Report,
  wallets: HardhatEthersSigner[],
  differing: SigningDomain = {},
): Promise<[string[], string[]]> {
  const { chainId } = await ethers.provider.getNetwork();
  const verifyingContract = await fixture.registry.getAddress();
  const domain = { name: "Penstock", version: "1", chainId, verifyingContract, ...differing };
  const ordered = [...wallets].toSorted((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
  const signatures = await Promise.all(
    ordered.map((wallet) => wallet.signTypedData(domain, REPORT_TYPES, report)),
  );
  return [ordered.map((wallet) => wallet.address), signatures];
}

/** Signs with the first two attesters and publishes. */
export async function publish(fixture: Fixture, report: Report) {
  const [signers, signatures] = await sign(fixture, report, fixture.attesters.slice(0, 2));
  return fixture.registry.connect(fixture.anyone).publishReport(report, signers, signatures);
}

/** Marks a report as used, as its distribution does: the next period's may follow then. */
export async function use({ registry, distributor }: Fixture, report: Report) {
  return registry.connect(distributor).useReport(report);
}

/** Publishes a report and uses it. */
export async function publishAndUse(fixture: Fixture, report: Report) {
  const published = await publish(fixture, report);
  await use(fixture, report);
  return published;
}
