/** `node copy-file.ts URL FILE TABLE`: what psql's \copy does, where there is no psql. */
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

const [url = "", file = "", table = ""] = process.argv.slice(2);
const client = new pg.Client({ connectionString: url });
await client.connect();
const copy = copyFrom(
  `copy ${client.escapeIdentifier(table)} from stdin with (format csv, header)`,
);
await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), client.query(copy));
await client.end();
