import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { Kysely } from "kysely";
import { connectDatabase } from "../../../server/db/connect-database.ts";
import { startEmbeddedPostgres } from "../../../server/db/embedded-postgres.ts";
import type { EmbeddedPostgres } from "../../../server/db/embedded-postgres.ts";
import { migrateDatabase } from "../../../server/db/migrate-database.ts";
import type { Database } from "../../../server/db/tables.ts";
import { verifyBlockOpening } from "../../../server/tapes/block-opening.ts";
import { verifyLoanProof } from "../../../server/tapes/loan-proof.ts";
import { openBlock, proveLoan } from "../../../server/tapes/prove-loan.ts";
import { readCopyValue, readLoanLine } from "../../../server/tapes/read-loan-line.ts";
import type { TapeDeal } from "../../../server/tapes/tape-deal.ts";
import type { Tape } from "../../../server/tapes/tapes-queries.ts";
import { writeTape } from "./written-tape.ts";
import type { WrittenRow } from "./written-tape.ts";

const DEAL = "made-up-2026-1";
const deal = { id: DEAL, key: 4 } as TapeDeal;

/** What COPY escapes, what JSON escapes, what is more than a byte, and what looks like either. */
const NASTY = [
  "tab\there",
  "line\nfeed\rreturn",
  "back\\slash \\N \\t",
  "\\.",
  "\b\f\v\u0001\u007f",
  'quo"te, comma; semi|pipe',
  "Zürich, 東京, 🏦",
  "\u2028 \uFEFF end",
  " blanks ",
];

const rowsOf = (count: number): WrittenRow[] =>
  Array.from({ length: count }, (_, at) => ({
    loanId: `loan ${at} ${NASTY[at % NASTY.length]}`,
    endingBalance: at % 7 === 0 ? 0 : at * 1_000_003,
    bucket: at % 6,
    texts: { region: NASTY[(at + 3) % NASTY.length]! },
    numbers: { interest: -at, interestRate: 124_500_000_000, repossessed: at % 2 },
    attributes: [NASTY[(at + 5) % NASTY.length]!, "", String(at)],
  }));

const NAMES = ["Dealer, first", "empty", "number"];

