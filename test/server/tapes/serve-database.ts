// Run by resumable-uploads.test.ts as a process of its own, to be killed: a server over a database that is there.
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { buildApp } from "../../../server/app.ts";
import type { Chain } from "../../../server/chain/connect-chain.ts";
import { readConfig } from "../../../server/config.ts";
import { connectDatabase } from "../../../server/db/connect-database.ts";
import { systemClock } from "../../../server/jobs/clock.ts";
import { openJobs } from "../../../server/jobs/open-jobs.ts";

const url = process.argv[2] ?? "";
const log = pino({ level: "silent" });
const db = connectDatabase(url);
const app = await buildApp({
  config: readConfig({ LOG_LEVEL: "silent" }),
  db,
  reader: db,
  chain: {} as Chain,
  clock: systemClock,
  log,
  jobs: await openJobs({ url, log, soleOwner: false }),
});
await app.listen({ port: 0, host: "127.0.0.1" });
process.stdout.write(`${(app.server.address() as AddressInfo).port}\n`);
