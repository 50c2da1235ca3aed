/** How the rates of one column lie, in fixed memory: which unit they are in shows in the pool, not in a row. */
import { RATE_UNIT } from "../canonical-fields.ts";

/** Steps of a factor of 2: the median is known to within 5 % of itself. */
const STEPS = 16;
/** From 1e-12 to above 9 times a year. */
const BANDS = 44 * STEPS;

export class RateDistribution {
  readonly #bands = new Uint32Array(BANDS);
  #above = 0;
  #weighted = 0;
  #weight = 0;

  /** @param weight the balance that bears the rate; statistics only, no money comes from it */
  add(rate: number, weight: number): void {
    if (rate > 0) {
      const band = Math.floor(Math.log2(rate) * STEPS);
      this.#bands[Math.min(BANDS - 1, band)] =
        (this.#bands[Math.min(BANDS - 1, band)] as number) + 1;
      this.#above += 1;
    }
    if (weight > 0) {
      this.#weighted += rate * weight;
      this.#weight += weight;
    }
  }

  /** Of the rates above 0, as a fraction a year; null when there is none. */
  median(): number | null {
    if (this.#above === 0) return null;
    let left = this.#above / 2;
    let band = 0;
    for (; band < BANDS - 1; band += 1) {
      left -= this.#bands[band] as number;
      if (left <= 0) break;
    }
    return 2 ** ((band + 0.5) / STEPS) / RATE_UNIT;
  }

  /** Weighted by balance, as a fraction a year; null when no balance bears a rate. */
  mean(): number | null {
    return this.#weight === 0 ? null : this.#weighted / this.#weight / RATE_UNIT;
  }
}
