import { ESMA_RESIDENTIAL } from "./esma-residential.ts";
import { buildEsmaXml } from "./esma-xml.ts";

export const ESMA_RESIDENTIAL_XML = buildEsmaXml(ESMA_RESIDENTIAL);
