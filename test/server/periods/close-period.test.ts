import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import { keccak256, toUtf8Bytes } from "ethers";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import {
  acceptTape,
  AMCAR_DEAL_FILE,
  amcarTape,
  close,
  correct,
  DEAL,
  insertDeal,
  NEW_LOAN,
  roomFor,
  upload,
  uploadMonths,
  withAddition,
} from "../tapes/amcar-2017-4.ts";

/** The deal with room for an addition in the bounds of its figures. */
const ROOMY = roomFor(13);

/** The closing balance of the first loan one cent up, by an adjustment of one cent. */
function withOneCent(tape: string): string {
  return tape
    .replace("<otherPrincipalAdjustmentAmount>0<", "<otherPrincipalAdjustmentAmount>-0.01<")
    .replace(
      /(<reportingPeriodActualEndBalanceAmount>)(\d+)\.(\d\d)</,
      (_all, name: string, dollars: string, cents: string) =>
        `${name}${dollars}.${String(Number(cents) + 1).padStart(2, "0")}<`,
    );
}

/** A figure as it is signed and hashed: "236397.12" -> "23639712", 12 -> "12". */
function inCents(value: string | number): string {
  return typeof value === "number" ? `${value}` : BigInt(value.replace(".", "")).toString();
}

describe("closing a period", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    await insertDeal(server, ROOMY);
    await uploadMonths(server, ["2017-09"]);
  });
  after(() => server.close());

  it("is refused without a tape, for the cut-off month and out of order", async () => {
    const answers = [
      [await close(server, "2017-10"), 409, "period-without-tape"],
      [await close(server, "2017-09"), 404, "period-unknown"],
      [await close(server, "2016-01"), 404, "period-unknown"],
    ] as const;
    for (const [answer, status, code] of answers) {
      assert.deepEqual([answer.statusCode, answer.json().code], [status, code]);
    }
    await uploadMonths(server, ["2017-10", "2017-11"]);
    const early = await close(server, "2017-11");
    assert.deepEqual([early.statusCode, early.json().code], [409, "period-out-of-order"]);
  });

  it("is the servicer's", async () => {
    for (const role of ["approver", "investor", "auditor", "administrator"] as const) {
      const answer = await server.request(server.users[role], {
        method: "POST",
        url: `/v1/deals/${DEAL}/periods/2017-10/close`,
        payload: {},
      });
      assert.equal(answer.statusCode, 403, role);
    }
  });

  it("freezes the figures under a hash, and again changes nothing", async () => {
    const first = await close(server, "2017-10");
    const second = await server.request(server.users.servicer, {
      method: "POST",
      url: `/v1/deals/${DEAL}/periods/2017-10/close`,
    });
    assert.deepEqual([first.statusCode, second.statusCode], [201, 200], second.body);
    assert.deepEqual(second.json(), first.json());
    assert.match(first.json().closeHash, /^0x[0-9a-f]{64}$/);
    const read = await server.request(server.users.approver, {
      url: `/v1/deals/${DEAL}/periods/2017-10`,
    });
    assert.deepEqual(read.json(), first.json());
  });

  it("answers figures in the deal's currency like the statistics, and counts as integers", async () => {
    const { figures, statistics, period, month } = (await close(server, "2017-10")).json();
    assert.deepEqual([period, month], [1, "2017-10"]);
    const valueOf = (name: string) =>
      (figures as { figure: string; value: unknown }[]).find(({ figure }) => figure === name)
        ?.value;
    assert.equal(valueOf("poolOpening"), statistics.poolOpening);
    assert.equal(valueOf("loanCount"), statistics.loanCount);
  });

  it("gives a hash that anyone can make again from what is published", async () => {
    const { figures, statistics, closeHash, tape } = (await close(server, "2017-10")).json();
    const tapes = await server.request(server.users.auditor, { url: `/v1/deals/${DEAL}/tapes` });
    const items = tapes.json().items as Record<string, string>[];
    const found = items.find(({ id }) => id === tape.id);
    const sorted = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(sorted)
        : typeof value === "object" && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .toSorted(([left], [right]) => (left < right ? -1 : 1))
                .map(([name, member]) => [name, sorted(member)]),
            )
          : value;
    const preimage = {
      schema: "penstock-closed-period/2",
      deal: DEAL,
      period: 1,
      tapeContentHash: found?.["contentHash"],
      treeHash: found?.["treeHash"],
      figures: (figures as { value: string | number }[]).map(({ value }) => inCents(value)),
      statistics,
    };
    assert.equal(keccak256(toUtf8Bytes(JSON.stringify(sorted(preimage)))), closeHash);
  });

  it("over a corrected tape is a new version beside the old one", async () => {
    const answer = await upload(server, {
      month: "2017-10",
      tape: withOneCent(amcarTape("2017-10")),
    });
    assert.equal(answer.statusCode, 201, answer.body);
    const unchanged = await close(server, "2017-10");
    assert.deepEqual([unchanged.statusCode, unchanged.json().version], [200, 1]);
    const silent = await acceptTape(server, answer.json().id, " ");
    assert.deepEqual([silent.statusCode, silent.json().code], [400, "request-invalid"]);
    const reason = "The servicer corrected one balance by a cent";
    const accepted = await acceptTape(server, answer.json().id, reason);
    assert.equal(accepted.statusCode, 201, accepted.body);
    const closed = await close(server, "2017-10");
    assert.equal(closed.json().closeHash, accepted.json().closed.hash);
    assert.equal(closed.json().reason, reason);
    const read = await server.request(server.users.auditor, {
      url: `/v1/deals/${DEAL}/periods/2017-10/statement`,
    });
    assert.deepEqual([read.json().closed.version, read.json().closed.reason], [2, reason]);
    assert.deepEqual(
      [closed.statusCode, closed.json().version, closed.json().tape.version],
      [200, 2, 2],
    );
    assert.equal(closed.json().statistics.poolClosing, "236397.13");
    const { rows } = await sql<{ version: number }>`
      select version from closed_periods where deal_id = ${DEAL} and period = 1 order by version
    `.execute(server.context.db);
    assert.deepEqual(
      rows.map(({ version }) => version),
      [1, 2],
    );
  });

  it("is refused when it no longer begins where the corrected month ends", async () => {
    const answer = await close(server, "2017-11");
    assert.deepEqual([answer.statusCode, answer.json().code], [409, "period-not-contiguous"]);
    assert.match(answer.json().detail, /found "6753.64", expected 6753.65/);
  });

  it("can go back to the tape version that was right", async () => {
    const list = await server.request(server.users.servicer, { url: `/v1/deals/${DEAL}/tapes` });
    const first = list
      .json()
      .items.find(
        (tape: { month: string; version: number }) =>
          [tape.month, tape.version].join() === "2017-10,1",
      );
    const back = await acceptTape(server, first.id, "The first tape was right");
    assert.deepEqual([back.statusCode, back.json().closed.version], [201, 3]);
    const next = await close(server, "2017-11");
    assert.equal(next.statusCode, 201, next.body);
    assert.equal(next.json().statistics.previousCloseHash, back.json().closed.hash);
  });

  it("waits for the reasons that the tape needs", async () => {
    const tape = withAddition(amcarTape("2017-12"));
    const taken = await upload(server, { month: "2017-12", tape });
    assert.equal(taken.statusCode, 201, taken.body);
    assert.deepEqual(taken.json().problems, { notes: 0, reasons: 1, openReasons: 1 });
    const early = await close(server, "2017-12");
    assert.deepEqual([early.statusCode, early.json().code], [409, "period-open-problems"]);

    const problems = `/v1/deals/${DEAL}/tapes/${taken.json().id}/problems`;
    const listed = await server.request(server.users.auditor, { url: problems });
    const [found] = listed.json().items;
    assert.deepEqual(
      [found.code, found.severity, found.loanId, found.value, found.reason],
      ["addition", "reason", NEW_LOAN, "1000.00", null],
    );
    const accept = (reason: string, ordinal = found.ordinal) =>
      server.request(server.users.servicer, {
        method: "POST",
        url: `${problems}/${ordinal}/acceptance`,
        payload: { reason },
      });
    assert.equal((await accept("Substitution under section 3.2")).statusCode, 201);
    assert.equal((await accept("Substitution under section 3.2")).statusCode, 200);
    const other = await accept("Something else");
    assert.deepEqual([other.statusCode, other.json().code], [409, "tape-problem-settled"]);
    assert.equal((await accept("None", 99)).json().code, "tape-problem-unknown");
    const csv = await server.request(server.users.auditor, { url: `${problems}?format=csv` });
    assert.match(
      csv.body,
      /addition,1000\.00,.*,Substitution under section 3\.2,servicer,[-T:.Z\d]+\r\n$/,
    );

    const closed = await close(server, "2017-12");
    assert.equal(closed.statusCode, 201, closed.body);
    assert.equal(closed.json().statistics.amounts.additions, "1000.00");
    assert.equal(closed.json().statistics.loanCount, 13);
  });

  it("is closed anew once the period is paid, with a reason, as the ground of a restatement", async () => {
    const { db } = server.context;
    await db
      .insertInto("distributions")
      .values({
        deal_id: DEAL,
        period: 3,
        phase: "amortising",
        report_hash: `0x${"1".repeat(64)}`,
        result_hash: `0x${"2".repeat(64)}`,
        words: "[]",
        transaction_hash: `0x${"3".repeat(64)}`,
        block_number: 1n,
        distributed_at: server.clock.now(),
      })
      .execute();
    assert.equal((await close(server, "2017-12")).statusCode, 200);
    const reason = "A payment was booked twice";
    const restated = await correct(server, "2017-12", { tape: amcarTape("2017-12"), reason });
    assert.equal(restated.statusCode, 201, restated.body);
    assert.equal(restated.json().closed.reason, reason);
  });
});

