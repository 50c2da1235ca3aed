import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { reconcilePeriod, reconcilePeriodJob } from "../../../server/history/reconcile-period.ts";
import { recordClaimsJob } from "../../../server/claims/record-claims.ts";
import { runDueJobs } from "../../../server/jobs/run-due-jobs.ts";
import type { TestUser } from "../start-test-server.ts";
import { DEAL } from "../tapes/amcar-2017-4.ts";
import { present } from "./present.ts";
import { payPeriod, startPaidDeal, type PaidDeal } from "./paid-deal.ts";

let deal: PaidDeal;
before(async () => {
  deal = await startPaidDeal();
  early.reconciliation = (await get(auditor(), "/reconciliation")).json();
  await payPeriod(deal, 1, {
    closed: () => askInvestor("2017-10"),
    published: () => askInvestor("2017-10"),
  });
  for (const period of [2, 3]) await payPeriod(deal, period);
});
after(async () => {
  await deal.server.close();
});

async function get(user: TestUser, route: string) {
  return await deal.server.request(user, { url: `/v1/deals/${DEAL}${route}` });
}
/** The deal before its first distribution, and the first two statements as an investor was answered. */
const early: { reconciliation?: unknown; statements: (string | number)[][] } = {
  statements: [],
};

async function askInvestor(month: string): Promise<void> {
  const answer = await get(deal.buyer, `/periods/${month}/statement`);
  early.statements.push([answer.statusCode, answer.json().code ?? answer.json().status]);
}

const auditor = (): TestUser => deal.server.users.auditor;

describe("the closing", () => {
  it("says that nobody paid for notes that were issued without payment", async () => {
    const answer = await get(auditor(), "/closing");
    assert.equal(answer.statusCode, 200, answer.body);
    assert.deepEqual(answer.json(), {
      closedAt: answer.json().closedAt,
      deposits: "2400.00",
      reserve: null,
      proceeds: null,
      deliveries: [],
    });
    assert.match(answer.json().closedAt, /^2017-10-18T/);
    assert.equal((await get(deal.buyer, "/closing")).statusCode, 403);
  });
});

describe("the history", () => {
  it("says per step what was due, paid and short, from which account, by which clause", async () => {
    const answer = await get(auditor(), "/history/2017-10");
    assert.equal(answer.statusCode, 200, answer.body);
    const period = answer.json();
    const step = period.steps.find((found: { clause: string }) => found.clause === "8.04(a)(iii)");
    assert.deepEqual(step, {
      step: 16,
      operation: "INT",
      label: null,
      clause: "8.04(a)(iii)",
      source: "COLL",
      due: "573.33",
      paid: "573.33",
      short: "0.00",
      sourceBefore: "5220.43", // 5,719.62 - 50.00 trustee - 449.19 servicing fee
      sourceAfter: "4647.10",
      condition: null,
      skipped: false,
      flags: [],
    });
    assert.equal(period.paymentDate, "2017-11-20");
    assert.equal(period.reserve, "2400.00");
    assert.equal(period.classes[0].factor, "1.0000000");
    assert.equal(period.classes[1].interestPerThousand, "5.0000000");
    const residual = period.payees.find(({ payee }: { payee: string }) => payee === "residual");
    assert.equal(residual.paid, "4289.60");
  });

  it("comes page by page, in order", async () => {
    const first = (await get(auditor(), "/history?limit=2")).json();
    const second = (await get(auditor(), `/history?limit=2&cursor=${first.next}`)).json();
    const months = [...first.items, ...second.items].map(({ month }: { month: string }) => month);
    assert.deepEqual(months, ["2017-10", "2017-11", "2017-12"]);
    assert.equal(second.next, null);
  });

  it("pastes into a sheet, quotes and all", async () => {
    const csv = await get(auditor(), "/history?format=csv");
    const lines = csv.body.trimEnd().split("\r\n");
    assert.equal(lines.length, 1 + 3 * 28);
    assert.match(
      lines[1] ?? "",
      /^1,2017-10,2017-11-20,amortising,1,LET,sAB,"1\.01 ""Class B Test""",/,
    );
  });

  it("knows no month outside the calendar and none that is not paid", async () => {
    const outside = await get(auditor(), "/history/2031-01");
    assert.deepEqual([outside.statusCode, outside.json().code], [404, "period-unknown"]);
    assert.deepEqual([outside.json().month, outside.json().period], ["2031-01", undefined]);
    const open = (await get(auditor(), "/periods/2018-01/statement")).json();
    assert.deepEqual([open.period, open.month], [4, "2018-01"]);
    const unpaid = await get(auditor(), "/history/2018-01");
    assert.deepEqual([unpaid.statusCode, unpaid.json().code], [404, "period-not-distributed"]);
    assert.equal(
      (await get(auditor(), "/periods/2018-01/statement")).json().code,
      "period-not-closed",
    );
  });
});

