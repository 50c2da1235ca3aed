/** Every key begins with the deal, so that deals can be spread over several PostgreSQL servers. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import { isSpread, benchSpread, queriesOfDeal } from "../../../scripts/bench/spread.ts";
import { madeLoanId, makeMonth } from "../../../scripts/bench/made-months.ts";
import { openSpread } from "../../../scripts/bench/open-spread.ts";
import type { Side, Spread } from "../../../scripts/bench/open-spread.ts";
import { readPlan } from "../../../scripts/bench/read-plan.ts";
import { listLoanMonths } from "../../../server/tapes/loans-queries.ts";
import { openBlock, proveLoan } from "../../../server/tapes/prove-loan.ts";
import { verifyBlockOpening } from "../../../server/tapes/block-opening.ts";
import { verifyLoanProof } from "../../../server/tapes/loan-proof.ts";
import type { TapeDeal } from "../../../server/tapes/tape-deal.ts";
import { writeTape } from "../tapes/written-tape.ts";

describe("deals on two servers", () => {
  let folder: string;
  let spread: Spread;
  const keyOf: Record<Side, number> = { here: 0, there: 0 };

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "penstock-spread-"));
    spread = await openSpread(folder);
    for (let key = 1; keyOf.here === 0 || keyOf.there === 0; key += 1) {
      keyOf[await spread.sideOf(key)] ||= key;
    }
    for (const side of ["here", "there"] as const) {
      for (const period of [0, 1]) {
        const tape = { dealKey: keyOf[side], period, version: 1 };
        await spread.sides[side].transaction().execute((trx) => makeMonth(trx, tape, 600));
      }
    }
  });
  after(async () => {
    await spread.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("has the deal first in every key and index of its loan months and tree nodes", async () => {
    const { rows } = await sql<{ name: string; first: string }>`
      select index.indexrelid::regclass::text as name, attribute.attname as first
      from pg_index as index
      join pg_attribute as attribute
        on attribute.attrelid = index.indrelid and attribute.attnum = index.indkey[0]
      where index.indrelid::regclass::text ~ '^(loan_months|tape_tree_nodes)'
    `.execute(spread.sides.here);
    assert.ok(rows.length >= 5);
    for (const { name, first } of rows) assert.equal(first, "deal_key", name);
  });

  it("asks one server for what concerns one deal", async () => {
    for (const query of queriesOfDeal(keyOf.here)) {
      const { own, remote } = await readPlan(spread.whole, query);
      assert.deepEqual([own.length > 0, remote], [true, []]);
    }
    for (const query of queriesOfDeal(keyOf.there)) {
      const { own, remote } = await readPlan(spread.whole, query);
      assert.equal(own.length, 0);
      assert.ok(remote.length > 0);
      for (const asked of remote) assert.ok(asked.includes(`deal_key = ${keyOf.there}`), asked);
    }
  });

  it("tells a loan's months from either server, by the same query as ever", async () => {
    for (const side of ["here", "there"] as const) {
      const loan = { dealKey: keyOf[side], loanId: madeLoanId(599) };
      const months = await listLoanMonths(spread.whole, loan);
      assert.deepEqual(
        months.map(({ deal_key, period, position }) => [deal_key, period, position]),
        [0, 1].map((period) => [keyOf[side], period, 599]),
      );
    }
  });

  it("proves a loan and opens a block on the second server", async () => {
    const deal = { id: "far", key: keyOf.there } as TapeDeal;
    const place = { dealId: "far", dealKey: deal.key, period: 7, version: 1, uploadedBy: "nobody" };
    const rows = Array.from({ length: 700 }, (_, at) => {
      const texts = { region: "tab\t, backslash \\, Zürich" };
      return { loanId: `loan ${at}`, endingBalance: at * 100, bucket: at % 6, texts };
    });
    const tape = await writeTape(spread.sides.there, place, rows);
    const proof = await proveLoan(spread.whole, { deal, tape }, "loan 300");
    assert.ok(verifyLoanProof(proof, proof.commitment));
    const opening = await openBlock(spread.whole, { deal, tape }, 1);
    assert.ok(verifyBlockOpening(opening, proof.commitment));
  });

  it("does without the second server where a deal is on the first, and sums up as one server does", async () => {
    const bench = await benchSpread({ deals: 4, months: 2, loans: 300 });
    assert.ok(isSpread(bench), JSON.stringify(bench));
    assert.ok(bench.dealsOf.here.length > 0 && bench.dealsOf.there.length > 0);
    assert.equal(bench.statistic.rows, 4 * 2);
  });
});
