import { ESMA_ESOTERIC } from "./esma-esoteric.ts";
import { buildEsmaXml } from "./esma-xml.ts";

export const ESMA_ESOTERIC_XML = buildEsmaXml(ESMA_ESOTERIC);
