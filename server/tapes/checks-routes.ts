import { Type } from "typebox";
import { EVERYBODY } from "../http/access.ts";
import type { App } from "../http/app-type.ts";
import { sendCsv, sheetFormat, sheetOf } from "../http/send-csv.ts";
import { listChecks } from "./checks/list-checks.ts";

const Check = Type.Object({
  code: Type.String(),
  severity: Type.String({ description: "by default: refuse | reason | note" }),
  means: Type.String(),
  settings: Type.Array(Type.String(), {
    description: "what a deal file may set instead, in tape.checks; empty: it stays",
  }),
});

const schema = {
  summary: "Everything that can be found wrong with a tape",
  description: "In the order in which the checks run.",
  tags: ["tapes"],
  querystring: Type.Object({
    format: sheetFormat,
  }),
  response: { 200: Type.Object({ items: Type.Array(Check) }) },
};

/** The catalogue of checks. */
export async function checksRoutes(app: App): Promise<void> {
  app.get(
    "/tape-checks",
    {
      config: {
        access: EVERYBODY,
      },
      schema,
    },
    async ({ query }, reply) => {
      const items = listChecks().map((check) => ({ ...check, settings: [...check.settings] }));
      if (query.format === "json") return { items };
      const rows = items.map((check) => ({ ...check, settings: check.settings.join(" ") }));
      return sendCsv(reply, sheetOf("tape-checks", Object.keys(Check.properties), rows)) as never;
    },
  );
}
