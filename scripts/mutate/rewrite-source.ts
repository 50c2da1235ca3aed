import type { Range } from "./read-syntax.ts";

/** A piece of source and what stands for it; edits nest, and those of one range apply inside out. */
export interface Edit extends Range {
  /** @param inner the piece with the edits inside it applied @param original the piece as it was */
  render: (inner: string, original: string) => string;
}

interface Branch {
  edit: Edit | null;
  range: Range;
  below: Branch[];
}

/**
 * The source with all edits applied.
 * @throws Error when two ranges overlap without one holding the other
 */
export function rewriteSource(source: Buffer, edits: readonly Edit[]): string {
  const sorted = edits.map((edit, order) => ({ edit, order }));
  // Of one range the edit that was added first becomes the outermost.
  sorted.sort(
    (a, b) => a.edit.start - b.edit.start || b.edit.end - a.edit.end || a.order - b.order,
  );
  const root: Branch = { edit: null, range: { start: 0, end: source.length }, below: [] };
  let open = [root];
  for (const { edit } of sorted) {
    open = open.filter(({ range }) => edit.start < range.end);
    const above = open.at(-1) ?? root;
    if (edit.end > above.range.end) throw new Error(`edits cross at ${edit.start}..${edit.end}`);
    const branch: Branch = { edit, range: edit, below: [] };
    above.below.push(branch);
    open.push(branch);
  }
  return render(source, root);
}

function render(source: Buffer, branch: Branch): string {
  const { start, end } = branch.range;
  let text = "";
  let place = start;
  for (const child of branch.below) {
    text += source.toString("utf8", place, child.range.start) + render(source, child);
    place = child.range.end;
  }
  text += source.toString("utf8", place, end);
  return branch.edit === null
    ? text
    : branch.edit.render(text, source.toString("utf8", start, end));
}
