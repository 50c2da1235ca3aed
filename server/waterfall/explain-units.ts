/** Units of what a run reads and computes: the bytes hold integers, an auditor reads money and rates. */
import type { DealFile } from "../deals/deal-file.ts";
import type { DealTerms, Expression, ExpressionToken } from "../deals/deal-terms.ts";
import { formatRate, unitOf as notedUnit } from "../deals/deal-notes.ts";
import type { UnitList } from "../deals/deal-notes.ts";
import { findCatalogueFigure } from "../deals/figure-catalogue.ts";
import { laneLayoutOf } from "../deals/lane-layout.ts";
import { OPCODE } from "../deals/terms-format.ts";
import { formatDate } from "../lib/dates.ts";
import { formatCentsGrouped, formatDecimal } from "../lib/money.ts";
import { WAD } from "../lib/mul-div.ts";

/** "number": an integer whose unit nothing tells. */
export type AmountUnit =
  "money" | "percent" | "count" | "date" | "flag" | "phase" | "per 1,000" | "number";

/** 9999-12-31: a sum of days beyond it is no date. */
const LAST_DAY = 2_932_896n;

/** An amount as formulas hold it: 1,234.56; 4.35066 %; 12; 2021-01-19. */
export function writeAmount(unit: AmountUnit, value: bigint): string {
  if (unit === "money") return formatCentsGrouped(value);
  if (unit === "percent") return formatRate(value);
  if (unit === "date" && value >= 0n && value <= LAST_DAY) return formatDate(Number(value));
  return unit === "per 1,000" ? formatDecimal(value, 7) : value.toString();
}

/** Exponents of money and of 1e18; null: a literal that takes the unit of what stands beside it. */
type Dimension = { money: number; wad: number } | "date" | "flag" | "phase" | null;

const MONEY: Dimension = { money: 1, wad: 0 };
const RATE: Dimension = { money: 0, wad: 1 };
const COUNT: Dimension = { money: 0, wad: 0 };

function unitOf(dimension: Dimension): AmountUnit {
  if (dimension === null) return "number";
  if (typeof dimension === "string") return dimension;
  const { money, wad } = dimension;
  if (money === 1 && wad === 0) return "money";
  if (money === 0 && wad === 1) return "percent";
  return money === 0 && wad === 0 ? "count" : "number";
}

/** Constants of 0.001 % and more are rates, as the deal's page reads them. */
const SMALLEST_RATE = 10n ** 13n;

export interface UnitScope {
  terms: DealTerms;
  file: DealFile | null;
}

const COUNTS: ReadonlySet<number> = new Set([
  OPCODE.PERIOD,
  OPCODE.MONTH,
  OPCODE.DAYS,
  OPCODE.HISTCOUNT,
]);
const FLAGS: ReadonlySet<number> = new Set([
  ...[OPCODE.TRIG, OPCODE.NOTICE, OPCODE.EQ, OPCODE.NE, OPCODE.LT, OPCODE.LE, OPCODE.GT],
  ...[OPCODE.GE, OPCODE.AND, OPCODE.OR, OPCODE.NOT],
]);
const DATES: ReadonlySet<number> = new Set([OPCODE.PAYDAY, OPCODE.FINAL]);
const HISTORIES: ReadonlySet<number> = new Set([OPCODE.HIST, OPCODE.HISTSUM, OPCODE.HISTMAX]);
const ADDITIVE: ReadonlySet<number> = new Set([OPCODE.ADD, OPCODE.SUB, OPCODE.MIN, OPCODE.MAX]);

function bySize(value: bigint): Dimension {
  const size = value < 0n ? -value : value;
  return size >= SMALLEST_RATE ? RATE : MONEY;
}

/** The unit that the terms note of a value; undefined where they do not. */
function noted(terms: DealTerms, list: UnitList, position: number): Dimension | undefined {
  switch (notedUnit(terms, list, position)) {
    case "money":
      return MONEY;
    case "rate":
    case "index":
      return RATE;
    case "count":
      return COUNT;
    case "flag":
      return "flag";
    case "date":
      return "date";
    default:
      return undefined;
  }
}

