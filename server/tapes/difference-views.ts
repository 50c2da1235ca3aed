import { Type } from "typebox";
import { nullable } from "../http/nullable.ts";

const text = nullable(Type.String());

const LinkSchema = nullable(
  Type.Object(
    {
      month: Type.String(),
      version: Type.Integer(),
      broken: Type.Integer({
        description: "loans that do not begin where they ended, or have gone with a balance",
      }),
    },
    { description: "the tape that stands for the period next to it; null where there is none" },
  ),
);

export const ChainSchema = Type.Object({ before: LinkSchema, after: LinkSchema });

export const DifferencesSchema = Type.Object({
  tape: Type.String(),
  version: Type.Integer(),
  against: nullable(
    Type.Integer({ description: "the version it is compared with; null: it is the first one" }),
  ),
  counts: nullable(
    Type.Object(
      { changed: Type.Integer(), added: Type.Integer(), gone: Type.Integer() },
      { description: "of loans; on the first page only, as are totals and chain" },
    ),
  ),
  totals: nullable(
    Type.Array(
      Type.Object({
        total: Type.String({ description: "rows, loans (with a balance), or an amount's field" }),
        old: text,
        new: text,
        difference: Type.String({ description: "new less old" }),
      }),
    ),
  ),
  chain: nullable(ChainSchema),
  columns: Type.Object(
    { added: Type.Array(Type.String()), gone: Type.Array(Type.String()) },
    { description: "columns of the file that only one version has" },
  ),
  items: Type.Array(
    Type.Object({
      loan: Type.String(),
      change: Type.String({ description: "changed | added | gone" }),
      oldLine: nullable(Type.Integer()),
      newLine: nullable(Type.Integer()),
      fields: Type.Array(Type.Object({ field: Type.String(), old: text, new: text })),
    }),
  ),
  next: text,
});
