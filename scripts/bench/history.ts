/** How long a loan's history and its proof take, over HTTP, with many loan months stored. */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { sql } from "kysely";
import type { Context } from "../../server/context.ts";
import { copyTransaction } from "../../server/db/copy-transaction.ts";
import { insertTapeAcceptance } from "../../server/tapes/acceptances-queries.ts";
import { hashTape } from "../../server/tapes/hash-tape.ts";
import { verifyLoanProof } from "../../server/tapes/loan-proof.ts";
import type { LoanProof } from "../../server/tapes/loan-proof.ts";
import { versionTable } from "../../server/tapes/partitions-queries.ts";
import { insertTape } from "../../server/tapes/tapes-queries.ts";
import { insertTreeNodes } from "../../server/tapes/tree-nodes-queries.ts";
import { formatMonth, parseMonth } from "../../server/lib/dates.ts";
import type { ApiClient } from "../demo/api-client.ts";
import { startDemo } from "../demo/start-demo.ts";
import type { Demo } from "../demo/start-demo.ts";
import { dropFileCache } from "./drop-file-cache.ts";
import { MADE_ATTRIBUTES, madeLoanId, makeMonth } from "./made-months.ts";

const DEAL_FILE = path.resolve(import.meta.dirname, "../../test/golden/amcar-2017-4/deal.yaml");
const CUT_OFF = parseMonth("2017-09");
/** Periods of that deal file, the cut-off among them. */
export const MOST_MONTHS = 52;
const LOANS_OF_DEAL = 100_000;
/** Every so many proofs one is checked to its root. */
const CHECKED = 25;

export interface HistorySize {
  /** Of all deals together. */
  loans: number;
  months: number;
  /** Requests of each kind. */
  requests: number;
}

/** Milliseconds. */
interface Times {
  middle: number;
  p99: number;
  most: number;
}

interface Round {
  history: Times;
  proof: Times;
}

/** What is stored to ask for. */
interface Stored {
  deals: readonly StoredDeal[];
  loadSeconds: number;
  bytesStored: number;
}

/** What was asked, and how long it took. */
interface Asked {
  checkedProofs: number;
  /** As the load left the caches of PostgreSQL and the kernel. */
  warm: Round;
  /** After the kernel forgot the database's files; null where that cannot be asked. */
  cold: Round | null;
  /** Processes that wanted one of the cores meanwhile, this bench's own among them. */
  load: number;
}

export interface HistoryBench extends HistorySize, Stored, Asked {}

export interface OpenHistory {
  stored: Stored;
  /** Asks for random loans and proofs; again gives another sample. */
  ask(): Promise<Asked>;
  /** Stops everything and takes all data away. */
  close(): Promise<void>;
}

/** Stores loans x months loan months with their trees, asks for random ones, takes all away. */
export async function benchHistory(
  size: HistorySize,
  tell: (line: string) => void,
): Promise<HistoryBench> {
  const history = await openHistory(size, tell);
  try {
    return { ...size, ...history.stored, ...(await history.ask()) };
  } finally {
    await history.close();
  }
}

