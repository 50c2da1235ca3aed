/** What the words of a status column mean, as far as they say it. */
import type { LoanStatus } from "../canonical-fields.ts";

export interface StatusProposal {
  status: LoanStatus;
  /** The lowest that the word allows. */
  daysPastDue?: number;
}

/** In this order: "Charged off, sold" is charged off, "Late (31-120 days)" is 31 days late. */
const WORDS: readonly { words: RegExp; status: LoanStatus }[] = [
  { words: /charge.?d?.?off|chgoff|write.?off|written off|\bloss\b|^co$/i, status: "charged off" },
  { words: /repurch|buy.?back|bought back/i, status: "repurchased" },
  { words: /transfer/i, status: "servicing transfer" },
  { words: /liquidat|short.?sale|\bsold\b|deed.in.lieu|third.party/i, status: "liquidated" },
  {
    words:
      /paid.?(off|in full|full)|fully paid|pay.?off|matured|closed|complete|redeemed|^p ?i ?f$|repaid|prepaid|settled/i,
    status: "prepaid or matured",
  },
  { words: /foreclos|\breo\b|repo(s|$|\b)/i, status: "repossessed" },
  { words: /default|bankrupt|non.?perform|accelerat/i, status: "defaulted" },
];

const LATE = /late|past.?due|delinq|arrear|grace|\bdq|\bdpd|days?\b/i;
const CURRENT = /current|^perform|active|good standing|up to date|on time|^c$|^0$|^open$/i;

/** What one word means; null when it says nothing that is known. */
export function statusOfWord(word: string): StatusProposal | null {
  const text = word.trim();
  const meant = WORDS.find(({ words }) => words.test(text));
  if (meant !== undefined) return { status: meant.status };
  const days = daysIn(text);
  if (days !== null) {
    return days === 0
      ? { status: "current", daysPastDue: 0 }
      : { status: "delinquent", daysPastDue: days };
  }
  if (CURRENT.test(text)) return { status: "current", daysPastDue: 0 };
  return LATE.test(text) ? { status: "delinquent", daysPastDue: 1 } : null;
}

/** "31-60", "60+ days", "DQ 90", "Late (16-30 days)", "1-29 DPD": the first number. */
function daysIn(text: string): number | null {
  const range = /(\d{1,3})\s*(?:-|–|to|\+|plus)\s*(\d{1,3})?/i.exec(text);
  const single = /(?:dq|dpd|d)\s*(\d{1,3})\b|(\d{1,3})\s*(?:days?|dpd)\b/i.exec(text);
  const digits = range?.[1] ?? single?.[1] ?? single?.[2];
  return digits === undefined ? null : Number(digits);
}
