import { formatTable } from "../../server/history/format-table.ts";

/** The bars of the design, by kind; null where it names none. */
const BARS: Readonly<Record<string, number | null>> = {
  distribute: 350_000,
  "report, two signatures": 150_000,
  claim: 80_000,
  "transfer to a holder": 82_000,
  "first transfer after a record date": 140_000,
  fund: null,
};

/** Gas of whole transactions by kind. */
export class GasLog {
  readonly #used = new Map<string, bigint[]>();

  add(kind: string, gasUsed: bigint): void {
    const used = this.#used.get(kind);
    if (used === undefined) this.#used.set(kind, [gasUsed]);
    else used.push(gasUsed);
  }

  rows(): {
    kind: string;
    count: number;
    least: bigint;
    median: bigint;
    most: bigint;
    bar: number | null;
  }[] {
    return [...this.#used].map(([kind, used]) => {
      const sorted = used.toSorted((a, b) => (a < b ? -1 : 1));
      const at = (i: number): bigint => sorted[i] ?? 0n;
      return {
        kind,
        count: sorted.length,
        least: at(0),
        median: at(Math.floor(sorted.length / 2)),
        most: at(sorted.length - 1),
        bar: BARS[kind] ?? null,
      };
    });
  }

  toString(): string {
    return formatTable(
      ["gas of", "times", "least", "median", "most", "bar", "median is"],
      this.rows().map((row) => [
        row.kind,
        String(row.count),
        ...[row.least, row.median, row.most].map((gas) => Number(gas).toLocaleString("en-US")),
        row.bar?.toLocaleString("en-US") ?? "",
        row.bar === null ? "no bar" : verdict(row.median, row.bar),
      ]),
    );
  }
}

/** "within", or by how many per cent it is above the bar, rounded up. */
function verdict(median: bigint, bar: number): string {
  const excess = Number(median) - bar;
  return excess <= 0 ? "within" : `above by ${Math.ceil((excess / bar) * 100)} %`;
}
