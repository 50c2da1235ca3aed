/** What a loan's proof and a block's opening have in common, as JSON. Pure. */
import { Type } from "typebox";
import type { Static } from "typebox";
import { LEAF_VERSION, tapeCommitment } from "../lib/tape-tree-layout.ts";
import type { SumNode, Sums, TapeFacts } from "../lib/tape-tree-layout.ts";
import type { OpenedRow } from "../lib/tape-tree-proof.ts";
import { LINE_COLUMNS, treeColumns } from "./loan-month-columns.ts";
import { readLoanLine } from "./read-loan-line.ts";

export const Hash = Type.String({ pattern: "^0x[0-9a-f]{64}$" });
const Cents = Type.String({ pattern: "^\\d{1,19}$", description: "cents" });

export const sumsSchema = {
  loanCount: Type.Integer({ description: "loans with a balance above zero" }),
  balanceCents: Cents,
  bucketCents: Type.Array(Cents, {
    description: "the balance by delinquency: current, 1-29, 30-59, 60-89, 90-119, 120+ days",
    minItems: 6,
    maxItems: 6,
  }),
};
const NodeSchema = Type.Object({ hash: Hash, ...sumsSchema });

export const tapeSchema = {
  leafVersion: Type.Integer({ description: "form of the tree: server/lib/tape-tree-layout.ts" }),
  deal: Type.String(),
  period: Type.Integer({ description: "0 is the cut-off, 1 the first collection period" }),
  rowCount: Type.Integer({ description: "rows of the tape" }),
  columns: Type.Array(Type.String(), { description: "of each line, tabs between their values" }),
  attributeNames: Type.Array(Type.String(), {
    description: "of the values inside the line's attributes, U+001F between them",
  }),
};

export const rootSchema = {
  siblings: Type.Array(NodeSchema, {
    description: "from the block upwards; a level without a neighbour is left out",
  }),
  root: NodeSchema,
  commitment: Type.String({
    description: "keccak256(abi.encode(root hash, int256 loan count, int256 cents)), as on chain",
  }),
};

export const rowSchema = {
  line: Type.String({ description: "the row as PostgreSQL's COPY prints it, without line end" }),
  salt: Hash,
};

const Common = Type.Object({ ...tapeSchema, ...rootSchema });
type Common = Static<typeof Common>;
type NodeJson = Static<typeof NodeSchema>;
export type SumsJson = Omit<NodeJson, "hash">;

/** The tape that a proof is of. */
export interface ProvenTape {
  dealId: string;
  period: number;
  rowCount: number;
  attributeNames: readonly string[];
  root: SumNode;
}

export const hex = (bytes: Buffer): string => `0x${bytes.toString("hex")}`;
export const bytesOf = (text: string): Buffer => Buffer.from(text.slice(2), "hex");

export function sumsJson({ loanCount, balanceCents, bucketCents }: Sums): SumsJson {
  return { loanCount, balanceCents: String(balanceCents), bucketCents: bucketCents.map(String) };
}

export function readSums({ loanCount, balanceCents, bucketCents }: SumsJson): Sums {
  return { loanCount, balanceCents: BigInt(balanceCents), bucketCents: bucketCents.map(BigInt) };
}

const nodeJson = (node: SumNode): NodeJson => ({ hash: hex(node.hash), ...sumsJson(node) });
const readNode = (json: NodeJson): SumNode => ({ hash: bytesOf(json.hash), ...readSums(json) });

/** The parts that say which tape it is and how the block leads to its root. */
export function commonParts(tape: ProvenTape, siblings: readonly SumNode[]): Common {
  return {
    leafVersion: LEAF_VERSION,
    deal: tape.dealId,
    period: tape.period,
    rowCount: tape.rowCount,
    columns: [...LINE_COLUMNS],
    attributeNames: [...tape.attributeNames],
    siblings: siblings.map(nodeJson),
    root: nodeJson(tape.root),
    commitment: hex(tapeCommitment(tape.root)),
  };
}

/** The facts that the root is over; null when the proof is of another form or with other columns. */
export function readFacts(json: Common): TapeFacts | null {
  const { deal: dealId, period, rowCount, columns, attributeNames } = json;
  const sameColumns =
    columns.length === LINE_COLUMNS.length &&
    columns.every((name, at) => name === LINE_COLUMNS[at]);
  if (json.leafVersion !== LEAF_VERSION || !sameColumns) return null;
  return { dealId, period, rowCount, columns: treeColumns(attributeNames) };
}

export const readSiblings = (json: Common): SumNode[] => json.siblings.map(readNode);

/** A row's leaf, its sums read from its own text; null when the text is no row. */
export function readRow({ line, salt }: { line: Buffer; salt: Buffer }): OpenedRow | null {
  const read = readLoanLine(line.toString());
  return read === null ? null : { ...read.sums, line, salt };
}

export function readRowJson({ line, salt }: { line: string; salt: string }): OpenedRow | null {
  return readRow({ line: Buffer.from(line), salt: bytesOf(salt) });
}

/** Whether what was reached is the stated root, and that is what the commitment is of. */
export function leadsTo(reached: SumNode | null, json: Common, commitment: string): boolean {
  if (reached === null) return false;
  const root = readNode(json.root);
  return (
    reached.hash.equals(root.hash) &&
    reached.loanCount === root.loanCount &&
    reached.balanceCents === root.balanceCents &&
    reached.bucketCents.every((cents, bucket) => cents === root.bucketCents[bucket]) &&
    hex(tapeCommitment(reached)) === commitment.toLowerCase() &&
    json.commitment === hex(tapeCommitment(reached))
  );
}