async function openHistory(size: HistorySize, tell: (line: string) => void): Promise<OpenHistory> {
  const folder = await mkdtemp(path.join(tmpdir(), "penstock-bench-"));
  const demo = await startDemo({ folder });
  const close = async (): Promise<void> => {
    await demo.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const started = performance.now();
    const deals = await storeDeals(demo, size, tell);
    await sql`checkpoint`.execute(demo.context.db);
    const loadSeconds = (performance.now() - started) / 1_000;
    const bytesStored = await measureBytesStored(demo.context);
    const ids = deals.map(({ id }) => id);
    const auditor = await demo.addUser({ name: randomUUID(), role: "auditor", deals: ids });
    const ask = async (): Promise<Asked> => {
      const asking: Asking = { auditor, deals, size, checked: 0 };
      await askRandom(asking, Math.ceil(size.requests / 20));
      const warm = await askRandom(asking, size.requests);
      const dropped = await dropFileCache(path.join(folder, "postgres"));
      const cold = dropped ? await askRandom(asking, size.requests) : null;
      return { checkedProofs: asking.checked, warm, cold, load: loadavg()[0] ?? 0 };
    };
    return { stored: { deals, loadSeconds, bytesStored }, ask, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface StoredDeal {
  id: string;
  key: number;
  loans: number;
}

async function storeDeals(
  demo: Demo,
  size: HistorySize,
  tell: (line: string) => void,
): Promise<StoredDeal[]> {
  const source = await readFile(DEAL_FILE, "utf8");
  const { db } = demo.context;
  const { id: uploadedBy } = await db.selectFrom("users").select("id").executeTakeFirstOrThrow();
  const deals: StoredDeal[] = [];
  for (let left = size.loans; left > 0; left -= LOANS_OF_DEAL) {
    const id = `bench-${deals.length + 1}`;
    await demo.administrator.upload("/deals", {
      bytes: Buffer.from(source.replace("id: amcar-2017-4", `id: ${id}`)),
      type: "application/yaml",
    });
    const row = await db.selectFrom("deals").select("key").where("id", "=", id).executeTakeFirst();
    const deal = { id, key: row?.key ?? 0, loans: Math.min(left, LOANS_OF_DEAL) };
    for (let period = 0; period < size.months; period += 1) {
      await storeMonth(demo.context, deal, { period, uploadedBy });
    }
    deals.push(deal);
    tell(`${id}: ${(deal.loans * size.months).toLocaleString("en-US")} loan months`);
  }
  return deals;
}

/** One month, made by PostgreSQL, and the tree that the pipeline's own second pass makes over it. */
async function storeMonth(
  { db, clock }: Context,
  deal: StoredDeal,
  { period, uploadedBy }: { period: number; uploadedBy: string },
): Promise<void> {
  const place = { dealKey: deal.key, period, version: 1 };
  const table = versionTable(place);
  await db.transaction().execute((trx) => makeMonth(trx, place, deal.loans));
  await sql`vacuum (analyze) ${sql.table(table)}`.execute(db);
  await copyTransaction(db, async (transaction) => {
    const leafSecret = randomBytes(32);
    const names = { attributeNames: MADE_ATTRIBUTES, leafSecret };
    const { root, nodes } = await hashTape(transaction, {
      ...{ table, dealId: deal.id, period },
      ...names,
    });
    await insertTreeNodes(transaction, place, nodes);
    const tape = { id: randomUUID(), deal_id: deal.id, period };
    const acceptance = { accepted_by: uploadedBy, accepted_at: clock.now(), reason: null };
    await insertTape(transaction.trx, {
      ...{ ...tape, version: 1 },
      ...{ content_hash: randomBytes(32).toString("hex"), file_name: "made", format: "made" },
      ...{ asset_class: "auto loan", byte_count: 0n, row_count: deal.loans },
      closing_balance_cents: root.balanceCents,
      loan_count: root.loanCount,
      bucket_cents: [...root.bucketCents],
      tree_hash: `0x${root.hash.toString("hex")}`,
      ...{ leaf_secret: leafSecret, attribute_names: MADE_ATTRIBUTES, control_totals: {} },
      ...{
        mapping_version: null,
        differenced_from: null,
        uploaded_by: uploadedBy,
        uploaded_at: clock.now(),
      },
    });
    await insertTapeAcceptance(transaction.trx, tape, acceptance);
  });
}

interface Asking {
  auditor: ApiClient;
  deals: readonly StoredDeal[];
  size: HistorySize;
  checked: number;
}

/** Random loans of random deals, one request after the other; each history is followed by a proof. */
async function askRandom(asking: Asking, requests: number): Promise<Round> {
  const times: Record<keyof Round, number[]> = { history: [], proof: [] };
  for (let request = 0; request < requests; request += 1) {
    const history = pick(asking);
    const months = await timed(times.history, () =>
      asking.auditor.get<{ items: unknown[] }>(`/deals/${history.deal}/loans/${history.loan}`),
    );
    if (months.items.length !== asking.size.months) throw new Error(`${history.loan}: months lost`);
    const { deal, loan, month } = pick(asking);
    const proof = await timed(times.proof, () =>
      asking.auditor.get<LoanProof>(`/deals/${deal}/periods/${month}/loans/${loan}/proof`),
    );
    if (request % CHECKED !== 0) continue;
    if (!verifyLoanProof(proof, proof.commitment)) throw new Error(`${loan} is not proven`);
    asking.checked += 1;
  }
  return { history: summarise(times.history), proof: summarise(times.proof) };
}

function pick({ deals, size }: Asking): { deal: string; loan: string; month: string } {
  const random = (below: number): number => Math.floor(Math.random() * below);
  const deal = deals[random(deals.length)];
  if (deal === undefined) throw new Error("there is no deal");
  const month = formatMonth(CUT_OFF + random(size.months));
  return { deal: deal.id, loan: madeLoanId(random(deal.loans)), month };
}

async function timed<T>(times: number[], get: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await get();
  times.push(performance.now() - started);
  return result;
}

function summarise(times: readonly number[]): Times {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return { middle: at(0.5), p99: at(0.99), most: at(1) };
}

async function measureBytesStored({ db }: Context): Promise<number> {
  const { rows } = await sql<{ bytes: bigint }>`
    select pg_database_size(current_database()) as bytes
  `.execute(db);
  return Number(rows[0]?.bytes ?? 0n);
}

/** The bar of a loan's history and of its proof, milliseconds. */
export const HISTORY_BAR_MS = 50;

export function formatHistoryBench(bench: HistoryBench): string {
  const count = (bench.loans * bench.months).toLocaleString("en-US");
  const row = (name: string, { middle, p99, most }: Times): string => {
    const ms = [middle, p99, most].map((time) => time.toFixed(1).padStart(7));
    return `${name.padEnd(14)} ${ms.join(" ")}   ${p99 < HISTORY_BAR_MS ? "below" : "ABOVE"} ${HISTORY_BAR_MS} ms`;
  };
  const round = (name: string, { history, proof }: Round): string[] => [
    row(`history, ${name}`, history),
    row(`proof, ${name}`, proof),
  ];
  return [
    `stored         ${count} loan months (${bench.deals.length} deals, ${bench.months} months), ${(bench.bytesStored / 1e9).toFixed(1)} GB, in ${bench.loadSeconds.toFixed(0)} s`,
    `asked          ${bench.requests} of each, one after the other over HTTP; ${bench.checkedProofs} proofs checked to the root; load ${bench.load.toFixed(1)} on ${availableParallelism()} cores`,
    `milliseconds    middle     p99    most`,
    ...round("warm", bench.warm),
    ...(bench.cold === null ? [] : round("cold", bench.cold)),
  ].join("\n");
}