describe("a period whose figures do not meet an identity of the deal", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    const broken = AMCAR_DEAL_FILE.replace(
      "principal + interest + recoveries",
      "principal + recoveries",
    );
    assert.notEqual(broken, AMCAR_DEAL_FILE);
    await insertDeal(server, broken);
    await uploadMonths(server, ["2017-09", "2017-10"]);
  });
  after(() => server.close());

  it("is not closed, because its report would be refused on chain", async () => {
    const answer = await close(server, "2017-10");
    const { code, identity, difference } = answer.json();
    assert.deepEqual([answer.statusCode, code], [409, "identity-broken"]);
    assert.equal(identity, "principal + recoveries + liquidationProceeds == availableFunds");
    // All of the month's interest is missing.
    assert.equal(difference, "-2547.75");
  });
});

describe("a period with a figure that the deal has no room for", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    const tight = AMCAR_DEAL_FILE.replace(
      "interest: { min: -10000.00, max: 20000.00 }",
      "interest: { min: 0.00, max: 2547.74 }",
    );
    assert.notEqual(tight, AMCAR_DEAL_FILE);
    await insertDeal(server, tight);
    await uploadMonths(server, ["2017-09", "2017-10"]);
  });
  after(() => server.close());

  it("is not closed, because its report would be refused on chain", async () => {
    const answer = await close(server, "2017-10");
    assert.deepEqual([answer.statusCode, answer.json().code], [422, "figure-out-of-bounds"]);
    assert.deepEqual([answer.json().figure, answer.json().value], ["interest", "2547.75"]);
  });
});
