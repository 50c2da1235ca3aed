import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { Type } from "typebox";
import { csvRows, csvText, type CsvValue } from "../lib/csv-text.ts";

/** The `format` query of a route that answers with a sheet, too. */
export const sheetFormat = Type.Union([Type.Literal("json"), Type.Literal("csv")], {
  default: "json",
});

/** A sheet: its file name without the ending, and what stands in it. */
export interface Sheet {
  name: string;
  columns: readonly string[];
  rows: readonly (readonly CsvValue[])[];
}

/** Items as a sheet, with a column for each of these properties. */
export function sheetOf(
  name: string,
  columns: readonly string[],
  items: readonly Readonly<Record<string, CsvValue>>[],
): Sheet {
  const rows = items.map((item) => columns.map((column) => item[column] ?? null));
  return { name, columns, rows };
}

/** Answers with a CSV file; the name is safe in a header and in a file system. */
export function sendCsv(reply: FastifyReply, { name, columns, rows }: Sheet): FastifyReply {
  return headCsv(reply, name).send(csvText(columns, rows));
}

/** Answers with a CSV file whose rows come as they are read. */
export function streamCsv(
  reply: FastifyReply,
  { name, columns, parts }: Omit<Sheet, "rows"> & { parts: AsyncIterable<Sheet["rows"]> },
): FastifyReply {
  async function* text(): AsyncGenerator<string> {
    yield csvRows([columns]);
    for await (const rows of parts) yield csvRows(rows);
  }
  return headCsv(reply, name).send(Readable.from(text()));
}

function headCsv(reply: FastifyReply, name: string): FastifyReply {
  const file = name.replaceAll(/[^A-Za-z0-9._-]+/g, "-");
  return reply
    .type("text/csv; charset=utf-8; header=present")
    .header("content-disposition", `attachment; filename="${file}.csv"`);
}
