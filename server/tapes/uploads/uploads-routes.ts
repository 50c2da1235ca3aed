import { Type } from "typebox";
import { problem } from "../../errors.ts";
import { BOOKKEEPERS } from "../../http/access.ts";
import type { App, RouteOptions } from "../../http/app-type.ts";
import { pageOf, pageQuery, readCursor, toPage } from "../../http/page.ts";
import { sendCsv, sheetFormat, sheetOf } from "../../http/send-csv.ts";
import { getTapeDeal } from "../tape-deal-queries.ts";
import type { TapeProblem } from "../tape-problem.ts";
import { PROBLEM_COLUMNS, viewRefusals } from "../tape-views.ts";
import { sayOffset } from "./say-offset.ts";
import { startUpload } from "./start-upload.ts";
import { KEPT_MS, UploadParams, UploadSchema, viewUpload } from "./upload-views.ts";
import * as queries from "./uploads-queries.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

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

const readSchema = {
  summary: "An upload's offset and state; HEAD answers the headers alone",
  description: "A refused upload's problems as a sheet.",
  tags: ["tapes"],
  params: UploadParams,
  querystring: Type.Object({ format: sheetFormat }),
  response: { 200: UploadSchema },
};

const listSchema = {
  summary: "Lists the uploads of the last day, the newest first",
  tags: ["tapes"],
  params: Type.Object({ deal: Type.String() }),
  querystring: Type.Object(pageQuery),
  response: { 200: pageOf(UploadSchema) },
};

const cancelSchema = {
  summary: "Cancels an upload; nothing is left of it",
  tags: ["tapes"],
  params: UploadParams,
  response: { 204: Type.Null({ description: "cancelled, now or before" }) },
};

/** Uploads that can be taken up again: how they start, stand and are cancelled. */
export async function uploadsRoutes(app: App, options: RouteOptions): Promise<void> {
  addStart(app, options);
  addReaders(app, options);
  addCancel(app, options);
}

function addStart(app: App, { context }: RouteOptions): void {
  const limit = context.config.uploadLimitBytes;
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
}

function addReaders(app: App, { context }: RouteOptions): void {
  app.get(
    "/deals/:deal/uploads",
    { config: { access: BOOKKEEPERS, problems: ["cursor-invalid"] }, schema: listSchema },
    async ({ params, query }) => {
      const [at, id] =
        query.cursor === undefined ? [] : readCursor(query.cursor, [/^\d{1,14}$/, UUID]);
      const before = id === undefined ? null : { startedAt: new Date(Number(at)), id };
      const page = { before, limit: query.limit + 1 };
      const deal = await getTapeDeal(context.db, params.deal);
      return toPage(await queries.listUploads(context.db, deal.id, page), query.limit, {
        item: (upload) => viewUpload(deal, upload),
        position: (upload) => [String(upload.started_at.getTime()), upload.id],
      });
    },
  );

  app.get(
    "/deals/:deal/uploads/:upload",
    { config: { access: BOOKKEEPERS, problems: ["upload-unknown"] }, schema: readSchema },
    async ({ params, query }, reply) => {
      const key = { dealId: params.deal, uploadId: params.upload };
      const upload = await queries.getUpload(context.db, key);
      void sayOffset(reply, upload);
      if (query.format === "csv") {
        const listed = (upload.refusal?.extra?.["problems"] ?? []) as TapeProblem[];
        const sheet = sheetOf(
          `${params.deal}-upload-problems`,
          PROBLEM_COLUMNS,
          viewRefusals(listed),
        );
        return sendCsv(reply, sheet) as never;
      }
      return viewUpload(await getTapeDeal(context.db, params.deal), upload);
    },
  );
}

function addCancel(app: App, { context }: RouteOptions): void {
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
