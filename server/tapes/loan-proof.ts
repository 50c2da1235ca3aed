/** The proof that a loan's row is in the tape whose root is on chain. Pure: needs nothing of the server. */
import { Type } from "typebox";
import type { Static } from "typebox";
import { keccak256 } from "../lib/keccak.ts";
import { tapeCommitment, verifyProof } from "../lib/merkle-sum-tree.ts";
import type { SumNode, TapeProof } from "../lib/merkle-sum-tree.ts";

const Hash = Type.String({ pattern: "^0x[0-9a-f]{64}$" });
const Cents = Type.String({ pattern: "^\\d+$", description: "cents" });
const NodeSchema = { hash: Hash, loanCount: Type.Integer(), balanceCents: Cents };

export const LoanProofSchema = Type.Object({
  leaf: Type.Object({
    version: Type.Integer(),
    dealId: Type.String(),
    period: Type.Integer({ description: "0 is the cut-off, 1 the first collection period" }),
    loanId: Type.String(),
    endingBalanceCents: Cents,
    rowHash: Hash,
    salt: Hash,
  }),
  row: Type.String({ description: "canonical JSON of the loan month; its keccak256 is rowHash" }),
  siblings: Type.Array(
    Type.Object({ side: Type.Union([Type.Literal("left"), Type.Literal("right")]), ...NodeSchema }),
  ),
  root: Type.Object(NodeSchema),
  commitment: Type.String({
    description: "keccak256(abi.encode(root hash, int256 loan count, int256 cents)), as on chain",
  }),
});
export type LoanProof = Static<typeof LoanProofSchema>;

const hex = (bytes: Buffer): string => `0x${bytes.toString("hex")}`;
const bytesOf = (text: string): Buffer => Buffer.from(text.slice(2), "hex");

/** A proof as JSON. `row` is the canonical JSON that the leaf's row hash was made from. */
export function buildLoanProof(proof: TapeProof, row: string, root: SumNode): LoanProof {
  const { leaf } = proof;
  const node = ({ hash, loanCount, balanceCents }: SumNode) => ({
    hash: hex(hash),
    loanCount,
    balanceCents: balanceCents.toString(),
  });
  return {
    leaf: {
      version: leaf.version,
      dealId: leaf.dealId,
      period: leaf.period,
      loanId: leaf.loanId,
      endingBalanceCents: leaf.endingBalanceCents.toString(),
      rowHash: hex(leaf.rowHash),
      salt: hex(leaf.salt),
    },
    row,
    siblings: proof.siblings.map((sibling) => ({ side: sibling.side, ...node(sibling) })),
    root: node(root),
    commitment: hex(tapeCommitment(root)),
  };
}

/**
 * Whether the row is in the tape, and the tape's count and balance are what the commitment says.
 * @param commitment what the report registry answers for the period, 0x and 64 hex digits
 */
export function verifyLoanProof(proof: LoanProof, commitment: string): boolean {
  const { leaf } = proof;
  if (hex(keccak256(Buffer.from(proof.row))) !== leaf.rowHash) return false;
  const node = (json: LoanProof["root"]): SumNode => ({
    hash: bytesOf(json.hash),
    loanCount: json.loanCount,
    balanceCents: BigInt(json.balanceCents),
  });
  const root = node(proof.root);
  if (hex(tapeCommitment(root)) !== commitment.toLowerCase()) return false;
  const endingBalanceCents = BigInt(leaf.endingBalanceCents);
  const row = JSON.parse(proof.row) as { loanId?: unknown; endingBalanceCents?: unknown };
  if (row.loanId !== leaf.loanId || row.endingBalanceCents !== leaf.endingBalanceCents) return false;
  return verifyProof(
    {
      leaf: {
        ...leaf,
        endingBalanceCents,
        rowHash: bytesOf(leaf.rowHash),
        salt: bytesOf(leaf.salt),
      },
      siblings: proof.siblings.map((sibling) => ({ side: sibling.side, ...node(sibling) })),
    },
    root,
  );
}