function figureDimension({ terms, file }: UnitScope, position: number): Dimension {
  const { figures, indices } = terms;
  if (position >= figures.length) return position < figures.length + indices.length ? RATE : MONEY;
  const known = noted(terms, "figures", position);
  if (known !== undefined) return known;
  const name = figures[position]?.name ?? "";
  const stated = file?.figures.find((figure) => figure.name === name)?.unit;
  const unit = stated ?? findCatalogueFigure(name)?.unit ?? "money";
  if (unit === "money") return MONEY;
  if (unit === "rate") return RATE;
  return unit === "flag" ? "flag" : COUNT;
}

/** Without a note named constants are read by their size; literals of a program stay open, as counts do. */
function constantDimension({ terms }: UnitScope, position: number): Dimension {
  const isNamed = position < terms.constantNames.length;
  const known = noted(terms, "constants", position);
  if (known !== undefined) return known === COUNT && !isNamed ? null : known;
  const value = terms.constants[position] ?? 0n;
  if (isNamed) return bySize(value);
  return value >= 10n ** 15n && value % 10n ** 12n === 0n ? RATE : null;
}

function laneDimension({ terms }: UnitScope, lane: number): Dimension {
  const layout = laneLayoutOf(terms);
  const variable = terms.variables[lane - layout.variables];
  if (lane < layout.variables || variable === undefined) return MONEY;
  return noted(terms, "variables", lane - layout.variables) ?? bySize(variable.initial);
}

function scheduleDimension({ terms }: UnitScope, position: number): Dimension {
  const known = noted(terms, "schedules", position);
  if (known !== undefined) return known;
  return bySize(terms.schedules[position]?.rows.find(({ value }) => value !== 0n)?.value ?? WAD);
}

/** The LET of a slot in the program around a step. */
function findLet(terms: DealTerms, slot: number, position: number): number {
  const phase = terms.phases.find(
    ({ firstStep, stepCount }) => position >= firstStep && position < firstStep + stepCount,
  );
  const first = phase?.firstStep ?? 0;
  const program = terms.steps.slice(first, first + (phase?.stepCount ?? 0));
  const index = program.findIndex(
    ({ operation, destination }) => operation === "LET" && destination === slot,
  );
  return index === -1 ? -1 : first + index;
}

function readDimension(scope: UnitScope, token: ExpressionToken, place: Place): Dimension {
  const { code, operand } = token;
  if (COUNTS.has(code)) return COUNT;
  if (FLAGS.has(code)) return "flag";
  if (DATES.has(code)) return "date";
  if (code === OPCODE.PHASE) return "phase";
  if (code === OPCODE.RATE) return RATE;
  if (code === OPCODE.FIGURE) return figureDimension(scope, operand);
  if (code === OPCODE.CONST) return constantDimension(scope, operand);
  if (code === OPCODE.SCHED) return scheduleDimension(scope, operand);
  if (code === OPCODE.SLANE || code === OPCODE.LANE) return laneDimension(scope, operand);
  if (HISTORIES.has(code)) return seriesDimension(scope, operand >> 8, place.depth);
  if (code === OPCODE.LET) return letDimension(scope, operand, place);
  return MONEY;
}

interface Place {
  position: number;
  /** How many definitions deep: a series may read itself. */
  depth: number;
}

const DEEPEST = 12;

function seriesDimension(scope: UnitScope, index: number, depth: number): Dimension {
  const series = scope.terms.series[index];
  if (series === undefined || depth > DEEPEST) return null;
  return dimensionOf(scope, series.value, { position: -1, depth: depth + 1 });
}

