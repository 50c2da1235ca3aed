/** The value, which the test knows to be there; a test that is wrong about it fails here. */
export function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error("the value is missing");
  return value;
}
