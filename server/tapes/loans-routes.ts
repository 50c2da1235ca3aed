import { Type } from "typebox";
import { problem } from "../errors.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { csvText } from "../lib/csv-text.ts";
import { listProposedVersions } from "./acceptances-queries.ts";
import { listLoanMonths } from "./loans-queries.ts";
import { getTapeDeal } from "./tape-deal-queries.ts";
import { LoanMonthSchema, viewLoanMonth } from "./tape-views.ts";
import type { LoanMonthView } from "./tape-views.ts";

const COLUMNS = Object.keys(LoanMonthSchema.properties) as (keyof LoanMonthView)[];

const csvCell = (value: LoanMonthView[keyof LoanMonthView]) =>
  typeof value === "boolean" ? String(value) : value;

/** What became of one loan, month by month. */
export async function loansRoutes(app: App, { context }: RouteOptions): Promise<void> {
  app.get(
    "/deals/:deal/loans/:loan",
    {
      config: {
        access: ["servicer", "approver", "trustee", "auditor", "administrator"],
        problems: ["loan-unknown"],
      },
      schema: {
        summary: "A loan's months, every accepted tape version of them",
        tags: ["loans"],
        params: Type.Object({ deal: Type.String(), loan: Type.String() }),
        querystring: Type.Object({
          format: Type.Optional(Type.Union([Type.Literal("json"), Type.Literal("csv")])),
        }),
        response: {
          200: Type.Union([
            Type.Object({ loan: Type.String(), items: Type.Array(LoanMonthSchema) }),
            Type.String(),
          ]),
        },
      },
    },
    async ({ params, query }, reply) => {
      const deal = await getTapeDeal(context.reader, params.deal);
      const key = { dealKey: deal.key, loanId: params.loan };
      const proposed = await listProposedVersions(context.reader, deal.id);
      const stored = await listLoanMonths(context.reader, key);
      const rows = stored.filter(({ period, version }) => !proposed.has(`${period}.${version}`));
      if (rows.length === 0) throw problem("loan-unknown", params);
      const items = rows.map((row) => viewLoanMonth(deal, row));
      if (query.format !== "csv") return { loan: params.loan, items };
      const cells = items.map((item) => COLUMNS.map((column) => csvCell(item[column])));
      return await reply.type("text/csv; charset=utf-8").send(csvText(COLUMNS, cells));
    },
  );
}
