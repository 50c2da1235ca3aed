import { Type } from "typebox";
import type { App } from "../http/app-type.ts";
import { sendCsv } from "../http/send-csv.ts";
import { listChecks } from "./checks/list-checks.ts";

const schema = {
  summary: "Everything that can be found wrong with a tape",
  description: "In the order in which the checks run.",
  tags: ["tapes"],
  querystring: Type.Object({
    format: Type.Optional(Type.Union([Type.Literal("json"), Type.Literal("csv")])),
  }),
  response: {
    200: Type.Union([
      Type.Object({
        items: Type.Array(
          Type.Object({
            code: Type.String(),
            severity: Type.String({ description: "by default: refuse | reason | note" }),
            means: Type.String(),
            settings: Type.Array(Type.String(), {
              description: "what a deal file may set instead, in tape.checks; empty: it stays",
            }),
          }),
        ),
      }),
      Type.Any(),
    ]),
  },
};

/** The catalogue of checks. */
export async function checksRoutes(app: App): Promise<void> {
  app.get(
    "/tape-checks",
    {
      config: {
        access: ["servicer", "approver", "trustee", "investor", "auditor", "administrator"],
      },
      schema,
    },
    async ({ query }, reply) => {
      const items = listChecks();
      if (query.format !== "csv")
        return { items: items.map((one) => ({ ...one, settings: [...one.settings] })) };
      const columns = ["code", "severity", "means", "settings"];
      const rows = items.map((one) => [one.code, one.severity, one.means, one.settings.join(" ")]);
      return sendCsv(reply, { name: "tape-checks", columns, rows });
    },
  );
}
