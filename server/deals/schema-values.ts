/** What single values of a deal file may be, as JSON Schema sees the YAML. */
import type { Keys } from "./deal-source.ts";
import { NAME } from "./read-names.ts";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** A value whose text fits a pattern. */
export const text = (pattern?: string): JsonSchema =>
  pattern === undefined ? { type: "string" } : { type: "string", pattern: `^(?:${pattern})$` };

export const words = (choices: readonly string[]): JsonSchema => ({ enum: [...choices] });
/** Any value that its text says all of. */
export const scalar: JsonSchema = { type: ["string", "number"] };
export const yesOrNo: JsonSchema = { type: "boolean" };

/** An amount: YAML reads its text as a number, so its two decimals are for `deal check` to see. */
export const money: JsonSchema = { type: ["number", "string"], pattern: "^-?[0-9]+[.][0-9]{2}$" };
export const percent = text("-?[0-9]+([.][0-9]+)?\\s*%");
export const date = text("[0-9]{4}-[0-9]{2}-[0-9]{2}");
export const month = text("[0-9]{4}-[0-9]{2}");
export const timeOfDay = text("([01][0-9]|2[0-3]):[0-5][0-9]Z");
export const name = text(NAME.source.replace(/^\^|\$$/g, ""));

/** In program notation; a bare number or a truth is an expression too. */
export const expression: JsonSchema = { type: ["string", "number"] };

export const whole = (minimum: number, maximum: number): JsonSchema => ({
  type: "integer",
  minimum,
  maximum,
});

export const list = (items: JsonSchema): JsonSchema => ({ type: "array", items });
export const oneOf = (...choices: JsonSchema[]): JsonSchema => ({ anyOf: choices });

/** Entries by name; a bare number or date is a name where a schedule is meant. */
export function entries(
  value: JsonSchema,
  { most, keys = NAME.source }: { most?: number; keys?: string } = {},
): JsonSchema {
  return {
    type: "object",
    patternProperties: { [keys]: value },
    additionalProperties: false,
    ...(most === undefined ? {} : { maxProperties: most }),
  };
}

/**
 * A map whose keys are those of the table that the reader uses, with their meaning in its words.
 * @throws Error when a key of the table has no value here, or a value no key: a slip of ours
 */
export function section(keys: Keys, values: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const names = Object.keys(keys).map((key) => key.replace("?", ""));
  const odd = Object.keys(values).find((key) => !names.includes(key));
  if (odd !== undefined) throw new Error(`the reader knows no key ${odd}`);
  const properties = Object.entries(keys).map(([key, description]) => {
    const value = values[key.replace("?", "")];
    if (value === undefined) throw new Error(`the schema does not say what ${key} holds`);
    return [key.replace("?", ""), { description, ...value }] as const;
  });
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    required: names.filter((key) => Object.hasOwn(keys, key)),
    additionalProperties: false,
  };
}
