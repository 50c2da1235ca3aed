/** A file into a table of its own, row by row as it comes in, and the tree over it. */
import { randomBytes } from "node:crypto";
import { startCopyIn } from "../db/copy-in.ts";
import type { CopyIn } from "../db/copy-in.ts";
import type { CopyTransaction } from "../db/copy-transaction.ts";
import { startTapeTree } from "../lib/tape-tree.ts";
import { TapeRowCopy } from "./copy-tape-rows.ts";
import type { TapeSums } from "./copy-tape-rows.ts";
import { LINE_COLUMNS, treeColumns } from "./loan-month-columns.ts";
import { createVersionTable } from "./partitions-queries.ts";
import { readTape } from "./read-tape-adapter.ts";
import type { ReadTape, TapeFacts } from "./read-tape-adapter.ts";
import type { TapeDeal } from "./tape-deal.ts";
import type { ProblemList } from "./tape-problem.ts";
import type { BuiltTree } from "./tree-nodes-queries.ts";
import type { TapePeriod } from "./tape-terms.ts";
import { LoanLineWriter } from "./write-loan-line.ts";

export interface TapeToLoad {
  bytes: AsyncIterable<Uint8Array>;
  deal: TapeDeal;
  period: TapePeriod;
  /** The version that it will probably have. */
  version: number;
  problems: ProblemList;
  /** Called now and then with the number of rows read so far. */
  onRows(rows: number): void;
}

export interface LoadedTape extends TapeFacts, ReadTape {
  /** Where the rows are; nobody else sees it yet. */
  table: string;
  /** Of the rows that are there: those that could be read. */
  sums: TapeSums;
  attributeNames: readonly string[];
  leafSecret: Buffer;
  /** Over the rows as they are there; null when the tape cannot be accepted. */
  tree: BuiltTree | null;
}

/**
 * Reads a tape, checks its rows one by one and loads them while they come in.
 * @throws UnreadableTape when it cannot be read to its end; the reason is in the problem list
 */
export async function loadTape(
  { trx, client }: CopyTransaction,
  tape: TapeToLoad,
): Promise<LoadedTape> {
  const { deal, period, version } = tape;
  const key = { dealKey: deal.key, period: period.ordinal, version };
  const table = await createVersionTable(trx, key);
  const columns = ["position", ...LINE_COLUMNS].join(", ");
  // Frozen rows are never written again to mark them as committed; allowed in a table made just now.
  const copy = await startCopyIn(client, `copy ${table} (${columns}) from stdin with (freeze)`);
  try {
    return { table, ...(await readInto(copy, tape)) };
  } catch (error) {
    await copy.abort(error instanceof Error ? error.message : String(error));
    throw error;
  }
}

async function readInto(copy: CopyIn, tape: TapeToLoad): Promise<Omit<LoadedTape, "table">> {
  const { bytes, deal, period, problems, onRows } = tape;
  const leafSecret = randomBytes(32);
  const tree = startTapeTree({ dealId: deal.id, period: period.ordinal, secret: leafSecret });
  const nodes: BuiltTree["nodes"] = [];
  let facts: TapeFacts | null = null;
  let attributeNames: readonly string[] = [];
  let rows: TapeRowCopy | null = null;
  const started = (): TapeRowCopy => {
    if (rows === null) throw new Error("rows before the format is known");
    return rows;
  };
  const read = await readTape({
    ...{ bytes, deal, period, problems },
    onFormat(found) {
      facts = found;
      const writer = new LoanLineWriter(found.cumulative);
      rows = new TapeRowCopy({ copy, writer, tree: isDerived(found, period) ? null : tree });
    },
    onAttributes: (names) => (attributeNames = names),
    onRow(row, record, columns) {
      const refused = problems.count("refuse") > 0;
      if (refused) started().leaveTree();
      started().add(row, { record, columns });
    },
    drain() {
      nodes.push(...tree.takeNodes());
      onRows(rows?.rows ?? 0);
      return rows?.drain();
    },
  });
  if (facts === null) throw new Error("a tape without a format");
  const sums = await started().finish();
  const found: TapeFacts = facts;
  const whole = problems.count("refuse") === 0 && !isDerived(found, period);
  const { root, nodes: last } = tree.finish(treeColumns(attributeNames));
  const built = whole ? { root, nodes: [...nodes, ...last] } : null;
  return { ...found, ...read, sums, attributeNames, leafSecret, tree: built };
}

/** Whether the rows get figures from the tape before: then the tree waits for them. */
function isDerived({ differenced, cumulative }: TapeFacts, { ordinal }: TapePeriod): boolean {
  return ordinal > 0 && (differenced || cumulative.length > 0);
}
