/** How like two names of columns are, as words: `CURR_UPB ($)` and "current unpaid principal balance". */

/** Short forms -> the words that they stand for. */
const SHORT_FORMS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    acct: "account",
    actl: "actual",
    adj: "adjustment",
    amnt: "amount",
    amt: "amount",
    apr: "interest rate",
    bal: "balance",
    balances: "balance",
    beg: "beginning",
    begin: "beginning",
    bgn: "beginning",
    chgoff: "charge off",
    chargeoff: "charge off",
    charged: "charge",
    coll: "collected",
    coupon: "interest rate",
    cur: "current",
    curr: "current",
    cutoff: "cut off",
    days: "day",
    dpd: "day past due",
    delinq: "delinquency",
    delinquent: "delinquency",
    dlq: "delinquency",
    dq: "delinquency",
    dt: "date",
    end: "ending",
    eom: "month ending",
    fico: "credit score",
    identifier: "id",
    int: "interest",
    key: "id",
    liq: "liquidation",
    ln: "loan",
    mat: "maturity",
    mod: "modification",
    modified: "modification",
    mths: "month",
    months: "month",
    nbr: "number",
    no: "number",
    num: "number",
    opening: "beginning",
    orig: "original",
    origination: "original",
    outstanding: "current",
    pd: "paid",
    payment: "paid",
    payments: "paid",
    percentage: "rate",
    pct: "rate",
    pmt: "paid",
    prin: "principal",
    prncp: "principal",
    rec: "received",
    rem: "remaining",
    repo: "repossession",
    repossessed: "repossession",
    rt: "rate",
    sched: "scheduled",
    serv: "servicing",
    servicer: "servicing",
    svc: "servicing",
    upb: "unpaid principal balance",
    received: "collected",
    writeoff: "charge off",
  }),
);

/** Words that say little of what a column holds. */
const WEAK: ReadonlySet<string> = new Set(
  "a amount of the in on for loan number reporting period usd gbp eur current month total".split(
    " ",
  ),
);
const WEAK_WEIGHT = 0.35;

/** The words of a name, in small letters, without signs and units, short forms written out. */
export function wordsOf(name: string): ReadonlySet<string> {
  const words = name
    .replaceAll(/\([^)]*\)/g, " ")
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  return new Set(words.flatMap((word) => (SHORT_FORMS.get(word) ?? word).split(" ")));
}

/** 0 to 1: what two names have in common of what both say; 1 for the same words. */
export function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = weightOf([...a].filter((word) => b.has(word)));
  const all = weightOf([...a]) + weightOf([...b]);
  return all === 0 ? 0 : (2 * both) / all;
}

function weightOf(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + (WEAK.has(word) ? WEAK_WEIGHT : 1), 0);
}
