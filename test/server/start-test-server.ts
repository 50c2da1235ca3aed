import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { InjectOptions, LightMyRequestResponse } from "fastify";
import { sql } from "kysely";
import { pino } from "pino";
import { buildApp } from "../../server/app.ts";
import { type Chain, type Deployment, connectChain } from "../../server/chain/connect-chain.ts";
import { EMBEDDED_CHAIN_ID, startEmbeddedChain } from "../../server/chain/embedded-chain.ts";
import { type Config, readConfig } from "../../server/config.ts";
import type { Context } from "../../server/context.ts";
import { connectDatabase } from "../../server/db/connect-database.ts";
import { startEmbeddedPostgres } from "../../server/db/embedded-postgres.ts";
import { migrateDatabase } from "../../server/db/migrate-database.ts";
import type { Role } from "../../server/db/tables.ts";
import { formatApiKey, hashSecret, makeSecret } from "../../server/http/api-key.ts";
import type { App } from "../../server/http/app-type.ts";
import { SimulatedClock } from "../../server/jobs/clock.ts";
import { openJobs } from "../../server/jobs/open-jobs.ts";

export interface TestUser {
  id: string;
  name: string;
  role: Role;
  address: string | null;
  /** The whole API key. */
  key: string;
}

export interface TestServer {
  app: App;
  context: Context;
  clock: SimulatedClock;
  /** One user of each role, a member of no deal. */
  users: Record<Role, TestUser>;
  databaseUrl: string;
  /** Adds another user, e.g. a second servicer or an investor with a wallet. */
  addUser(role: Role, options?: { name?: string; address?: string }): Promise<TestUser>;
  /** A deal that has a name and nothing else: for tests of the shell around the steps. */
  addDeal(id: string): Promise<void>;
  joinDeal(user: TestUser, deal: string): Promise<void>;
  /** Sends a request with the user's key; null sends none. */
  request(user: TestUser | null, options: InjectOptions): Promise<LightMyRequestResponse>;
  /** A second context on the same database, chain and clock, as another process has. */
  openSecondContext(): Promise<Context>;
  close(): Promise<void>;
}

export interface TestServerOptions {
  /** Time of the simulated clock (and of the chain) at the start. */
  startAt?: Date;
  /** Starts an embedded chain (blocks on demand); without it `context.chain` answers nothing. */
  chain?: boolean;
  /** Deploys the contracts and says where they are. */
  deploy?: (chain: Chain) => Promise<Deployment>;
  config?: Partial<Config>;
  /** URL of a read replica of the database that was made. */
  replicaOf?: (databaseUrl: string) => string;
}

const ROLES: readonly Role[] = [
  "servicer",
  "approver",
  "trustee",
  "investor",
  "auditor",
  "administrator",
];

