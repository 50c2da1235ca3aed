import { ESMA_COMMERCIAL } from "./esma-commercial.ts";
import { buildEsmaXml } from "./esma-xml.ts";

export const ESMA_COMMERCIAL_XML = buildEsmaXml(ESMA_COMMERCIAL);
