/** Mappings as servicers would write them for files that the market has in no one public layout. */
import { readFileSync } from "node:fs";
import { readMapping } from "../../../../server/deals/read-mapping-section.ts";
import type { TapeMapping } from "../../../../server/tapes/tape-mapping.ts";

function readMappingFile(name: string): TapeMapping {
  const text = readFileSync(new URL(`../mappings/${name}.yaml`, import.meta.url), "utf8");
  const { mapping, problems } = readMapping(text);
  if (mapping === null || problems.length > 0) throw new Error(JSON.stringify(problems));
  return mapping;
}

export const SERVICING_WORKBOOK = readMappingFile("servicing-workbook");
export const STUDENT_WORKBOOK = readMappingFile("student-workbook");
export const RECEIVABLES_LEDGER = readMappingFile("receivables-ledger");
export const CARD_ACCOUNTS = readMappingFile("card-accounts");
export const DAILY_PLATFORM_TAPE = readMappingFile("platform-daily-tape");
export const LENDER_EXTRACT = readMappingFile("lender-extract");
