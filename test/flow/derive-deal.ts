import { readFile } from "node:fs/promises";
import path from "node:path";

const GOLDEN = path.resolve(import.meta.dirname, "../golden/amcar-2017-4");
const DAY = 86_400_000;
/** The first payment date lies so many days back: with weekend and holidays it has come in any case. */
const PAID_DAYS_AGO = 7;
/** Every month has this day. */
const LAST_COMMON_DAY = 28;
/** The classes end at least so many months after the first payment. */
const FINAL_MONTHS = 40;
const GOLDEN_CUT_OFF = { year: 2017, month: 9 };

/** The golden deal as if it had been closed lately, and its first tapes. */
export interface DerivedDeal {
  id: string;
  source: string;
  /** YYYY-MM: the cut-off tape's month, and the first collection month, which can be paid now. */
  cutOffMonth: string;
  month: string;
  /** Days before the closing. */
  beforeClosing: Date;
  /** The tape of one of the two months. */
  tape(month: string): Promise<Buffer>;
}

/**
 * Moves the golden deal's dates so that `now` lies between its first payment date and its second
 * record date. Amounts, rates and programs stay as they are.
 */
export async function deriveDeal(now: Date): Promise<DerivedDeal> {
  const paid = new Date(now.getTime() - PAID_DAYS_AGO * DAY);
  paid.setUTCDate(Math.min(paid.getUTCDate(), LAST_COMMON_DAY));
  const day = paid.getUTCDate();
  const at = (months: number): { year: number; month: number } => {
    const date = new Date(Date.UTC(paid.getUTCFullYear(), paid.getUTCMonth() + months, 1));
    return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1 };
  };
  const date = (months: number): string => `${text(at(months))}-${two(day)}`;
  const cutOff = at(-2);
  let final = FINAL_MONTHS;
  // It has to be a payment date as it is: no Saturday, no Sunday.
  while ([0, 6].includes(new Date(date(final)).getUTCDay())) final += 1;
  const id = "lately-closed";
  const golden = await readFile(path.join(GOLDEN, "deal.yaml"), "utf8");
  const source = golden
    .replace("id: amcar-2017-4\n", `id: ${id}\n`)
    .replace("cutOff: 2017-09-30", `cutOff: ${text(cutOff)}-${two(lastDay(cutOff))}`)
    .replace("closing: 2017-10-18", `closing: ${date(-1)}`)
    .replace("firstAccrualFrom: 2017-10-18", `firstAccrualFrom: ${date(-1)}`)
    .replace("firstCollectionMonth: 2017-10", `firstCollectionMonth: ${text(at(-1))}`)
    .replace("firstPaymentDate: 2017-11-18", `firstPaymentDate: ${date(0)}`)
    .replace("periods: 51 # 39 months of tapes, then a tail of 12", "periods: 51")
    // Its first report comes after the payment date and is paid on at once.
    .replace(/\nreporting:[^]*?\n\n/, "\n\n")
    .replaceAll(/finalScheduledDate: \S+/g, `finalScheduledDate: ${date(final)}`);
  return {
    id,
    source,
    cutOffMonth: text(cutOff),
    month: text(at(-1)),
    beforeClosing: new Date(Date.UTC(at(-1).year, at(-1).month - 1, day - 2)),
    tape: (month) => tapeOf(month, month === text(cutOff) ? 0 : 1),
  };
}

/** A golden tape with the reporting period of another month. */
async function tapeOf(month: string, monthsAfterCutOff: number): Promise<Buffer> {
  const golden = { ...GOLDEN_CUT_OFF, month: GOLDEN_CUT_OFF.month + monthsAfterCutOff };
  const tape = await readFile(path.join(GOLDEN, "tapes", `${text(golden)}.xml`), "utf8");
  const [year = 0, number = 0] = month.split("-").map(Number);
  const own = { year, month: number };
  const period = (of: { year: number; month: number }, day: number): string =>
    `${two(of.month)}-${two(day)}-${of.year}`;
  return Buffer.from(
    tape
      .replaceAll(`BeginningDate>${period(golden, 1)}<`, `BeginningDate>${period(own, 1)}<`)
      .replaceAll(
        `EndingDate>${period(golden, lastDay(golden))}<`,
        `EndingDate>${period(own, lastDay(own))}<`,
      ),
  );
}

function lastDay({ year, month }: { year: number; month: number }): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function text({ year, month }: { year: number; month: number }): string {
  return `${year}-${two(month)}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
