/** What the notation of amounts means, in the words of a document: for the end of a deal's page. */

/** As it is written, what it reads, and what finds it in a page. */
const WORDS: readonly [written: string, meaning: string, found?: RegExp][] = [
  ["bal.A", "the principal balance of class A at this point of the run"],
  ["bal0.A", "the principal balance of class A as the run began"],
  ["due.A", "what is still due to class A, or of a fee, at this point of the run"],
  ["due0.A", "what was due to class A, or of a fee, as the run began"],
  ["acct.X", "the balance of the account X at this point of the run"],
  ["acct0.X", "the balance of the account X as the run began"],
  ["capLeft.X", "what is left of the cap X in its year"],
  ["written.A", "what class A is written down by"],
  ["current.A", "the interest that class A accrued in this period"],
  ["rate.A", "the annual rate of class A in this period"],
  ["face.A", "the original face of class A"],
  ["final.A", "the final scheduled payment date of class A"],
  ["deferred.A", "the deferred interest of class A"],
  ["carryOver.A", "the interest of class A carried over its available-funds cap"],
  ["pik.A", "the capitalised interest in the balance of class A"],
  ["drawn.X", "what is drawn under the facility X"],
  ["undrawn.X", "what may still be drawn under the facility X"],
  ["ledger.X", "the balance of the ledger X"],
  ["p.X", "the reported figure X"],
  ["index.X", "the rate at which the index X was fixed"],
  ["k.X", "the constant X, of this period where it changes"],
  ["trig.X", "whether the trigger X is in breach; trig.any: any of them"],
  ["notice.X", "whether the notice X is in force"],
  ["paid.X", "what the step named X above paid, moved or booked"],
  ["lost.X", "what the step named X above could not write down, write up or book"],
  ["payDate", "the payment date", /\bpayDate\b/],
  ["period", "the number of this period, the first 1", /\bperiod (?:[<>=!]=?|[-+*])/],
  ["month", "the month of collection, 1 to 12", /\bmonth (?:[<>=!]=?|[-+*])/],
  ["days('ACT/360', adjusted)", "the days of this period's accrual, by that day count"],
  ["hist(x, 2)", "the value that the series x had 2 periods ago"],
  ["histSum(x, 3)", "the sum of the last 3 values of the series x"],
  ["histMean(x, 3)", "the mean of the last 3 values of the series x"],
  ["histMax(x, 3)", "the highest of the last 3 values of the series x"],
  ["histCount(x, 3)", "how many of the last 3 values of the series x there are"],
  ["sumbal(A, B)", "the balances of the classes added up, at this point of the run"],
  ["sumdue(A, B)", "what is still due to the classes, or of the fees, added up"],
  ["sumwritten(A, B)", "what the classes are written down by, added up"],
  ["sumcurrent(A, B)", "the interest that the classes accrued in this period, added up"],
  ["cureIC(n, [A, B], 120, 100)", "the principal that cures an interest coverage test of 120/100"],
  ["pos(x)", "x, or zero where x is below zero"],
  ["min(x, y)", "the smaller of the two"],
  ["max(x, y)", "the greater of the two"],
  ["iff(c, x, y)", "x where c holds, otherwise y"],
  ["pct(x, r)", "the rate r of x, rounded down"],
  ["pctUp(x, r)", "the rate r of x, rounded up"],
  ["muldiv(x, y, z)", "x times y divided by z, rounded down"],
  ["muldivUp(x, y, z)", "x times y divided by z, rounded up"],
  ["ratio(x, y)", "x divided by y, as a rate"],
];

/** Finds a word by what its example begins with: `bal.` or `pos(`. */
function finder(written: string): RegExp {
  const [head = ""] = /^\w+[.(]/.exec(written) ?? [];
  return new RegExp(
    `(?<![\\w.-])${head.replace(/[.(]/, "\\$&")}${head.endsWith(".") ? "\\w" : ""}`,
  );
}

/** One line for each word of the notation that stands in the lines of a page. */
export function wordLines(lines: readonly string[]): string[] {
  const text = lines.join("\n");
  return WORDS.filter(([written, , found]) => (found ?? finder(written)).test(text)).map(
    ([written, meaning]) => `  ${written}  ${meaning}`,
  );
}
