/** A plain text table: the first column to the left, amounts to the right, two spaces between. */
export function formatTable(
  columns: readonly string[],
  rows: readonly (readonly (string | null)[])[],
): string {
  const cells = [columns, ...rows].map((row) => row.map((cell) => cell ?? ""));
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  const isText = columns.map((_, i) => rows.some((row) => !/^-?[\d,]*\.?\d*$/.test(row[i] ?? "")));
  const lines = cells.map((row) =>
    row
      .map((cell, i) =>
        isText[i] === true ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}
