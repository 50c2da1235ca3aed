import type { Kysely } from "kysely";
import type { Database } from "../db/tables.ts";
import { problem } from "../errors.ts";
import { canonicalJson } from "../lib/canonical-json.ts";
import { LEAF_VERSION } from "../lib/merkle-sum-tree.ts";
import type { SumNode } from "../lib/merkle-sum-tree.ts";
import { toLoanMonth } from "./loan-month-columns.ts";
import { buildLoanProof } from "./loan-proof.ts";
import type { LoanProof } from "./loan-proof.ts";
import { findLoanMonth, listSiblings } from "./loans-queries.ts";
import { loanMonthHash } from "./store-tape.ts";
import type { Tape } from "./tapes-queries.ts";

/** The proof of one loan's row in a stored tape. @throws Problem loan-unknown */
export async function proveLoan(
  db: Kysely<Database>,
  tape: Tape,
  loanId: string,
): Promise<LoanProof> {
  const key = { dealId: tape.deal_id, period: tape.period, version: tape.version };
  const row = await findLoanMonth(db, { ...key, loanId });
  if (row === undefined) throw problem("loan-unknown", { deal: tape.deal_id, loan: loanId });
  const loan = toLoanMonth(row);
  const found = await listSiblings(db, { ...key, rowCount: tape.row_count }, row.leaf_position);
  const siblings = found.map((node) => ({
    side: node.position % 2 === 0 ? ("left" as const) : ("right" as const),
    hash: node.hash,
    loanCount: node.loan_count,
    balanceCents: node.balance_cents,
  }));
  const leaf = {
    version: LEAF_VERSION,
    dealId: tape.deal_id,
    period: tape.period,
    loanId,
    endingBalanceCents: loan.endingBalanceCents,
    rowHash: loanMonthHash(loan),
    salt: row.leaf_salt,
  };
  const root: SumNode = {
    hash: Buffer.from(tape.tree_hash.slice(2), "hex"),
    loanCount: tape.loan_count,
    balanceCents: tape.closing_balance_cents,
  };
  return buildLoanProof({ leaf, siblings }, canonicalJson({ ...loan }), root);
}
