/** A value that the test knows to be there; a missing one ends the test. */
export function present<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined)
    throw new Error("a value that must be there is missing");
  return value;
}
