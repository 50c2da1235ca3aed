import { buildApp } from "./app.ts";
import { ConfigurationError, readConfig, secretsOf } from "./config.ts";
import { FolderInUseError } from "./db/process-control.ts";
import { PortInUseError, portError, requireFreePort } from "./http/require-free-port.ts";
import { startSchedule } from "./jobs/start-schedule.ts";
import { type OpenContext, openContext } from "./open-context.ts";
import { hideSecrets } from "./lib/hide-secrets.ts";
import { ensureAdministrator } from "./users/ensure-administrator.ts";

/** Starts the service and resolves when a signal has stopped it; the only file that acts by itself. */
async function main(): Promise<void> {
  const stopped = waitForSignal();
  const config = readConfig();
  secrets = secretsOf(config);
  // Before anything is started: what holds the port is found out in a moment.
  await requireFreePort(config);
  const opened = await openContext(config);
  try {
    await serve(opened, stopped);
  } finally {
    await opened.close();
  }
}

async function serve({ context }: OpenContext, stopped: Promise<string>): Promise<void> {
  const { config, log } = context;
  const key = await ensureAdministrator(context);
  const app = await buildApp(context);
  const address = await app
    .listen({ host: config.host, port: config.port })
    .catch((error: unknown) => Promise.reject(portError(error, config)));
  const schedule = startSchedule(context);
  // The one time that a key is seen: on the terminal, not in the log.
  if (key !== null) process.stdout.write(`\nAdministrator key, shown only now: ${key}\n\n`);
  process.stdout.write(`Penstock listens on ${address}; the API is described at ${address}/docs\n`);
  log.info({ signal: await stopped }, "stopping");
  await schedule.stop();
  await app.close();
}

/** The first SIGINT or SIGTERM; further ones change nothing, everything is stopping already. */
function waitForSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => resolve(signal));
    }
  });
}

/** Known once the configuration is read. */
let secrets: string[] = [];

try {
  await main();
} catch (error) {
  const isPlain = [ConfigurationError, FolderInUseError, PortInUseError].some(
    (kind) => error instanceof kind,
  );
  const text = isPlain ? (error as Error).message : String((error as Error).stack ?? error);
  process.stderr.write(`${hideSecrets(text, secrets)}\n`);
  process.exitCode = 1;
}
