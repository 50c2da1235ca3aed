import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { TestUser } from "../start-test-server.ts";
import { close, DEAL, uploadMonths } from "../tapes/amcar-2017-4.ts";
import { present } from "./present.ts";
import { payPeriod, startPaidDeal, type PaidDeal } from "./paid-deal.ts";

let deal: PaidDeal;
before(async () => {
  deal = await startPaidDeal();
  for (const period of [1, 2]) await payPeriod(deal, period);
  await deal.moveTo(present(deal.compiled.terms.calendar[2]).determinationTime + 60);
  await uploadMonths(deal.server, ["2017-12"]);
  assert.equal((await close(deal.server, "2017-12")).statusCode, 201);
});
after(async () => {
  await deal.server.close();
});

const auditor = (): TestUser => deal.server.users.auditor;
const get = async (user: TestUser, route: string, headers: Record<string, string> = {}) =>
  await deal.server.request(user, { url: `/v1/deals/${DEAL}${route}`, headers });
const explain = (month: string, amount = "") =>
  `/periods/${month}/explanations${amount === "" ? "" : `/${amount}`}`;

interface Node {
  name: string;
  value: string;
  formula: string | null;
  substituted: string | null;
  above: string | null;
  source: { kind: string; words: string; period?: string; amount?: string };
  inputs: Node[];
}

function leavesOf(node: Node): Node[] {
  if (node.above !== null) return [];
  return node.inputs.length === 0 ? [node] : node.inputs.flatMap(leavesOf);
}

describe("why this number, over the API", () => {
  it("lists every amount of a distributed period, and says that the chain agrees", async () => {
    const answer = await get(auditor(), explain("2017-10"));
    assert.equal(answer.statusCode, 200, answer.body);
    const { basis, agrees, recordedHash, resultHash, amounts, phase } = answer.json();
    assert.deepEqual([basis, agrees, phase], ["distribution", true, "amortising"]);
    assert.equal(recordedHash, resultHash);
    const values = new Map(
      amounts.map(({ amount, value }: { amount: string; value: string }) => [amount, value]),
    );
    assert.equal(values.get("classes.A.interest"), "573.33");
    assert.equal(values.get("payees.residual"), "4289.60");
    assert.equal(values.get("fees.servicingFee.due"), "449.19");
    assert.equal(values.get("terms.ocT"), "4727.94");
    assert.equal(values.get("classes.B.interestPerThousand"), "5.0000000");
  });

  it("draws the tree of an amount down to the tape, the deal and the period before", async () => {
    const answer = await get(auditor(), explain("2017-11", "payees.residual"));
    assert.equal(answer.statusCode, 200, answer.body);
    const { explanation } = answer.json<{ explanation: Node }>();
    const leaves = leavesOf(explanation);
    const funds = present(leaves.find(({ name }) => name === "p.availableFunds"));
    assert.equal(funds.source.kind, "report figure");
    assert.match(funds.source.words, /total of tape 2017-11 version 1 \(.+\), closed as version 1/);
    const opening = present(leaves.find(({ name }) => name === "bal.A" || name === "opening.A"));
    assert.deepEqual(
      [opening.source.kind, opening.source.period, opening.source.amount],
      ["opening balance", "2017-10", "classes.A.balance"],
    );
    const followed = await get(auditor(), explain("2017-10", "classes.A.balance"));
    assert.equal(followed.json().explanation.value, opening.value);
    const constant = present(leaves.find(({ name }) => name === "k.ocCurrent"));
    assert.match(constant.source.words, /^constants\.ocCurrent, line \d+ of the deal file$/);
    assert.ok(leaves.every(({ source }) => source.words.length > 0));
  });

  it("tells it as text, by parameter or by header", async () => {
    const interest = explain("2017-10", "classes.A.interest");
    const text = await get(auditor(), `${interest}?format=text`);
    assert.match(text.body, /equal to the result hash on chain, 0x/);
    assert.match(text.body, /halfUp\(172,000\.00 \* 4 % \* 30 \/ 360\)/);
    const asked = await get(auditor(), interest, { accept: "text/plain" });
    assert.equal(asked.body, text.body);
    assert.match(String(asked.headers["content-type"]), /^text\/plain/);
    const list = await get(auditor(), `${explain("2017-10")}?format=text`);
    assert.match(list.body, /\nclasses\.A\.interest +573\.33 {2}interest paid to class A\n/);
    const shallow = await get(auditor(), `${interest}?depth=1`);
    assert.ok(shallow.json().explanation.inputs.every(({ inputs }: Node) => inputs.length === 0));
  });

  it("explains a preview to those who work on it, and to no investor before it is paid", async () => {
    const preview = (await get(auditor(), explain("2017-12"))).json();
    assert.deepEqual([preview.basis, preview.agrees], ["preview", null]);
    const refused = await get(deal.buyer, explain("2017-12", "classes.A.interest"));
    assert.deepEqual([refused.statusCode, refused.json().code], [404, "period-not-distributed"]);
    const paid = await get(deal.buyer, explain("2017-11", "classes.A.interest"));
    assert.equal(paid.statusCode, 200, paid.body);
  });

  it("knows no amount that the run has not, and no month outside the calendar", async () => {
    const unknown = await get(auditor(), explain("2017-10", "classes.Z.interest"));
    assert.deepEqual([unknown.statusCode, unknown.json().code], [404, "amount-unknown"]);
    const outside = await get(auditor(), explain("2031-01"));
    assert.equal(outside.json().code, "period-unknown");
    const early = await get(auditor(), explain("2018-02"));
    assert.equal(early.json().code, "period-not-closed");
  });

  it("shows the triggers after the last distribution", async () => {
    const answer = await get(auditor(), "/triggers");
    assert.equal(answer.statusCode, 200, answer.body);
    assert.deepEqual([answer.json().month, answer.json().triggers], ["2017-11", []]);
  });
});
