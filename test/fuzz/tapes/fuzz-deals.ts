/** A deal for each format, which takes whatever is readable: only what has to do with the file refuses. */
import { AMCAR_DEAL_FILE } from "../../server/tapes/amcar-2017-4.ts";

/** The cut-off month of the deals, which every file is sent for. */
export const FUZZED_MONTH = "2017-09";

const LEFT_OUT = ["period", "cut-off-balance", "cut-off-loans", "date-order", "rate-unit"];

export const fuzzDealId = (format: string): string => `fuzz-${format}`;

export function fuzzDealFile(format: string): string {
  const checks = LEFT_OUT.map((code) => `${code}: ignore`).join(", ");
  return AMCAR_DEAL_FILE.replace("id: amcar-2017-4", `id: ${fuzzDealId(format)}`)
    .replace("absee-auto-loan-xml", format)
    .replace('loanIdPrefix: "0001718362 - "', 'loanIdPrefix: ""')
    .replace("  chargeOffAgeDays: 120", `  chargeOffAgeDays: 3650\n  checks: { ${checks} }`);
}
