import type { ReportMessageRow } from "../db/tables.ts";
import type { ReportMessage } from "./report-message.ts";

/** A message as jsonb keeps it: JSON has no 64-bit integers, so they are decimal text. */
export function messageToRow(message: ReportMessage): ReportMessageRow {
  return {
    ...message,
    dealId: message.dealId.toString(),
    figures: message.figures.map((figure) => figure.toString()),
  };
}

/** The message that a row keeps. */
export function messageFromRow(row: ReportMessageRow): ReportMessage {
  return { ...row, dealId: BigInt(row.dealId), figures: row.figures.map((text) => BigInt(text)) };
}
