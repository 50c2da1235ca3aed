import multipart from "@fastify/multipart";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { problem } from "../errors.ts";
import { abortWhenGone } from "../http/abort-when-gone.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { sheetFormat } from "../http/send-csv.ts";
import { readTapeView } from "./read-tape-views.ts";
import { sendRefusal, UPLOAD_REFUSALS } from "./send-refusal.ts";
import { getTapeDeal } from "./tape-deal-queries.ts";
import { TAPE_TYPES } from "./tape-media-types.ts";
import { TapeSchema } from "./tape-views.ts";
import { uploadTape } from "./upload-tape.ts";
import { parseControlTotals } from "./validate-control-totals.ts";

const schema = {
  summary: "Uploads the tape of a period, by streaming; whole or not at all",
  description:
    "The body is the file itself (XML, delimited text, a workbook, also in gzip or zip) or a " +
    "multipart form with one file. The same content again answers 200 with the first result; " +
    "other content for a period that has a tape is kept as a proposed version, which changes " +
    "nothing until it is accepted; a refused tape answers 422 with its list " +
    "of problems, as CSV when asked for with ?format=csv.",
  tags: ["tapes"],
  consumes: [...TAPE_TYPES, "multipart/form-data"],
  params: Type.Object({ deal: Type.String() }),
  querystring: Type.Object({
    period: Type.String({ description: "collection month, YYYY-MM" }),
    fileName: Type.Optional(Type.String({ maxLength: 255 })),
    format: sheetFormat,
    controlTotals: Type.Optional(
      Type.String({
        maxLength: 10_000,
        description:
          "what the tape must add up to, JSON of name -> decimal text: rows, terminated, " +
          "delinquent or a field such as endingBalance; in a form a field before the file",
      }),
    ),
  }),
  response: { 200: TapeSchema, 201: TapeSchema, 422: Type.Any() },
};

/** Step 1: tapes come in. */
export async function uploadRoutes(app: App, { context }: RouteOptions): Promise<void> {
  const limit = context.config.uploadLimitBytes;
  await app.register(multipart, { limits: { files: 1, fields: 8, fileSize: limit + 1 } });
  app.removeContentTypeParser("text/plain");
  app.addContentTypeParser(TAPE_TYPES, (_request, payload, done) => done(null, payload));
  app.post(
    "/deals/:deal/tapes",
    {
      bodyLimit: limit,
      config: {
        access: ["servicer"],
        problems: [
          "period-unknown",
          "period-goes-on",
          "tape-missing",
          "control-totals-invalid",
          ...UPLOAD_REFUSALS,
        ],
      },
      schema,
    },
    async (request, reply) => {
      const { params, query } = request;
      try {
        const deal = await getTapeDeal(context.db, params.deal);
        const file = await openUpload(request, limit);
        // A raw body has no name of its own.
        const unnamed = `${query.period}.${deal.terms.format.endsWith("-xml") ? "xml" : "csv"}`;
        const upload = {
          fileName: (file.fileName ?? query.fileName) || unnamed,
          bytes: file.bytes,
          dealId: params.deal,
          month: query.period,
          uploadedBy: request.user.id,
          controlTotals: parseControlTotals(file.controlTotals ?? query.controlTotals),
        };
        const gone = problem("upload-broken-off", { reason: "the sender has gone" });
        const signal = abortWhenGone(reply, gone);
        const { tape, created } = await uploadTape(context, upload, { signal });
        const view = await readTapeView(context.db, deal, tape);
        return await reply.status(created ? 201 : 200).send(view);
      } catch (error) {
        return await sendRefusal(request, reply, { error, format: query.format });
      }
    },
  );
}

interface OpenedUpload {
  fileName: string | null;
  bytes: AsyncIterable<Uint8Array>;
  /** The form's field of this name. */
  controlTotals: string | undefined;
}

/** The file of a raw or multipart request. @throws Problem tape-missing, tape-too-large */
async function openUpload(request: FastifyRequest, limit: number): Promise<OpenedUpload> {
  if (Number(request.headers["content-length"] ?? 0) > limit) {
    throw problem("tape-too-large", { limit });
  }
  if (request.isMultipart()) {
    const part = await request.file();
    if (part === undefined) throw problem("tape-missing");
    const field = part.fields["controlTotals"];
    const isText = field !== undefined && "value" in field && typeof field.value === "string";
    const controlTotals = isText ? String(field.value) : undefined;
    return { fileName: part.filename, bytes: part.file, controlTotals };
  }
  const body: unknown = request.body;
  if (!isByteStream(body)) throw problem("tape-missing");
  return { fileName: null, bytes: body, controlTotals: undefined };
}

function isByteStream(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}
