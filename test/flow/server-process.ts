/** The service as somebody starts it: `node server/main.ts` over a data folder of its own. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { JsonRpcProvider } from "ethers";
import type { Kysely } from "kysely";
import { openProvider } from "../../server/chain/connect-chain.ts";
import { EMBEDDED_CHAIN_ID } from "../../server/chain/embedded-chain.ts";
import { connectDatabase } from "../../server/db/connect-database.ts";
import { readNumber } from "../../server/db/process-control.ts";
import type { Database } from "../../server/db/tables.ts";

const MAIN = path.resolve(import.meta.dirname, "../../server/main.ts");
/** The schedule fires on the first of January only: every step is asked for by hand. */
export const BY_HAND = "0 0 0 1 1 *";
export const EVERY_SECOND = "* * * * * *";

export interface RunningService {
  url: string;
  /** Process ids of the server, its database and its node. */
  processes: number[];
  /** Connections of the test's own, past the server. */
  db: Kysely<Database>;
  provider: JsonRpcProvider;
  /** Sends a signal, unless it has ended, and waits for the server's end. @returns exit code and signal */
  end(signal: NodeJS.Signals): Promise<[number | null, NodeJS.Signals | null]>;
}

/** Starts the service and resolves when it listens. @throws Error with what it said when it ends instead */
export async function runService(folder: string, cron: string): Promise<RunningService> {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env["PATH"],
      DATA_DIR: folder,
      PORT: "0",
      LOG_LEVEL: "warn",
      CRON: cron,
      RATE_LIMIT_PER_MINUTE: "1000000",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  const url = await listening(child);
  const postgres = path.join(folder, "postgres");
  const pids = [
    child.pid ?? null,
    await readNumber(path.join(postgres, "cluster/postmaster.pid")),
    await readNumber(path.join(folder, "chain/anvil.pid")),
  ];
  const processes = pids.filter((pid) => pid !== null);
  const password = (await readFile(path.join(postgres, "password"), "utf8")).trim();
  const port = await readNumber(path.join(postgres, "port"));
  const db = connectDatabase(`postgres://penstock:${password}@127.0.0.1:${port}/penstock`);
  const node = `http://127.0.0.1:${await readNumber(path.join(folder, "chain/port"))}`;
  const provider = openProvider(node, EMBEDDED_CHAIN_ID);
  return {
    url,
    processes,
    db,
    provider,
    end: async (signal) => {
      child.kill(signal);
      await db.destroy();
      provider.destroy();
      return await ended;
    },
  };
}

async function listening(child: ChildProcess): Promise<string> {
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  return await new Promise((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const url = /listens on (\S+);/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once("exit", () => reject(new Error(`the service ended before it listened: ${said}`)));
  });
}

/** The processes and everything that they started, as far as the system knows. */
export async function withChildren(processes: readonly number[]): Promise<number[]> {
  const parents = await listParents();
  const found = new Set(processes);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

/** Parent by process id, of all processes. */
async function listParents(): Promise<Map<number, number>> {
  const parents = new Map<number, number>();
  if (process.platform !== "linux") {
    const { stdout } = await promisify(execFile)("ps", ["-eo", "pid=,ppid="]);
    for (const line of stdout.trim().split("\n")) {
      const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
      parents.set(pid, parent);
    }
    return parents;
  }
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    const parent = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  return parents;
}
