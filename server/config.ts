import { resolve } from "node:path";
import cron from "node-cron";

/** Everything that the environment decides, read once at start. */
export interface Config {
  /** Where the embedded PostgreSQL and chain keep their files (DATA_DIR). */
  dataFolder: string;
  host: string;
  port: number;
  /** A PostgreSQL of one's own; null starts the embedded one. */
  databaseUrl: string | null;
  /** A read replica of it, for what may be a moment behind; null reads from the database itself. */
  readDatabaseUrl: string | null;
  /** An Ethereum node of one's own; null starts the embedded chain. */
  rpcUrl: string | null;
  /** JSON file with the addresses of the deployed contracts (DEPLOYMENT_FILE). */
  deploymentFile: string | null;
  /** Private keys, needed with RPC_URL; the embedded chain has its own. Never logged. */
  servicerKey: string | null;
  attesterKey: string | null;
  /** The first administrator's key (pk_<uuid>.<secret>); null makes one and prints it once. */
  adminKey: string | null;
  /** When the jobs that are due are looked for; six fields, the first are seconds. */
  cron: string;
  logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
  /** Requests a minute for one key (or one address without a key). */
  rateLimitPerMinute: number;
  /** Largest JSON body, and largest streamed tape, in bytes. */
  bodyLimitBytes: number;
  uploadLimitBytes: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration cannot be used; the message names every variable that is wrong. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
const PRIVATE_KEY = /^0x[0-9a-fA-F]{64}$/;
const API_KEY = /^pk_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[A-Za-z0-9_-]{32,}$/;
const GIBIBYTE = 1024 ** 3;

/**
 * Reads the configuration from environment variables.
 * @throws ConfigurationError naming every missing or invalid variable at once (never their values,
 *   which may be secrets)
 */
export function readConfig(env: Environment = process.env): Config {
  const wrong: string[] = [];
  const text = (name: string, holds: (value: string) => boolean, rule: string): string | null => {
    const value = env[name];
    if (value === undefined || value === "") return null;
    if (!holds(value)) wrong.push(`${name} must be ${rule}`);
    return value;
  };
  const count = (name: string, fallback: number, least: number, most: number): number => {
    const value = text(
      name,
      (entry) => /^\d+$/.test(entry) && Number(entry) >= least && Number(entry) <= most,
      `a whole number from ${least} to ${most}`,
    );
    return value === null ? fallback : Number(value);
  };
  const rpcUrl = text(
    "RPC_URL",
    (value) => hasProtocol(value, ["http:", "https:"]),
    "an http(s) URL",
  );
  const isPrivateKey = (value: string): boolean => PRIVATE_KEY.test(value);
  const logLevel = text("LOG_LEVEL", isLogLevel, `one of ${LOG_LEVELS.join(", ")}`);
  const databaseUrl = (name: string): string | null =>
    text(name, (value) => hasProtocol(value, ["postgres:", "postgresql:"]), "a postgres:// URL");
  const config: Config = {
    dataFolder: resolve(env["DATA_DIR"] || resolve(import.meta.dirname, "../data")),
    host: env["HOST"] || "127.0.0.1",
    port: count("PORT", 3000, 0, 65_535),
    databaseUrl: databaseUrl("DATABASE_URL"),
    readDatabaseUrl: databaseUrl("READ_DATABASE_URL"),
    rpcUrl,
    deploymentFile: env["DEPLOYMENT_FILE"] || null,
    servicerKey: text("SERVICER_KEY", isPrivateKey, "0x and 64 hex digits"),
    attesterKey: text("ATTESTER_KEY", isPrivateKey, "0x and 64 hex digits"),
    adminKey: text("PENSTOCK_ADMIN_KEY", (value) => API_KEY.test(value), "pk_<uuid>.<secret>"),
    cron: text("CRON", (value) => cron.validate(value), "a cron expression") ?? "*/5 * * * * *",
    logLevel: logLevel !== null && isLogLevel(logLevel) ? logLevel : "info",
    rateLimitPerMinute: count("RATE_LIMIT_PER_MINUTE", 1_200, 1, 1_000_000),
    bodyLimitBytes: count("BODY_LIMIT_BYTES", 1_048_576, 1_024, GIBIBYTE),
    uploadLimitBytes: count("UPLOAD_LIMIT_BYTES", GIBIBYTE, 1_024, 64 * GIBIBYTE),
  };
  if (config.readDatabaseUrl !== null && !env["DATABASE_URL"]) {
    wrong.push("DATABASE_URL is missing: it is needed with READ_DATABASE_URL");
  }
  if (rpcUrl !== null) {
    for (const name of ["DEPLOYMENT_FILE", "SERVICER_KEY", "ATTESTER_KEY"]) {
      if (!env[name]) wrong.push(`${name} is missing: it is needed with RPC_URL`);
    }
  }
  if (wrong.length > 0) throw new ConfigurationError(`configuration: ${wrong.join("; ")}`);
  return config;
}

/** What of the configuration may never be written out: keys, and URLs, which carry passwords and keys of their own. */
export function secretsOf(config: Config): string[] {
  const { adminKey, attesterKey, databaseUrl, readDatabaseUrl, rpcUrl, servicerKey } = config;
  const urls = [databaseUrl, readDatabaseUrl, rpcUrl];
  const whole = [adminKey, attesterKey, ...urls, servicerKey];
  const passwords = urls.map((url) => url && new URL(url).password);
  const secrets = [...whole, ...passwords].flatMap((secret) => secret || []);
  // As it stands, and as a URL has it.
  return [...new Set(secrets.flatMap((secret) => [secret, decoded(secret)]))];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isLogLevel(value: string): value is Config["logLevel"] {
  return LOG_LEVELS.some((level) => level === value);
}

function hasProtocol(value: string, protocols: readonly string[]): boolean {
  return URL.canParse(value) && protocols.includes(new URL(value).protocol);
}
