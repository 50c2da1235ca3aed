import type { FastifyReply, FastifyRequest } from "fastify";
import { Readable } from "node:stream";
import { Type } from "typebox";
import { problem } from "../../errors.ts";
import { abortWhenGone } from "../../http/abort-when-gone.ts";
import type { App, RouteOptions } from "../../http/app-type.ts";
import { pageQuery, readCursor, toPage } from "../../http/page.ts";
import { getTapeDeal } from "../tape-deal-queries.ts";
import { readTapeView } from "../read-tape-views.ts";
import { sendRefusal } from "../send-refusal.ts";
import { TapeSchema } from "../tape-views.ts";
import { followUpload } from "./follow-upload.ts";
import { receiveUpload } from "./receive-upload.ts";
import { startUpload } from "./start-upload.ts";
import { KEPT_MS, UploadSchema, viewUpload } from "./upload-views.ts";
import * as queries from "./uploads-queries.ts";

const READERS = ["servicer", "approver", "trustee", "auditor", "administrator"] as const;

/** Of the IETF draft, of tus, and what every client has. */
const PART_TYPES = [
  "application/partial-upload",
  "application/offset+octet-stream",
  "application/octet-stream",
];

const UploadParams = Type.Object({ deal: Type.String(), upload: Type.String({ format: "uuid" }) });

const startSchema = {
  summary: "Starts an upload that can be taken up again after a break",
  description:
    "Announce the file's sha-256 and the same request answers the upload that is open already, with " +
    "the offset to go on from; a file that turns out another one is refused.",
  tags: ["tapes"],
  params: Type.Object({ deal: Type.String() }),
  body: Type.Object({
    period: Type.String({ description: "collection month, YYYY-MM" }),
    fileName: Type.String({ minLength: 1, maxLength: 255 }),
    byteCount: Type.Optional(Type.Integer({ minimum: 0, description: "of the whole file" })),
    contentHash: Type.Optional(
      Type.String({ pattern: "^[0-9a-f]{64}$", description: "sha-256 of the whole file, hex" }),
    ),
  }),
  response: { 200: UploadSchema, 201: UploadSchema },
};

const sendSchema = {
  summary: "Sends the bytes of an upload from its offset on",
  description:
    "With the file's last byte the tape is stored or refused, answered as by POST /tapes. Upload-Complete: " +
    "?0 says that more requests follow, ?1 that the file ends here; without it the announced size " +
    "decides, or else the request's end is the file's. A request that breaks off leaves its bytes: ask for the offset " +
    "(HEAD) and go on. A newer request takes the place of one that is still at work.",
  tags: ["tapes"],
  consumes: PART_TYPES,
  params: UploadParams,
  headers: Type.Object({
    "upload-offset": Type.String({ pattern: "^\\d{1,15}$" }),
    "upload-complete": Type.Optional(Type.String({ pattern: "^\\?[01]$" })),
  }),
  querystring: Type.Object({
    format: Type.Optional(Type.Union([Type.Literal("json"), Type.Literal("csv")])),
  }),
  response: {
    200: TapeSchema,
    201: TapeSchema,
    204: Type.Null({ description: "kept; Upload-Offset says where to go on" }),
    422: Type.Any(),
  },
};

const readSchema = {
  summary: "An upload's offset and state; HEAD answers the headers alone",
  tags: ["tapes"],
  params: UploadParams,
  response: { 200: UploadSchema },
};

const listSchema = {
  summary: "Lists the uploads of the last day, the newest first",
  tags: ["tapes"],
  params: Type.Object({ deal: Type.String() }),
  querystring: Type.Object(pageQuery),
  response: {
    200: Type.Object({
      items: Type.Array(UploadSchema),
      next: Type.Union([Type.String(), Type.Null()]),
    }),
  },
};

const eventsSchema = {
  summary: "Follows an upload by server-sent events, until its outcome",
  description:
    "Events are called `progress` and, the last one, `outcome`; their data is the upload as GET answers " +
    "it. With Last-Event-ID only what is newer is sent; when there is nothing more to come, 204.",
  tags: ["tapes"],
  produces: ["text/event-stream"],
  params: UploadParams,
  headers: Type.Object({ "last-event-id": Type.Optional(Type.String({ pattern: "^\\d{1,9}$" })) }),
};

const cancelSchema = {
  summary: "Cancels an upload; nothing is left of it",
  tags: ["tapes"],
  params: UploadParams,
  response: { 204: Type.Null({ description: "cancelled, now or before" }) },
};

