import { setTimeout as wait } from "node:timers/promises";
import type { Context } from "../../context.ts";
import type { TapeDeal } from "../tape-deal.ts";
import { getUpload } from "./uploads-queries.ts";
import { viewUpload } from "./upload-views.ts";

const LOOK_EVERY_MS = 500;
/** Without news for so long a comment is sent: proxies close a connection on which nothing moves. */
const QUIET_MS = 15_000;

interface Following {
  deal: TapeDeal;
  uploadId: string;
  /** The last event that the client has: 0 for none. */
  after: number;
  /** Ends the events. */
  signal: AbortSignal;
}

/**
 * How an upload goes on, as server-sent events: `progress` with the state now, `outcome` as the last one.
 * It reads the database, so that any process can tell. The state is looked at when the client takes the
 * next event: a slow one misses some states in between, and nothing is kept for it.
 */
export async function* followUpload(
  { db }: Context,
  { deal, uploadId, after, signal }: Following,
): AsyncGenerator<string> {
  yield "retry: 1000\n\n";
  let seen = after;
  let quietSince = performance.now();
  while (!signal.aborted) {
    const upload = await getUpload(db, { dealId: deal.id, uploadId });
    if (upload.revision > seen) {
      seen = upload.revision;
      quietSince = performance.now();
      const event = upload.state === "open" ? "progress" : "outcome";
      const data = JSON.stringify(viewUpload(deal, upload));
      yield `id: ${seen}\nevent: ${event}\ndata: ${data}\n\n`;
    } else if (performance.now() - quietSince > QUIET_MS) {
      quietSince = performance.now();
      yield ": nothing new\n\n";
    }
    if (upload.state !== "open") return;
    await wait(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
