import multipart from "@fastify/multipart";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { Problem, problem } from "../errors.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { problemsCsv } from "./problems-csv.ts";
import { getTapeDeal } from "./tape-deal-queries.ts";
import { TapeSchema, viewRefusals, viewTape } from "./tape-views.ts";
import { countTapeProblems } from "./tapes-queries.ts";
import { uploadTape } from "./upload-tape.ts";

const TAPE_TYPES = ["application/xml", "text/xml", "text/csv", "application/octet-stream"];
/** How long a refused sender may go on before its connection is cut. */
const LINGER_MS = 1000;

const schema = {
  summary: "Uploads the tape of a period, by streaming; whole or not at all",
  description:
    "The body is the file itself (XML or CSV) or a multipart form with one file. The same " +
    "content again answers 200 with the first result; a refused tape answers 422 with its list " +
    "of problems, as CSV when asked for with ?format=csv.",
  tags: ["tapes"],
  consumes: [...TAPE_TYPES, "multipart/form-data"],
  params: Type.Object({ deal: Type.String() }),
  querystring: Type.Object({
    period: Type.String({ description: "collection month, YYYY-MM" }),
    fileName: Type.Optional(Type.String({ maxLength: 255 })),
    format: Type.Optional(Type.Union([Type.Literal("json"), Type.Literal("csv")])),
  }),
  response: { 200: TapeSchema, 201: TapeSchema, 422: Type.Any() },
};

/** Step 1: tapes come in. */
export async function uploadRoutes(app: App, { context }: RouteOptions): Promise<void> {
  const limit = context.config.uploadLimitBytes;
  await app.register(multipart, { limits: { files: 1, fields: 8, fileSize: limit + 1 } });
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
          "tape-out-of-order",
          "tape-missing",
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
      schema,
    },
    async (request, reply) => {
      const { params, query } = request;
      try {
        const deal = await getTapeDeal(context.db, params.deal);
        const file = await openUpload(request, limit);
        // A raw body has no name of its own.
        const unnamed = `${query.period}.${deal.terms.format === "mapped" ? "csv" : "xml"}`;
        const { tape, created } = await uploadTape(context, {
          fileName: (file.fileName ?? query.fileName) || unnamed,
          bytes: file.bytes,
          dealId: params.deal,
          month: query.period,
          uploadedBy: request.user.id,
        });
        const found = await countTapeProblems(context.db, { dealId: deal.id, id: tape.id });
        return await reply.status(created ? 201 : 200).send(viewTape(deal, tape, found));
      } catch (error) {
        cutOff(request, reply);
        const listed = error instanceof Problem ? error.extra["problems"] : undefined;
        if (query.format !== "csv" || !Array.isArray(listed)) throw error;
        const csv = problemsCsv(viewRefusals(listed));
        return await reply.status(422).type("text/csv; charset=utf-8").send(csv);
      }
    },
  );
}

/** The file of a raw or multipart request. @throws Problem tape-missing, tape-too-large */
async function openUpload(
  request: FastifyRequest,
  limit: number,
): Promise<{ fileName: string | null; bytes: AsyncIterable<Uint8Array> }> {
  if (Number(request.headers["content-length"] ?? 0) > limit) {
    throw problem("tape-too-large", { limit });
  }
  if (request.isMultipart()) {
    const part = await request.file();
    if (part === undefined) throw problem("tape-missing");
    return { fileName: part.filename, bytes: part.file };
  }
  const body: unknown = request.body;
  if (!isByteStream(body)) throw problem("tape-missing");
  return { fileName: null, bytes: body };
}

function isByteStream(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}

/**
 * A refused body is not read to its end. The sender gets a moment to see the answer (cutting at once
 * would take the answer away with the connection), then the connection is closed.
 */
function cutOff(request: FastifyRequest, reply: FastifyReply): void {
  reply.raw.once("finish", () => {
    const timer = setTimeout(() => {
      if (!request.raw.complete) request.raw.destroy();
    }, LINGER_MS);
    timer.unref();
  });
}
