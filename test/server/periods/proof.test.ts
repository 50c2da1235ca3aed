import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { AbiCoder, keccak256 } from "ethers";
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
      .select("loan_id")
      .where("deal_id", "=", DEAL)
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
    const [first] = proof.siblings;
    assert.ok(first !== undefined);
    const changed: LoanProof[] = [
      { ...proof, row: proof.row.replace(/"interestCents":"\d+"/, '"interestCents":"0"') },
      { ...proof, leaf: { ...proof.leaf, endingBalanceCents: "1" } },
      { ...proof, leaf: { ...proof.leaf, salt: flip(proof.leaf.salt) } },
      { ...proof, leaf: { ...proof.leaf, period: 2 } },
      { ...proof, leaf: { ...proof.leaf, dealId: "another" } },
      { ...proof, siblings: proof.siblings.slice(1) },
      { ...proof, siblings: [{ ...first, hash: flip(first.hash) }, ...proof.siblings.slice(1)] },
      { ...proof, siblings: [{ ...first, loanCount: 2 }, ...proof.siblings.slice(1)] },
      { ...proof, root: { ...proof.root, loanCount: 11 } },
    ];
    for (const [index, one] of changed.entries()) {
      assert.equal(verifyLoanProof(one, commitment), false, `change ${index}`);
    }
    assert.equal(verifyLoanProof(proof, flip(commitment)), false);
  });

  it("has salts of its own for every row and period", async () => {
    const rows = await server.context.db.selectFrom("loan_months").select("leaf_salt").execute();
    const salts = new Set(rows.map(({ leaf_salt }) => leaf_salt.toString("hex")));
    assert.equal(salts.size, rows.length);
  });

  it("is not given to investors, and not for a loan that is not in the tape", async () => {
    const url = `/v1/deals/${DEAL}/periods/2017-10/loans/nobody/proof`;
    assert.equal((await server.request(server.users.investor, { url })).statusCode, 403);
    const unknown = await server.request(server.users.auditor, { url });
    assert.deepEqual([unknown.statusCode, unknown.json().code], [404, "loan-unknown"]);
  });
});
