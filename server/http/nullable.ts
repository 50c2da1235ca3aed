import { Type } from "typebox";
import type { TSchema } from "typebox";

/** A value of this schema, or null. */
export function nullable<Schema extends TSchema>(schema: Schema, description?: string) {
  const choices: [Schema, Type.TNull] = [schema, Type.Null()];
  return Type.Union(choices, description === undefined ? {} : { description });
}
