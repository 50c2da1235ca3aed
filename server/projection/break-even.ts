/** The default rate that each class just bears. */
import type { ScenarioPlan } from "./figure-sources.ts";
import { measureClasses } from "./measure-classes.ts";
import { projectDeal } from "./project-deal.ts";
import type { ProjectedDeal } from "./project-deal.ts";

/** Constant CDRs are tried in hundredths of a per cent. */
const HIGHEST = 10_000;

/**
 * The largest constant CDR, in hundredths of a per cent, under which a class loses neither principal
 * nor interest, everything else as in the scenario; null when it loses without any default. Found by
 * bisection: a class is taken to bear what is less than it bears.
 */
export function findBreakEvens(deal: ProjectedDeal, plan: ScenarioPlan): (number | null)[] {
  const tried = new Map<number, boolean[]>();
  const bears = (cdr: number): boolean[] => {
    const known = tried.get(cdr);
    if (known !== undefined) return known;
    const defaults = { rate: "cdr" as const, values: [cdr / HIGHEST] };
    const stressed = { ...plan, assumptions: { ...plan.assumptions, defaults } };
    const measures = measureClasses(deal, projectDeal(deal, stressed));
    const borne = measures.map((each) => each.principalLoss === 0n && each.interestLoss === 0n);
    tried.set(cdr, borne);
    return borne;
  };
  return deal.terms.classes.map((_, i) => {
    if (bears(0)[i] !== true) return null;
    if (bears(HIGHEST)[i] === true) return HIGHEST;
    let borne = 0;
    let lost = HIGHEST;
    while (lost - borne > 1) {
      const middle = Math.floor((borne + lost) / 2);
      if (bears(middle)[i] === true) borne = middle;
      else lost = middle;
    }
    return borne;
  });
}
