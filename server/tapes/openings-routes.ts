import { Type } from "typebox";
import { BOOKKEEPERS } from "../http/access.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { BlockOpeningSchema } from "./block-opening.ts";
import { openBlock } from "./prove-loan.ts";
import { getTapeDeal } from "./tape-deal-queries.ts";
import { getTapeById } from "./tapes-queries.ts";

/** For the auditor: the rows that a tape's sums are added up from, block by block. */
export async function openingsRoutes(app: App, { context }: RouteOptions): Promise<void> {
  app.get(
    "/deals/:deal/tapes/:tape/blocks/:block",
    {
      config: {
        access: BOOKKEEPERS,
        problems: ["tape-unknown", "block-unknown"],
      },
      schema: {
        summary: "All rows of a block of a tape with their salts: they add up to the block's sums",
        tags: ["tapes"],
        params: Type.Object({
          deal: Type.String(),
          tape: Type.String({ format: "uuid" }),
          block: Type.Integer({ minimum: 0, maximum: 2 ** 24 }),
        }),
        response: { 200: BlockOpeningSchema },
      },
    },
    async ({ params }) => {
      const deal = await getTapeDeal(context.reader, params.deal);
      const tape = await getTapeById(context.reader, deal.id, params.tape);
      return await openBlock(context.reader, { deal, tape }, params.block);
    },
  );
}
