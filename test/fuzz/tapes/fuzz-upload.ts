/** One mutated file through a real upload: a tape is stored whole, or nothing is. */
import { sql } from "kysely";
import type { Kysely } from "kysely";
import type { Database } from "../../../server/db/tables.ts";
import type { FuzzedFile } from "./fuzz-read.ts";

/** Sends a file as the servicer of the format's deal. */
export type SendFile = (format: string, file: Buffer) => Promise<{ status: number; body: string }>;

export interface UploadOutcome {
  /** stored, proposed, known, or the code of the refusal. */
  outcome: string;
  broken: string | null;
}

/** What the database holds of tapes. */
export interface TapeBooks {
  tapes: number;
  problems: number;
  nodes: number;
  /** Leaf tables, attached or not, and the rows that are read through the parent. */
  tables: number;
  rows: number;
}

export async function readBooks(db: Kysely<Database>): Promise<TapeBooks> {
  const { rows } = await sql<Record<keyof TapeBooks, string>>`
    select
      (select count(*) from tapes) as tapes,
      (select count(*) from tape_problems) as problems,
      (select count(*) from tape_tree_nodes) as nodes,
      (select count(*) from pg_class where relkind = 'r' and relname ~ '^loan_months_') as tables,
      (select count(*) from loan_months) as rows
  `.execute(db);
  const [found] = rows;
  if (found === undefined) throw new Error("no answer to a count");
  const { tapes, problems, nodes, tables, rows: loans } = found;
  return {
    ...{ tapes: Number(tapes), problems: Number(problems), nodes: Number(nodes) },
    ...{ tables: Number(tables), rows: Number(loans) },
  };
}

export async function fuzzUpload(
  { seed, file }: FuzzedFile,
  { db, send }: { db: Kysely<Database>; send: SendFile },
): Promise<UploadOutcome> {
  const before = await readBooks(db);
  const { status, body } = await send(seed.format, file);
  const after = await readBooks(db);
  const answer = JSON.parse(body) as Answer;
  if (status === 201) return { outcome: "stored", broken: checkStored(before, after, answer) };
  if (JSON.stringify(before) !== JSON.stringify(after)) {
    const change = `${JSON.stringify(before)} became ${JSON.stringify(after)}`;
    return { outcome: "half-stored", broken: `${status} ${answer.code}, and ${change}` };
  }
  if (status === 200) return { outcome: "known", broken: null };
  const outcome = answer.problems?.[0]?.code ?? answer.code ?? String(status);
  return { outcome, broken: checkRefused(status, answer) };
}

interface Answer {
  code?: string;
  rowCount?: number;
  problems?: { code: string; line: number; expected: string }[];
}

function checkStored(before: TapeBooks, after: TapeBooks, { rowCount }: Answer): string | null {
  const grown = {
    tapes: after.tapes - before.tapes,
    tables: after.tables - before.tables,
    rows: after.rows - before.rows,
  };
  const isWhole = grown.tapes === 1 && grown.tables === 1 && grown.rows === rowCount;
  // The deals of the fuzz leave the cut-off's checks out: a header alone is a tape of no loan.
  const hasTree = after.nodes > before.nodes || rowCount === 0;
  return isWhole && hasTree ? null : `a tape of ${rowCount}: ${JSON.stringify(grown)}`;
}

/** Codes of an upload that no list of problems goes with. */
const PLAIN = new Set(["tape-too-large", "tape-missing"]);

function checkRefused(status: number, { code, problems }: Answer): string | null {
  if (status >= 500 || status < 400) return `answered ${status} ${code}`;
  if (PLAIN.has(code ?? "")) return null;
  if (problems === undefined || problems.length === 0) return `${status} ${code} without problems`;
  const vague = problems.find(({ line, expected }) => !Number.isInteger(line) || expected === "");
  return vague === undefined ? null : `a problem without its place: ${JSON.stringify(vague)}`;
}
