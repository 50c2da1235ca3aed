import type { FastifyReply, FastifyRequest } from "fastify";
import { Problem } from "../errors.ts";
import type { ProblemCode } from "../errors.ts";
import { cutOff } from "../http/cut-off.ts";
import { sendCsv, sheetOf } from "../http/send-csv.ts";
import { PROBLEM_COLUMNS, viewRefusals } from "./tape-views.ts";

/** Why an upload may fail, whatever way its bytes come. */
export const UPLOAD_REFUSALS = [
  "tape-out-of-order",
  "tape-too-large",
  "tape-malformed",
  "tape-doctype",
  "tape-wrong-format",
  "tape-wrong-deal",
  "tape-wrong-period",
  "tape-refused",
  "versions-too-many",
  "upload-broken-off",
  "uploads-too-many",
] as const satisfies readonly ProblemCode[];

/** Answers a failed upload: the problems of a refused tape as CSV where that was asked for. */
export async function sendRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  { error, format }: { error: unknown; format: string | undefined },
): Promise<FastifyReply> {
  cutOff(request, reply);
  const listed = error instanceof Problem ? error.extra["problems"] : undefined;
  if (format !== "csv" || !Array.isArray(listed)) throw error;
  const sheet = sheetOf("tape-problems", PROBLEM_COLUMNS, viewRefusals(listed));
  return sendCsv(reply.status(422), sheet);
}
