import { spawn } from "node:child_process";
import { mkdir, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describeProcess, findFreePort, readNumber, stopProcess } from "../db/process-control.ts";

export interface EmbeddedChain {
  /** http:// URL of the node. */
  url: string;
  /** Mines one block now. */
  mine(): Promise<void>;
  /** Mines a block at `date`, or just one block when the chain is already past it. */
  advanceTo(date: Date): Promise<void>;
  /** Stops the node after it has written its state. */
  stop(): Promise<void>;
}

export interface EmbeddedChainOptions {
  folder: string;
  /** Time of the first block of a new chain (ignored by a chain that exists); default now. */
  startAt?: Date;
  /**
   * `interval`: a block every twelve seconds, as on Ethereum, besides those of `mine`. `on-demand`:
   * blocks only by `mine` and `advanceTo`, for simulated time. Never a block per transaction: anvil stalls in that mode under load.
   */
  mine: "interval" | "on-demand";
  /** Begins with the state of another chain, under its id; nothing is sent there, and nothing is kept. */
  copyOf?: { url: string; chainId: bigint };
}

/** Chain id of every embedded chain. */
export const EMBEDDED_CHAIN_ID = 31_337n;
/** The well-known mnemonic whose accounts an embedded chain funds: worthless anywhere else. */
export const EMBEDDED_MNEMONIC = "test test test test test test test test test test test junk";

const STOP = { polite: "SIGTERM", hard: "SIGKILL", patience: 15_000 } as const;
/** Empty blocks are kept too, some 2 kB each: not more of them than a chain of its kind has. */
const BLOCK_SECONDS = 12;
/** Longer than any run, so that only `mine` and `advanceTo` make blocks. */
const NEVER_SECONDS = 100_000_000;

/**
 * Starts anvil with its state in `folder`. A node that a killed parent left running there is stopped
 * first (it writes its state) and started anew. Not for two callers at once: hold the folder before.
 */
export async function startEmbeddedChain(options: EmbeddedChainOptions): Promise<EmbeddedChain> {
  const folder = path.resolve(options.folder);
  await mkdir(folder, { recursive: true });
  const files = { state: path.join(folder, "state.json"), pid: path.join(folder, "anvil.pid") };
  await stopLeftover(files);
  const { pid, port } = await startOnFreePort(folder, files, options);
  const url = `http://127.0.0.1:${port}`;
  // The head of a chain that stood still is of its last day: calls are answered as of now from here on.
  if (options.mine === "interval") await call(url, "evm_mine", []);
  return {
    url,
    mine: async () => void (await call(url, "evm_mine", [])),
    advanceTo: (date) => advanceTo(url, date),
    stop: async () => {
      await stopProcess(pid, STOP);
      await rm(files.pid, { force: true });
    },
  };
}

async function stopLeftover(files: { state: string; pid: string }): Promise<void> {
  const pid = await readNumber(files.pid);
  if (pid === null) return;
  const running = await describeProcess(pid);
  // Only our own node names our state file in its command line.
  if (running !== null && running.command.includes(files.state)) await stopProcess(pid, STOP);
  await rm(files.pid, { force: true });
}

async function startOnFreePort(
  folder: string,
  files: { state: string; pid: string },
  options: EmbeddedChainOptions,
): Promise<{ pid: number; port: number }> {
  const portFile = path.join(folder, "port");
  let wanted = await readNumber(portFile);
  for (let attempt = 1; ; attempt += 1) {
    const port = await findFreePort(wanted);
    try {
      const pid = await start(folder, port, await anvilArguments(files.state, port, options));
      await Promise.all([writeFile(files.pid, `${pid}\n`), writeFile(portFile, `${port}\n`)]);
      return { pid, port };
    } catch (error) {
      if (attempt === 3 || !/address.*in use/i.test(String(error))) throw error;
      wanted = null;
    }
  }
}

async function anvilArguments(
  state: string,
  port: number,
  options: EmbeddedChainOptions,
): Promise<string[]> {
  const { copyOf } = options;
  if (copyOf !== undefined) {
    return [
      ...["--host", "127.0.0.1", "--port", String(port), "--chain-id", String(copyOf.chainId)],
      ...["--fork-url", copyOf.url, "--no-storage-caching", "--no-rate-limit", "--accounts", "0"],
      ...["--block-time", String(NEVER_SECONDS)],
    ];
  }
  const isNew = (await stat(state).catch(() => null)) === null;
  const startAt = isNew && options.startAt !== undefined ? options.startAt : null;
  return [
    ...["--host", "127.0.0.1", "--port", String(port), "--chain-id", String(EMBEDDED_CHAIN_ID)],
    ...["--mnemonic", EMBEDDED_MNEMONIC],
    // The blocks are kept whole, old states in memory only: kept on disk they are some 0.5 MB a block,
    // written anew every second, and choke the node within hours.
    ...["--state", state, "--state-interval", "1"],
    ...["--block-time", String(options.mine === "interval" ? BLOCK_SECONDS : NEVER_SECONDS)],
    ...(startAt === null ? [] : ["--timestamp", String(seconds(startAt))]),
  ];
}

/** Detached, so that a Ctrl-C in the terminal reaches the server alone, which then stops the node. */
async function start(folder: string, port: number, args: string[]): Promise<number> {
  const logFile = path.join(folder, "anvil.log");
  const log = await open(logFile, "w");
  const child = spawn(findAnvil(), args, {
    stdio: ["ignore", log.fd, log.fd],
    detached: true,
    cwd: folder,
    env: { HOME: folder },
  });
  child.unref();
  await log.close();
  const exit = new Promise<never>((_resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      void readFile(logFile, "utf8").then((text) => {
        const said = text.trim().split("\n").slice(-5).join(" | ");
        reject(new Error(`anvil did not start (${code ?? signal}): ${said}`));
      }, reject);
    });
  });
  exit.catch(() => undefined);
  await Promise.race([answers(`http://127.0.0.1:${port}`), exit]);
  if (child.pid === undefined) throw new Error("anvil did not start");
  return child.pid;
}

function findAnvil(): string {
  const require = createRequire(import.meta.url);
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const name = `@foundry-rs/anvil-${process.platform}-${architecture}`;
  try {
    const near = createRequire(require.resolve("@foundry-rs/anvil/package.json"));
    return path.join(path.dirname(near.resolve(`${name}/package.json`)), "bin/anvil");
  } catch {
    throw new Error(`there is no embedded chain for ${name}: set RPC_URL to a node of your own`);
  }
}

async function answers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 1_500; attempt += 1) {
    const chainId = await call(url, "eth_chainId", []).catch(() => null);
    if (chainId !== null) return;
    await sleep(20);
  }
  throw new Error("anvil started but does not answer");
}

async function advanceTo(url: string, date: Date): Promise<void> {
  const head = (await call(url, "eth_getBlockByNumber", ["latest", false])) as {
    timestamp: string;
  };
  if (Number(head.timestamp) < seconds(date)) {
    await call(url, "evm_setNextBlockTimestamp", [seconds(date)]);
  }
  await call(url, "evm_mine", []);
}

async function call(url: string, method: string, params: unknown[]): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const answer = (await response.json()) as { result?: unknown; error?: { message: string } };
  if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`);
  return answer.result;
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1_000);
}
