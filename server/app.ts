import Fastify from "fastify";
import { inputsRoutes } from "./chain/inputs-routes.ts";
import { publicationRoutes } from "./chain/publication-routes.ts";
import { punctualityRoutes } from "./chain/punctuality-routes.ts";
import { claimsRoutes } from "./claims/claims-routes.ts";
import type { Context } from "./context.ts";
import { dealsRoutes } from "./deals/deals-routes.ts";
import { schemaRoutes } from "./deals/schema-routes.ts";
import { distributionsRoutes } from "./distributions/distributions-routes.ts";
import { explanationRoutes } from "./history/explanation-routes.ts";
import { historyRoutes } from "./history/history-routes.ts";
import type { App } from "./http/app-type.ts";
import { addAuthentication } from "./http/authenticate.ts";
import { addFormatChoice } from "./http/choose-format.ts";
import { addEmptyBody } from "./http/empty-body.ts";
import { closeConnections } from "./http/close-connections.ts";
import { addErrorHandler } from "./http/error-handler.ts";
import { healthRoutes } from "./http/health-routes.ts";
import { homeRoutes } from "./http/home-routes.ts";
import { addMetrics } from "./http/metrics-routes.ts";
import { addOpenApi } from "./http/openapi.ts";
import { addRateLimit } from "./http/rate-limit.ts";
import { addSecurityHeaders } from "./http/security-headers.ts";
import { jobsRoutes } from "./jobs/jobs-routes.ts";
import { acceptanceRoutes } from "./periods/acceptance-routes.ts";
import { periodsRoutes } from "./periods/periods-routes.ts";
import { restatementRoutes } from "./history/restatement-routes.ts";
import { proofRoutes } from "./periods/proof-routes.ts";
import { statisticsRoutes } from "./periods/statistics-routes.ts";
import { reportsRoutes } from "./reports/reports-routes.ts";
import { checksRoutes } from "./tapes/checks-routes.ts";
import { differencesRoutes } from "./tapes/differences-routes.ts";
import { loansRoutes } from "./tapes/loans-routes.ts";
import { mappingsRoutes } from "./tapes/mapping/mappings-routes.ts";
import { openingsRoutes } from "./tapes/openings-routes.ts";
import { tapeProblemsRoutes } from "./tapes/tape-problems-routes.ts";
import { tapesRoutes } from "./tapes/tapes-routes.ts";
import { uploadRoutes } from "./tapes/upload-routes.ts";
import { uploadBytesRoutes } from "./tapes/uploads/upload-bytes-routes.ts";
import { uploadEventsRoutes } from "./tapes/uploads/upload-events-routes.ts";
import { uploadsRoutes } from "./tapes/uploads/uploads-routes.ts";
import { usersRoutes } from "./users/users-routes.ts";
import { waterfallRoutes } from "./waterfall/waterfall-routes.ts";

/** Every route in the order of the flow. */
const STEPS = [
  usersRoutes,
  jobsRoutes,
  dealsRoutes,
  mappingsRoutes,
  uploadRoutes,
  uploadsRoutes,
  uploadBytesRoutes,
  uploadEventsRoutes,
  tapesRoutes,
  tapeProblemsRoutes,
  checksRoutes,
  differencesRoutes,
  loansRoutes,
  openingsRoutes,
  acceptanceRoutes,
  periodsRoutes,
  statisticsRoutes,
  proofRoutes,
  waterfallRoutes,
  reportsRoutes,
  publicationRoutes,
  punctualityRoutes,
  inputsRoutes,
  distributionsRoutes,
  claimsRoutes,
  historyRoutes,
  restatementRoutes,
  explanationRoutes,
];

/** Builds the server: every plugin and every route, in order. */
export async function buildApp(context: Context): Promise<App> {
  const app: App = Fastify({
    loggerInstance: context.log,
    bodyLimit: context.config.bodyLimitBytes,
    routerOptions: { ignoreTrailingSlash: true },
    // Everything that is wrong is told at once, and a field that nobody knows is not dropped unseen.
    ajv: { customOptions: { allErrors: true, removeAdditional: false } },
  });
  closeConnections(app);
  addErrorHandler(app);
  addSecurityHeaders(app);
  await addRateLimit(app, context.config);
  await addOpenApi(app);
  addAuthentication(app, context);
  addEmptyBody(app);
  addFormatChoice(app);
  addMetrics(app, { context });
  await app.register(homeRoutes);
  await app.register(healthRoutes, { context });
  await app.register(schemaRoutes);
  for (const routes of STEPS) await app.register(routes, { prefix: "/v1", context });
  return app;
}
