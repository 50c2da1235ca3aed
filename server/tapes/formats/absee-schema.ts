import type { TapeFormat } from "./tape-format.ts";

/** What the schema says of an element; a list of codes stands for itself. */
export type ElementType =
  "text" | "decimal" | "integer" | "boolean" | "day" | "month" | readonly string[];

/** The elements of one asset by name; of nested ones the name is their path (`property/propertyState`). */
export type SchemaElements = Readonly<Record<string, ElementType>>;

/** A list of codes: `1|2|98`, also with a run of numbers as `1..50`. */
export function codes(list: string): readonly string[] {
  return list.split("|").flatMap((code) => {
    const [first, last] = code.split("..").map(Number);
    if (first === undefined || last === undefined) return [code];
    return Array.from({ length: last - first + 1 }, (_, at) => String(first + at));
  });
}

/** A schema's elements as the parts of a format that say what the columns are. */
export function describeElements(
  elements: SchemaElements,
): Required<Pick<TapeFormat, "columns" | "codeLists" | "types">> {
  const codeLists: Record<string, readonly string[]> = {};
  const types: Record<string, Exclude<ElementType, "text" | readonly string[]>> = {};
  for (const [name, type] of Object.entries(elements)) {
    if (typeof type === "object") codeLists[name] = type;
    else if (type !== "text") types[name] = type;
  }
  return { columns: Object.keys(elements), codeLists, types };
}
