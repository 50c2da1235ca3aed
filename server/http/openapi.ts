import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { App } from "./app-type.ts";
import { describeRoute, ProblemSchema, relaxRequired } from "./describe-route.ts";

const DESCRIPTION = `Penstock services asset-backed securities. Each month a servicer uploads the tape of the pool,
closes the period and reports it; an approver signs the report outside the server; the waterfall runs on
chain over the accepted report, and investors claim what it leaves them.

**Keys.** Send \`Authorization: Bearer pk_<key id>.<secret>\`; an administrator gives keys to users at
\`POST /v1/users/{user}/keys\`. Each key has one of six roles and sees the deals that its user is a member of.

**Amounts** are decimal text in the deal's currency ("239568.99"), counts are integers. Names that end in
\`Wad\` are integers of 10^18ths. Only the EIP-712 message of a report holds amounts as integers of cents.

**Periods.** In answers \`period\` is the ordinal (1 is the first collection period, 0 the cut-off) and
\`month\` the last month of the collection period, YYYY-MM; addresses name a period by it. Steps count from 1.

**Repeating** a request that was done answers 200 with what is there; the first time answers 201.

**Errors** are RFC 9457 problem details; \`code\` is stable.`;

const TAGS: readonly [name: string, description: string][] = [
  ["operation", "Whether the service works, and where things are"],
  ["users", "People, their roles and their keys"],
  ["jobs", "What runs by itself, run by hand"],
  ["deals", "Deal files, and their terms in words"],
  ["tapes", "Monthly tapes, and what was found in them"],
  ["loans", "One loan through its months, and its proof"],
  ["periods", "Closing a collection period over its tape"],
  ["statistics", "What closed periods say of the pool: figures, roll rates, vintages, strata"],
  ["waterfall", "What a closed period will pay, before anybody signs"],
  ["reports", "The report, its signatures, its publication on chain"],
  ["inputs", "Fixings, purchase lists and notices: what a run reads beside its report"],
  ["distributions", "Cash in, and the run of the priority of payments"],
  ["claims", "Who holds what, what they are owed and were paid"],
  ["history", "What was paid, statements, and whether the books agree"],
];

/** A sluice gate between two banks, over its water: the mark of these pages. */
function mark(colours: { banks: string; gate: string }): string {
  const [banks, gate] = [`fill="${colours.banks}"`, `"${colours.gate}"`];
  return (
    `<path ${banks} d="M4 4h4v24H4zM24 4h4v24h-4z"/><path fill=${gate} d="M9 6h14v12H9z"/>` +
    `<path fill="none" stroke=${gate} stroke-width="2" d="M9 24c3-4 4 3 7 0s4 3 7 0"/>`
  );
}
const svg = (width: number, height: number, body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" ` +
  `height="${height}">${body}</svg>`;

const ICON = svg(32, 32, mark({ banks: "#1f4e5f", gate: "#3a8fb0" }));
const LOGO = svg(
  170,
  32,
  `${mark({ banks: "#ffffff", gate: "#7cc4e0" })}<text x="42" y="24" font-family="sans-serif" ` +
    `font-size="24" font-weight="600" fill="#ffffff">Penstock</text>`,
);
/** There is one document: no bar to load another. */
const CSS = ".swagger-ui .topbar .download-url-wrapper { visibility: hidden }";

/** OpenAPI 3.1 from the schemas that validate: /openapi.json, and pages to read at /docs. */
export async function addOpenApi(app: App): Promise<void> {
  // The reading pages are a plugin's routes: they are public like the document itself.
  app.addHook("onRoute", (route) => {
    if (route.url.startsWith("/docs")) route.config = { ...route.config, access: "public" };
  });
  app.addSchema(ProblemSchema);
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Penstock", version: "1", description: DESCRIPTION },
      components: { securitySchemes: { apiKey: { type: "http", scheme: "bearer" } } },
      security: [{ apiKey: [] }],
      tags: TAGS.map(([name, description]) => ({ name, description })),
    },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, i) =>
        typeof json.$id === "string" ? json.$id : `def-${i}`,
    },
    transformObject: (document) => {
      if (!("openapiObject" in document)) return document.swaggerObject;
      relaxRequired((document.openapiObject.paths ?? {}) as Parameters<typeof relaxRequired>[0]);
      return document.openapiObject;
    },
    transform: ({ schema, url, route }) => ({ schema: describeRoute(schema, route), url }),
  });
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    logo: { type: "image/svg+xml", content: LOGO, href: "/docs" },
    theme: {
      title: "Penstock: the API",
      css: [{ filename: "penstock.css", content: CSS }],
      favicon: [
        { filename: "mark.svg", rel: "icon", type: "image/svg+xml", sizes: "any", content: ICON },
      ],
    },
    uiConfig: { docExpansion: "list", defaultModelsExpandDepth: 0 },
  });
  app.get("/openapi.json", { config: { access: "public" }, schema: { hide: true } }, () =>
    app.swagger(),
  );
}
