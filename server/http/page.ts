import { Type } from "typebox";
import type { TSchema } from "typebox";
import { problem } from "../errors.ts";
import { nullable } from "./nullable.ts";

/** Query of a list: how many, and from where. */
export const pageQuery = {
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
  cursor: Type.Optional(Type.String({ maxLength: 500, description: "`next` of the page before" })),
};

/** Schema of a page of such items. */
export function pageOf<Item extends TSchema>(item: Item) {
  return Type.Object({ items: Type.Array(item), next: nullable(Type.String()) });
}

/** One page: `next` is the cursor of the page after it, null on the last one. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
}

/** Opaque text of a position. */
function writeCursor(position: readonly string[]): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/** A part of a position that is any text. */
export const ANY_TEXT = /^\P{Cc}+$/u;

/** The position in a cursor, whose parts look like these. @throws Problem cursor-invalid */
export function readCursor(cursor: string, shapes: readonly RegExp[]): string[] {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    const parts = Array.isArray(position) ? position.map(String) : [];
    const fits = shapes.every((shape, at) => shape.test(parts[at] ?? ""));
    if (fits && parts.length === shapes.length) return parts;
  } catch {
    // Not JSON: not a cursor of ours.
  }
  throw problem("cursor-invalid", { cursor });
}

/** Cuts rows, of which one more than `limit` was asked for, into a page. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  map: { item: (row: Row) => Item; position: (row: Row) => readonly string[] },
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: shown.map(map.item), next: more ? writeCursor(map.position(last)) : null };
}
