/** A cell of a table; a number stands at the right. */
export interface Column {
  title: string;
  right?: boolean;
}

/** Aligned lines, two blanks between the columns, the titles first where there are any. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const titled = columns.some(({ title }) => title !== "");
  const all = titled ? [columns.map(({ title }) => title), ...rows] : [...rows];
  const widths = columns.map((_, i) => Math.max(...all.map((row) => (row[i] ?? "").length)));
  const lines = all.map((row) =>
    columns
      .map(({ right }, i) => {
        const cell = row[i] ?? "";
        const width = widths[i] ?? 0;
        return right === true ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
  return lines.map((line) => `  ${line}`).join("\n");
}

/** Names and what they are, one below the other. */
export function formatList(rows: readonly (readonly [string, string])[]): string {
  return formatTable([{ title: "" }, { title: "" }], rows);
}

/** Names that have the same value stand in one row. */
export function joinEqual(rows: readonly (readonly [string, string])[]): [string, string][] {
  const joined = new Map<string, string[]>();
  for (const [name, value] of rows) joined.set(value, [...(joined.get(value) ?? []), name]);
  return [...joined].map(([value, names]) => [names.join(", "), value]);
}

/** 1234567n -> "1,234,567". */
export function grouped(value: bigint | number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

const SHOWN_DECIMALS = 6;

/** Wei in the network's coin, rounded up to six decimals: "0.031742 ETH". */
export function formatCoin(wei: bigint, coin: string): string {
  const unit = 10n ** BigInt(18 - SHOWN_DECIMALS);
  const digits = ((wei + unit - 1n) / unit).toString().padStart(SHOWN_DECIMALS + 1, "0");
  const whole = grouped(BigInt(digits.slice(0, -SHOWN_DECIMALS)));
  return `${whole}.${digits.slice(-SHOWN_DECIMALS)}${coin === "" ? "" : ` ${coin}`}`;
}

/** Unix seconds: "2026-12-15 14:00 UTC". */
export function formatTime(seconds: number): string {
  return `${new Date(seconds * 1_000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** Seconds as people say them: "2 days", "90 minutes". */
export function formatSpan(seconds: number): string {
  const units = [
    [86_400, "day"],
    [3_600, "hour"],
    [60, "minute"],
  ] as const;
  for (const [size, name] of units) {
    if (seconds >= size && seconds % size === 0) {
      const count = seconds / size;
      return `${count} ${name}${count === 1 ? "" : "s"}`;
    }
  }
  return `${seconds} seconds`;
}
