import { Readable } from "node:stream";
import { Type } from "typebox";
import { abortWhenGone } from "../../http/abort-when-gone.ts";
import { BOOKKEEPERS } from "../../http/access.ts";
import type { App, RouteOptions } from "../../http/app-type.ts";
import { limitStreams } from "../../http/limit-streams.ts";
import { getTapeDeal } from "../tape-deal-queries.ts";
import { followUpload } from "./follow-upload.ts";
import { UploadParams } from "./upload-views.ts";
import { getUpload } from "./uploads-queries.ts";

const schema = {
  summary: "Follows an upload by server-sent events, until its outcome",
  description:
    "Events are called `progress` and, the last one, `outcome`; their data is the upload as GET answers " +
    "it. With Last-Event-ID only what is newer is sent; when there is nothing more to come, 204.",
  tags: ["tapes"],
  produces: ["text/event-stream"],
  params: UploadParams,
  headers: Type.Object({ "last-event-id": Type.Optional(Type.String({ pattern: "^\\d{1,9}$" })) }),
};

/** By one user: each asks the database twice a second. */
const MOST_FOLLOWED = 10;

/** How an upload goes on, for whoever watches it. */
export async function uploadEventsRoutes(app: App, { context }: RouteOptions): Promise<void> {
  const openStream = limitStreams(MOST_FOLLOWED);
  const closing = new AbortController();
  app.addHook("preClose", (done) => {
    closing.abort();
    done();
  });
  app.get(
    "/deals/:deal/uploads/:upload/events",
    { config: { access: BOOKKEEPERS, problems: ["upload-unknown", "streams-too-many"] }, schema },
    async ({ params, headers, user }, reply) => {
      const key = { dealId: params.deal, uploadId: params.upload };
      const after = Number(headers["last-event-id"] ?? 0);
      const upload = await getUpload(context.db, key);
      if (upload.state !== "open" && upload.revision <= after) return reply.status(204).send();
      openStream(user.id, reply);
      const events = followUpload(context, {
        ...{ deal: await getTapeDeal(context.db, params.deal), uploadId: upload.id, after },
        signal: AbortSignal.any([abortWhenGone(reply), closing.signal]),
      });
      return reply
        .type("text/event-stream")
        .header("cache-control", "no-store")
        .header("x-accel-buffering", "no")
        .send(Readable.from(events, { highWaterMark: 1 }));
    },
  );
}