function letDimension(scope: UnitScope, slot: number, { position, depth }: Place): Dimension {
  const at = findLet(scope.terms, slot, position);
  const amount = scope.terms.steps[at]?.amount ?? null;
  if (amount === null || depth > DEEPEST) return MONEY;
  return dimensionOf(scope, amount, { position: at, depth: depth + 1 });
}

function times(a: Dimension, b: Dimension, sign: 1 | -1): Dimension {
  const left = typeof a === "object" && a !== null ? a : { money: 0, wad: 0 };
  const right = typeof b === "object" && b !== null ? b : { money: 0, wad: 0 };
  return { money: left.money + sign * right.money, wad: left.wad + sign * right.wad };
}

function operate(stack: Dimension[], code: number): void {
  const pop = (): Dimension => stack.pop() ?? null;
  if (code === OPCODE.NOT) stack.push((pop(), "flag"));
  else if (FLAGS.has(code)) stack.push((pop(), pop(), "flag"));
  else if (ADDITIVE.has(code)) {
    const [right, left] = [pop(), pop()];
    stack.push(left ?? right);
  } else if (code === OPCODE.POS) return;
  else if (code === OPCODE.MUL) stack.push(times(pop(), pop(), 1));
  else if (code === OPCODE.CUREIC) stack.push((pop(), pop(), pop(), MONEY));
  else if (code === OPCODE.PCT || code === OPCODE.PCTUP)
    stack.push(times(times(pop(), pop(), 1), RATE, -1));
  else {
    const [c, b, a] = [pop(), pop(), pop()];
    stack.push(times(times(a, b, 1), c, -1));
  }
}

const OPERATOR_CODES: ReadonlySet<number> = new Set([
  ...[OPCODE.ADD, OPCODE.SUB, OPCODE.MIN, OPCODE.MAX, OPCODE.POS, OPCODE.PCT, OPCODE.PCTUP],
  ...[OPCODE.MULDIV, OPCODE.MULDIVUP, OPCODE.EQ, OPCODE.NE, OPCODE.LT, OPCODE.LE, OPCODE.GT],
  ...[OPCODE.GE, OPCODE.AND, OPCODE.OR, OPCODE.NOT, OPCODE.MUL, OPCODE.SMULDIV, OPCODE.CUREIC],
]);

/** Both branches of an iff have one unit: the walk keeps the first that has any. */
function dimensionOf(scope: UnitScope, tokens: Expression, place: Place): Dimension {
  const walk = (from: number, to: number): Dimension => {
    const stack: Dimension[] = [];
    for (let at = from; at < to; at += 1) {
      const token = tokens[at] as ExpressionToken;
      if (token.code === OPCODE.JZ) {
        stack.pop();
        const jump = at + token.operand;
        const end = jump + 1 + (tokens[jump]?.operand ?? 0);
        stack.push(walk(at + 1, jump) ?? walk(jump + 1, end));
        at = end - 1;
      } else if (OPERATOR_CODES.has(token.code)) operate(stack, token.code);
      else stack.push(readDimension(scope, token, place));
    }
    return stack[0] ?? null;
  };
  return walk(0, tokens.length);
}

/** Unit of what one token reads. */
export function unitOfToken(
  scope: UnitScope,
  token: ExpressionToken,
  position: number,
): AmountUnit {
  return unitOf(readDimension(scope, token, { position, depth: 0 }));
}

/** Unit of what an expression gives; "number" where its parts do not tell. */
export function unitOfExpression(
  scope: UnitScope,
  tokens: Expression,
  position: number,
): AmountUnit {
  return unitOf(dimensionOf(scope, tokens, { position, depth: 0 }));
}

export function unitOfSeries(scope: UnitScope, index: number): AmountUnit {
  return unitOf(seriesDimension(scope, index, 0));
}

/** "1234567.89" -> "1,234,567.89". */
export function groupDigits(text: string): string {
  return text.replace(/\B(?=(\d{3})+(?!\d))/g, (found, _digits, at: number) =>
    text.slice(0, at).includes(".") ? found : ",",
  );
}