/** Step 1, by and by: tapes come in over lines that break. */
export async function uploadsRoutes(app: App, { context }: RouteOptions): Promise<void> {
  const limit = context.config.uploadLimitBytes;
  app.addContentTypeParser(PART_TYPES, (_request, payload, done) => done(null, payload));
  const closing = new AbortController();
  app.addHook("preClose", (done) => {
    closing.abort();
    done();
  });

  app.post(
    "/deals/:deal/uploads",
    {
      config: {
        access: ["servicer"],
        problems: [
          "period-unknown",
          "period-goes-on",
          "tape-too-large",
          "upload-sessions-too-many",
        ],
      },
      schema: startSchema,
    },
    async ({ params, body, user }, reply) => {
      const { upload, created } = await startUpload(context, {
        dealId: params.deal,
        month: body.period,
        fileName: body.fileName,
        byteCount: body.byteCount === undefined ? null : BigInt(body.byteCount),
        contentHash: body.contentHash ?? null,
        startedBy: user.id,
      });
      const deal = await getTapeDeal(context.db, params.deal);
      void sayOffset(reply, upload)
        .header("location", `/v1/deals/${params.deal}/uploads/${upload.id}`)
        .header("upload-limit", `max-size=${limit}, max-age=${KEPT_MS / 1000}`);
      return await reply.status(created ? 201 : 200).send(viewUpload(deal, upload));
    },
  );

  app.patch(
    "/deals/:deal/uploads/:upload",
    {
      bodyLimit: limit,
      config: {
        access: ["servicer"],
        problems: [
          "upload-unknown",
          "upload-of-another",
          "upload-ended",
          "upload-offset",
          "upload-length",
          "upload-displaced",
          "upload-content-differs",
          "tape-out-of-order",
          "tape-too-large",
          "tape-malformed",
          "tape-doctype",
          "tape-wrong-format",
          "tape-wrong-deal",
          "tape-wrong-period",
          "tape-refused",
          "upload-broken-off",
          "uploads-too-many",
        ],
      },
      schema: sendSchema,
    },
    async (request, reply) => {
      const { params, headers, user } = request;
      const key = { dealId: params.deal, uploadId: params.upload };
      try {
        const complete = headers["upload-complete"];
        const { offset, result } = await receiveUpload(context, {
          ...key,
          offset: BigInt(headers["upload-offset"]),
          length: lengthOf(request),
          complete: complete === undefined ? null : complete === "?1",
          bytes: bytesOf(request),
          sentBy: user.id,
          signal: abortWhenGone(
            reply,
            problem("upload-broken-off", { reason: "the sender has gone" }),
          ),
        });
        void reply.header("upload-offset", String(offset));
        void reply.header("upload-complete", result === null ? "?0" : "?1");
        if (result === null) return await reply.status(204).send(null);
        const { tape, created } = result;
        const deal = await getTapeDeal(context.db, params.deal);
        const view = await readTapeView(context.db, deal, tape);
        return await reply.status(created ? 201 : 200).send(view);
      } catch (error) {
        void sayOffset(reply, await queries.getUpload(context.db, key));
        return await sendRefusal(request, reply, { error, format: request.query.format });
      }
    },
  );

  app.get(
    "/deals/:deal/uploads",
    { config: { access: READERS, problems: ["cursor-invalid"] }, schema: listSchema },
    async ({ params, query }) => {
      const [at, id] = query.cursor === undefined ? [] : readCursor(query.cursor, 2);
      const before = at === undefined || id === undefined ? null : { startedAt: new Date(at), id };
      const page = { before, limit: query.limit + 1 };
      const deal = await getTapeDeal(context.db, params.deal);
      return toPage(await queries.listUploads(context.db, deal.id, page), query.limit, {
        item: (upload) => viewUpload(deal, upload),
        position: (upload) => [upload.started_at.toISOString(), upload.id],
      });
    },
  );

  app.get(
    "/deals/:deal/uploads/:upload",
    { config: { access: READERS, problems: ["upload-unknown"] }, schema: readSchema },
    async ({ params }, reply) => {
      const key = { dealId: params.deal, uploadId: params.upload };
      const upload = await queries.getUpload(context.db, key);
      void sayOffset(reply, upload);
      return viewUpload(await getTapeDeal(context.db, params.deal), upload);
    },
  );

  app.get(
    "/deals/:deal/uploads/:upload/events",
    { config: { access: READERS, problems: ["upload-unknown"] }, schema: eventsSchema },
    async ({ params, headers }, reply) => {
      const key = { dealId: params.deal, uploadId: params.upload };
      const after = Number(headers["last-event-id"] ?? 0);
      const upload = await queries.getUpload(context.db, key);
      if (upload.state !== "open" && upload.revision <= after) return reply.status(204).send();
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

  app.delete(
    "/deals/:deal/uploads/:upload",
    {
      config: { access: ["servicer"], problems: ["upload-unknown", "upload-ended"] },
      schema: cancelSchema,
    },
    async ({ params }, reply) => {
      const key = { dealId: params.deal, uploadId: params.upload };
      const upload = await queries.getUpload(context.db, key);
      const cancelled = await queries.cancelUpload(context.db, upload.id, context.clock.now());
      if (cancelled === undefined) {
        const { state } = await queries.getUpload(context.db, key);
        if (state !== "cancelled") throw problem("upload-ended", { upload: upload.id, state });
      }
      return await reply.status(204).send(null);
    },
  );
}

/** What the IETF draft asks of the answers about an upload. */
function sayOffset(reply: FastifyReply, upload: queries.Upload): FastifyReply {
  if (upload.byte_count !== null) void reply.header("upload-length", String(upload.byte_count));
  return reply
    .header("upload-offset", String(upload.kept_bytes))
    .header("upload-complete", upload.state === "stored" ? "?1" : "?0")
    .header("cache-control", "no-store");
}

/** Bytes that the request announces; null when they come in chunks without a length. */
function lengthOf({ headers }: FastifyRequest): bigint | null {
  if (headers["transfer-encoding"] !== undefined) return null;
  return BigInt(headers["content-length"] ?? 0);
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** The body; a request without one brings no bytes. */
function bytesOf({ body }: FastifyRequest): AsyncIterable<Uint8Array> {
  return body instanceof Readable ? body : nothing();
}
