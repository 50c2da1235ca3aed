/**
 * One deal on a real chain through everything that can happen to a report: challenged by the verifier and
 * rejected by the trustee, resubmitted, paid on, restated with its difference carried into the next
 * distribution; then a report that does not come, the servicer's default, and the successor's report.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Contract, id as hashText, type HDNodeWallet } from "ethers";
import { reportRegistryAbi } from "../../../server/chain/abis/ReportRegistry.ts";
import { embeddedAccount } from "../../../server/chain/connect-chain.ts";
import { declarePunctualityJob } from "../../../server/chain/declare-punctuality.ts";
import { readDealRecord } from "../../../server/chain/read-deal-record.ts";
import { watchEvents } from "../../../server/chain/watch-events.ts";
import { formatReplay } from "../../../server/history/format-replay.ts";
import { reconcilePeriod } from "../../../server/history/reconcile-period.ts";
import { replayDeal } from "../../../server/history/replay-deal.ts";
import { runDueJobs } from "../../../server/jobs/run-due-jobs.ts";
import { formatMonth } from "../../../server/lib/dates.ts";
import type { TestUser } from "../start-test-server.ts";
import { AMCAR_DEAL_FILE, amcarTape, close, correct, DEAL, upload } from "../tapes/amcar-2017-4.ts";
import { addPerson, attest, must, payPeriod, startPaidDeal, type PaidDeal } from "./paid-deal.ts";
import { present } from "./present.ts";

/** The golden deal with a verifier, and with a default that leads to the accelerated phase. */
const SOURCE = AMCAR_DEAL_FILE.replace(
  "  residual: { name: Certificateholder, payee: true }\n",
  "$&  reviewer: { name: Asset Reviewer, payee: true }\n",
)
  .replace("  holders: 25 %\n", "$&  verifier: reviewer\n")
  .replace("\nprograms:\n", "\nnotices:\n  succession: { kind: servicer default }\n\nprograms:\n")
  .replace(
    "\ntransitions:\n",
    "$&  - { from: amortising, to: accelerated, when: notice.succession, clause: 5.01(b), at: before }\n",
  );
const DAY = 86_400;

let deal: PaidDeal;
before(async () => {
  deal = await startPaidDeal(SOURCE);
});
after(() => deal?.server.close());

const auditor = (): TestUser => deal.server.users.auditor;
const servicer = (): TestUser => deal.server.users.servicer;
const rowOf = (period: number) => present(deal.compiled.terms.calendar[period - 1]);
const monthOf = (period: number) => formatMonth(rowOf(period).collectionMonth);
const urlOf = (period: number) => `/v1/deals/${DEAL}/periods/${monthOf(period)}`;

async function get<T>(url: string, user = auditor()): Promise<T> {
  const answer = await deal.server.request(user, { url });
  assert.equal(answer.statusCode, 200, answer.body);
  return answer.json<T>();
}

const post = (url: string, user = servicer(), payload: object = {}) =>
  deal.server.request(user, { method: "POST", url, payload });

/** A payee of the deal file by its place: the trustee is the first, the reviewer the last. */
const payee = (place: number): HDNodeWallet =>
  embeddedAccount(6 + place, deal.server.context.chain.provider);
const TRUSTEE = 0;
const REVIEWER = 3;

/** Sends a call of the registry as somebody who needs no server. */
async function callRegistry(wallet: HDNodeWallet, method: string, ...args: unknown[]) {
  const { chain } = deal.server.context;
  const gas = await chain.servicer.sendTransaction({ to: wallet.address, value: 10n ** 18n });
  await chain.mine?.();
  await gas.wait();
  const registry = new Contract(chain.deployment.reportRegistry, reportRegistryAbi, wallet);
  const sent = await registry.getFunction(method)(deal.chainDeal.dealId, ...args);
  await chain.mine?.();
  await sent.wait();
  await watchEvents(deal.server.context);
}

interface Version {
  version: number;
  status: string;
  restates: boolean;
  isFinal: boolean;
  moves: { move: string; party: string | null }[];
}
const versionsOf = async (period: number) =>
  (await get<{ accepted: Version[] }>(`${urlOf(period)}/report`)).accepted;

async function closeAndPublish(period: number): Promise<void> {
  const { server } = deal;
  await deal.moveTo(rowOf(period).determinationTime + 60);
  const months = period === 1 ? ["2017-09", monthOf(1)] : [monthOf(period)];
  for (const month of months) {
    assert.equal((await upload(server, { month })).statusCode, 201, month);
  }
  await must(close(server, monthOf(period)));
  await attest(deal, `${urlOf(period)}/report`);
  await must(post(`${urlOf(period)}/report/publication`));
}

