import Fastify from "fastify";
import { publicationRoutes } from "./chain/publication-routes.ts";
import type { Context } from "./context.ts";
import { claimsRoutes } from "./claims/claims-routes.ts";
import { historyRoutes } from "./history/history-routes.ts";
import type { App } from "./http/app-type.ts";
import { addAuthentication } from "./http/authenticate.ts";
import { addErrorHandler } from "./http/error-handler.ts";
import { healthRoutes } from "./http/health-routes.ts";
import { addMetrics } from "./http/metrics-routes.ts";
import { addOpenApi } from "./http/openapi.ts";
import { addRateLimit } from "./http/rate-limit.ts";
import { addSecurityHeaders } from "./http/security-headers.ts";
import { distributionsRoutes } from "./distributions/distributions-routes.ts";
import { jobsRoutes } from "./jobs/jobs-routes.ts";
import { dealsRoutes } from "./deals/deals-routes.ts";
import { periodsRoutes } from "./periods/periods-routes.ts";
import { loansRoutes } from "./tapes/loans-routes.ts";
import { reportsRoutes } from "./reports/reports-routes.ts";
import { tapesRoutes } from "./tapes/tapes-routes.ts";
import { usersRoutes } from "./users/users-routes.ts";
import { waterfallRoutes } from "./waterfall/waterfall-routes.ts";
import { proofRoutes } from "./periods/proof-routes.ts";
import { uploadRoutes } from "./tapes/upload-routes.ts";

/** Builds the server: every plugin and every route, in order. */
export async function buildApp(context: Context): Promise<App> {
  const app: App = Fastify({
    loggerInstance: context.log,
    bodyLimit: context.config.bodyLimitBytes,
    routerOptions: { ignoreTrailingSlash: true },
  });
  addErrorHandler(app);
  addSecurityHeaders(app);
  await addRateLimit(app, context.config);
  await addOpenApi(app);
  addAuthentication(app, context);
  addMetrics(app, { context });
  await app.register(healthRoutes, { context });
  // One line for each step, in the order of the flow.
  const steps = [
    usersRoutes,
    jobsRoutes,
    dealsRoutes,
    uploadRoutes,
    tapesRoutes,
    loansRoutes,
    periodsRoutes,
    proofRoutes,
    waterfallRoutes,
    reportsRoutes,
    publicationRoutes,
    distributionsRoutes,
    claimsRoutes,
    historyRoutes,
  ];
  for (const routes of steps) await app.register(routes, { prefix: "/v1", context });
  return app;
}
