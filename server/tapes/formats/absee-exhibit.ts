import { describeElements } from "./absee-schema.ts";
import type { SchemaElements } from "./absee-schema.ts";
import type { ColumnReading, TapeFormat } from "./tape-format.ts";

/** What the exhibits 102 of all asset classes have in common, and the parts in which they differ. */
export interface Exhibit {
  /** As in the namespace: `autoloan`, `autolease`, `rmbs`, `cmbs`, `debtsecurities`. */
  schema: string;
  elements: SchemaElements;
  /** Elements that may stand more than once in an asset. */
  repeatable: readonly string[];
  /** Elements of an asset that hold further ones. */
  nested?: readonly string[];
}

/** An element that the schema has as a month. */
export function monthOf(column: string | readonly string[]): ColumnReading {
  return { column, dates: ["MM/YYYY"] };
}

type ExhibitParts = "framings" | "recognise" | "missing" | "dates";

/** Framing, recognition and columns of an exhibit: an `assets` element per asset below `assetData`. */
export function describeExhibit({
  schema,
  elements,
  repeatable,
  nested,
}: Exhibit): Pick<TapeFormat, ExhibitParts> & ReturnType<typeof describeElements> {
  const namespace = `http://www.sec.gov/edgar/document/absee/${schema}/assetdata`;
  return {
    framings: [
      {
        kind: "xml",
        namespace,
        path: ["assetData", "assets"],
        repeatable,
        ...(nested === undefined ? {} : { nested }),
      },
    ],
    recognise: ({ xml }) => (xml?.root === "assetData" && xml.namespace === namespace ? 1 : 0),
    missing: [],
    dates: ["MM-DD-YYYY"],
    ...describeElements(elements),
  };
}
