/** One value as it stands in the file. */
export interface SourceCell {
  text: string;
  line: number;
  column: number | null;
}

/** One record of the file, before any of it is understood: values by their name in the file. */
export interface SourceRow {
  line: number;
  /** Several values where the format lets an element repeat. */
  cells: Map<string, SourceCell[]>;
}

/**
 * Reads one format piece by piece, so that memory does not grow with the file. Each call gives the
 * rows that it completed. What is wrong with the file goes to the problem list.
 */
export interface RowReader {
  read(text: string): SourceRow[];
  /** To be called at the end of the file. */
  end(): SourceRow[];
}
