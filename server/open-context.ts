import path from "node:path";
import { type DestinationStream, type Logger, pino } from "pino";
import { type Chain, connectChain, readDeployment } from "./chain/connect-chain.ts";
import { ensureDeployment } from "./chain/ensure-deployment.ts";
import { startEmbeddedChain } from "./chain/embedded-chain.ts";
import { type Config, secretsOf } from "./config.ts";
import type { Clock, Context } from "./context.ts";
import { connectDatabase } from "./db/connect-database.ts";
import { startEmbeddedPostgres } from "./db/embedded-postgres.ts";
import { migrateDatabase } from "./db/migrate-database.ts";
import { holdFolder } from "./db/process-control.ts";
import { systemClock } from "./jobs/clock.ts";
import { openJobs } from "./jobs/open-jobs.ts";
import { hideSecrets } from "./lib/hide-secrets.ts";

export interface OpenContext {
  context: Context;
  /** Closes everything in the reverse order and stops what was started. */
  close(): Promise<void>;
}

type Closers = (() => Promise<unknown>)[];

/**
 * Builds the context: what the configuration names is connected to, what it leaves out is started in
 * the data folder. Either all of it is open, or nothing is left running.
 * @param options.clock simulated time; the embedded chain then starts at its time and makes blocks on
 *   demand
 * @throws FolderInUseError when another server has the data folder
 */
export async function openContext(
  config: Config,
  options: { clock?: Clock; log?: Logger } = {},
): Promise<OpenContext> {
  const closers: Closers = [];
  const close = async (): Promise<void> => {
    for (const step of closers.splice(0).toReversed()) await step();
  };
  try {
    return { context: await open(config, options, closers), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(
  config: Config,
  options: { clock?: Clock; log?: Logger },
  closers: Closers,
): Promise<Context> {
  const log = options.log ?? openLog(config);
  if (config.databaseUrl === null || config.rpcUrl === null) {
    const folder = await holdFolder(config.dataFolder);
    closers.push(() => folder.release());
  }
  const url = config.databaseUrl ?? (await startDatabase(config, closers));
  const db = connectDatabase(url);
  closers.push(() => db.destroy());
  const migrations = await migrateDatabase(db);
  if (migrations.length > 0) log.info({ migrations }, "schema migrated");
  const reader = openReader(config, db, closers);
  const chain = await openChain(config, options.clock ?? null, closers);
  const jobs = await openJobs({ url, log, soleOwner: config.databaseUrl === null });
  closers.push(() => jobs.close());
  return { config, db, reader, chain, clock: options.clock ?? systemClock, log, jobs };
}

function openReader(config: Config, db: Context["db"], closers: Closers): Context["db"] {
  if (config.readDatabaseUrl === null) return db;
  const reader = connectDatabase(config.readDatabaseUrl);
  closers.push(() => reader.destroy());
  return reader;
}

/** Structured logs to `stream`. Secrets are never logged on purpose; what slips in is cut out of every line. */
export function openLog(config: Config, stream: DestinationStream = pino.destination(1)): Logger {
  const secrets = secretsOf(config);
  const write = (line: string): void => {
    stream.write(hideSecrets(line, secrets));
  };
  const redact = ["authorization", "secret"].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino({ level: config.logLevel, redact }, { write });
}

async function startDatabase(config: Config, closers: Closers): Promise<string> {
  const postgres = await startEmbeddedPostgres({
    folder: path.join(config.dataFolder, "postgres"),
  });
  closers.push(() => postgres.stop());
  return postgres.url;
}

async function openChain(config: Config, clock: Clock | null, closers: Closers): Promise<Chain> {
  const keys = { servicerKey: config.servicerKey, attesterKey: config.attesterKey };
  if (config.rpcUrl !== null) {
    const file = config.deploymentFile ?? "";
    const deployment = await readDeployment(file);
    if (deployment === null) throw new Error(`DEPLOYMENT_FILE: there is no ${file}`);
    const chain = await connectChain({ url: config.rpcUrl, deployment, ...keys });
    closers.push(() => Promise.resolve(chain.provider.destroy()));
    return chain;
  }
  const folder = path.join(config.dataFolder, "chain");
  const embedded = await startEmbeddedChain({
    folder,
    mine: clock === null ? "interval" : "on-demand",
    ...(clock === null ? {} : { startAt: clock.now() }),
  });
  closers.push(() => embedded.stop());
  const file = config.deploymentFile ?? path.join(folder, "deployment.json");
  const deployment = await ensureDeployment(embedded, file);
  const chain = await connectChain({
    url: embedded.url,
    deployment,
    ...keys,
    mine: embedded.mine,
  });
  closers.push(() => Promise.resolve(chain.provider.destroy()));
  return chain;
}
