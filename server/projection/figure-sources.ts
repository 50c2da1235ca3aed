/** Where each figure that a deal's programs read comes from in a projection. */
import type { CompiledDeal } from "../deals/compile-deal.ts";
import { FIXED_FIGURES } from "../deals/terms-format.ts";
import { parseDecimal } from "../lib/money.ts";
import type { Scenario, TextVector } from "./scenario.ts";

/** What the pool gives of the figure catalogue. */
export const POOL_FIGURES = [
  "poolOpening",
  "poolClosing",
  "loanCount",
  "availableFunds",
  "principal",
  "interest",
  "recoveries",
  "liquidationProceeds",
  "chargeOffs",
  "otherAdjustments",
  "delinquent60",
  "prepaidInFull",
] as const;
export type PoolFigure = (typeof POOL_FIGURES)[number];

/** A figure of the pool, or values by period that the scenario states, in the figure's unit. */
export type FigureSource =
  { from: "pool"; figure: PoolFigure } | { from: "scenario"; values: readonly bigint[] };

/** A scenario with everything that a deal's engine reads beside the pool. */
export interface ScenarioPlan extends Omit<Scenario, "figures" | "indices" | "notices"> {
  /** By position in the deal's figures. */
  figures: readonly FigureSource[];
  /** Fixings of the feed indices by period, WAD, by position in the deal's indices. */
  fixings: readonly (readonly bigint[])[];
  /** First period in which each notice is in force, by position; null: never. */
  notices: readonly (number | null)[];
}

export interface Planning {
  /** Null when anything is missing or unknown. */
  plan: ScenarioPlan | null;
  problems: string[];
}

export type FigureUnit = "money" | "count" | "rate" | "flag";

const DECIMALS: Readonly<Record<FigureUnit, number>> = { money: 2, count: 0, rate: 16, flag: 0 };
const EXAMPLES: Readonly<Record<FigureUnit, string>> = {
  money: "an amount such as 1000.00",
  count: "a whole number",
  rate: "a percentage such as 4.35",
  flag: "0 or 1",
};

const isPoolFigure = (name: string): name is PoolFigure =>
  (POOL_FIGURES as readonly string[]).includes(name);

function readValues(texts: TextVector, unit: FigureUnit): bigint[] {
  return texts.map((text) => {
    const plain = unit === "rate" ? text.replace(/\s*%$/, "") : text;
    return parseDecimal(plain, DECIMALS[unit]);
  });
}

interface Vectors {
  stated: ReadonlyMap<string, TextVector>;
  /** As in the scenarios file: `figures` or `index`. */
  section: string;
  problems: string[];
}

function readStated({ stated, section, problems }: Vectors, name: string, unit: FigureUnit) {
  try {
    return readValues(stated.get(name) ?? [], unit);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    problems.push(`${section}.${name}: ${error.message}; write ${EXAMPLES[unit]}`);
    return [];
  }
}

/** What a name of the scenario meets nothing of in the deal is a slip of the pen. */
function refuseUnknown({ stated, section, problems }: Vectors, known: readonly string[]): void {
  for (const name of stated.keys()) {
    if (known.includes(name)) continue;
    const names = known.length === 0 ? "the deal has none" : `known: ${known.join(", ")}`;
    problems.push(`${section}.${name}: the deal reads no such thing; ${names}`);
  }
}

function figureSources(deal: CompiledDeal, stated: Vectors): FigureSource[] {
  const units = new Map(deal.file.figures.map(({ name, unit }) => [name, unit]));
  return deal.terms.figures.map(({ name }): FigureSource => {
    const fixed = (FIXED_FIGURES as readonly string[]).includes(name);
    if (stated.stated.has(name) && !fixed) {
      return { from: "scenario", values: readStated(stated, name, units.get(name) ?? "money") };
    }
    if (stated.stated.has(name)) {
      stated.problems.push(`figures.${name}: it follows from the pool and cannot be stated`);
    }
    if (isPoolFigure(name)) return { from: "pool", figure: name };
    if (!stated.stated.has(name)) {
      const message = `nothing projects the deal's figure \`${name}\`; state it by period, \`figures: { ${name}: [ … ] }\``;
      stated.problems.push(message);
    }
    return { from: "scenario", values: [0n] };
  });
}

/** Binds a scenario to a deal: every figure, index and notice that the deal reads has its values. */
export function planScenario(deal: CompiledDeal, scenario: Scenario): Planning {
  const { terms } = deal;
  const problems: string[] = [];
  const figures = { stated: scenario.figures, section: "figures", problems };
  const indices = { stated: scenario.indices, section: "index", problems };
  refuseUnknown(
    figures,
    terms.figures.map(({ name }) => name),
  );
  refuseUnknown(
    indices,
    terms.indices.map(({ name }) => name),
  );
  const noticeNames = terms.notices.map(({ name }) => name);
  for (const name of scenario.notices.keys()) {
    if (!noticeNames.includes(name)) problems.push(`notices.${name}: the deal has no such notice`);
  }
  const fixings = terms.indices.map(({ name }) => {
    if (!scenario.indices.has(name)) problems.push(`index.${name} is missing; write it in percent`);
    return readStated(indices, name, "rate");
  });
  const plan: ScenarioPlan = {
    name: scenario.name,
    assumptions: scenario.assumptions,
    call: scenario.call,
    purchasePrice: scenario.purchasePrice,
    figures: figureSources(deal, figures),
    fixings,
    notices: noticeNames.map((name) => scenario.notices.get(name) ?? null),
  };
  return { plan: problems.length > 0 ? null : plan, problems };
}
