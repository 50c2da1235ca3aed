import { Type } from "typebox";
import type { App } from "../http/app-type.ts";
import { dealFileSchema } from "./deal-schema.ts";

/** The JSON Schema of deal files, for editors: `# yaml-language-server: $schema=…/schemas/deal-file.json`. */
export async function schemaRoutes(app: App): Promise<void> {
  const schema = dealFileSchema();
  app.get(
    "/schemas/deal-file.json",
    {
      config: { access: "public" },
      schema: {
        summary: "The JSON Schema of deal files, for editors",
        tags: ["deals"],
        response: { 200: Type.Record(Type.String(), Type.Unknown()) },
      },
    },
    async () => schema,
  );
}
