import { Type } from "typebox";
import { problem } from "../errors.ts";
import { BOOKKEEPERS } from "../http/access.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { sendCsv, sheetFormat, sheetOf } from "../http/send-csv.ts";
import { listProposedVersions } from "./acceptances-queries.ts";
import { listLoanMonths } from "./loans-queries.ts";
import { getTapeDeal } from "./tape-deal-queries.ts";
import { LoanMonthSchema, viewLoanMonth } from "./tape-views.ts";

const COLUMNS = Object.keys(LoanMonthSchema.properties);

/** What became of one loan, month by month. */
export async function loansRoutes(app: App, { context }: RouteOptions): Promise<void> {
  app.get(
    "/deals/:deal/loans/:loan",
    {
      config: {
        access: BOOKKEEPERS,
        problems: ["loan-unknown"],
      },
      schema: {
        summary: "A loan's months, every accepted tape version of them",
        tags: ["loans"],
        params: Type.Object({ deal: Type.String(), loan: Type.String() }),
        querystring: Type.Object({
          format: sheetFormat,
        }),
        response: {
          200: Type.Object({ loan: Type.String(), items: Type.Array(LoanMonthSchema) }),
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
      const name = `${params.deal}-loan-${params.loan}`;
      return sendCsv(reply, sheetOf(name, COLUMNS, items)) as never;
    },
  );
}
