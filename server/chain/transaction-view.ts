import { Type } from "typebox";
import type { ChainTransaction } from "./transaction-queries.ts";

/** A transaction as JSON: gas and block are numbers below 2^53. */
export const TransactionBody = Type.Object({
  key: Type.String(),
  kind: Type.String(),
  hash: Type.Union([Type.String(), Type.Null()]),
  status: Type.String(),
  blockNumber: Type.Union([Type.Integer(), Type.Null()]),
  gasUsed: Type.Union([Type.Integer(), Type.Null()]),
});

export function presentTransaction(row: ChainTransaction) {
  return {
    key: row.idempotency_key,
    kind: row.kind,
    hash: row.hash,
    status: row.status,
    blockNumber: row.block_number === null ? null : Number(row.block_number),
    gasUsed: row.gas_used === null ? null : Number(row.gas_used),
  };
}
