import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Contract, id } from "ethers";
import { publishReport } from "../../../server/chain/publish-report.ts";
import { readDealRecord } from "../../../server/chain/read-deal-record.ts";
import { watchEvents } from "../../../server/chain/watch-events.ts";
import type { Context } from "../../../server/context.ts";
import { runInputsAbi } from "../../../server/chain/abis/RunInputs.ts";
import { fundCollections } from "../../../server/distributions/fund-collections.ts";
import { openDistribution } from "../../../server/distributions/open-distribution.ts";
import { replayDeal } from "../../../server/history/replay-deal.ts";
import {
  PURCHASE_LIST_TYPES,
  purchaseListDomain,
} from "../../../server/reports/purchase-list-message.ts";
import { previewWaterfall } from "../../../server/waterfall/preview-waterfall.ts";
import { runInputsOf } from "../../../server/waterfall/run-inputs-queries.ts";
import { DEAL, startDealStage, type DealStage } from "../reports/deal-stage.ts";

const KEY = { dealId: DEAL, period: 1 };
const FILL = "    FILL COLL -> RES TO min(";

let stage: DealStage;
let context: Context;

before(async () => {
  stage = await startDealStage({
    edit: (source) =>
      source.replace(
        FILL,
        `    BUY COLL UPTO k.reserveRequired FROM servicer AS bought @ 8.04(a)(viii)\n${FILL}`,
      ),
  });
  context = stage.server.context;
});
after(() => stage?.server.close());

/** Approver and trustee sign, anyone brings it. */
async function offer(version: number, price: bigint): Promise<void> {
  const { chain } = context;
  const { dealId } = stage.chainDeal;
  const list = {
    ...{ dealId, period: 1, version, listRoot: id("the loans") },
    ...{ loanCount: 2n, balance: 51_000n, price },
  };
  const { runInputs } = chain.deployment;
  const domain = purchaseListDomain(chain.chainId, runInputs);
  const wallets = [stage.approver.wallet, stage.trustee.wallet].toSorted((a, b) =>
    BigInt(a.address) < BigInt(b.address) ? -1 : 1,
  );
  const signatures = await Promise.all(
    wallets.map((wallet) => wallet.signTypedData(domain, PURCHASE_LIST_TYPES, list)),
  );
  const inputs = new Contract(runInputs, runInputsAbi, chain.servicer);
  const signers = wallets.map(({ address }) => address);
  await inputs.getFunction("offerLoans")(list, signers, signatures);
  await chain.mine?.();
  await watchEvents(context);
}

const inputsOf = (period: number) =>
  runInputsOf(context.db, { dealId: DEAL, period, terms: stage.compiled.terms });

describe("the list of loans that a deal buys", () => {
  it("costs nothing before there is one", async () => {
    assert.deepEqual(await inputsOf(1), { extras: [0n], notices: 0, carried: null });
  });

  it("is the newest that the attesters have signed", async () => {
    await offer(1, 49_000n);
    await offer(2, 50_000n);
    assert.deepEqual((await inputsOf(1)).extras, [50_000n]);
    assert.deepEqual((await inputsOf(2)).extras, [0n]);
    const { request, users } = stage.server;
    const url = `/v1/deals/${DEAL}/periods/2017-10/inputs`;
    assert.deepEqual((await request(users.trustee, { url })).json().purchaseList, {
      version: 2,
      listRoot: id("the loans"),
      loanCount: "2",
      balance: "510.00",
      price: "500.00",
    });
  });

  it("is bought on chain at its price, as previewed, and as the replay says", async () => {
    await stage.moveTo(stage.times(1).determination);
    await stage.closePeriod(1);
    await stage.approve(1);
    await publishReport(context, KEY);
    await stage.moveTo(stage.times(1).payment);
    await fundCollections(context, KEY);
    const { run } = await previewWaterfall(context, KEY);
    const { distribution } = await openDistribution(context, KEY);
    assert.equal(distribution.result_hash, run.resultHash);
    const line = await context.db
      .selectFrom("waterfall_lines")
      .select(["operation", "source", "paid_cents"])
      .where("label", "=", "bought")
      .executeTakeFirstOrThrow();
    assert.deepEqual(line, { operation: "BUY", source: "COLL", paid_cents: 50_000n });
    const { dealId } = stage.chainDeal;
    const record = await readDealRecord(context.chain.provider, { dealId });
    assert.equal(replayDeal(record).differenceCount, 0);
    const events = record.events.filter(
      (event) => event.name !== "LoansOffered" || event.version === 1,
    );
    const [period] = replayDeal({ ...record, events }).periods;
    const items = period?.differences.map(({ item }) => item) ?? [];
    assert.ok(items.includes("price of the purchase list"), items.join());
  });
});
