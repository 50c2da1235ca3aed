import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildApp } from "../../server/app.ts";
import { readConfig } from "../../server/config.ts";
import type { Context } from "../../server/context.ts";
import type { Role } from "../../server/db/tables.ts";
import { SimulatedClock } from "../../server/jobs/clock.ts";
import { openContext } from "../../server/open-context.ts";
import { ensureAdministrator } from "../../server/users/ensure-administrator.ts";
import { openApiClient, type ApiClient } from "./api-client.ts";
import { castOf, type Cast } from "./cast.ts";

/** A whole Penstock of its own: database, chain, server on a loopback port, one simulated clock. */
export interface Demo {
  context: Context;
  cast: Cast;
  administrator: ApiClient;
  /** The chain's node, as long as the demo is open. */
  nodeUrl: string;
  /** Adds a user with a key and opens a client for it. */
  addUser(user: {
    name: string;
    role: Role;
    address?: string;
    deals: string[];
  }): Promise<ApiClient>;
  /** Moves server and chain to `date` together; never back. */
  advanceTo(date: Date): Promise<void>;
  /** Runs what is due at the clock's time; throws when a job failed. */
  runDueJobs(): Promise<void>;
  /** Stops everything that was started; again changes nothing. */
  close(): Promise<void>;
}

/** Before the cut-off of the demo's deals. */
const START = new Date("2017-10-02T08:00:00Z");

/**
 * @param options.folder keeps the data there; without it they are in a temporary folder and go with
 *   `close`
 * @param options.startAt time of the clock and of a new chain
 */
export async function startDemo(options: { folder?: string; startAt?: Date } = {}): Promise<Demo> {
  const folder = options.folder ?? (await mkdtemp(path.join(tmpdir(), "penstock-demo-")));
  const forget = async (): Promise<void> => {
    if (options.folder === undefined) {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  };
  const clock = new SimulatedClock(options.startAt ?? START);
  const config = {
    ...readConfig({ DATA_DIR: folder, LOG_LEVEL: "warn", PORT: "0" }),
    rateLimitPerMinute: 1_000_000,
  };
  const opened = await openContext(config, { clock }).catch(async (error: unknown) => {
    await forget();
    throw error;
  });
  const { context } = opened;
  const app = await buildApp(context);
  const closeAll = async (): Promise<void> => {
    await app.close();
    await opened.close();
    await forget();
  };
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => (closing ??= closeAll());
  try {
    const key = await ensureAdministrator(context);
    if (key === null) throw new Error("a new database has an administrator already");
    const server = await app.listen({ host: config.host, port: config.port });
    const administrator = openApiClient(server, key);
    return {
      context,
      cast: castOf(context.chain.provider),
      administrator,
      nodeUrl: context.chain.provider._getConnection().url,
      addUser: async (user) => {
        const { id } = await administrator.post<{ id: string }>("/users", user);
        const issued = await administrator.post<{ key: string }>(`/users/${id}/keys`);
        return openApiClient(server, issued.key);
      },
      advanceTo: async (date) => {
        const { provider, mine } = context.chain;
        const head = await provider.getBlock("latest");
        const seconds = Math.floor(date.getTime() / 1_000);
        if (head !== null && head.timestamp < seconds) {
          await provider.send("evm_setNextBlockTimestamp", [seconds]);
        }
        await mine?.();
        if (clock.now() < date) clock.set(date);
      },
      runDueJobs: () => runDueJobs(administrator),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function runDueJobs(administrator: ApiClient): Promise<void> {
  const { failed } = await administrator.post<{
    failed: { name: string; key: string; error: string }[];
  }>("/jobs/run");
  if (failed.length > 0) {
    const said = failed.map(({ name, key, error }) => `${name} ${key}: ${error}`);
    throw new Error(`jobs failed: ${said.join("; ")}`);
  }
}
