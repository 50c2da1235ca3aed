/** One period of a deal on the contracts: inputs, signed report, cash, distribution, words. */
import { id as hashText, type LogDescription, ZeroHash } from "ethers";
import { contractAt, send } from "../../server/chain/deploy-contract.ts";
import { contracts } from "../../server/chain/platform-interface.ts";
import type { IndexTerms } from "../../server/deals/deal-terms.ts";
import { AVAILABLE_FUNDS } from "../../server/deals/terms-format.ts";
import { centsToUnits } from "../../server/lib/money.ts";
import {
  PURCHASE_LIST_TYPES,
  purchaseListDomain,
} from "../../server/reports/purchase-list-message.ts";
import {
  REPORT_TYPES,
  reportDomain,
  type ReportMessage,
} from "../../server/reports/report-message.ts";
import type { BoundPeriod } from "./bind-inputs.ts";
import { type OwnDeal, payeeWallet } from "./own-deal.ts";

/** Time of the last block, unix seconds. */
async function timeOf({ own }: OwnDeal): Promise<number> {
  const block = await own.signer.provider?.getBlock("latest");
  return block?.timestamp ?? 0;
}

/** Gas for a payee's notices. */
const NOTICE_ETHER = 10n ** 18n;

export interface ChainRun {
  words: bigint[];
  /** Of the distribution, the whole transaction. */
  gas: bigint;
  hash: string;
}

const advanceTo = ({ own }: OwnDeal, seconds: number) =>
  own.chain.advanceTo(new Date(seconds * 1_000));

/** A rate as its feed states it. @throws RangeError when the feed has too few decimals for it */
function feedAnswer({ name, feedDecimals, unit }: IndexTerms, wad: bigint): bigint {
  const scaled = wad * 10n ** BigInt(feedDecimals) * (unit === "percent" ? 100n : 1n);
  if (scaled % 10n ** 18n === 0n) return scaled / 10n ** 18n;
  throw new RangeError(`index.${name}: a feed of ${feedDecimals} decimals cannot state this rate`);
}

async function fixIndices(own: OwnDeal, { period, fixings }: BoundPeriod): Promise<void> {
  const { terms } = own.compiled;
  const inputs = await contractAt(own.own, "RunInputs", own.deployment.runInputs);
  for (const [i, index] of terms.indices.entries()) {
    const fixingTime = terms.calendar[period - 1]?.fixingTimes[i] ?? 0;
    const feed = await contractAt(own.own, "MockIndexFeed", own.feeds[i] ?? "");
    const answer = feedAnswer(index, fixings[i] ?? 0n);
    await send(own.own, feed, "setRound", [period, answer, fixingTime]);
    await advanceTo(own, fixingTime);
    await send(own.own, inputs, "fixIndex", [own.deal.dealId, period, i, period]);
  }
}

async function giveNotices(own: OwnDeal, { given }: BoundPeriod): Promise<void> {
  for (const notice of given) {
    const { name, payee = null } = own.compiled.terms.notices[notice] ?? {};
    if (payee === null) {
      throw new RangeError(
        `notice.${name}: nobody gives it; it follows from reports that are late`,
      );
    }
    const signer = payeeWallet(own.own, payee);
    const gas = await own.own.signer.sendTransaction({ to: signer.address, value: NOTICE_ETHER });
    await own.own.mine?.();
    await gas.wait();
    const sender = { signer, mine: own.own.mine };
    const inputs = await contractAt(sender, "RunInputs", own.deployment.runInputs);
    await send(sender, inputs, "giveNotice", [own.deal.dealId, notice]);
  }
}

