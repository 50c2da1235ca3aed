/** What a tape adds up to, as it is read: what its sender's control totals are compared with. */
import { CANONICAL_FIELDS } from "../canonical-fields.ts";
import type { CanonicalField } from "../canonical-fields.ts";
import { formatCents } from "../../lib/money.ts";
import { NUMBER_AT, NUMBER_FIELDS } from "../loan-row.ts";
import type { LoanRow } from "../loan-row.ts";
import { isTerminated } from "./derive-status.ts";
import { RateDistribution } from "./rate-distribution.ts";

/** Of a rate: as fractions of a year in decimal text. */
export interface RateTotals {
  /** Weighted by the closing balance. */
  mean: string | null;
  /** Of the rates above 0, to within 5 %. */
  median: string | null;
}

/** Plain data: stored with the tape, shown, compared with those of the tape before. */
export interface ControlTotals {
  rows: number;
  /** Rows of loans that have ended, and of loans past due. */
  terminated: number;
  delinquent: number;
  /** Decimal text by canonical field, of the amounts that the file has. */
  sums: Partial<Record<CanonicalField, string>>;
  interestRate: RateTotals;
  servicingFeeRate: RateTotals;
}

const MONEY_FIELDS = NUMBER_FIELDS.filter((field) => CANONICAL_FIELDS[field] === "money");
const MONEY_PLACES = Int32Array.from(MONEY_FIELDS, (field) => NUMBER_AT[field]);
const RATE_AT = NUMBER_AT.interestRate;
const FEE_AT = NUMBER_AT.servicingFeeRate;
const ENDING_AT = NUMBER_AT.endingBalance;

/** A sum is exact up to 2^53; beyond half of that it moves into a bigint. */
const FULL = 2 ** 52;

export class ReadTotals {
  rows = 0;
  #terminated = 0;
  #delinquent = 0;
  readonly #sums = new Float64Array(MONEY_FIELDS.length);
  readonly #full = MONEY_FIELDS.map(() => 0n);
  readonly #stated = new Uint8Array(MONEY_FIELDS.length);
  readonly #rate = new RateDistribution();
  readonly #fee = new RateDistribution();

  add(row: LoanRow): void {
    const { numbers } = row;
    this.rows += 1;
    if (isTerminated(row)) this.#terminated += 1;
    if (row.bucket > 0) this.#delinquent += 1;
    for (let i = 0; i < MONEY_PLACES.length; i += 1) {
      const cents = numbers[MONEY_PLACES[i] as number] as number;
      // NaN is what the tape does not say.
      if (cents !== cents) continue;
      const sum = (this.#sums[i] as number) + cents;
      this.#sums[i] = sum;
      this.#stated[i] = 1;
      if (sum > FULL || sum < -FULL) this.#carry(i);
    }
    const weight = numbers[ENDING_AT] as number;
    const rate = numbers[RATE_AT] as number;
    if (rate === rate) this.#rate.add(rate, weight);
    const fee = numbers[FEE_AT] as number;
    if (fee === fee) this.#fee.add(fee, weight);
  }

  #carry(i: number): void {
    this.#full[i] = (this.#full[i] as bigint) + BigInt(this.#sums[i] as number);
    this.#sums[i] = 0;
  }

  /** In cents; null when no row states the amount. */
  sum(field: CanonicalField): bigint | null {
    const i = MONEY_FIELDS.indexOf(field);
    if (i < 0 || this.#stated[i] === 0) return null;
    return (this.#full[i] as bigint) + BigInt(this.#sums[i] as number);
  }

  control(): ControlTotals {
    const sums: ControlTotals["sums"] = {};
    for (const field of MONEY_FIELDS) {
      const cents = this.sum(field);
      if (cents !== null) sums[field] = formatCents(cents);
    }
    return {
      rows: this.rows,
      terminated: this.#terminated,
      delinquent: this.#delinquent,
      sums,
      interestRate: rateTotals(this.#rate),
      servicingFeeRate: rateTotals(this.#fee),
    };
  }
}

function rateTotals(distribution: RateDistribution): RateTotals {
  const text = (rate: number | null): string | null => rate?.toFixed(12) ?? null;
  return { mean: text(distribution.mean()), median: text(distribution.median()) };
}
