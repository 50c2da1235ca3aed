import type { FastifyReply, FastifyRequest } from "fastify";
import { Problem } from "../errors.ts";
import { cutOff } from "../http/cut-off.ts";
import { problemsCsv } from "./problems-csv.ts";
import { viewRefusals } from "./tape-views.ts";

/** Answers a failed upload: the problems of a refused tape as CSV where that was asked for. */
export async function sendRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  { error, format }: { error: unknown; format: string | undefined },
): Promise<FastifyReply> {
  cutOff(request, reply);
  const listed = error instanceof Problem ? error.extra["problems"] : undefined;
  if (format !== "csv" || !Array.isArray(listed)) throw error;
  const csv = problemsCsv(viewRefusals(listed));
  return await reply.status(422).type("text/csv; charset=utf-8").send(csv);
}