async function offerLoans(own: OwnDeal, { period, purchasePrice }: BoundPeriod): Promise<void> {
  if (purchasePrice === "any" || purchasePrice === 0n) return;
  const { signer } = own.own;
  const { runInputs } = own.deployment;
  const domain = purchaseListDomain(BigInt(own.deployment.chainId), runInputs);
  const list = {
    dealId: own.deal.dealId,
    ...{ period, version: 1, listRoot: hashText(`loans of period ${period}`), loanCount: 1 },
    ...{ balance: purchasePrice, price: purchasePrice },
  };
  const signature = await signer.signTypedData(domain, PURCHASE_LIST_TYPES, list);
  const inputs = await contractAt(own.own, "RunInputs", runInputs);
  await send(own.own, inputs, "offerLoans", [list, [await signer.getAddress()], [signature]]);
}

async function publish(
  own: OwnDeal,
  { period, figures }: BoundPeriod,
  resultHash: string,
): Promise<ReportMessage> {
  const { deal, deployment } = own;
  const { signer } = own.own;
  const report: ReportMessage = {
    ...{ dealId: deal.dealId, period, version: 1, termsHash: deal.termsHash },
    ...{ tapeRoot: hashText(`tape of period ${period}`) },
    ...{ closeHash: hashText(`close of period ${period}`) },
    ...{ resultHash, figures },
  };
  const registry = deployment.reportRegistry;
  const domain = reportDomain({ chainId: BigInt(deployment.chainId), registry });
  const signature = await signer.signTypedData(domain, REPORT_TYPES, report);
  const reports = await contractAt(own.own, "ReportRegistry", registry);
  const signers = [await signer.getAddress()];
  await send(own.own, reports, "publishReport", [report, signers, [signature]]);
  return report;
}

/** Mints the period's cash and pays it into the deal's collections. */
async function fund(own: OwnDeal, cents: bigint): Promise<void> {
  if (cents <= 0n) return;
  const { waterfallDistributor } = own.deployment;
  const units = centsToUnits(cents, own.compiled.terms.cashDecimals);
  const stablecoin = await contractAt(own.own, "MockStablecoin", own.cashToken);
  await send(own.own, stablecoin, "mint", [await own.own.signer.getAddress(), units]);
  await send(own.own, stablecoin, "approve", [waterfallDistributor, units]);
  const distributor = await contractAt(own.own, "WaterfallDistributor", waterfallDistributor);
  await send(own.own, distributor, "fund", [own.deal.dealId, cents]);
}

function findRun(logs: readonly { topics: readonly string[]; data: string }[]): LogDescription {
  const { waterfallDistributor } = contracts;
  for (const log of logs) {
    const event = waterfallDistributor.parseLog(log);
    if (event?.name === "WaterfallRun") return event;
  }
  throw new Error("the distribution emitted no run");
}

/**
 * Services one period as its people would: fixings, notices and loans offered, the report signed and
 * published once its month has ended, its cash funded, distributed at the payment time.
 * @param resultHash of the words that the report foretells; zero: it foretells none
 * @throws an ethers error with the contract's own reason when it refuses
 */
export async function runOnChain(
  own: OwnDeal,
  bound: BoundPeriod,
  resultHash: string = ZeroHash,
): Promise<ChainRun> {
  const row = own.compiled.terms.calendar[bound.period - 1];
  if (row === undefined) throw new RangeError(`the calendar has no period ${bound.period}`);
  await fixIndices(own, bound);
  await giveNotices(own, bound);
  await offerLoans(own, bound);
  await advanceTo(own, row.determinationTime);
  const report = await publish(own, bound, resultHash);
  await fund(own, bound.figures[AVAILABLE_FUNDS] ?? 0n);
  const { challengeSeconds } = own.compiled.terms.reporting;
  await advanceTo(own, Math.max(row.paymentTime, (await timeOf(own)) + challengeSeconds));
  const { waterfallDistributor } = own.deployment;
  const distributor = await contractAt(own.own, "WaterfallDistributor", waterfallDistributor);
  const receipt = await send(own.own, distributor, "distribute", [report]);
  return {
    words: [...findRun(receipt.logs).args.words],
    ...{ gas: receipt.gasUsed, hash: receipt.hash },
  };
}
