import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { AbiCoder, keccak256 } from "ethers";
import { verifyBlockOpening } from "../../../server/tapes/block-opening.ts";
import type { BlockOpening } from "../../../server/tapes/block-opening.ts";
import { verifyLoanProof } from "../../../server/tapes/loan-proof.ts";
import type { LoanProof } from "../../../server/tapes/loan-proof.ts";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import { AMCAR_MONTHS, close, DEAL, insertDeal, uploadMonths } from "../tapes/amcar-2017-4.ts";

describe("the proof of a loan's row", () => {
  let server: TestServer;
  const months = AMCAR_MONTHS.slice(0, 8);
  before(async () => {
    server = await startTestServer();
    await insertDeal(server);
    await uploadMonths(server, months);
    await close(server, "2017-10");
  });
  after(() => server.close());

  async function proofOf(month: string, loan: string): Promise<LoanProof> {
    const answer = await server.request(server.users.auditor, {
      url: `/v1/deals/${DEAL}/periods/${month}/loans/${encodeURIComponent(loan)}/proof`,
    });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  }

  async function loansOf(period: number): Promise<string[]> {
    const rows = await server.context.db
      .selectFrom("loan_months")
      .innerJoin("deals", "deals.key", "loan_months.deal_key")
      .select("loan_id")
      .where("deals.id", "=", DEAL)
      .where("period", "=", period)
      .execute();
    return rows.map((row) => row.loan_id);
  }

  it("holds for every loan of tapes of twelve and of eleven rows, without the server", async () => {
    for (const [period, month] of months.entries()) {
      const tape = await server.context.db
        .selectFrom("tapes")
        .selectAll()
        .where("period", "=", period)
        .executeTakeFirstOrThrow();
      // What the report registry computes from the report: keccak256(abi.encode(root, count, closing)).
      const commitment = keccak256(
        AbiCoder.defaultAbiCoder().encode(
          ["bytes32", "int256", "int256"],
          [tape.tree_hash, tape.loan_count, tape.closing_balance_cents],
        ),
      );
      for (const loan of await loansOf(period)) {
        const proof = await proofOf(month, loan);
        assert.ok(verifyLoanProof(proof, commitment), `${month} ${loan}`);
      }
    }
  });

  it("fails when anything in it is changed", async () => {
    const [loan = ""] = await loansOf(1);
    const proof = await proofOf("2017-10", loan);
    const { commitment } = proof;
    assert.ok(verifyLoanProof(proof, commitment));
    const flip = (hash: string): string =>
      hash.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
    const { block, root } = proof;
    const changed: LoanProof[] = [
      { ...proof, line: proof.line.replace(/^\d+/, "1") },
      { ...proof, salt: flip(proof.salt) },
      { ...proof, period: 2 },
      { ...proof, deal: "another" },
      { ...proof, position: proof.position + 1 },
      { ...proof, rowCount: proof.rowCount + 1 },
      { ...proof, block: { ...block, leaves: block.leaves.slice(1) } },
      { ...proof, block: { ...block, leaves: block.leaves.with(0, flip(block.leaves[0]!)) } },
      { ...proof, block: { ...block, loanCount: block.loanCount - 1 } },
      { ...proof, block: { ...block, bucketCents: block.bucketCents.toReversed() } },
      { ...proof, siblings: [root] },
      { ...proof, root: { ...root, loanCount: 11 } },
    ];
    for (const [index, one] of changed.entries()) {
      assert.equal(verifyLoanProof(one, commitment), false, `change ${index}`);
    }
    assert.equal(verifyLoanProof(proof, flip(commitment)), false);
  });

  it("opens the tape's one block for the auditor: its rows add up to what is on chain", async () => {
    const tapes = await server.context.db.selectFrom("tapes").selectAll().execute();
    for (const tape of tapes) {
      const url = `/v1/deals/${DEAL}/tapes/${tape.id}/blocks/0`;
      const answer = await server.request(server.users.auditor, { url });
      assert.equal(answer.statusCode, 200, answer.body);
      const opening = answer.json<BlockOpening>();
      assert.ok(verifyBlockOpening(opening, opening.commitment));
      assert.equal(opening.rows.length, tape.row_count);
      assert.equal(opening.root.balanceCents, tape.closing_balance_cents.toString());
    }
    const [{ id } = { id: "" }] = tapes;
    const missing = await server.request(server.users.auditor, {
      url: `/v1/deals/${DEAL}/tapes/${id}/blocks/1`,
    });
    assert.deepEqual([missing.statusCode, missing.json().code], [404, "block-unknown"]);
    const investor = await server.request(server.users.investor, {
      url: `/v1/deals/${DEAL}/tapes/${id}/blocks/0`,
    });
    assert.equal(investor.statusCode, 403);
  });

  it("has salts of its own for every row and period, from secrets that no answer shows", async () => {
    const tapes = await server.context.db.selectFrom("tapes").selectAll().execute();
    const secrets = tapes.map(({ leaf_secret }) => leaf_secret.toString("hex"));
    assert.equal(new Set(secrets).size, tapes.length);
    const salts = new Set<string>();
    let rows = 0;
    for (const [period, month] of months.entries()) {
      for (const loan of await loansOf(period)) {
        const proof = await proofOf(month, loan);
        salts.add(proof.salt);
        rows += 1;
        for (const secret of secrets) assert.equal(JSON.stringify(proof).includes(secret), false);
      }
    }
    assert.equal(salts.size, rows);
  });

  it("is not given to investors, and not for a loan that is not in the tape", async () => {
    const url = `/v1/deals/${DEAL}/periods/2017-10/loans/nobody/proof`;
    assert.equal((await server.request(server.users.investor, { url })).statusCode, 403);
    const unknown = await server.request(server.users.auditor, { url });
    assert.deepEqual([unknown.statusCode, unknown.json().code], [404, "loan-unknown"]);
  });
});
