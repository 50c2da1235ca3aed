/** One kind of problem. */
export interface CatalogueEntry {
  /** HTTP status. */
  status: number;
  title: string;
  /** May name parameters in braces; they also travel beside the detail as extra members. */
  detail: string;
}
