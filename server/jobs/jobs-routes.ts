import { Type } from "typebox";
import type { App, RouteOptions } from "../http/app-type.ts";
import { runDueJobs } from "./run-due-jobs.ts";

const named = { name: Type.String(), key: Type.String() };

/** Runs the schedule by hand. */
export async function jobsRoutes(app: App, { context }: RouteOptions): Promise<void> {
  app.post(
    "/jobs/run",
    {
      config: { access: ["administrator"] },
      schema: {
        summary: "Runs what is due now",
        tags: ["jobs"],
        response: {
          200: Type.Object({
            ran: Type.Array(Type.Object(named)),
            failed: Type.Array(Type.Object({ ...named, error: Type.String() })),
          }),
        },
      },
    },
    () => runDueJobs(context),
  );
}
