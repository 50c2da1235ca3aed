/** The whole platform with the small deal under rules of reporting, closed: three holders, a trustee, a verifier. */
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { getBytes, keccak256 } from "ethers";
import { buildSmallTerms, timesOf } from "../deals/build-small-terms.ts";
import type { Reporting } from "../deals/build-small-terms.ts";
import { createDeal } from "../../../server/chain/create-deal.ts";
import {
  deployWithPeople,
  ethers,
  fullAllocations,
  networkHelpers,
  newDealOf,
} from "../deals/platform-fixture.ts";
import type { AnyContract } from "../deals/any-contract.ts";
import { present } from "../deals/present.ts";
import { FLOWS, RULES } from "./life-fixture.ts";
import { REPORT_TYPES } from "./registry-fixture.ts";
import type { Report } from "./registry-fixture.ts";

export { ethers, networkHelpers };

export const UNITS = 10_000n;

/** Closed unless `isClosed` is false; the clock stands after the first period's determination, before its record time. */
export async function deployLifeDeal(rules: Partial<Reporting> = {}, isClosed = true) {
  const platform = await deployWithPeople();
  platform.terms = { ...platform.terms, flows: FLOWS, reporting: { ...RULES, ...rules } };
  const { factory, originator, cash, deployment, terms } = platform;
  const bytes = buildSmallTerms(terms);
  const successors = [platform.anyone.address];
  const deal = await createDeal({ signer: platform.admin }, deployment, {
    deal: newDealOf(platform, { terms: getBytes(bytes), successors, successorThreshold: 1 }),
  });
  const distributor = deployment.waterfallDistributor;
  await cash.mint(originator.address, 10n ** 15n);
  await cash.connect(originator).approve(distributor, 2n ** 255n);
  await factory.connect(originator).agreeToDeposit(1);
  await networkHelpers.time.increaseTo(terms.closingTime);
  if (isClosed) await factory.closeDeal(1, fullAllocations(platform));
  await networkHelpers.time.increaseTo(timesOf(terms, 1).determination);
  const tokens = await Promise.all(
    deal.tokens.map((token): Promise<AnyContract> => ethers.getContractAt("TrancheToken", token)),
  );
  return {
    ...platform,
    deal: terms,
    tokens,
    registry: platform.reports,
    termsHash: keccak256(bytes),
  };
}

/** A closed deal of the usual rules, as a fixture: those take no arguments. */
export const deployUsualLifeDeal = () => deployLifeDeal();

export type LifeDeal = Awaited<ReturnType<typeof deployLifeDeal>>;

/** The first two attesters' signatures, in ascending order. */
export async function signatures(life: LifeDeal, report: Report): Promise<[string[], string[]]> {
  const ordered = life.attesters
    .slice(0, 2)
    .toSorted((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
  const signed = await Promise.all(
    ordered.map((wallet) => signTyped(life, wallet, REPORT_TYPES, report)),
  );
  return [ordered.map((wallet) => wallet.address), signed];
}

export async function signTyped(
  life: LifeDeal,
  wallet: HardhatEthersSigner,
  types: Parameters<HardhatEthersSigner["signTypedData"]>[1],
  value: object,
): Promise<string> {
  const { chainId } = await ethers.provider.getNetwork();
  const verifyingContract = await life.registry.getAddress();
  const domain = { name: "Penstock", version: "1", chainId, verifyingContract };
  return wallet.signTypedData(domain, types, value);
}

export async function publish(life: LifeDeal, report: Report) {
  return life.registry
    .connect(life.anyone)
    .publishReport(report, ...(await signatures(life, report)));
}

/** Publishes, waits for the window and the payment time, funds and distributes. */
export async function runPeriod(
  life: LifeDeal,
  report: Report,
  cents = present(report.figures[3]),
) {
  await reach(timesOf(life.deal, report.period).determination);
  await publish(life, report);
  await networkHelpers.time.increase(life.deal.reporting.window);
  await life.distributor.connect(life.originator).fund(1, cents);
  await reach(timesOf(life.deal, report.period).payment);
  return life.distributor.connect(life.anyone).distribute(report);
}

export async function reach(time: number): Promise<void> {
  if ((await networkHelpers.time.latest()) < time) await networkHelpers.time.increaseTo(time);
}
