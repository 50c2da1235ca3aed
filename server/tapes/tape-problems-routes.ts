import { Type } from "typebox";
import { BOOKKEEPERS } from "../http/access.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { sendCsv, sheetFormat, sheetOf } from "../http/send-csv.ts";
import { acceptProblem } from "./accept-problem.ts";
import { acceptProblems } from "./accept-problems.ts";
import { CHECK_CODES } from "./checks/check-codes.ts";
import type { ProblemCode } from "./checks/check-codes.ts";
import * as views from "./tape-views.ts";
import * as queries from "./tapes-queries.ts";

const CODES = Object.keys(CHECK_CODES) as ProblemCode[];

const TapeParams = Type.Object({ deal: Type.String(), tape: Type.String({ format: "uuid" }) });

const problemsSchema = {
  summary: "Lists the notes and reasons of a stored tape",
  tags: ["tapes"],
  params: TapeParams,
  querystring: Type.Object({
    format: sheetFormat,
  }),
  response: {
    200: Type.Object({ items: Type.Array(views.ProblemSchema) }),
  },
};

const acceptanceSchema = {
  summary: "Gives the reason that a problem needs before its period closes",
  tags: ["tapes"],
  params: Type.Object({
    ...TapeParams.properties,
    ordinal: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
  }),
  body: Type.Object({ reason: Type.String({ pattern: "\\S", maxLength: 1000 }) }),
  response: { 200: views.ProblemSchema, 201: views.ProblemSchema },
};

const codeAcceptanceSchema = {
  summary: "Gives one reason to all open problems of a code",
  description: "Problems that have a reason keep it, so the same again changes nothing.",
  tags: ["tapes"],
  params: TapeParams,
  body: Type.Object({
    code: Type.Enum(CODES, { description: "as listed by GET /tape-checks" }),
    reason: Type.String({ pattern: "\\S", maxLength: 1000 }),
  }),
  response: {
    200: Type.Object({
      accepted: Type.Integer({ description: "problems that it was given to" }),
      openReasons: Type.Integer({ description: "reasons that the close still waits for" }),
    }),
  },
};

/** What was found in a stored tape, and the reasons that are given for it. */
export async function tapeProblemsRoutes(app: App, { context }: RouteOptions): Promise<void> {
  app.get(
    "/deals/:deal/tapes/:tape/problems",
    { config: { access: BOOKKEEPERS, problems: ["tape-unknown"] }, schema: problemsSchema },
    async ({ params, query }, reply) => {
      const { id } = await queries.getTapeById(context.db, params.deal, params.tape);
      const found = await queries.listTapeProblems(context.db, { dealId: params.deal, id });
      const items = found.map(views.viewProblem);
      if (query.format !== "csv") return { items };
      const sheet = sheetOf(`${params.deal}-tape-problems`, views.PROBLEM_COLUMNS, items);
      return sendCsv(reply, sheet) as never;
    },
  );

  app.post(
    "/deals/:deal/tapes/:tape/problems/:ordinal/acceptance",
    {
      config: {
        access: ["servicer"],
        problems: ["tape-unknown", "tape-problem-unknown", "tape-problem-settled"],
      },
      schema: acceptanceSchema,
    },
    async ({ params, body, user }, reply) => {
      const { problem, created } = await acceptProblem(context, {
        dealId: params.deal,
        tapeId: params.tape,
        ordinal: params.ordinal,
        reason: body.reason,
        acceptedBy: user.id,
      });
      return await reply.status(created ? 201 : 200).send(views.viewProblem(problem));
    },
  );

  app.post(
    "/deals/:deal/tapes/:tape/problems/acceptance",
    {
      config: { access: ["servicer"], problems: ["tape-unknown", "tape-code-unknown"] },
      schema: codeAcceptanceSchema,
    },
    async ({ params, body, user }) => {
      const key = { dealId: params.deal, tapeId: params.tape };
      const accepted = await acceptProblems(context, {
        ...{ ...key, code: body.code, reason: body.reason, acceptedBy: user.id },
      });
      const tape = { dealId: params.deal, id: params.tape };
      const { openReasons } = await queries.countTapeProblems(context.db, tape);
      return { accepted, openReasons };
    },
  );
}
