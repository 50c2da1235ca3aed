import { ESMA_CARD } from "./esma-card.ts";
import { buildEsmaXml } from "./esma-xml.ts";

export const ESMA_CARD_XML = buildEsmaXml(ESMA_CARD);
