import { ESMA_LEASING } from "./esma-leasing.ts";
import { buildEsmaXml } from "./esma-xml.ts";

export const ESMA_LEASING_XML = buildEsmaXml(ESMA_LEASING);
