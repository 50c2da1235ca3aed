import { ESMA_RESIDENTIAL } from "./esma-residential.ts";
import { buildEsmaCsv } from "./esma-csv.ts";

export const ESMA_RESIDENTIAL_CSV = buildEsmaCsv(ESMA_RESIDENTIAL);
