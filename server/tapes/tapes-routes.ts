import { Type } from "typebox";
import type { App, RouteOptions } from "../http/app-type.ts";
import { readTapeViews } from "./read-tape-views.ts";
import { rejectTape } from "./reject-tape.ts";
import { getTapeDeal } from "./tape-deal-queries.ts";
import { TapeSchema } from "./tape-views.ts";
import * as queries from "./tapes-queries.ts";

const READERS = ["servicer", "approver", "trustee", "auditor", "administrator"] as const;

const TapeParams = Type.Object({ deal: Type.String(), tape: Type.String({ format: "uuid" }) });

const listSchema = {
  summary: "Lists the stored tapes with all their versions",
  tags: ["tapes"],
  params: Type.Object({ deal: Type.String() }),
  querystring: Type.Object({
    cursor: Type.Optional(Type.String({ pattern: "^\\d{1,6}\\.\\d{1,6}$" })),
    limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
  }),
  response: {
    200: Type.Object({
      items: Type.Array(TapeSchema),
      next: Type.Union([Type.String(), Type.Null()]),
    }),
  },
};

const rejectionSchema = {
  summary: "Drops a proposed version of a tape; what was ever accepted stays",
  tags: ["tapes"],
  params: TapeParams,
  response: { 204: Type.Null() },
};

/** The stored tapes and their versions. */
export async function tapesRoutes(app: App, { context }: RouteOptions): Promise<void> {
  app.get(
    "/deals/:deal/tapes",
    { config: { access: READERS }, schema: listSchema },
    async ({ params, query }) => {
      const deal = await getTapeDeal(context.db, params.deal);
      const [period = -1, version = 0] = (query.cursor ?? "-1.0").split(".").map(Number);
      const page = { after: { period, version }, limit: query.limit + 1 };
      const found = await queries.listTapes(context.db, deal.id, page);
      const shown = found.slice(0, query.limit);
      const last = shown.at(-1);
      const more = found.length > shown.length && last !== undefined;
      return {
        items: await readTapeViews(context.db, deal, shown),
        next: more ? `${last.period}.${last.version}` : null,
      };
    },
  );

  app.delete(
    "/deals/:deal/tapes/:tape",
    {
      config: { access: ["servicer"], problems: ["tape-unknown", "tape-not-proposed"] },
      schema: rejectionSchema,
    },
    async ({ params, user }, reply) => {
      const key = { dealId: params.deal, tapeId: params.tape };
      await rejectTape(context, { ...key, rejectedBy: user.id });
      return await reply.status(204).send(null);
    },
  );
}
