import { Type } from "typebox";
import { EVERYBODY } from "../http/access.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { pageOf } from "../http/page.ts";
import { getDeal, listDeals } from "./deals-queries.ts";
import { storeDeal } from "./store-deal.ts";
import { DealSchema, DealSummarySchema, viewDeal, viewDealSummary } from "./view-deal.ts";

const YAML_TYPES = ["application/yaml", "text/yaml", "application/x-yaml", "text/plain"];
/** A deal file is a few pages; the compiled terms are limited to 24 KB. */
const FILE_LIMIT_BYTES = 512 * 1024;

const Warning = Type.Object({
  line: Type.Integer(),
  column: Type.Integer(),
  code: Type.String(),
  value: Type.String(),
  message: Type.String(),
});
const StoredDeal = Type.Object({
  ...DealSummarySchema.properties,
  warnings: Type.Array(Warning),
});

/** The deals: a deal file comes in, its terms go out in words. */
export async function dealsRoutes(app: App, { context }: RouteOptions): Promise<void> {
  app.addContentTypeParser(YAML_TYPES, { parseAs: "string" }, (_request, body, done) =>
    done(null, body),
  );
  app.post(
    "/deals",
    {
      bodyLimit: FILE_LIMIT_BYTES,
      config: { access: ["administrator"], problems: ["deal-invalid", "deal-exists"] },
      schema: {
        summary: "Checks, compiles and stores a deal file",
        description:
          "The body is the YAML itself. A file with errors answers 422 with all of them, each with " +
          "line, column, code, value and message; the same terms again answer 200.",
        tags: ["deals"],
        consumes: YAML_TYPES,
        body: Type.String(),
        response: { 200: StoredDeal, 201: StoredDeal },
      },
    },
    async (request, reply) => {
      const upload = { source: request.body, userId: request.user.id };
      const { deal, created, warnings } = await storeDeal(context, upload);
      const body = { ...viewDealSummary(deal), warnings };
      return await reply.status(created ? 201 : 200).send(body);
    },
  );
  addReadRoutes(app, { context });
}

function addReadRoutes(app: App, { context }: RouteOptions): void {
  app.get(
    "/deals",
    {
      config: { access: EVERYBODY },
      schema: {
        summary: "Lists the deals that the user may see",
        tags: ["deals"],
        querystring: Type.Object({
          cursor: Type.String({ default: "", description: "`next` of the page before" }),
          limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
        }),
        response: { 200: pageOf(DealSummarySchema) },
      },
    },
    async ({ query, user }) => {
      const { cursor, limit } = query;
      const memberId = user.role === "administrator" ? null : user.id;
      const deals = await listDeals(context.db, { after: cursor, limit: limit + 1, memberId });
      const items = deals.slice(0, limit).map(viewDealSummary);
      return { items, next: deals.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
  );
  app.get(
    "/deals/:deal",
    {
      config: { access: EVERYBODY },
      schema: {
        summary: "The deal in words: classes, dates, every step of the programs with its clause",
        tags: ["deals"],
        params: Type.Object({ deal: Type.String() }),
        response: { 200: DealSchema },
      },
    },
    async ({ params }) => viewDeal(await getDeal(context.db, params.deal)),
  );
}
