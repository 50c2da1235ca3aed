import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { App } from "./app-type.ts";

/** OpenAPI 3.1 from the schemas that validate: /openapi.json, and pages to read at /docs. */
export async function addOpenApi(app: App): Promise<void> {
  // The reading pages are a plugin's routes: they are public like the document itself.
  app.addHook("onRoute", (route) => {
    if (route.url.startsWith("/docs")) route.config = { ...route.config, access: "public" };
  });
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Penstock",
        version: "1",
        description: "Services asset-backed securities: tape, report, waterfall, claim.",
      },
      components: { securitySchemes: { apiKey: { type: "http", scheme: "bearer" } } },
      security: [{ apiKey: [] }],
    },
  });
  await app.register(swaggerUi, { routePrefix: "/docs" });
  app.get("/openapi.json", { config: { access: "public" }, schema: { hide: true } }, () =>
    app.swagger(),
  );
}
