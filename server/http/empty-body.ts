import type { App } from "./app-type.ts";

/**
 * A request without a body is one with an empty object where the route takes an object: what is
 * optional may be left out whole, and of what is not, every missing field is named.
 */
export function addEmptyBody(app: App): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    const text = String(body);
    if (text.trim() === "") done(null, undefined);
    else void parse(request, text, done);
  });
  app.addHook("preValidation", async (request) => {
    const schema = request.routeOptions.schema?.body as { type?: string } | undefined;
    if (schema?.type === "object") request.body ??= {};
  });
}
