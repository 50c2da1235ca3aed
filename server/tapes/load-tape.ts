/** A file into a table of its own, row by row as it comes in, and the tree over it. */
import { randomBytes } from "node:crypto";
import { startCopyIn } from "../db/copy-in.ts";
import type { CopyIn } from "../db/copy-in.ts";
import type { CopyTransaction } from "../db/copy-transaction.ts";
import { startTapeTree } from "../lib/tape-tree.ts";
import type { PlacedNode, TapeTreeBuilder } from "../lib/tape-tree.ts";
import type { CumulativeField } from "./canonical-fields.ts";
import { TapeRowCopy } from "./copy-tape-rows.ts";
import type { TapeSums } from "./copy-tape-rows.ts";
import type { TapeFormat } from "./formats/tape-format.ts";
import { LINE_COLUMNS, treeColumns } from "./loan-month-columns.ts";
import { createVersionTable, indexPositions } from "./partitions-queries.ts";
import type { ControlTotals } from "./reading/read-totals.ts";
import { readTape } from "./read-tape.ts";
import type { TapeDeal } from "./tape-deal.ts";
import type { ProblemList } from "./tape-problem.ts";
import type { BuiltTree } from "./tree-nodes-queries.ts";
import { UnreadableTape } from "./tape-record.ts";
import type { TapeRecord } from "./tape-record.ts";
import type { TapePeriod } from "./tape-terms.ts";
import { LoanLineWriter, NO_ATTRIBUTES } from "./write-loan-line.ts";
import type { RecordAttributes } from "./write-loan-line.ts";
import type { LoanRow } from "./loan-row.ts";

export interface TapeToLoad {
  bytes: AsyncIterable<Uint8Array>;
  /** Of the unpacked file. */
  mostBytes: number;
  deal: TapeDeal;
  period: TapePeriod;
  /** The version that it will probably have. */
  version: number;
  problems: ProblemList;
  /** Called now and then with the number of rows read so far. */
  onRows(rows: number): void;
}

export interface LoadedTape {
  format: TapeFormat;
  /** Fields that the format states since origination. */
  cumulative: readonly CumulativeField[];
  /** Loan records of the file, and how many of them could not be read. */
  rows: number;
  unreadable: number;
  totals: ControlTotals;
  /** Where the rows are; nobody else sees it yet. */
  table: string;
  /** Of the rows that are there: those that could be read. */
  sums: TapeSums;
  attributeNames: readonly string[];
  leafSecret: Buffer;
  /** Over the rows as they are there; null when the tape cannot be accepted as it is. */
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
  await indexPositions(trx, table);
  const columns = ["position", ...LINE_COLUMNS].join(", ");
  // Frozen rows are never written again to mark them as committed; allowed in a table made just now.
  const copy = await startCopyIn(client, `copy ${table} (${columns}) from stdin with (freeze)`);
  try {
    return { table, ...(await new TapeLoading(copy, tape).run()) };
  } catch (error) {
    await copy.abort(error instanceof Error ? error.message : String(error));
    throw error;
  }
}

/** One reading of a file into a COPY. */
class TapeLoading {
  readonly #copy: CopyIn;
  readonly #tape: TapeToLoad;
  readonly #leafSecret = randomBytes(32);
  readonly #tree: TapeTreeBuilder;
  readonly #nodes: PlacedNode[] = [];
  #attributeNames: readonly string[] = [];
  #rows: TapeRowCopy | null = null;
  readonly #attributes: RecordAttributes = { ...NO_ATTRIBUTES };

  constructor(copy: CopyIn, tape: TapeToLoad) {
    this.#copy = copy;
    this.#tape = tape;
    const { deal, period } = tape;
    const secret = this.#leafSecret;
    this.#tree = startTapeTree({ dealId: deal.id, period: period.ordinal, secret });
  }

  async run(): Promise<Omit<LoadedTape, "table">> {
    const { bytes, mostBytes, deal, period, problems } = this.#tape;
    const read = await readTape({
      ...{ bytes, mostBytes, terms: deal.terms, period, problems },
      onFormat: (format, cumulative) => this.#start(format, cumulative),
      onAttributes: (names) => (this.#attributeNames = names),
      onRow: (row, record, columns) => this.#add(row, record, columns),
      drain: () => this.#drain(),
    });
    const { format, rows, unreadable, totals, cumulative } = read;
    if (!read.complete || format === null || this.#rows === null) {
      throw new UnreadableTape("the file broke off");
    }
    const sums = await this.#rows.finish();
    return {
      ...{ format, cumulative, rows, unreadable, totals, sums },
      attributeNames: this.#attributeNames,
      leafSecret: this.#leafSecret,
      tree: this.#rows.hasTree ? this.#finishTree() : null,
    };
  }

  #start(format: TapeFormat, cumulative: readonly CumulativeField[]): void {
    const { ordinal } = this.#tape.period;
    // Rows that get figures from the tape before are hashed when they have them.
    const waits = ordinal > 0 && (format.differenced === true || cumulative.length > 0);
    const tree = waits ? null : this.#tree;
    this.#rows = new TapeRowCopy({
      copy: this.#copy,
      writer: new LoanLineWriter(cumulative),
      tree,
    });
  }

  #add(row: LoanRow, record: TapeRecord, columns: Int32Array): void {
    const rows = this.#rows;
    if (rows === null) throw new Error("a row before the format is known");
    if (this.#tape.problems.count("refuse") > 0) rows.leaveTree();
    this.#attributes.record = record;
    this.#attributes.columns = columns;
    rows.add(row, this.#attributes);
  }

  #drain(): Promise<void> | undefined {
    for (const node of this.#tree.takeNodes()) this.#nodes.push(node);
    this.#tape.onRows(this.#rows?.rows ?? 0);
    return this.#rows?.drain();
  }

  #finishTree(): BuiltTree {
    const { root, nodes } = this.#tree.finish(treeColumns(this.#attributeNames));
    return { root, nodes: [...this.#nodes, ...nodes] };
  }
}