describe("the statement of a period", () => {
  it("names tape, figures, attesters and payments as they were stored", async () => {
    const answer = await get(auditor(), "/periods/2017-11/statement");
    assert.equal(answer.statusCode, 200, answer.body);
    const statement = answer.json();
    assert.equal(statement.status, "distributed");
    const figures = new Map(
      statement.figures.map(({ figure, value }: { figure: string; value: string | number }) => [
        figure,
        value,
      ]),
    );
    assert.equal(figures.get("availableFunds"), "4669.31");
    assert.equal(figures.get("loanCount"), 12);
    assert.equal(statement.attesters.length, 2);
    assert.ok(statement.attesters.some(({ name }: { name: string }) => name === "approver 2"));
    assert.equal(statement.distribution.month, "2017-11");
    assert.equal(statement.report.hash, statement.distribution.reportHash);
  });

  it("is a text that can be read, and a sheet", async () => {
    const text = await get(auditor(), "/periods/2017-10/statement?format=text");
    assert.match(
      text.body,
      /statement of 2017-10[\s\S]*PRIORITY OF PAYMENTS[\s\S]*8\.04\(a\)\(xii\)/,
    );
    const csv = await get(auditor(), "/periods/2017-10/statement?format=csv");
    assert.match(csv.body, /^section,item,value\r\n/);
    assert.match(csv.body, /\r\nclass,A interestPaid,573\.33\r\n/);
  });

  it("comes as CSV or text by the Accept header as by ?format=", async () => {
    const url = `/v1/deals/${DEAL}/periods/2017-10/statement`;
    for (const [accept, format] of [
      ["text/csv", "csv"],
      ["text/plain", "text"],
      ["application/json", "json"],
    ]) {
      const asked = await deal.server.request(auditor(), { url, headers: { accept } });
      const named = await deal.server.request(auditor(), { url: `${url}?format=${format}` });
      assert.equal(asked.body, named.body);
      assert.equal(asked.headers["content-type"], named.headers["content-type"]);
    }
  });

  it("shows the pool to people: buckets in market order, shares in per cent, how principal divides", async () => {
    const { statistics } = (await get(auditor(), "/periods/2017-10/statement")).json();
    const buckets = ["current", "1-29", "30-59", "60-89", "90-119", "120+"];
    assert.deepEqual(Object.keys(statistics.delinquency), buckets);
    const csv = await get(auditor(), "/periods/2017-10/statement?format=csv");
    const items = csv.body.split("\r\n").filter((line) => line.startsWith("pool,"));
    const counts = items.filter((line) => /^pool,delinquency\..*\.loanCount,/.test(line));
    assert.deepEqual(
      counts.map((line) => /delinquency\.(.*)\.loanCount/.exec(line)?.[1]),
      buckets,
    );
    const share =
      /"delinquency\.current\.balanceShare \(per cent, 4 decimals, cut\)",(\d+\.\d{4})$/;
    const shown = items.flatMap((line) => share.exec(line)?.[1] ?? [])[0] ?? "";
    const wad = BigInt(statistics.delinquency.current.balanceShareWad);
    assert.equal(shown.replace(".", ""), (wad / 10n ** 12n).toString());
    assert.ok(items.every((line) => !line.includes("Wad")));
    const { principal, prepaidPrincipal } = statistics.amounts;
    const divides = items.find((line) => line.includes("how principal divides")) ?? "";
    assert.ok(divides.includes(`principal ${principal} = prepaid principal ${prepaidPrincipal} `));
  });

  it("says who let a tape's problem pass and why; an investor is told no loan's row", async () => {
    const { db, clock } = deal.server.context;
    const tape = await db
      .selectFrom("tapes")
      .select("id")
      .where("period", "=", 1)
      .executeTakeFirstOrThrow();
    const reason = '=cmd|"/c calc"!A1, a known case';
    await db
      .insertInto("tape_problems")
      .values({
        deal_id: DEAL,
        tape_id: tape.id,
        ordinal: 99,
        line: 7,
        column_number: null,
        field: "beginningBalance",
        code: "addition",
        severity: "reason",
        loan_id: "0001718362 - 011705",
        value: "0.00",
        expected: "123.45",
        accepted_by: deal.server.users.servicer.id,
        accepted_at: clock.now(),
        reason,
      })
      .execute();
    const route = "/periods/2017-10/statement";
    const noteOf = async (user: TestUser) => {
      const { notes } = (await get(user, route)).json();
      return notes.find(({ line }: { line: number }) => line === 7);
    };
    const whole = await noteOf(auditor());
    assert.deepEqual(
      [whole.loan, whole.value, whole.acceptedBy, whole.reason],
      ["0001718362 - 011705", "0.00", "servicer", reason],
    );
    const told = await noteOf(deal.buyer);
    assert.deepEqual([told.loan, told.value, told.reason], [null, "", reason]);
    const csv = await get(auditor(), `${route}?format=csv`);
    assert.ok(csv.body.includes('"0.00: servicer: =cmd|""/c calc""!A1, a known case"'));
    const history = await get(auditor(), "/history/2017-10?format=csv");
    assert.doesNotMatch(history.body, /(^|,)[=@]/m);
  });
});

