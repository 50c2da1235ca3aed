import { Type } from "typebox";
import { BOOKKEEPERS } from "../http/access.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { getTapeDeal } from "../tapes/tape-deal-queries.ts";
import { periodOfMonth } from "../tapes/tape-deal.ts";
import { previewWaterfall } from "./preview-waterfall.ts";
import { viewPreview, WaterfallPreviewSchema } from "./view-preview.ts";

/** Step 6: the preview of a closed period, every amount explained. */
export async function waterfallRoutes(app: App, { context }: RouteOptions): Promise<void> {
  app.get(
    "/deals/:deal/periods/:period/waterfall",
    {
      config: {
        access: BOOKKEEPERS,
        problems: [
          "period-unknown",
          "period-goes-on",
          "period-not-closed",
          "preview-out-of-order",
          "fixing-missing",
        ],
      },
      schema: {
        summary: "What the closed period will pay, step by step",
        description:
          "Computed from the last distributed state (the opening state for the first period). A " +
          "preview with a flag cannot be attested.",
        tags: ["waterfall"],
        params: Type.Object({
          deal: Type.String(),
          period: Type.String({ description: "collection month, YYYY-MM" }),
        }),
        response: { 200: WaterfallPreviewSchema },
      },
    },
    async ({ params }) => {
      const deal = await getTapeDeal(context.db, params.deal);
      const { ordinal } = periodOfMonth(deal, params.period);
      return viewPreview(await previewWaterfall(context, { dealId: deal.id, period: ordinal }));
    },
  );
}