describe("a proof out of the stored tape", () => {
  let folder: string;
  let postgres: EmbeddedPostgres;
  let db: Kysely<Database>;
  const tapes = new Map<number, Tape>();
  const SIZES = [1, 12, 256, 300, 511, 512, 1500];

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "penstock-proofs-"));
    postgres = await startEmbeddedPostgres({ folder, durable: false });
    db = connectDatabase(postgres.url);
    await migrateDatabase(db);
    for (const [period, size] of SIZES.entries()) {
      const place = { dealId: DEAL, dealKey: deal.key, period, version: 1, uploadedBy: "nobody" };
      tapes.set(size, await writeTape(db, place, rowsOf(size), NAMES));
    }
  });
  after(async () => {
    await db.destroy();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const tapeOf = (size: number): Tape => tapes.get(size)!;

  it("reads back the very bytes that were hashed, whatever stands in the texts", async () => {
    for (const size of SIZES) {
      const tape = tapeOf(size);
      const step = Math.max(1, Math.floor(size / 30));
      const rows = rowsOf(size);
      for (let at = 0; at < size; at += step) {
        const { loanId, endingBalance, bucket, texts } = rows[at]!;
        const proof = await proveLoan(db, { deal, tape }, loanId);
        assert.ok(verifyLoanProof(proof, proof.commitment), `${size}: ${loanId}`);
        const line = readLoanLine(proof.line);
        assert.equal(line?.loanId, loanId);
        assert.deepEqual([line.sums.balanceCents, line.sums.bucket], [endingBalance, bucket]);
        assert.ok(line.cells.map(readCopyValue).includes(texts!.region!));
      }
    }
  });

  it("survives the way through JSON, of rows with every kind of character", async () => {
    for (const { loanId } of rowsOf(12)) {
      const proof = await proveLoan(db, { deal, tape: tapeOf(12) }, loanId);
      const sent = JSON.parse(JSON.stringify(proof)) as typeof proof;
      assert.ok(verifyLoanProof(sent, proof.commitment));
    }
  });

  it("opens every block, whose rows add up to the tape", async () => {
    for (const size of SIZES) {
      const tape = tapeOf(size);
      let balance = 0n;
      let rows = 0;
      const first = await openBlock(db, { deal, tape }, 0);
      for (let block = 0; block < first.blocks; block += 1) {
        const opening = await openBlock(db, { deal, tape }, block);
        assert.ok(verifyBlockOpening(opening, first.commitment), `${size}: block ${block}`);
        for (const { line } of opening.rows) {
          balance += BigInt(readLoanLine(line)!.sums.balanceCents);
          rows += 1;
        }
      }
      assert.deepEqual([rows, balance], [size, tape.closing_balance_cents]);
    }
  });

  it("fails with a value of the row, a column's name or an attribute's name changed", async () => {
    const tape = tapeOf(300);
    const proof = await proveLoan(db, { deal, tape }, rowsOf(300)[17]!.loanId);
    const { commitment, line, columns, attributeNames } = proof;
    const cells = line.split("\t");
    assert.equal(cells.length, columns.length);
    cells.forEach((cell, at) => {
      const changed = cells.with(at, cell === "\\N" ? "1" : `${cell}1`).join("\t");
      assert.equal(verifyLoanProof({ ...proof, line: changed }, commitment), false, columns[at]);
      const renamed = columns.with(at, `${columns[at]}_`);
      assert.equal(verifyLoanProof({ ...proof, columns: renamed }, commitment), false);
    });
    const swapped = { ...proof, columns: columns.with(2, columns[3]!).with(3, columns[2]!) };
    assert.equal(verifyLoanProof(swapped, commitment), false);
    const names = attributeNames.toReversed();
    assert.equal(verifyLoanProof({ ...proof, attributeNames: names }, commitment), false);
    assert.equal(verifyLoanProof({ ...proof, loan: "another" }, commitment), false);
    assert.equal(verifyLoanProof({ ...proof, commitment: proof.root.hash }, commitment), false);
    assert.equal(verifyLoanProof({ ...proof, leafVersion: 1 }, commitment), false);
  });

  it("fails for a block of which a row was changed, left out or taken from another", async () => {
    const tape = tapeOf(1500);
    const [opening, other] = [
      await openBlock(db, { deal, tape }, 1),
      await openBlock(db, { deal, tape }, 2),
    ];
    const { commitment, rows } = opening;
    const changed = rows.with(3, { ...rows[3]!, line: `${rows[3]!.line} ` });
    for (const wrong of [
      { rows: changed },
      { rows: rows.slice(1) },
      { rows: rows.with(0, other.rows[0]!) },
      { rows: other.rows },
      { block: 2 },
      { blocks: 1 },
      { siblings: other.siblings },
      { rows: rows.with(3, { ...rows[3]!, line: "" }) },
    ]) {
      assert.equal(verifyBlockOpening({ ...opening, ...wrong }, commitment), false);
    }
    assert.equal(verifyBlockOpening({ ...opening, rows: other.rows, block: 2 }, commitment), false);
    assert.ok(verifyBlockOpening(other, commitment));
  });

  it("shows of a pool of 12 rows its public totals, and of a larger one no other loan", async () => {
    const small = await proveLoan(db, { deal, tape: tapeOf(12) }, rowsOf(12)[5]!.loanId);
    const { hash: _hash, ...totals } = small.root;
    const { leaves, groups, ...sums } = small.block;
    assert.deepEqual([sums, small.siblings, leaves.length, groups.length], [totals, [], 11, 0]);
    const rows = rowsOf(1500);
    const shown = JSON.stringify(
      await proveLoan(db, { deal, tape: tapeOf(1500) }, rows[700]!.loanId),
    );
    for (const { loanId, endingBalance } of rows.toSpliced(700, 1)) {
      assert.equal(shown.includes(JSON.stringify(loanId).slice(1, -1)), false, loanId);
      if (endingBalance > 0) assert.equal(shown.includes(`"${endingBalance}"`), false);
    }
    const secret = tapeOf(1500).leaf_secret.toString("hex");
    assert.equal(shown.includes(secret), false);
  });

  it("has no loan that is not in the tape, and no block behind the last one", async () => {
    const tape = tapeOf(300);
    await assert.rejects(proveLoan(db, { deal, tape }, "nobody"), { code: "loan-unknown" });
    await assert.rejects(openBlock(db, { deal, tape }, 1), { code: "block-unknown" });
  });
});
