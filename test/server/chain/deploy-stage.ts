/** A chain of its own with accounts that have never sent anything, and what deploys on it in this process. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { HDNodeWallet, JsonRpcProvider } from "ethers";
import { connectNode } from "../../../server/chain/connect-node.ts";
import { embeddedAccount } from "../../../server/chain/connect-chain.ts";
import {
  openJournal,
  type JournalOptions,
  type JournalStore,
  type PendingTransaction,
} from "../../../server/chain/deploy-journal.ts";
import type { DeploymentRecord } from "../../../server/chain/deploy-record.ts";
import type { Undertaking } from "../../../server/chain/deploy-undertaking.ts";
import { type EmbeddedChain, startEmbeddedChain } from "../../../server/chain/embedded-chain.ts";
import { prepareDeal } from "../../../server/chain/prepare-deal.ts";

export const ROOT = path.resolve(import.meta.dirname, "../../..");
export const SAMPLE_PLAN = path.join(ROOT, "scripts/sample-deal/deal.json");
/** The day before the sample's closing, and the closing. */
export const DAY_BEFORE = new Date("2026-12-14T12:00:00Z");
export const CLOSING = new Date("2026-12-15T14:00:00Z");

export interface Stage {
  folder: string;
  chain: EmbeddedChain;
  provider: JsonRpcProvider;
  account: (index: number) => HDNodeWallet;
  close: () => Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const folder = await mkdtemp(path.join(tmpdir(), "penstock-deploy-"));
  const chain = await startEmbeddedChain({ folder, startAt: DAY_BEFORE, mine: "on-demand" });
  const provider = await connectNode(chain.url);
  return {
    ...{ folder, chain, provider },
    account: (index) => embeddedAccount(index, provider),
    close: async () => {
      provider.destroy();
      await chain.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** What a run leaves behind when it dies. */
export interface Disk {
  pending: PendingTransaction | null;
  record: DeploymentRecord;
}

export function storeOn(disk: Disk): JournalStore {
  return {
    read: () => Promise.resolve(structuredClone(disk.pending)),
    write: (pending) => {
      disk.pending = structuredClone(pending);
      return Promise.resolve();
    },
    clear: () => {
      disk.pending = null;
      return Promise.resolve();
    },
  };
}

/** A journal of `account` on the stage's chain, one block for each transaction. */
export function journalOf(
  stage: Stage,
  account: number,
  disk: Disk,
  options: Partial<JournalOptions> = {},
) {
  return openJournal({
    ...{ signer: stage.account(account), provider: stage.provider, mine: stage.chain.mine },
    ...{ store: storeOn(disk), limits: {}, confirmations: 1 },
    ...options,
  });
}

/** The platform with its test stablecoin, and the sample deal on it. */
export async function sampleUndertaking(): Promise<Omit<Undertaking, "record" | "save">> {
  return {
    network: "stage",
    holders: undefined,
    delays: {},
    testStablecoin: true,
    deal: await prepareDeal(SAMPLE_PLAN),
    mintDeposit: true,
    mintCash: 0n,
  };
}

/** Everything of the record that is an address. */
export function addressesOf(record: DeploymentRecord): Record<string, unknown> {
  const entries = Object.entries(record).filter(([, value]) => typeof value === "string");
  const deals = record.deals?.map(({ code, tokens, feed }) => ({ code, tokens, feed }));
  return { ...Object.fromEntries(entries), deals };
}
