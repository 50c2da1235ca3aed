import { ESMA_CONSUMER } from "./esma-consumer.ts";
import { buildEsmaXml } from "./esma-xml.ts";

export const ESMA_CONSUMER_XML = buildEsmaXml(ESMA_CONSUMER);
