import type { FastifyReply } from "fastify";
import { csvText, type CsvValue } from "../lib/csv-text.ts";

/** A sheet: its file name without the ending, and what stands in it. */
export interface Sheet {
  name: string;
  columns: readonly string[];
  rows: readonly (readonly CsvValue[])[];
}

/** Answers with a CSV file; the name is safe in a header and in a file system. */
export function sendCsv(reply: FastifyReply, { name, columns, rows }: Sheet): FastifyReply {
  const file = name.replaceAll(/[^A-Za-z0-9._-]+/g, "-");
  return reply
    .type("text/csv; charset=utf-8; header=present")
    .header("content-disposition", `attachment; filename="${file}.csv"`)
    .send(csvText(columns, rows));
}
