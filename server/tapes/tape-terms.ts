import type { CheckSettings } from "./checks/check-codes.ts";
import type { TapeMapping } from "./tape-mapping.ts";
import type { RateUnit } from "./tape-words.ts";

/** The amounts of a row that a deal's rules name. */
export type Flow =
  | "principal"
  | "interest"
  | "fees"
  | "otherAdjustment"
  | "chargeOff"
  | "recovery"
  | "liquidationProceeds"
  | "repurchase"
  | "prepaidPrincipal";

/**
 * What a deal says about its tapes. No balance rule holds across issuers even inside one schema, so
 * the rules are terms of the deal and never defaults.
 */
export interface TapeTerms {
  /** Id of a format, or "mapped". */
  format: string;
  /** What every loan id of this pool begins with, e.g. the trust's CIK number. */
  loanIdPrefix: string;
  rateUnit: RateUnit;
  /** Of servicing fees. */
  feeUnit: RateUnit;
  /** ending = beginning - the subtracted flows + the added ones, to within the tolerance. */
  rollForward: { subtract: readonly Flow[]; add: readonly Flow[]; toleranceCents: bigint };
  /** The flows, each with its sign, that are the period's available funds. */
  availableFunds: readonly Flow[];
  /** A loan further past due than this that still has a balance is refused (promise F5). */
  chargeOffAgeDays: number;
  /** ISO 4217 code of the deal; null where no deal is known. */
  currency: string | null;
  /** Severities of checks where the deal has its own. */
  checks: CheckSettings;
  /** Of a mapped tape; null for any other. */
  mapping: TapeMapping | null;
}

/** Which month of which deal a tape must be of. */
export interface TapePeriod {
  /** 0 is the cut-off tape, of which only closing balances are read. */
  ordinal: number;
  /** First and last day, YYYY-MM-DD. */
  begin: string;
  end: string;
}
