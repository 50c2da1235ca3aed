import { ESMA_CORPORATE } from "./esma-corporate.ts";
import { buildEsmaXml } from "./esma-xml.ts";

export const ESMA_CORPORATE_XML = buildEsmaXml(ESMA_CORPORATE);
