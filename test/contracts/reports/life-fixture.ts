/**
 * A registered deal whose reports are due, challenged and handed over: trustee and verifier are payees, three attesters sign
 * two at a time, two successors wait. The factory and the distributor are wallets, so that every step can be taken by itself.
 */
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { concat, id, keccak256, ZeroHash } from "ethers";
import { buildSmallTerms, DAY, smallDeal, timesOf } from "../deals/build-small-terms.ts";
import type { Reporting, SmallDeal } from "../deals/build-small-terms.ts";
import { present } from "../deals/present.ts";
import { deployRegistry, ethers, networkHelpers, sign } from "./registry-fixture.ts";
import type { Report } from "./registry-fixture.ts";

export { DAY, ethers, networkHelpers, sign, timesOf };
export type { Report };

export const HOUR = 3_600;
export const REASON = id("why.pdf");
export const STATUS = { standing: 0n, challenged: 1n, rejected: 2n };
export const STATE = { onTime: 0n, late: 1n, servicerDefault: 2n };

/** Opening less closing is principal (4) and charge-offs (5). */
const ROLL_FORWARD = [0, 1, 4, 5].map((figure) => ({ figure, subtracted: figure !== 0 }));

/** Figures that are amounts of the period: available funds, principal, charge-offs, an adjustment of either sign. */
export const FLOWS = [3, 4, 5, 11];

export const RULES: Reporting = {
  ...{ lead: 3 * DAY, defaultGrace: 5 * DAY, window: DAY, answer: 12 * HOUR },
  ...{ holdersBps: 2_500, verifier: 1, trustee: 0, handsOver: true },
  identities: [ROLL_FORWARD],
};

const TERMS_ADDRESSES = 4;

/** Writes terms and addresses behind a STOP byte: cash and three tokens that are nobody, then the payees. */
async function writeCode(signer: HardhatEthersSigner, terms: string, payees: string[]) {
  const body = concat(["0x00", terms, "0x" + "11".repeat(20 * TERMS_ADDRESSES), ...payees]);
  const size = ((body.length - 2) / 2).toString(16).padStart(4, "0");
  const data = concat(["0x61" + size, "0x80600a5f395ff3", body]);
  const receipt = await (await signer.sendTransaction({ data })).wait();
  return present(present(receipt).contractAddress);
}

/** The deal under other rules; the clock stands after period 1's determination. */
export async function deployLife(rules: Partial<Reporting> = {}) {
  const base = await deployRegistry();
  const [trustee, verifier, first, second] = (await ethers.getSigners()).slice(10);
  const reporting = { ...RULES, ...rules };
  const start = (await networkHelpers.time.latest()) + 1_000;
  const deal: SmallDeal = { ...smallDeal(start), flows: FLOWS, reporting };
  const terms = buildSmallTerms(deal);
  const people = { trustee: present(trustee), verifier: present(verifier) };
  const payees = [people.trustee.address, people.verifier.address];
  const code = await writeCode(base.factory, terms, payees);
  const successors = [present(first), present(second)].toSorted((a, b) =>
    BigInt(a.address) < BigInt(b.address) ? -1 : 1,
  );
  await base.registry.connect(base.factory).registerDeal(1, code, {
    attesters: base.attesters.slice(0, 3).map((attester) => attester.address),
    threshold: 2,
    successors: successors.map((successor) => successor.address),
    successorThreshold: 1,
  });
  await networkHelpers.time.increaseTo(timesOf(deal, 1).determination);
  return { ...base, ...people, successors, deal, terms, code, termsHash: keccak256(terms) };
}

/** A deal of the usual rules, as a fixture: those take no arguments. */
export const deployUsualLife = () => deployLife();

export type Life = Awaited<ReturnType<typeof deployLife>>;

/** Principal, charge-offs, available funds and the adjustment of a period, cents. */
export interface Flows {
  principal?: bigint;
  chargedOff?: bigint;
  funds?: bigint;
  adjustment?: bigint;
}

/** A report of a period that opens at `opening` and rolls forward. */
export function reportOf(
  life: { deal: SmallDeal; termsHash: string },
  period: number,
  opening: bigint,
  { principal = 50_000n, chargedOff = 1_000n, funds = 55_000n, adjustment = -250n }: Flows = {},
): Report {
  const closing = opening - principal - chargedOff;
  return {
    ...{ dealId: 1n, period, version: 1, termsHash: life.termsHash },
    ...{ tapeRoot: id(`tape ${period}`), closeHash: id(`close ${period}`), resultHash: ZeroHash },
    figures: [opening, closing, 97n, funds, principal, chargedOff, 0n, 0n, 0n, 0n, 0n, adjustment],
  };
}

export const closingOf = (report: Report) => present(report.figures[1]);

/** The same period again with other flows. */
export function correct(life: Life, report: Report, version: number, flows: Flows): Report {
  const opening = present(report.figures[0]);
  return { ...reportOf(life, report.period, opening, flows), version, tapeRoot: id(`v${version}`) };
}

/** Publishes, waits for the window, and uses the report as its distribution does. */
export async function publishAndUse(life: Life, report: Report): Promise<void> {
  await reach(timesOf(life.deal, report.period).determination);
  await publishIt(life, report);
  await networkHelpers.time.increase(life.deal.reporting.window);
  await life.registry.connect(life.distributor).useReport(report);
}

/** Signs and publishes; by the first two attesters unless said otherwise. */
export async function publishBy(life: Life, report: Report, wallets: HardhatEthersSigner[]) {
  const [signers, signatures] = await sign(life, report, wallets);
  return life.registry.connect(life.anyone).publishReport(report, signers, signatures);
}

export const publishIt = (life: Life, report: Report) =>
  publishBy(life, report, life.attesters.slice(0, 2));

export async function restate(life: Life, previous: Report, restated: Report) {
  const [signers, signatures] = await sign(life, restated, life.attesters.slice(0, 2));
  return life.registry.connect(life.anyone).restateReport(previous, restated, signers, signatures);
}

/** Moves the clock forward to `time`, if it is not there yet. */
export async function reach(time: number): Promise<void> {
  if ((await networkHelpers.time.latest()) < time) await networkHelpers.time.increaseTo(time);
}
