import type { Context } from "../../context.ts";
import { updateProgress } from "./uploads-queries.ts";
import type { Sender, UploadCounts } from "./uploads-queries.ts";

const EVERY_MS = 1_000;

/**
 * Writes down once a second how far an upload is, which also tells whether it still is this request's:
 * `onLost` is called when it was cancelled or another request has taken it up.
 * @returns stop; resolves when nothing is being written any more
 */
export function sendHeartbeat(
  context: Pick<Context, "db" | "clock" | "log">,
  sender: Sender,
  { counts, onLost }: { counts: () => UploadCounts; onLost: () => void },
): () => Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  let busy = false;
  async function beat(): Promise<void> {
    busy = true;
    try {
      if (!(await updateProgress(context.db, sender, counts(), context.clock.now()))) onLost();
    } catch (error) {
      context.log.warn({ err: error, upload: sender.uploadId }, "the progress was not written");
    } finally {
      busy = false;
    }
  }
  const timer = setInterval(() => {
    if (!busy) writing = beat();
  }, EVERY_MS);
  return async () => {
    clearInterval(timer);
    await writing;
  };
}
