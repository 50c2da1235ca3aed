/** The tree over rows that PostgreSQL made: what the first pass over a file could not know. */
import type { CopyTransaction } from "../db/copy-transaction.ts";
import { startTapeTree } from "../lib/tape-tree.ts";
import { treeColumns } from "./loan-month-columns.ts";
import { streamLeaves } from "./proof-queries.ts";
import type { BuiltTree } from "./tree-nodes-queries.ts";

const [TAB, LINE_FEED, ZERO] = [0x09, 0x0a, 0x30];

export interface TapeToHash {
  table: string;
  dealId: string;
  period: number;
  leafSecret: Buffer;
  attributeNames: readonly string[];
}

/** The tree over the rows of a table by their positions. */
export async function hashTape({ client }: CopyTransaction, tape: TapeToHash): Promise<BuiltTree> {
  const { table, dealId, period, leafSecret, attributeNames } = tape;
  const tree = startTapeTree({ dealId, period, secret: leafSecret });
  const nodes: BuiltTree["nodes"] = [];
  const leaf = { counted: 0 as 0 | 1, balanceCents: 0, bucket: 0 };
  for await (const bytes of wholeLines(streamLeaves(client, table))) {
    for (let start = 0; start < bytes.length;) {
      const end = bytes.indexOf(LINE_FEED, start);
      const line = bytes.indexOf(TAB, start) + 3;
      leaf.balanceCents = Number(bytes.toString("latin1", start, line - 3));
      leaf.counted = leaf.balanceCents > 0 ? 1 : 0;
      leaf.bucket = (bytes[line - 2] as number) - ZERO;
      tree.add(bytes, line, end, leaf);
      start = end + 1;
    }
    nodes.push(...tree.takeNodes());
  }
  const { root, nodes: last } = tree.finish(treeColumns(attributeNames));
  return { root, nodes: [...nodes, ...last] };
}

/** The same bytes in pieces that end with a line's end. */
async function* wholeLines(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) yield bytes.subarray(0, end);
    rest = bytes.subarray(end);
  }
  if (rest.length > 0) throw new Error("a COPY that ends inside a line");
}