describe("the statement for an investor", () => {
  it("is released when the report is accepted on chain, not when the period is closed", () => {
    assert.deepEqual(early.statements, [
      [404, "statement-not-released"],
      [200, "closed"],
    ]);
  });

  it("is of the accepted report, and whole once it is distributed", async () => {
    const statement = (await get(deal.buyer, "/periods/2017-10/statement")).json();
    assert.equal(statement.status, "distributed");
    assert.equal(statement.report.hash, statement.distribution.reportHash);
    const none = await get(deal.buyer, "/periods/2018-01/statement");
    assert.deepEqual([none.statusCode, none.json().code], [404, "statement-not-released"]);
  });
});

/** What a change to the stored books makes the comparison find; the change is taken back. */
async function findWith(change: string, undo: string, period = 3): Promise<string[]> {
  const { db } = deal.server.context;
  const { sql } = await import("kysely");
  await sql.raw(change).execute(db);
  try {
    const found = await reconcilePeriod(deal.server.context, DEAL, period);
    return found.differences.map(({ item }) => item);
  } finally {
    await sql.raw(undo).execute(db);
  }
}

describe("the reconciliation", () => {
  it("is due after each distribution, once, and finds the books equal", async () => {
    const { context } = deal.server;
    const due = await reconcilePeriodJob.due(context);
    assert.equal(due.length, 3);
    const { ran, failed } = await runDueJobs(context, [recordClaimsJob, reconcilePeriodJob]);
    assert.deepEqual([ran.length, failed], [3, []]);
    assert.deepEqual(await reconcilePeriodJob.due(context), []);
    const answer = (await get(auditor(), "/reconciliation")).json();
    assert.equal(answer.agrees, true);
    assert.deepEqual(
      answer.periods.map(({ differences }: { differences: unknown[] }) => differences),
      [[], [], []],
    );
    assert.ok(answer.now.compared > 200);
    const csv = await get(auditor(), "/reconciliation?format=csv");
    assert.match(
      csv.body,
      /^period,month,block,compared,item,values\r\n1,2017-10,\d+,\d+,equal,\r\n/,
    );
  });

  it("finds a cent that Postgres has in a run's words, by name, and raises the alarm", async () => {
    const { context } = deal.server;
    const logged: object[] = [];
    const { error } = context.log;
    context.log.error = (facts: object) => void logged.push(facts);
    const where = `where deal_id = '${DEAL}' and period = 3`;
    // Word 16 is step 16, INT of class A: its `paid` stands in bits 64 to 127.
    const bump = (sign: string) =>
      `update distributions set words = jsonb_set(words, '{16}', to_jsonb(((words->>16)::numeric ${sign} 18446744073709551616)::text)) ${where}`;
    try {
      const found = await findWith(bump("+"), bump("-"));
      assert.ok(found.includes("result hash"), found.join());
      assert.ok(
        found.some((item) => /step 16 INT .*paid/.test(item)),
        found.join(),
      );
      assert.ok(
        found.some((item) => /line 16 INT .*paid/.test(item)),
        found.join(),
      );
    } finally {
      context.log.error = error;
    }
    assert.deepEqual(
      logged.map((facts) => (facts as { alarm: string }).alarm),
      ["reconciliation"],
    );
    const metrics = await deal.server.request(deal.server.users.administrator, { url: "/metrics" });
    assert.match(metrics.body, /penstock_reconciliation_differences\{deal="amcar-2017-4"\} [1-9]/);
    assert.equal((await get(auditor(), "/reconciliation")).json().agrees, false);
    await reconcilePeriod(context, DEAL, 3);
    assert.equal((await get(auditor(), "/reconciliation")).json().agrees, true);
  });

  it("finds an engine input that was altered", async () => {
    const set = (funds: string) =>
      `update reports set message = jsonb_set(message, '{figures,1}', '"${funds}"') where period = 3`;
    const [report] = await deal.server.context.db
      .selectFrom("reports")
      .select("message")
      .where("period", "=", 3)
      .execute();
    const figure = present(present(report).message.figures[1]);
    const found = await findWith(set(`${BigInt(figure) - 100_000n}`), set(figure));
    assert.ok(found.includes("result hash"), found.join());
  });

  const facts: [what: string, change: string, undo: string, expected: RegExp][] = [
    [
      "a holding",
      "update holdings set face_cents = face_cents + 1 where class_id = 'B'",
      "update holdings set face_cents = face_cents - 1 where class_id = 'B'",
      /class B supply/,
    ],
    [
      "a funding that Postgres has not seen",
      "update chain_events set name = 'Hidden' where name = 'CollectionsFunded' and block_number = (select max(block_number) from chain_events where name = 'CollectionsFunded')",
      "update chain_events set name = 'CollectionsFunded' where name = 'Hidden'",
      /^collections$/,
    ],
    [
      "a waterfall line",
      "update waterfall_lines set paid_cents = paid_cents + 1 where period = 3 and step = 13",
      "update waterfall_lines set paid_cents = paid_cents - 1 where period = 3 and step = 13",
      /line 14 FEE trusteeCapped, paid/,
    ],
    [
      "an entitlement",
      "update chain_events set args = jsonb_set(args, '{interestUnits}', to_jsonb(((args->>'interestUnits')::numeric + 10000)::text)) where name = 'EntitlementFunded' and period = 2",
      "update chain_events set args = jsonb_set(args, '{interestUnits}', to_jsonb(((args->>'interestUnits')::numeric - 10000)::text)) where name = 'EntitlementFunded' and period = 2",
      /unclaimed units/,
    ],
  ];
  for (const [what, change, undo, expected] of facts) {
    it(`finds ${what} that differs`, async () => {
      const found = await findWith(change, undo);
      assert.ok(
        found.some((item) => expected.test(item)),
        found.join(),
      );
    });
  }

  it("says that nothing was compared before the first distribution, not that all agrees", () => {
    assert.deepEqual(early.reconciliation, { agrees: null, now: null, periods: [] });
  });

  it("is not shown to investors", async () => {
    const answer = await get(deal.buyer, "/reconciliation");
    assert.deepEqual([answer.statusCode, answer.json().code], [403, "role-forbidden"]);
  });
});
