/** Where each figure that a deal's programs read comes from in a projection. */
import type { CompiledDeal } from "../deals/compile-deal.ts";
import type { FigureUnit } from "../deals/deal-file.ts";
import { FIXED_FIGURES } from "../deals/terms-format.ts";
import { parseDecimal } from "../lib/money.ts";
import type { Scenario, TextVector } from "./scenario.ts";

/** What the pool gives, with its unit: the figures of the catalogue, then others that deals read. */
const POOL_FIGURES = {
  poolOpening: "money",
  poolClosing: "money",
  loanCount: "count",
  availableFunds: "money",
  principal: "money",
  interest: "money",
  recoveries: "money",
  liquidationProceeds: "money",
  chargeOffs: "money",
  otherAdjustments: "money",
  delinquent60: "money",
  prepaidInFull: "count",
  scheduledPrincipal: "money",
  prepayments: "money",
  netLosses: "money",
  cumulativeChargeOffs: "money",
  cumulativeNetLosses: "money",
  averageRate: "rate",
} as const satisfies Record<string, FigureUnit>;
export type PoolFigure = keyof typeof POOL_FIGURES;

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

const DECIMALS: Readonly<Record<FigureUnit, number>> = { money: 2, count: 0, rate: 16, flag: 0 };
const EXAMPLES: Readonly<Record<FigureUnit, string>> = {
  money: "an amount such as 1000.00",
  count: "a whole number",
  rate: "a percentage such as 4.35",
  flag: "0 or 1",
};

const isPoolFigure = (name: string): name is PoolFigure => Object.hasOwn(POOL_FIGURES, name);

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

/** An index of the deal, from a feed or from the report: WAD by period. */
function readIndex(indices: Vectors, name: string): bigint[] {
  if (!indices.stated.has(name)) {
    const message = `index.${name} is missing; write it in percent, \`index: { ${name}: [ … ] }\``;
    indices.problems.push(message);
  }
  return readStated(indices, name, "rate");
}

/** What a name of the scenario meets nothing of in the deal is a slip of the pen. */
function refuseUnknown({ stated, section, problems }: Vectors, known: readonly string[]): void {
  for (const name of stated.keys()) {
    if (known.includes(name)) continue;
    const names = known.length === 0 ? "the deal has none" : `known: ${known.join(", ")}`;
    problems.push(`${section}.${name}: the deal reads no such thing; ${names}`);
  }
}

interface Given {
  figures: Vectors;
  indices: Vectors;
}

/** A figure as the scenario states it: values by period, or the name of what the pool gives. */
function readFigure(stated: Vectors, name: string, unit: FigureUnit): FigureSource {
  const [text = "", ...others] = stated.stated.get(name) ?? [];
  if (others.length > 0 || !isPoolFigure(text)) {
    return { from: "scenario", values: readStated(stated, name, unit) };
  }
  if (POOL_FIGURES[text] !== unit) {
    const message = `figures.${name}: \`${text}\` is a figure of unit ${POOL_FIGURES[text]}, not ${unit}`;
    stated.problems.push(message);
  }
  return { from: "pool", figure: text };
}

function figureSources(deal: CompiledDeal, { figures, indices }: Given): FigureSource[] {
  const reported = new Set(deal.file.indices.map(({ name }) => name));
  const missing: string[] = [];
  const sources = deal.terms.figures.map(({ name }, i): FigureSource => {
    if (reported.has(name)) return { from: "scenario", values: readIndex(indices, name) };
    const isFixed = (FIXED_FIGURES as readonly string[]).includes(name);
    const unit = deal.file.figures[i]?.unit ?? "money";
    if (figures.stated.has(name) && !isFixed) return readFigure(figures, name, unit);
    if (figures.stated.has(name)) {
      figures.problems.push(`figures.${name}: it follows from the pool and cannot be stated`);
    }
    if (!isPoolFigure(name)) {
      missing.push(name);
      return { from: "scenario", values: [0n] };
    }
    return { from: "pool", figure: name };
  });
  if (missing.length > 0) figures.problems.push(whatToState(missing));
  return sources;
}

/** One message for all figures that nothing gives. */
function whatToState(missing: readonly string[]): string {
  const [what, values] =
    missing.length === 1 ? ["figure", "its values"] : ["figures", "the values"];
  const named = missing.map((name) => `\`${name}\``).join(", ");
  const written = missing.map((name) => `${name}: …`).join(", ");
  const names = Object.keys(POOL_FIGURES).join(", ");
  return `nothing projects the deal's ${what} ${named}; write \`figures: { ${written} }\` with ${values} by period or one of ${names}`;
}

/** Binds a scenario to a deal: every figure, index and notice that the deal reads has its values. */
export function planScenario(deal: CompiledDeal, scenario: Scenario): Planning {
  const { file, terms } = deal;
  const problems: string[] = [];
  const figures = { stated: scenario.figures, section: "figures", problems };
  const indices = { stated: scenario.indices, section: "index", problems };
  const indexNames = file.indices.map(({ name }) => name);
  const figureNames = terms.figures.map(({ name }) => name);
  refuseUnknown(
    figures,
    figureNames.filter((name) => !indexNames.includes(name)),
  );
  refuseUnknown(indices, indexNames);
  const noticeNames = terms.notices.map(({ name }) => name);
  for (const name of scenario.notices.keys()) {
    if (!noticeNames.includes(name)) problems.push(`notices.${name}: the deal has no such notice`);
  }
  const plan: ScenarioPlan = {
    name: scenario.name,
    assumptions: scenario.assumptions,
    call: scenario.call,
    purchasePrice: scenario.purchasePrice,
    figures: figureSources(deal, { figures, indices }),
    fixings: terms.indices.map(({ name }) => readIndex(indices, name)),
    notices: noticeNames.map((name) => scenario.notices.get(name) ?? null),
  };
  return { plan: problems.length > 0 ? null : plan, problems };
}
