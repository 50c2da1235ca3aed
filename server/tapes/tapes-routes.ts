import { Type } from "typebox";
import { BOOKKEEPERS } from "../http/access.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { pageOf, pageQuery, readCursor, toPage } from "../http/page.ts";
import { readTapeViews } from "./read-tape-views.ts";
import { rejectTape } from "./reject-tape.ts";
import { getTapeDeal } from "./tape-deal-queries.ts";
import { TapeSchema } from "./tape-views.ts";
import * as queries from "./tapes-queries.ts";

const TapeParams = Type.Object({ deal: Type.String(), tape: Type.String({ format: "uuid" }) });

/** Period and version. */
const POSITION = [/^\d{1,6}$/, /^\d{1,6}$/];

const listSchema = {
  summary: "Lists the stored tapes with all their versions",
  tags: ["tapes"],
  params: Type.Object({ deal: Type.String() }),
  querystring: Type.Object(pageQuery),
  response: { 200: pageOf(TapeSchema) },
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
    { config: { access: BOOKKEEPERS, problems: ["cursor-invalid"] }, schema: listSchema },
    async ({ params, query }) => {
      const deal = await getTapeDeal(context.db, params.deal);
      const position = query.cursor === undefined ? [-1, 0] : readCursor(query.cursor, POSITION);
      const [period = -1, version = 0] = position.map(Number);
      const page = { after: { period, version }, limit: query.limit + 1 };
      const found = await queries.listTapes(context.db, deal.id, page);
      const { items, next } = toPage(found, query.limit, {
        item: (tape) => tape,
        position: (tape) => [String(tape.period), String(tape.version)],
      });
      return { items: await readTapeViews(context.db, deal, items), next };
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
