/** Deals on the whole platform, deployed by the server's own code: nothing of ours is mocked. */
import { expect } from "chai";
import { keccak256, ZeroHash } from "ethers";
import { createDeal } from "../../../server/chain/create-deal.ts";
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { encodeTerms } from "../../../server/deals/encode-terms.ts";
import type { AnyContract } from "../deals/any-contract.ts";
import { deployWithPeople, ethers, networkHelpers } from "../deals/platform-fixture.ts";
import type { Platform } from "../deals/platform-fixture.ts";
import { REPORT_TYPES } from "../reports/registry-fixture.ts";
import type { Report } from "../reports/registry-fixture.ts";

export { deployWithPeople, ethers, networkHelpers };
export type { Platform, Report };

export const DAY = 86_400;
export const UNITS_PER_CENT = 10_000n;

/** A deal that has been closed: tokens with their holders, the reserve deposited. */
export interface OpenDeal {
  dealId: bigint;
  terms: DealTerms;
  termsHash: string;
  tokens: AnyContract[];
  holders: string[];
  payees: string[];
  calendar: DealTerms["calendar"];
  cutOffPool: bigint;
  cash: AnyContract;
}

/** The deal from `closingTime` on, in months of thirty days: record time, payment five days later. */
function startAt(terms: DealTerms, closingTime: number): DealTerms {
  const calendar = terms.calendar.map((row, i) => {
    const recordTime = closingTime + (i + 1) * 30 * DAY;
    const determinationTime = recordTime - 2 * DAY;
    return { ...row, determinationTime, recordTime, paymentTime: recordTime + 5 * DAY };
  });
  return { ...terms, closingTime, calendar };
}

/** Creates and closes a deal; each class goes to one holder. The originator deposits from `cash`. */
export async function openDeal(
  platform: Platform,
  compiled: DealTerms,
  choice: { cash?: AnyContract; payees?: string[] } = {},
): Promise<OpenDeal> {
  const cash = choice.cash ?? platform.cash;
  const closingTime = (await networkHelpers.time.latest()) + 1_000;
  const terms = startAt(compiled, closingTime);
  const bytes = encodeTerms(terms);
  const payees =
    choice.payees ?? terms.payees.map((_, i) => ethers.Wallet.createRandom().address ?? `${i}`);
  const deal = await createDeal({ signer: platform.admin }, platform.deployment, {
    deal: {
      ...{ terms: bytes, payees, feeds: [], threshold: 2, originator: platform.originator.address },
      cashToken: await cash.getAddress(),
      symbols: terms.classes.map(({ name }) => name),
      names: terms.classes.map(({ name }) => `Class ${name}`),
      attesters: platform.attesters.map((attester) => attester.address),
    },
  });
  const deposits = terms.accounts.reduce(
    (sum, { initialDepositCents }) => sum + initialDepositCents,
    0n,
  );
  await mintTo(platform, cash, platform.originator.address, deposits * UNITS_PER_CENT);
  const distributor = await platform.distributor.getAddress();
  await cash.connect(platform.originator).approve(distributor, 2n ** 255n);
  const holders = terms.classes.map((_, i) => platform.holders[i % 3]!.address);
  await networkHelpers.time.increaseTo(closingTime);
  const allocations = terms.classes.map(({ faceCents }, i) => ({
    ...{ classIndex: i, holder: holders[i]!, face: faceCents },
  }));
  await platform.factory.connect(platform.originator).agreeToDeposit(deal.dealId);
  await platform.factory.closeDeal(deal.dealId, allocations);
  const tokens = await Promise.all(
    deal.tokens.map((address): Promise<AnyContract> =>
      ethers.getContractAt("TrancheToken", address),
    ),
  );
  return {
    ...{ dealId: deal.dealId, terms, termsHash: keccak256(bytes), calendar: terms.calendar },
    ...{ tokens, holders, payees, cash, cutOffPool: terms.cutOffBalanceCents },
  };
}

async function mintTo(platform: Platform, cash: AnyContract, to: string, units: bigint) {
  await cash.connect(platform.admin).mint(to, units);
}

/** Period figures beside the opening pool, which rolls forward by itself. */
export interface PeriodFigures {
  poolClosing: bigint;
  availableFunds: bigint;
  others?: bigint[];
}

/** A report of `period`; `opening` is the closing pool of the period before. */
export function reportOf(
  deal: OpenDeal,
  period: number,
  opening: bigint,
  { poolClosing, availableFunds, others = [] }: PeriodFigures,
): Report {
  return {
    ...{ dealId: deal.dealId, period, version: 1, termsHash: deal.termsHash },
    ...{ tapeRoot: keccak256("0x01"), closeHash: keccak256("0x02"), resultHash: ZeroHash },
    figures: [opening, poolClosing, 10n, availableFunds, ...others],
  };
}

/** The report as it is published: with the first two attesters and their signatures. */
export async function signReport(
  platform: Platform,
  report: Report,
): Promise<[Report, string[], string[]]> {
  const address = await platform.reports.getAddress();
  const { chainId } = await ethers.provider.getNetwork();
  const domain = { name: "Penstock", version: "1", chainId, verifyingContract: address };
  const signers = platform.attesters
    .slice(0, 2)
    .toSorted((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
  const signatures = await Promise.all(
    signers.map((signer) => signer.signTypedData(domain, REPORT_TYPES, report)),
  );
  return [report, signers.map((signer) => signer.address), signatures];
}

/** Publishes a report with the signatures of the first two attesters, once its month has ended. */
export async function publish(platform: Platform, deal: OpenDeal, report: Report): Promise<void> {
  await moveTo(deal.calendar[report.period - 1]!.determinationTime);
  await platform.reports.publishReport(...(await signReport(platform, report)));
}

/** Funds a deal's collections from a third party's purse. */
export async function fund(platform: Platform, deal: OpenDeal, cents: bigint): Promise<void> {
  const distributor = await platform.distributor.getAddress();
  await mintTo(platform, deal.cash, platform.anyone.address, cents * UNITS_PER_CENT);
  await deal.cash.connect(platform.anyone).approve(distributor, 2n ** 255n);
  await platform.distributor.connect(platform.anyone).fund(deal.dealId, cents);
}

/** Moves the clock forward to `time`, if it is not there yet. */
export async function moveTo(time: number): Promise<void> {
  if ((await networkHelpers.time.latest()) < time) await networkHelpers.time.increaseTo(time);
}

/** Publishes, funds exactly, waits for the payment time and distributes. */
export async function runPeriod(platform: Platform, deal: OpenDeal, report: Report) {
  await publish(platform, deal, report);
  if (report.figures[3]! > 0n) await fund(platform, deal, report.figures[3]!);
  await moveTo(deal.calendar[report.period - 1]!.paymentTime);
  return platform.distributor.connect(platform.anyone).distribute(report);
}

/** Cash held for a deal by its ledger, in units. */
export async function heldUnits(platform: Platform, deal: OpenDeal): Promise<bigint> {
  const cash = await platform.distributor.cashOf(deal.dealId);
  const cents = cash.collections + cash.accounts + cash.owedToPayees + cash.carry;
  return cents * UNITS_PER_CENT + cash.unclaimedUnits;
}

/** The distributor holds what belongs to these deals and not a unit more or less. */
export async function expectHeld(platform: Platform, ...deals: OpenDeal[]) {
  const cash = deals[0]!.cash;
  const held = await Promise.all(deals.map((deal) => heldUnits(platform, deal)));
  const balance = await cash.balanceOf(await platform.distributor.getAddress());
  expect(held.reduce((a, b) => a + b)).to.equal(balance);
}
