import { ESMA_AUTOMOBILE } from "./esma-automobile.ts";
import { buildEsmaXml } from "./esma-xml.ts";

export const ESMA_AUTOMOBILE_XML = buildEsmaXml(ESMA_AUTOMOBILE);
