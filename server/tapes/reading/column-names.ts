/** Names of columns as people write them: blanks around and inside, and large or small, do not count. */
export function normaliseName(name: string): string {
  return name.trim().replace(/\s+/g, " ").toLowerCase();
}

/** Where the columns of a file are, by the names that a format has for them. */
export class ColumnNames {
  /** As in the file. */
  readonly names: readonly string[];
  readonly #places = new Map<string, number>();
  /** Names that stand more than once, as in the file. */
  readonly repeated: readonly string[];

  constructor(names: readonly string[]) {
    this.names = names;
    const repeated = new Set<string>();
    for (const [place, name] of names.entries()) {
      const key = normaliseName(name);
      if (this.#places.has(key)) repeated.add(name);
      else this.#places.set(key, place);
    }
    this.repeated = [...repeated];
  }

  /** Number of the column; -1 when the file does not have it. */
  find(name: string): number {
    return this.#places.get(normaliseName(name)) ?? -1;
  }

  /** Of several names those that the file has, in their order. */
  findAll(names: readonly string[]): Int32Array {
    return Int32Array.from(names.map((name) => this.find(name)).filter((place) => place >= 0));
  }
}
