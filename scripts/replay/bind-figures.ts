/** The cash, figures and index rates of one period of an inputs file, as the engines take them. */
import { AVAILABLE_FUNDS } from "../../server/deals/terms-format.ts";
import type { FigureUnit } from "../../server/deals/deal-file.ts";
import { parseCents } from "../../server/lib/money.ts";
import { describeUnit, formatFigure, parseFigure } from "../../server/periods/figure-units.ts";
import { type Binder, namesOf, positionOf, readValue } from "./binder.ts";
import type { InputPeriod } from "./inputs-schema.ts";
import type { InputPath } from "./read-inputs.ts";

/** What a period takes over from the one before. */
export interface Roll {
  poolClosing: bigint;
  loanCount: bigint;
  /** Notices that stand, one bit each. */
  standing: number;
}

function readFigure(unit: FigureUnit, text: string): bigint {
  const value = parseFigure(unit, text);
  if (value === null) throw new RangeError(`"${text}" is not ${describeUnit(unit)}`);
  return value;
}

/** Cash by account: the figures of the accounts that receive, and the sum of all. */
function cashFigures(binder: Binder, input: InputPeriod, path: InputPath): Map<string, bigint> {
  const { terms } = binder.deal;
  const figures = new Map<string, bigint>();
  if (input.cash === undefined) return figures;
  let sum = 0n;
  for (const [name, text] of Object.entries(input.cash)) {
    const at = [...path, "cash", name];
    const account = positionOf(binder, namesOf(terms.accounts), {
      name,
      path: at,
      what: "account",
    });
    if (account === null) continue;
    const cents = parseCents(text);
    sum += cents;
    const receives = terms.accounts[account]?.receives ?? null;
    if (receives !== null) figures.set(terms.figures[receives]?.name ?? "", cents);
    else if (account !== terms.collectionAccount) {
      const message = `${name} receives no cash of the period: only the collection account does, and accounts with \`receives\``;
      binder.faults.push({ path: at, message });
    }
  }
  const available = terms.figures[AVAILABLE_FUNDS]?.name ?? "";
  return figures.set(available, sum);
}

function statedFigures(binder: Binder, input: InputPeriod, path: InputPath): Map<string, bigint> {
  const { file } = binder.deal;
  const stated = cashFigures(binder, input, path);
  for (const [name, text] of Object.entries(input.figures ?? {})) {
    const at = [...path, "figures", name];
    const what = "report figure";
    const position = positionOf(binder, namesOf(file.figures), { name, path: at, what });
    const unit = position === null ? "money" : (file.figures[position]?.unit ?? "money");
    stated.set(
      name,
      readValue(binder, at, () => readFigure(unit, text)),
    );
  }
  return stated;
}

/** Index rates: of a report's index its figure, of a feed's index its fixing. */
function bindIndices(
  binder: Binder,
  input: InputPeriod,
  { path, stated }: { path: InputPath; stated: Map<string, bigint> },
): bigint[] {
  const { terms } = binder.deal;
  const feeds = namesOf(terms.indices);
  const reported = namesOf(terms.figures);
  const fixings: (bigint | undefined)[] = feeds.map(() => undefined);
  for (const [name, text] of Object.entries(input.index ?? {})) {
    const at = [...path, "index", name];
    const rate = readValue(binder, at, () => readFigure("rate", text));
    if (feeds.includes(name)) fixings[feeds.indexOf(name)] = rate;
    else if (positionOf(binder, reported, { name, path: at, what: "index" }) !== null) {
      stated.set(name, rate);
    }
  }
  return fixings.map((rate, i) => {
    if (rate === undefined) {
      binder.faults.push({ path, message: `index.${feeds[i]} is missing` });
    }
    return rate ?? 0n;
  });
}

/** The registry refuses a report outside the deal's bounds, so no engine runs on one. */
function checkBounds(binder: Binder, values: readonly bigint[], path: InputPath): void {
  binder.deal.file.figures.forEach(({ name, unit, minimum, maximum }, i) => {
    const value = values[i] ?? 0n;
    if (value >= minimum && value <= maximum) return;
    const [stated, least, most] = [value, minimum, maximum].map((each) => formatFigure(unit, each));
    const message = `${name} is ${stated}; the deal lets a report state ${least} to ${most}`;
    binder.faults.push({ path, message });
  });
}

function orderFigures(
  binder: Binder,
  { stated, roll, path }: { stated: Map<string, bigint>; roll: Roll; path: InputPath },
): bigint[] {
  const { terms } = binder.deal;
  if (!stated.has("poolOpening")) stated.set("poolOpening", roll.poolClosing);
  if (!stated.has("loanCount")) stated.set("loanCount", roll.loanCount);
  const figures = terms.figures.map(({ name }, i) => {
    const value = stated.get(name);
    if (value === undefined) {
      const how = i === AVAILABLE_FUNDS ? ", and there is no cash to make it from" : "";
      binder.faults.push({ path, message: `figures.${name} is missing${how}` });
    }
    return value ?? 0n;
  });
  if (figures.every((_, i) => stated.has(terms.figures[i]?.name ?? ""))) {
    checkBounds(binder, figures, path);
  }
  roll.poolClosing = stated.get("poolClosing") ?? 0n;
  roll.loanCount = stated.get("loanCount") ?? 0n;
  return figures;
}

/** The report's figures in the order of the deal's table, and the fixings of its feed indices. */
export function bindFigures(
  binder: Binder,
  input: InputPeriod,
  { path, roll }: { path: InputPath; roll: Roll },
): { figures: bigint[]; fixings: bigint[] } {
  const stated = statedFigures(binder, input, path);
  const fixings = bindIndices(binder, input, { path, stated });
  return { figures: orderFigures(binder, { stated, roll, path }), fixings };
}
