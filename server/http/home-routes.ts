import { Type } from "typebox";
import type { App } from "./app-type.ts";

const HOME = {
  name: "Penstock",
  docs: "/docs",
  openapi: "/openapi.json",
  health: "/health",
  api: "/v1",
};

/** Where to go from the address alone. */
export async function homeRoutes(app: App): Promise<void> {
  const text = Type.String();
  app.get(
    "/",
    {
      config: { access: "public" },
      schema: {
        summary: "Where the documentation and the API are",
        tags: ["operation"],
        response: {
          200: Type.Object({ name: text, docs: text, openapi: text, health: text, api: text }),
        },
      },
    },
    async () => HOME,
  );
}