async function pay(period: number): Promise<void> {
  await deal.moveTo(rowOf(period).paymentTime);
  await must(post(`${urlOf(period)}/funding`));
  await must(post(`${urlOf(period)}/distribution`));
  await watchEvents(deal.server.context);
}

/** Books and replay agree to the last unit, the replay from the chain alone. */
async function assertAgreement(period: number) {
  const found = await reconcilePeriod(deal.server.context, DEAL, period);
  assert.deepEqual(found.differences, []);
  const { provider } = deal.server.context.chain;
  const replay = replayDeal(await readDealRecord(provider, { dealId: deal.chainDeal.dealId }));
  assert.equal(replay.differenceCount, 0, formatReplay(replay));
  return replay;
}

describe("a report that the verifier challenges", () => {
  it("stops the payment, is rejected by the trustee, and a resubmitted one is paid on", async () => {
    await closeAndPublish(1);
    const [first] = await versionsOf(1);
    assert.deepEqual([first?.status, first?.isFinal], ["standing", false]);
    const why = hashText("the reviewer's letter");
    await callRegistry(payee(REVIEWER), "challengeReport", 1, 1, why);
    const [challenged] = await versionsOf(1);
    assert.equal(challenged?.status, "challenged");
    assert.equal(challenged?.moves.at(-1)?.party, payee(REVIEWER).address);
    const early = await post(`${urlOf(1)}/distribution`);
    assert.equal(early.statusCode, 409);

    await callRegistry(payee(TRUSTEE), "answerChallenge", 1, 1, true, why);
    assert.deepEqual(
      (await versionsOf(1)).map(({ status }) => status),
      ["rejected"],
    );
    await deal.moveTo(rowOf(1).determinationTime + 2 * DAY);
    const refused = await post(`${urlOf(1)}/distribution`);
    assert.equal(refused.statusCode, 409);

    // The same figures again are another version, which the approver signs anew.
    const unsigned = await post(`${urlOf(1)}/report/publication`);
    assert.equal(unsigned.json().code, "approval-missing");
    await attest(deal, `${urlOf(1)}/report`);
    await must(post(`${urlOf(1)}/report/publication`));
    const versions = await versionsOf(1);
    assert.deepEqual(
      versions.map(({ version, status }) => [version, status]),
      [
        [1, "rejected"],
        [2, "standing"],
      ],
    );
    await pay(1);
    const replay = await assertAgreement(1);
    assert.deepEqual(
      replay.periods.map(({ reportVersion }) => reportVersion),
      [2],
    );
  });
});

describe("a paid period whose tape was wrong", () => {
  const CENTS = 50_00n;

  it("is closed again with a reason, approved and published as a restatement", async () => {
    await payPeriod(deal, 2);
    const { server } = deal;
    // 50.00 of interest that the first tape did not have.
    const corrected = amcarTape(monthOf(2)).replace(
      "<actualInterestCollectedAmount>56.48<",
      "<actualInterestCollectedAmount>106.48<",
    );
    const reason = "A payment of loan 1 was posted late";
    await must(correct(server, monthOf(2), { tape: corrected, reason }));
    await attest(deal, `${urlOf(2)}/report`);
    const published = await post(`${urlOf(2)}/report/publication`);
    assert.equal(published.statusCode, 201, published.body);
    assert.equal(published.json().transaction.kind, "restate-report");
    const twice = await post(`${urlOf(2)}/report/publication`);
    assert.equal(twice.statusCode, 200, twice.body);
    const versions = await versionsOf(2);
    assert.deepEqual(
      versions.map(({ version, restates, status }) => [version, restates, status]),
      [
        [1, false, "standing"],
        [2, true, "standing"],
      ],
    );
  });

  it("shows both versions with the difference of every figure", async () => {
    interface Restatements {
      restatements: {
        previousVersion: number;
        carriedIn: string | null;
        lines: Record<string, unknown>[];
      }[];
    }
    const { restatements } = await get<Restatements>(`${urlOf(2)}/restatements`);
    const [one] = restatements;
    assert.deepEqual([restatements.length, one?.previousVersion, one?.carriedIn], [1, 1, null]);
    const changed = one?.lines.filter(({ difference }) => !/^0(\.00)?$/.test(String(difference)));
    assert.deepEqual(changed, [
      {
        ...{ figure: "availableFunds", unit: "money", measures: "period" },
        ...{ previous: "4669.31", restated: "4719.31", difference: "50.00", carried: true },
      },
      {
        ...{ figure: "interest", unit: "money", measures: "period" },
        ...{ previous: "2319.99", restated: "2369.99", difference: "50.00", carried: true },
      },
    ]);
    const csv = await deal.server.request(auditor(), {
      url: `${urlOf(2)}/restatements?format=csv`,
    });
    assert.match(
      csv.body,
      /2017-11,1,2,standing,[^,]+,,availableFunds,money,period,4669\.31,4719\.31,50\.00,yes/,
    );
  });

  it("gives the next distribution its difference, in cash, in words and in every replay", async () => {
    await closeAndPublish(3);
    const preview = await get<{ carried: unknown[] }>(`${urlOf(3)}/waterfall`);
    assert.deepEqual(preview.carried[0], {
      ...{ figure: "availableFunds", reported: "4004.36", difference: "50.00" },
      periods: [monthOf(2)],
    });
    await deal.moveTo(rowOf(3).paymentTime);
    const funding = await post(`${urlOf(3)}/funding`);
    const reported = 400_436n; // 4,004.36 of the golden figures
    assert.equal(funding.json().target, (Number(reported + CENTS) / 100).toFixed(2));
    await must(post(`${urlOf(3)}/distribution`));
    const history = await get<{ inputs: { carried: unknown } }>(
      `/v1/deals/${DEAL}/history/${monthOf(3)}`,
    );
    assert.deepEqual(history.inputs.carried, [
      { figure: "availableFunds", difference: "50.00" },
      { figure: "interest", difference: "50.00" },
    ]);
    const why = await deal.server.request(auditor(), {
      url: `${urlOf(3)}/explanations/accounts.COLL?format=text`,
    });
    assert.match(
      why.body,
      /reported 4,004\.36, carried 50\.00 from the restatement of period 2 \(2017-11\)/,
    );
    const replay = await assertAgreement(3);
    assert.deepEqual(replay.periods.at(-1)?.carried, [
      "availableFunds: reported 4004.36, carried 50.00 from the restatement of 2017-11",
      "interest: reported 1830.38, carried 50.00 from the restatement of 2017-11",
    ]);
    const { restatements } = await get<{ restatements: { carriedIn: string }[] }>(
      `${urlOf(2)}/restatements`,
    );
    assert.equal(restatements[0]?.carriedIn, monthOf(3));
  });
});

