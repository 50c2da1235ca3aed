/** A compiled deal and its pool, made ready for any number of scenarios. */
import { paymentDates } from "../deals/calculate-calendar.ts";
import type { CompiledDeal } from "../deals/compile-deal.ts";
import { foldCohorts } from "./fold-cohorts.ts";
import type { Pool } from "./pool.ts";
import type { ProjectedDeal } from "./project-deal.ts";

export function openProjection({ file, terms }: CompiledDeal, pool: Pool): ProjectedDeal {
  return {
    terms,
    months: file.calendar.months,
    availableFunds: file.tape.availableFunds,
    scheduledDays: terms.calendar.map((_, i) => paymentDates(file.calendar, i + 1).unadjusted),
    cohorts: foldCohorts(pool, terms.cutOffLoans),
  };
}
