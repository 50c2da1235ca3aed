/** What was probably meant by a name or value that cannot be read. Pure. */
import { formatDecimal, parseDecimal } from "../lib/money.ts";

/** Edits that make one text of another, as far as `most` of them. */
function editsBetween(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** As spoken: without case, spaces and signs, `actual` as `act`. */
const spoken = (text: string) =>
  text
    .toLowerCase()
    .replace(/actual/g, "act")
    .replace(/[\s_-]/g, "");

/** One begins with the other, three letters at least. */
function isBeginning(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= 3 && (a.startsWith(b) || b.startsWith(a));
}

const digitsOf = (text: string) => text.replace(/\D/g, "");

/** The one known name that a misspelt one is near to; undefined when none is, or several are. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const wanted = spoken(name);
  const all = [...known];
  const same = all.filter((one) => spoken(one) === wanted);
  if (same.length > 0) return same.length === 1 ? same[0] : undefined;
  const longer = all.filter((one) => isBeginning(wanted, spoken(one)));
  if (longer.length === 1) return longer[0];
  const most = Math.min(2, Math.floor(wanted.length / 3));
  const near = all
    // 30/365 is not a misspelt 30/360: what differs in a digit is something else.
    .filter((one) => digitsOf(one) === digitsOf(name))
    .map((one) => ({ one, edits: editsBetween(wanted, spoken(one), most) }))
    .filter(({ edits }) => edits <= most)
    .toSorted((a, b) => a.edits - b.edits);
  const isAlone = near[0] !== undefined && near[0].edits !== near[1]?.edits;
  return isAlone ? near[0]?.one : undefined;
}

/** "write `servicingFee`; " where a known name is near, else nothing. */
export function instead(name: string, known: Iterable<string>): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? "" : `write \`${nearest}\`; `;
}

/**
 * The percentage that a rate written otherwise means: 4, 4,5 %, 60 bps, 4 per cent. 0.15 may be a
 * fraction or lack its sign, and the two differ a hundredfold: both are named.
 */
export function meantPercent(text: string): string | undefined {
  const match =
    /^(-?\d+(?:[.,]\d+)?)\s*(%|per ?cent|percent|pct|bps?|basis points)?(?: p\.?a\.?)?$/i.exec(
      text,
    );
  const [, number = "", unit = ""] = match ?? [];
  if (match === null) return undefined;
  const decimal = number.replace(",", ".");
  const isBasisPoints = /^b/i.test(unit);
  const isFraction = unit === "" && /^-?0\.\d/.test(decimal);
  const places = (decimal.split(".")[1] ?? "").length;
  const digits = parseDecimal(decimal, places);
  const scaled = isFraction ? digits * 100n : digits;
  const text2 = formatDecimal(scaled, places + (isBasisPoints ? 2 : 0));
  const percent = `${text2.includes(".") ? text2.replace(/\.?0+$/, "") : text2} %`;
  return isFraction ? `${percent}, or ${decimal} % where that is meant` : percent;
}

/** The amount that money written otherwise means: 172,000.00, $172000.00, 172000, USD 5. */
export function meantMoney(text: string): string | undefined {
  const bare = text.replace(/^(?:[$€£]|USD|EUR|GBP|CHF)\s*|\s*(?:USD|EUR|GBP|CHF)$/gi, "");
  const plain = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare) ? bare.replaceAll(",", "") : bare;
  if (!/^-?\d+(\.\d{1,2})?$/.test(plain)) return undefined;
  const [whole = "", decimals = ""] = plain.split(".");
  return `${whole}.${decimals.padEnd(2, "0")}`;
}