describe("a report that does not come", () => {
  interface Punctuality {
    state: string;
    period: number;
    dueAt: string;
    defaultAt: string;
    isOverdue: boolean;
    changes: { state: string }[];
  }
  const punctuality = () => get<Punctuality>(`/v1/deals/${DEAL}/punctuality`);
  const declare = () => runDueJobs(deal.server.context, [declarePunctualityJob]);
  const due = () => rowOf(4).paymentTime - 3 * DAY;

  it("makes the deal late once its due time has passed, declared by whoever looks, once", async () => {
    await deal.moveTo(due());
    assert.deepEqual((await declare()).ran, []);
    const before = await punctuality();
    assert.deepEqual([before.state, before.period, before.isOverdue], ["on time", 4, false]);
    assert.equal(before.dueAt, new Date(due() * 1_000).toISOString());
    await deal.moveTo(due() + 60);
    assert.equal((await punctuality()).isOverdue, true);
    const { ran, failed } = await declare();
    assert.deepEqual([ran.length, failed], [1, []]);
    assert.equal((await punctuality()).state, "late");
    assert.deepEqual((await declare()).ran, []);
  });

  it("puts the servicer into default, and the successor's report is the one that counts", async () => {
    await deal.moveTo(due() + 10 * DAY + 60);
    const { ran, failed } = await declare();
    assert.deepEqual([ran.length, failed], [1, []]);
    const { state, changes } = await punctuality();
    assert.equal(state, "servicer default");
    assert.deepEqual(
      changes.map((change) => change.state),
      ["late", "servicer default"],
    );
    assert.deepEqual((await declare()).ran, []);

    const { server } = deal;
    assert.equal((await upload(server, { month: monthOf(4) })).statusCode, 201);
    await must(close(server, monthOf(4)));
    await must(post(`${urlOf(4)}/report`));
    // The old approver is no attester any more.
    await assert.rejects(attest(deal, `${urlOf(4)}/report`), /signer-not-attester/);
    const successor = await addPerson(server, "approver", 5);
    await attest({ server, approver: successor }, `${urlOf(4)}/report`);
    await must(post(`${urlOf(4)}/report/publication`));
  });

  it("is in force as a notice: the phase changes, and chain, books and replay agree", async () => {
    await deal.moveTo(due() + 12 * DAY);
    await must(post(`${urlOf(4)}/funding`));
    await must(post(`${urlOf(4)}/distribution`));
    const { phase, inputs } = await get<{ phase: string; inputs: { notices: string[] } }>(
      `/v1/deals/${DEAL}/history/${monthOf(4)}`,
    );
    assert.deepEqual([phase, inputs.notices], ["accelerated", ["succession"]]);
    const replay = await assertAgreement(4);
    assert.equal(replay.periods.length, 4);
  });
});
