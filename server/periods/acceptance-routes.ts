import { Type } from "typebox";
import type { App, RouteOptions } from "../http/app-type.ts";
import { ChainSchema } from "../tapes/difference-views.ts";
import { readTapeView } from "../tapes/read-tape-views.ts";
import { TapeSchema } from "../tapes/tape-views.ts";
import { acceptTape } from "./accept-tape.ts";

const AcceptedSchema = Type.Object({
  tape: TapeSchema,
  closed: Type.Union([
    Type.Object({
      version: Type.Integer(),
      hash: Type.String(),
      reason: Type.Union([Type.String(), Type.Null()]),
    }),
    Type.Null(),
  ]),
  chain: ChainSchema,
});

const schema = {
  summary: "Makes a version of a tape the one that stands for its period",
  description:
    "A closed period is closed anew over it at once, with the reason and the figures that were stated, which is " +
    "the ground of its report's restatement; if it cannot be closed, the version is not accepted. " +
    "`chain` says how many loans do not carry over to the tapes of the periods next to it: those need corrected " +
    "tapes too. The version that stands already answers 200 and changes nothing.",
  tags: ["tapes"],
  params: Type.Object({ deal: Type.String(), tape: Type.String({ format: "uuid" }) }),
  body: Type.Object({ reason: Type.String({ pattern: "\\S", maxLength: 1000 }) }),
  response: { 200: AcceptedSchema, 201: AcceptedSchema },
};

/** Corrected tapes are accepted; what was closed over the old one is closed anew. */
export async function acceptanceRoutes(app: App, { context }: RouteOptions): Promise<void> {
  app.post(
    "/deals/:deal/tapes/:tape/acceptance",
    {
      config: {
        access: ["servicer"],
        problems: [
          "tape-unknown",
          "period-out-of-order",
          "period-open-problems",
          "period-not-contiguous",
          "figures-invalid",
          "figure-out-of-bounds",
          "identity-broken",
        ],
      },
      schema,
    },
    async ({ params, body, user }, reply) => {
      const { deal, tape, created, closed, chain } = await acceptTape(context, {
        dealId: params.deal,
        tapeId: params.tape,
        reason: body.reason,
        acceptedBy: user.id,
      });
      return await reply.status(created ? 201 : 200).send({
        tape: await readTapeView(context.db, deal, tape),
        closed:
          closed === null
            ? null
            : { version: closed.version, hash: closed.close_hash, reason: closed.reason },
        chain,
      });
    },
  );
}
