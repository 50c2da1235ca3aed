import multipart from "@fastify/multipart";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { Problem, problem } from "../errors.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { acceptProblem } from "./accept-problem.ts";
import { problemsCsv } from "./problems-csv.ts";
import { getTapeDeal } from "./tape-deal-queries.ts";
import type { TapeDeal } from "./tape-deal.ts";
import * as views from "./tape-views.ts";
import * as queries from "./tapes-queries.ts";
import { uploadTape } from "./upload-tape.ts";

const READERS = ["servicer", "approver", "trustee", "auditor", "administrator"] as const;
const TAPE_TYPES = ["application/xml", "text/xml", "text/csv", "application/octet-stream"];
/** How long a refused sender may go on before its connection is cut. */
const LINGER_MS = 1000;

const DealParams = Type.Object({ deal: Type.String() });
const TapeParams = Type.Object({ deal: Type.String(), tape: Type.String({ format: "uuid" }) });
const ProblemList = Type.Object({ items: Type.Array(views.ProblemSchema) });
const Format = Type.Optional(Type.Union([Type.Literal("json"), Type.Literal("csv")]));

/** Step 1: tapes come in, and what was found in them goes out. */
export async function tapesRoutes(app: App, { context }: RouteOptions): Promise<void> {
  const limit = context.config.uploadLimitBytes;
  await app.register(multipart, { limits: { files: 1, fields: 8, fileSize: limit + 1 } });
  app.addContentTypeParser(TAPE_TYPES, (_request, payload, done) => done(null, payload));

  app.post(
    "/deals/:deal/tapes",
    {
      bodyLimit: limit,
      config: { access: ["servicer"] },
      schema: {
        summary: "Uploads the tape of a period, by streaming; whole or not at all",
        description:
          "The body is the file itself (XML or CSV) or a multipart form with one file. The same " +
          "content again answers 200 with the first result; a refused tape answers 422 with its list " +
          "of problems, as CSV when asked for with ?format=csv.",
        tags: ["tapes"],
        consumes: [...TAPE_TYPES, "multipart/form-data"],
        params: DealParams,
        querystring: Type.Object({
          period: Type.String({ description: "collection month, YYYY-MM" }),
          fileName: Type.Optional(Type.String({ maxLength: 255 })),
          format: Format,
        }),
        response: { 200: views.TapeSchema, 201: views.TapeSchema, 422: Type.Any() },
      },
    },
    async (request, reply) => {
      const { params, query } = request;
      try {
        const file = await openUpload(request, limit);
        const { tape, created } = await uploadTape(context, {
          fileName: file.fileName ?? query.fileName ?? "",
          bytes: file.bytes,
          dealId: params.deal,
          month: query.period,
          uploadedBy: request.user.id,
        });
        const deal = await getTapeDeal(context.db, params.deal);
        return await reply.status(created ? 201 : 200).send(await viewOf(deal, tape));
      } catch (error) {
        cutOff(request, reply);
        const listed = error instanceof Problem ? error.extra["problems"] : undefined;
        if (query.format !== "csv" || !Array.isArray(listed)) throw error;
        const csv = problemsCsv(views.viewRefusals(listed));
        return await reply.status(422).type("text/csv; charset=utf-8").send(csv);
      }
    },
  );

  app.get(
    "/deals/:deal/tapes",
    {
      config: { access: READERS },
      schema: {
        summary: "Lists the accepted tapes with all their versions",
        tags: ["tapes"],
        params: DealParams,
        querystring: Type.Object({
          cursor: Type.Optional(Type.String({ pattern: "^\\d{1,6}\\.\\d{1,6}$" })),
          limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
        }),
        response: {
          200: Type.Object({
            items: Type.Array(views.TapeSchema),
            next: Type.Union([Type.String(), Type.Null()]),
          }),
        },
      },
    },
    async ({ params, query }) => {
      const [period = -1, version = 0] = (query.cursor ?? "-1.0").split(".").map(Number);
      const after = { period, version };
      const page = { after, limit: query.limit + 1 };
      const found = await queries.listTapes(context.db, params.deal, page);
      const shown = found.slice(0, query.limit);
      const deal = await getTapeDeal(context.db, params.deal);
      const last = shown.at(-1);
      const more = found.length > shown.length && last !== undefined;
      return {
        items: await Promise.all(shown.map((tape) => viewOf(deal, tape))),
        next: more ? `${last.period}.${last.version}` : null,
      };
    },
  );

  app.get(
    "/deals/:deal/tapes/:tape/problems",
    {
      config: { access: READERS },
      schema: {
        summary: "Lists the notes and reasons of an accepted tape",
        tags: ["tapes"],
        params: TapeParams,
        querystring: Type.Object({ format: Format }),
        response: { 200: Type.Union([ProblemList, Type.String()]) },
      },
    },
    async ({ params, query }, reply) => {
      const tape = await queries.getTapeById(context.db, params.deal, params.tape);
      const found = await queries.listTapeProblems(context.db, { dealId: params.deal, id: tape.id });
      const items = found.map(views.viewProblem);
      if (query.format !== "csv") return { items };
      return await reply.type("text/csv; charset=utf-8").send(problemsCsv(items));
    },
  );

  app.post(
    "/deals/:deal/tapes/:tape/problems/:ordinal/acceptance",
    {
      config: { access: ["servicer"] },
      schema: {
        summary: "Gives the reason that a problem needs before its period closes",
        tags: ["tapes"],
        params: Type.Object({
          ...TapeParams.properties,
          ordinal: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
        }),
        body: Type.Object({ reason: Type.String({ minLength: 1, maxLength: 1000 }) }),
        response: { 200: views.ProblemSchema, 201: views.ProblemSchema },
      },
    },
    async ({ params, body, user }, reply) => {
      const { problem: accepted, created } = await acceptProblem(context, {
        dealId: params.deal,
        tapeId: params.tape,
        ordinal: params.ordinal,
        reason: body.reason,
        acceptedBy: user.id,
      });
      return await reply.status(created ? 201 : 200).send(views.viewProblem(accepted));
    },
  );

  async function viewOf(deal: TapeDeal, tape: queries.Tape): Promise<views.TapeView> {
    const key = { dealId: deal.id, id: tape.id };
    return views.viewTape(deal, tape, await queries.countTapeProblems(context.db, key));
  }
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
      if (!request.raw.complete) request.raw.socket.destroy();
    }, LINGER_MS);
    timer.unref();
  });
}
