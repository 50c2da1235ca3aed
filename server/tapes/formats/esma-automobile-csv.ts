import { ESMA_AUTOMOBILE } from "./esma-automobile.ts";
import { buildEsmaCsv } from "./esma-csv.ts";

export const ESMA_AUTOMOBILE_CSV = buildEsmaCsv(ESMA_AUTOMOBILE);
