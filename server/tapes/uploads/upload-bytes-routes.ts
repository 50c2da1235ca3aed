import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { problem } from "../../errors.ts";
import { abortWhenGone } from "../../http/abort-when-gone.ts";
import type { App, RouteOptions } from "../../http/app-type.ts";
import { sheetFormat } from "../../http/send-csv.ts";
import { readTapeView } from "../read-tape-views.ts";
import { sendRefusal, UPLOAD_REFUSALS } from "../send-refusal.ts";
import { getTapeDeal } from "../tape-deal-queries.ts";
import { TapeSchema } from "../tape-views.ts";
import { receiveUpload } from "./receive-upload.ts";
import { sayOffset } from "./say-offset.ts";
import { UploadParams } from "./upload-views.ts";
import { getUpload } from "./uploads-queries.ts";

/** Of the IETF draft, of tus, and what every client has. */
const PART_TYPES = [
  "application/partial-upload",
  "application/offset+octet-stream",
  "application/octet-stream",
];

const schema = {
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
    format: sheetFormat,
  }),
  response: {
    200: TapeSchema,
    201: TapeSchema,
    204: Type.Null({ description: "kept; Upload-Offset says where to go on" }),
    422: Type.Any(),
  },
};

const PROBLEMS = [
  "upload-unknown",
  "upload-of-another",
  "upload-ended",
  "upload-offset",
  "upload-length",
  "upload-displaced",
  "upload-content-differs",
  ...UPLOAD_REFUSALS,
] as const;

/** Step 1, by and by: tapes come in over lines that break. */
export async function uploadBytesRoutes(app: App, { context }: RouteOptions): Promise<void> {
  app.addContentTypeParser(PART_TYPES, (_request, payload, done) => done(null, payload));
  app.patch(
    "/deals/:deal/uploads/:upload",
    {
      bodyLimit: context.config.uploadLimitBytes,
      config: { access: ["servicer"], problems: PROBLEMS },
      schema,
    },
    async (request, reply) => {
      const { params, headers, query, user } = request;
      const key = { dealId: params.deal, uploadId: params.upload };
      const gone = problem("upload-broken-off", { reason: "the sender has gone" });
      const signal = abortWhenGone(reply, gone);
      try {
        const complete = headers["upload-complete"];
        const { offset, result } = await receiveUpload(context, {
          ...{ ...key, sentBy: user.id, signal, bytes: bytesOf(request) },
          offset: BigInt(headers["upload-offset"]),
          length: lengthOf(request),
          complete: complete === undefined ? null : complete === "?1",
        });
        void reply.header("upload-offset", String(offset));
        void reply.header("upload-complete", result === null ? "?0" : "?1");
        if (result === null) return await reply.status(204).send(null);
        const deal = await getTapeDeal(context.db, params.deal);
        const view = await readTapeView(context.db, deal, result.tape);
        return await reply.status(result.created ? 201 : 200).send(view);
      } catch (error) {
        void sayOffset(reply, await getUpload(context.db, key));
        return await sendRefusal(request, reply, { error, format: query.format });
      }
    },
  );
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
