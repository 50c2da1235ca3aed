/** What one token reads, as the program notation names it. */
import { notesOf, unitOf, writeValue } from "./deal-notes.ts";
import type { DealTerms, ExpressionToken, StepTerms } from "./deal-terms.ts";
import { laneLayoutOf } from "./lane-layout.ts";
import { OPCODE } from "./terms-format.ts";

/** Tokens that name one position of a list. */
const LISTS: Readonly<
  Record<number, { prefix: string; of(terms: DealTerms): readonly { name: string }[] }>
> = {
  [OPCODE.BAL]: { prefix: "bal", of: (terms) => terms.classes },
  [OPCODE.BAL0]: { prefix: "bal0", of: (terms) => terms.classes },
  [OPCODE.DUE]: { prefix: "due", of: (terms) => terms.classes },
  [OPCODE.DUE0]: { prefix: "due0", of: (terms) => terms.classes },
  [OPCODE.FDUE]: { prefix: "due", of: (terms) => terms.fees },
  [OPCODE.FDUE0]: { prefix: "due0", of: (terms) => terms.fees },
  [OPCODE.ACCT]: { prefix: "acct", of: (terms) => terms.accounts },
  [OPCODE.ACCT0]: { prefix: "acct0", of: (terms) => terms.accounts },
  [OPCODE.CAPLEFT]: { prefix: "capLeft", of: (terms) => terms.caps },
  [OPCODE.WRITTEN]: { prefix: "written", of: (terms) => terms.classes },
  [OPCODE.FINAL]: { prefix: "final", of: (terms) => terms.classes },
  [OPCODE.CURRENT]: { prefix: "current", of: (terms) => terms.classes },
  [OPCODE.RATE]: { prefix: "rate", of: (terms) => terms.classes },
  [OPCODE.TRIG]: { prefix: "trig", of: (terms) => terms.triggers },
  [OPCODE.NOTICE]: { prefix: "notice", of: (terms) => terms.notices },
  [OPCODE.SCHED]: { prefix: "k", of: (terms) => terms.schedules },
};

const BARE: Readonly<Record<number, string>> = {
  [OPCODE.PAYDAY]: "payDate",
  [OPCODE.PERIOD]: "period",
  [OPCODE.MONTH]: "month",
  [OPCODE.PHASE]: "phase",
};

/** The steps of the program that the step at an absolute position belongs to. */
function programAround(terms: DealTerms, position: number): readonly StepTerms[] {
  const phase = terms.phases.find(
    ({ firstStep, stepCount }) => position >= firstStep && position < firstStep + stepCount,
  );
  if (phase === undefined) return [];
  return terms.steps.slice(phase.firstStep, phase.firstStep + phase.stepCount);
}

/** Names of the bits of a mask. */
export function nameInMask(names: readonly { name: string }[], mask: number): string {
  return names
    .filter((_, i) => (mask >> i) & 1)
    .map(({ name }) => name)
    .join(", ");
}

function constantText(terms: DealTerms, index: number): string {
  const name = terms.constantNames[index];
  if (name !== undefined) return `k.${name}`;
  return writeValue(terms.constants[index] ?? 0n, unitOf(terms, "constants", index));
}

/** The name of what a token reads, as the program writes it; null for operators and jumps. */
export function describeReference(
  terms: DealTerms,
  token: ExpressionToken,
  position: number,
): string | null {
  const { code, operand } = token;
  const list = LISTS[code];
  if (list !== undefined) return named(list.prefix, list.of(terms), operand);
  const bare = BARE[code];
  if (bare !== undefined) return bare;
  switch (code) {
    case OPCODE.CONST:
      return constantText(terms, operand);
    case OPCODE.FIGURE:
      return figureText(terms, operand);
    case OPCODE.LET:
      return letName(terms, operand, position);
    case OPCODE.PAID:
      return `paid.${stepName(terms, operand)}`;
    case OPCODE.LOST:
      return `lost.${stepName(terms, operand)}`;
    case OPCODE.LANE:
    case OPCODE.SLANE:
      return laneText(terms, operand);
    case OPCODE.DAYS:
      return daysText(terms, operand);
    case OPCODE.SUMFDUE:
      return `sumdue(${nameInMask(terms.fees, operand)})`;
    default:
      return sumText(terms, token) ?? historyText(terms, token);
  }
}

/** Without its note a basis is known by its year only. */
function daysText(terms: DealTerms, basis: number): string {
  const note = /^(.*) (\w+)$/.exec(notesOf(terms, "basis")[basis] ?? "");
  return note === null ? `days(over ${terms.bases[basis] ?? 0})` : `days('${note[1]}', ${note[2]})`;
}

const SUMS: Readonly<Record<number, string>> = {
  [OPCODE.SUMBAL]: "sumbal",
  [OPCODE.SUMDUE]: "sumdue",
  [OPCODE.SUMWRITTEN]: "sumwritten",
};

function sumText(terms: DealTerms, { code, operand }: ExpressionToken): string | null {
  const name = SUMS[code];
  return name === undefined ? null : `${name}(${nameInMask(terms.classes, operand)})`;
}

const HISTORIES: Readonly<Record<number, string>> = {
  [OPCODE.HIST]: "hist",
  [OPCODE.HISTSUM]: "histSum",
  [OPCODE.HISTMAX]: "histMax",
  [OPCODE.HISTCOUNT]: "histCount",
};

function historyText(terms: DealTerms, { code, operand }: ExpressionToken): string | null {
  const name = HISTORIES[code];
  if (name === undefined) return null;
  return `${name}(${terms.series[operand >> 8]?.name ?? operand >> 8}, ${operand & 0xff})`;
}

function named(prefix: string, list: readonly { name: string }[], position: number): string {
  return `${prefix}.${list[position]?.name ?? position}`;
}

function stepName(terms: DealTerms, position: number): string {
  return terms.steps[position]?.label ?? `${position}`;
}

/** Report figures, then the fixings of feeds, then the price of the purchase list. */
function figureText(terms: DealTerms, position: number): string {
  const { figures, indices } = terms;
  if (position < figures.length) {
    const isIndex = unitOf(terms, "figures", position) === "index";
    return named(isIndex ? "index" : "p", figures, position);
  }
  const fixing = position - figures.length;
  return fixing < indices.length ? named("index", indices, fixing) : "purchasePrice";
}

/** The name of what a lane holds. */
function laneText(terms: DealTerms, lane: number): string {
  const layout = laneLayoutOf(terms);
  for (const { name, lanes } of terms.classes) {
    const own = Object.entries(lanes).find(([, position]) => position === lane);
    if (own !== undefined) return `${own[0]}.${name}`;
  }
  if (lane >= layout.variables) return named("k", terms.variables, lane - layout.variables);
  if (lane >= layout.ledgers) return named("ledger", terms.ledgers, lane - layout.ledgers);
  return `lane ${lane}`;
}

function letName(terms: DealTerms, slot: number, position: number): string {
  const naming = programAround(terms, position).find(
    (step) => step.operation === "LET" && step.destination === slot,
  );
  return naming?.label ?? `let ${slot}`;
}
