import type { Context } from "../../context.ts";
import type { DueJob, Job } from "../../jobs/job.ts";
import * as queries from "./uploads-queries.ts";
import { KEPT_MS } from "./upload-views.ts";

interface Removal {
  uploadId: string;
  /** The bytes of an upload that has ended, or all of one that nothing has happened to for a day. */
  what: "bytes" | "upload";
}

const staleBefore = ({ clock }: Context): Date => new Date(clock.now().getTime() - KEPT_MS);

/** Frees what uploads have left: the bytes once they have ended, everything a day after the last change. */
export const removeStaleUploadsJob: Job = {
  name: "remove-stale-uploads",
  async due(context): Promise<DueJob[]> {
    const stale = await queries.listStaleUploads(context.db, staleBefore(context));
    const ended = await queries.listUnneededParts(context.db);
    const due = (what: Removal["what"]) => (uploadId: string) => ({
      key: `${uploadId}:${what}`,
      data: { uploadId, what } satisfies Removal,
    });
    return [...stale.map(due("upload")), ...ended.map(due("bytes"))];
  },
  async run(context, data): Promise<void> {
    const { uploadId, what } = data as Removal;
    if (what === "bytes") await queries.deleteParts(context.db, uploadId);
    else await queries.deleteStaleUpload(context.db, uploadId, staleBefore(context));
  },
};