/**
 * The whole server over a database of its own, by `app.inject`. With TEST_DATABASE_URL (set by
 * scripts/run-tests.ts) the database is made in that cluster, else in one started for this call.
 */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const closers: Closers = [];
  try {
    return await start(options, closers);
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

type Closers = (() => Promise<unknown>)[];

async function closeAll(closers: Closers): Promise<void> {
  for (const close of closers.splice(0).toReversed()) await close();
}

async function start(options: TestServerOptions, closers: Closers): Promise<TestServer> {
  const folder = await mkdtemp(path.join(tmpdir(), "penstock-test-"));
  closers.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const startAt = options.startAt ?? new Date("2017-10-18T12:00:00Z");
  const clock = new SimulatedClock(startAt);
  const databaseUrl = await makeDatabase(folder, closers);
  const config = { ...readConfig({ DATA_DIR: folder, LOG_LEVEL: "silent" }), ...options.config };
  const chain = await openChain(folder, startAt, options, closers);
  const openContext = async (soleOwner: boolean): Promise<Context> => {
    const log = pino({ level: config.logLevel });
    const db = connectDatabase(databaseUrl);
    closers.push(() => db.destroy());
    if (soleOwner) await migrateDatabase(db);
    const replicaUrl = options.replicaOf?.(databaseUrl);
    const reader = replicaUrl === undefined ? db : connectDatabase(replicaUrl);
    if (reader !== db) closers.push(() => reader.destroy());
    const jobs = await openJobs({ url: databaseUrl, log, soleOwner });
    closers.push(() => jobs.close());
    return { config, db, reader, chain, clock, log, jobs };
  };
  const context = await openContext(true);
  const app = await buildApp(context);
  closers.push(() => app.close());
  await app.ready();
  const addUser = (
    role: Role,
    facts: { name?: string; address?: string } = {},
  ): Promise<TestUser> =>
    insertUser(context, { role, name: facts.name ?? role, address: facts.address ?? null });
  const users: Partial<Record<Role, TestUser>> = {};
  for (const role of ROLES) users[role] = await addUser(role);
  return {
    app,
    context,
    clock,
    users: users as Record<Role, TestUser>,
    databaseUrl,
    addUser,
    addDeal: (id) => insertDeal(context, id, users.administrator?.id ?? ""),
    joinDeal: async (user, deal) => {
      const member = { deal_id: deal, user_id: user.id };
      await context.db.insertInto("deal_members").values(member).execute();
    },
    request: (user, request) =>
      app.inject({
        ...request,
        headers: {
          ...(user === null ? {} : { authorization: `Bearer ${user.key}` }),
          ...request.headers,
        },
      }),
    openSecondContext: () => openContext(false),
    close: () => closeAll(closers),
  };
}

async function makeDatabase(folder: string, closers: Closers): Promise<string> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const shared = process.env["TEST_DATABASE_URL"];
  if (shared === undefined) {
    const postgres = await startEmbeddedPostgres({
      folder: path.join(folder, "postgres"),
      durable: false,
    });
    closers.push(() => postgres.stop());
    return await postgres.createDatabase(name);
  }
  const admin = connectDatabase(shared, { connections: 1 });
  await sql`create database ${sql.id(name)}`.execute(admin);
  await admin.destroy();
  const url = new URL(shared);
  url.pathname = `/${name}`;
  return url.href;
}

async function openChain(
  folder: string,
  startAt: Date,
  options: TestServerOptions,
  closers: Closers,
): Promise<Chain> {
  const nowhere = deploymentAtZero();
  if (options.chain !== true) {
    return new Proxy({} as Chain, {
      get: (_target, property) => {
        // Awaiting a value asks it for `then` first.
        if (property === "then") return undefined;
        throw new Error("this test has no chain: startTestServer({ chain: true })");
      },
    });
  }
  const embedded = await startEmbeddedChain({
    folder: path.join(folder, "chain"),
    startAt,
    mine: "on-demand",
  });
  closers.push(() => embedded.stop());
  const keys = { servicerKey: null, attesterKey: null };
  const address = { url: embedded.url, mine: embedded.mine, ...keys };
  const chain = await connectChain({ ...address, deployment: nowhere });
  closers.push(() => Promise.resolve(chain.provider.destroy()));
  if (options.deploy === undefined) return chain;
  return { ...chain, deployment: await options.deploy(chain) };
}

function deploymentAtZero(): Deployment {
  const nobody = `0x${"0".repeat(40)}`;
  return {
    chainId: Number(EMBEDDED_CHAIN_ID),
    deployBlock: 0,
    accessManager: nobody,
    dealFactory: nobody,
    reportRegistry: nobody,
    complianceRegistry: nobody,
    waterfallDistributor: nobody,
    runInputs: nobody,
    primaryIssuance: nobody,
    trancheTokenBeacon: nobody,
  };
}

async function insertUser(
  context: Context,
  facts: { role: Role; name: string; address: string | null },
): Promise<TestUser> {
  const user = { id: randomUUID(), ...facts };
  const key = { id: randomUUID(), secret: makeSecret() };
  const created_at = context.clock.now();
  await context.db
    .insertInto("users")
    .values({ ...user, created_at })
    .execute();
  await context.db
    .insertInto("api_keys")
    .values({ id: key.id, user_id: user.id, secret_hash: hashSecret(key.secret), created_at })
    .execute();
  return { ...user, key: formatApiKey(key) };
}

async function insertDeal(context: Context, id: string, created_by: string): Promise<void> {
  const empty = { source: "", terms: Buffer.alloc(0), terms_hash: `0x${"0".repeat(64)}` };
  await context.db
    .insertInto("deals")
    .values({ id, name: id, ...empty, created_at: context.clock.now(), created_by })
    .execute();
}
