// Run by embedded-postgres.test.ts as a process of its own: starts PostgreSQL and waits to be killed.
import { startEmbeddedPostgres } from "../../../server/db/embedded-postgres.ts";

const { url } = await startEmbeddedPostgres({ folder: process.argv[2] ?? "", durable: false });
process.stdout.write(`${url}\n`);
setInterval(() => undefined, 1_000);
