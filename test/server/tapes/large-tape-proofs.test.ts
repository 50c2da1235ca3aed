import assert from "node:assert/strict";
import { after, before, it, describe } from "node:test";
import { copyTransaction } from "../../../server/db/copy-transaction.ts";
import { formatCents } from "../../../server/lib/money.ts";
import { hashTape } from "../../../server/tapes/hash-tape.ts";
import { verifyLoanProof } from "../../../server/tapes/loan-proof.ts";
import { versionTable } from "../../../server/tapes/partitions-queries.ts";
import { proveLoan } from "../../../server/tapes/prove-loan.ts";
import { getTapeDeal } from "../../../server/tapes/tape-deal-queries.ts";
import { findTape } from "../../../server/tapes/tapes-queries.ts";
import { startTestServer } from "../start-test-server.ts";
import type { TestServer } from "../start-test-server.ts";
import { amcarTape, DEAL, insertDeal, roomFor, upload } from "./amcar-2017-4.ts";

/** So many that their lines fill several buffers of the COPY. */
const LOANS = 3_000;

const [RECORD = ""] = /<assets>[^]*?<\/assets>/.exec(amcarTape("2017-09")) ?? [];
const BALANCE = BigInt(
  (/EndBalanceAmount>([\d.]+)</.exec(RECORD)?.[1] ?? "").replace(".", "").padEnd(6, "0"),
);

const loanOf = (number: number): string => `0001718362 - ${String(number).padStart(6, "0")}`;

function tapeOf(loans: number): string {
  const records = Array.from({ length: loans }, (_, number) =>
    RECORD.replace(/<assetNumber>[^<]*/, `<assetNumber>${loanOf(number)}`),
  );
  return `<assetData xmlns="http://www.sec.gov/edgar/document/absee/autoloan/assetdata">${records.join("\n")}</assetData>`;
}

describe("a tape of many buffers", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    const pool = formatCents(BALANCE * BigInt(LOANS));
    const source = roomFor(LOANS)
      .replaceAll("239568.99", pool)
      .replace("cutOffLoans: 12", `cutOffLoans: ${LOANS}`);
    await insertDeal(server, source);
  });
  after(() => server.close());

  it("is hashed while it is read as PostgreSQL prints it afterwards, and its proofs hold", async () => {
    const answer = await upload(server, { month: "2017-09", tape: tapeOf(LOANS) });
    assert.equal(answer.statusCode, 201, answer.body);
    const { db } = server.context;
    const deal = await getTapeDeal(db, DEAL);
    const tape = await findTape(db, { dealId: DEAL, period: 0 });
    assert.ok(tape !== undefined);
    assert.deepEqual([tape.row_count, tape.loan_count], [LOANS, LOANS]);
    const again = await copyTransaction(db, (transaction) =>
      hashTape(transaction, {
        table: versionTable({ dealKey: deal.key, period: 0, version: 1 }),
        dealId: DEAL,
        period: 0,
        leafSecret: tape.leaf_secret,
        attributeNames: tape.attribute_names,
      }),
    );
    assert.equal(`0x${again.root.hash.toString("hex")}`, tape.tree_hash);
    for (const number of [0, 255, 256, 1_700, LOANS - 1]) {
      const proof = await proveLoan(db, { deal, tape }, loanOf(number));
      assert.ok(verifyLoanProof(proof, proof.commitment), loanOf(number));
    }
  });
});
