import { ESMA_COMMERCIAL } from "./esma-commercial.ts";
import { buildEsmaCsv } from "./esma-csv.ts";

export const ESMA_COMMERCIAL_CSV = buildEsmaCsv(ESMA_COMMERCIAL);
