import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import type { JournalStore, PendingTransaction } from "../../server/chain/deploy-journal.ts";
import {
  readRecord,
  writeWhole,
  type DeploymentRecord,
  type SentTransaction,
} from "../../server/chain/deploy-record.ts";
import { FolderInUseError, holdFolder } from "../../server/db/process-control.ts";

/** The record on disk, and what a run keeps beside it while it sends. */
export interface Run {
  record: () => DeploymentRecord;
  save: (latest: DeploymentRecord) => Promise<void>;
  addTransaction: (sent: SentTransaction) => Promise<void>;
  store: JournalStore;
  /** Nothing is under way any more. */
  finish: () => Promise<void>;
}

/** Beside the record, for as long as something is under way. */
function folderOf(file: string): string {
  return `${file.replace(/\.json$/, "")}.run`;
}

/** The transaction that an earlier run has left, if any. */
export async function readPending(file: string): Promise<PendingTransaction | null> {
  const text = await readFile(path.join(folderOf(file), "pending.json"), "utf8").catch(() => null);
  return text === null ? null : (JSON.parse(text) as PendingTransaction);
}

/**
 * Takes the record for this process.
 * @throws Error when another process is sending for it
 */
export async function openRun(file: string): Promise<Run> {
  const folder = folderOf(file);
  await mkdir(path.dirname(file), { recursive: true });
  const held = await holdFolder(folder).catch((error: unknown) => {
    if (!(error instanceof FolderInUseError)) throw error;
    const process = /process (\d+)/.exec(error.message)?.[1] ?? "another";
    throw new Error(`process ${process} is deploying into ${file} now`, { cause: error });
  });
  const pendingFile = path.join(folder, "pending.json");
  let record = (await readRecord(file)) ?? {};
  const write = async (latest: DeploymentRecord): Promise<void> => {
    record = latest;
    await writeWhole(file, latest);
  };
  const clear = () => rm(pendingFile, { force: true });
  return {
    record: () => record,
    // The transactions are kept here alone: what comes from elsewhere may have older ones.
    save: ({ transactions: _older, ...latest }) => {
      const { transactions } = record;
      return write({ ...latest, ...(transactions && { transactions }) });
    },
    addTransaction: async (sent) => {
      const others = (record.transactions ?? []).filter(({ hash }) => hash !== sent.hash);
      await write({ ...record, transactions: [...others, sent] });
    },
    store: {
      read: () => readPending(file),
      write: (pending) => writeWhole(pendingFile, pending),
      clear,
    },
    finish: async () => {
      await held.release();
      const isUnderWay = (await readPending(file)) !== null;
      if (!isUnderWay) await rm(folder, { recursive: true, force: true });
    },
  };
}
