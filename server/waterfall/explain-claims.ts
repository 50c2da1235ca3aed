/** What stands before the first step: cash received, interest and fees accrued, caps rolled. */
import { AVAILABLE_FUNDS, COMPONENTS } from "../deals/terms-format.ts";
import type { Expression } from "../deals/deal-terms.ts";
import type { Rounding } from "../lib/mul-div.ts";
import { explainExpression } from "./explain-expression.ts";
import { amountOf, say, sayChain, saySum } from "./explain-node.ts";
import type { Amount, Formula } from "./explain-node.ts";
import { calendarOf, daysOf, figureOf, openingOf, termOf } from "./explain-openings.ts";
import type { RunStory } from "./explain-story.ts";
import { writeAmount } from "./explain-units.ts";
import { ACCRUAL } from "./explain-story.ts";
import type { Derivation } from "./run-memory.ts";
import { PART } from "./run-memory.ts";

const positive = (value: bigint) => (value > 0n ? value : 0n);
const minimum = (a: bigint, b: bigint) => (a < b ? a : b);

/** The value that an expression outside the steps gave. */
export function derivationOf(
  story: RunStory,
  of: Derivation["of"],
  index: number,
): Derivation | undefined {
  return story.run.derivations.find((entry) => entry.of === of && entry.index === index);
}

/** What each account with a figure of its own received, in the order of the deal. */
function receiptsOf(story: RunStory): { account: number; amount: Amount }[] {
  const { terms, input } = story;
  const funds = figureOf(story, AVAILABLE_FUNDS, input.figures[AVAILABLE_FUNDS] ?? 0n);
  const receipts: { account: number; amount: Amount }[] = [];
  let left = funds.value;
  terms.accounts.forEach(({ name, receives }, account) => {
    if (receives === null) return;
    const figure = figureOf(story, receives, input.figures[receives] ?? 0n);
    const earlier = receipts.map(({ amount }) => amount);
    const value = minimum(positive(figure.value), left);
    left -= value;
    const amount = amountOf({
      key: `received.${account}`,
      name: `received.${name}`,
      value,
      unit: "money",
      words: `of the period's cash for account ${name}`,
      source: { kind: "accrual", words: "cash of the period, shared before the steps" },
      formula: () => say`min(max(0, ${figure}), ${subtract(funds, earlier)})`,
    });
    receipts.push({ account, amount });
  });
  return receipts;
}

function subtract(from: Amount, amounts: readonly Amount[]): Formula {
  const less = amounts.map((amount) => ({ sign: "-" as const, amount }));
  return sayChain([{ sign: "+", amount: from }, ...less]);
}

/** An account with the period's cash in it. */
export function accountAtStart(story: RunStory, index: number): Amount {
  const { terms, input } = story;
  const name = terms.accounts[index]?.name ?? `${index}`;
  const opening = openingOf(story, { kind: "account", index });
  const receipts = receiptsOf(story);
  const received = receipts.filter(({ account }) => account === index);
  const isCollection = index === terms.collectionAccount;
  if (received.length === 0 && !isCollection) return opening;
  const funds = figureOf(story, AVAILABLE_FUNDS, input.figures[AVAILABLE_FUNDS] ?? 0n);
  const own = received.map(({ amount }) => ({ sign: "+" as const, amount }));
  const others = isCollection
    ? [
        { sign: "+" as const, amount: funds },
        ...receipts.map(({ amount }) => ({ sign: "-" as const, amount })),
      ]
    : [];
  const parts = [...own, ...others];
  const value = parts.reduce(
    (sum, { sign, amount }) => (sign === "+" ? sum + amount.value : sum - amount.value),
    opening.value,
  );
  return amountOf({
    key: `acct0.${index}`,
    name: `acct0.${name}`,
    value,
    unit: "money",
    words: `account ${name} with the period's cash, before the steps`,
    source: { kind: "running balance", words: "before the first step" },
    formula: () => sayChain([{ sign: "+", amount: opening }, ...parts]),
  });
}

export function capUsedAtStart(story: RunStory, index: number): Amount {
  const { terms, input } = story;
  const cap = terms.caps[index];
  const [before, now] = [terms.calendar[input.period - 2], terms.calendar[input.period - 1]];
  const key = cap?.year === "calendar year" ? "calendarYear" : "closingYear";
  const isNew = cap?.year !== "life of the deal" && before?.[key] !== now?.[key];
  if (!isNew) return openingOf(story, { kind: "cap", index });
  const words = `the payment date begins a new ${cap?.year ?? "year"}: nothing is used`;
  return calendarOf(story, `opening.${cap?.name ?? index}`, { value: 0n, unit: "money", words });
}

const ROUNDING: Record<Rounding, string> = { "half-up": "halfUp", floor: "floor", ceil: "ceil" };

/** `halfUp(balance * rate * days / year)`. */
function accrual(
  story: RunStory,
  { amount, rate, basis, rounding }: { amount: Amount; rate: Amount } & Accrued,
): Formula {
  const year = `${story.terms.bases[basis] ?? 1}`;
  return say`${ROUNDING[rounding]}(${amount} * ${rate} * ${daysOf(story, basis)} / ${year})`;
}

interface Accrued {
  basis: number;
  rounding: Rounding;
}

/** What a rate is cut to, as on chain. */
const MAX_RATE = (1n << 64n) - 1n;

/** The coupon of a class before any cap by available funds. */
function statedRate(story: RunStory, index: number): Amount {
  const terms = story.terms.classes[index];
  const name = terms?.name ?? `${index}`;
  const derived = derivationOf(story, "coupon", index);
  if (terms === undefined || terms.coupon === null || derived === undefined) {
    const value = terms?.couponWad ?? 0n;
    const term = { value, section: "classes", entry: name, unit: "percent" } as const;
    return termOf(story, `coupon.${name}`, term);
  }
  return amountOf({
    key: `coupon.${index}`,
    name: `coupon.${name}`,
    value: minimum(positive(derived.value), MAX_RATE),
    unit: "percent",
    words: `coupon of class ${name} this period`,
    source: { kind: "coupon", words: `coupon of class ${name}` },
    formula: () => {
      const formula = derivedFormula(story, terms.coupon ?? [], derived);
      return derived.value > MAX_RATE
        ? say`min(${formula}, ${writeAmount("percent", MAX_RATE)})`
        : formula;
    },
  });
}

/** A derived value as its expression gives it, at least 0. */
function derivedFormula(story: RunStory, tokens: Expression, derived: Derivation): Formula {
  const { readings } = derived;
  const reader = { at: ACCRUAL, by: "accrual", index: derived.index } as const;
  const formula = explainExpression(story, { tokens, readings, position: -1, reader });
  return derived.value < 0n ? say`max(0, ${formula})` : formula;
}

/** The rate that accrues: the coupon, at most what the available funds bear. */
export function rateOf(story: RunStory, index: number): Amount {
  const stated = statedRate(story, index);
  const terms = story.terms.classes[index];
  const derived = derivationOf(story, "availableFundsCap", index);
  const tokens = terms?.availableFundsCap ?? null;
  if (tokens === null || derived === undefined) return stated;
  const name = terms?.name ?? `${index}`;
  const cap = amountOf({
    key: `fundsCap.${index}`,
    name: `availableFundsCap.${name}`,
    value: positive(derived.value),
    unit: "percent",
    words: `highest rate that the available funds bear for class ${name}`,
    source: { kind: "coupon", words: `available-funds cap of class ${name}` },
    formula: () => derivedFormula(story, tokens, derived),
  });
  return amountOf({
    key: `rate.${index}`,
    name: `rate.${name}`,
    value: story.run.rates[index] ?? 0n,
    unit: "percent",
    words: `annual rate of class ${name} this period`,
    source: { kind: "coupon", words: "the coupon within the available-funds cap" },
    formula: () => say`min(${stated}, ${cap})`,
  });
}

const PART_WORDS: readonly string[] = [
  "interest on unpaid interest",
  "interest unpaid from earlier periods",
  "interest accrued this period",
  "interest deferred",
  "interest carried over",
];

/** One part of a class's claim as it stands before the steps. */
export function claimPartAtStart(story: RunStory, index: number, part: number): Amount {
  const { name = `${index}` } = story.terms.classes[index] ?? {};
  const kind = COMPONENTS[part] ?? "current";
  if (part === PART.SHORTFALL) return openingOf(story, { kind: "shortfall", index });
  if (part === PART.DEFERRED) return openingOf(story, { kind: "deferred", index });
  return amountOf({
    key: `claim.${index}.${part}`,
    name: `${kind}.${name}`,
    address: part === PART.CURRENT ? `classes.${name}.interestCurrent` : null,
    value: story.run.claims[index]?.[part] ?? 0n,
    unit: "money",
    words: `${PART_WORDS[part]} of class ${name}`,
    source: { kind: "accrual", words: `interest of class ${name}, accrued before the steps` },
    formula: () => partFormula(story, index, part),
  });
}

function partFormula(story: RunStory, index: number, part: number): Formula {
  const terms = story.terms.classes[index];
  if (terms === undefined) return say`0`;
  const [rate, stated] = [rateOf(story, index), statedRate(story, index)];
  const accrue = (amount: Amount, at: Amount) =>
    accrual(story, { amount, rate: at, basis: terms.basis, rounding: terms.rounding });
  const opening = (kind: "balance" | "shortfall" | "deferred" | "carryOver") =>
    openingOf(story, { kind, index });
  if (part === PART.CURRENT) return accrue(opening("balance"), rate);
  if (part === PART.INTEREST_ON_SHORTFALL) {
    const before = openingOf(story, { kind: "shortfallInterest", index });
    const onShortfall = terms.interestOnShortfall ? [accrue(opening("shortfall"), rate)] : [];
    const onDeferred = terms.interestOnDeferred ? [accrue(opening("deferred"), rate)] : [];
    const parts = [...onShortfall, ...onDeferred].map((amount) => ({ sign: "+" as const, amount }));
    return sayChain([{ sign: "+", amount: before }, ...parts]);
  }
  const before = opening("carryOver");
  const capped = terms.availableFundsCap !== null;
  const above = say` + ${accrue(opening("balance"), stated)} - ${claimPartAtStart(story, index, PART.CURRENT)}`;
  const onCarried = terms.interestOnCarryOver ? say` + ${accrue(before, stated)}` : say``;
  return say`${before}${capped ? above : say``}${onCarried}`;
}

/** What an ordinary interest payment may meet: the parts in the class's order. */
export function dueAtStart(story: RunStory, index: number): Amount {
  const { name = `${index}`, componentOrder = [] } = story.terms.classes[index] ?? {};
  const parts = componentOrder
    .map((part) => claimPartAtStart(story, index, COMPONENTS.indexOf(part)))
    .filter(({ value }) => value !== 0n);
  return amountOf({
    key: `due0.${index}`,
    name: `due0.${name}`,
    value: parts.reduce((sum, { value }) => sum + value, 0n),
    unit: "money",
    words: `interest due of class ${name} before the steps`,
    source: { kind: "accrual", words: `claim of class ${name}` },
    formula: () => saySum(parts),
  });
}

/** A class's whole claim, with the parts that do not stand in its order. */
export function claimOf(story: RunStory, index: number): Amount {
  const { name = `${index}` } = story.terms.classes[index] ?? {};
  const parts = COMPONENTS.map((_, part) => claimPartAtStart(story, index, part)).filter(
    ({ value }) => value !== 0n,
  );
  return amountOf({
    key: `claim.${index}`,
    name: `interestDue.${name}`,
    address: `classes.${name}.interestDue`,
    value: story.run.classes[index]?.interestDue ?? 0n,
    unit: "money",
    words: `whole interest claim of class ${name}`,
    source: { kind: "accrual", words: `claim of class ${name}` },
    formula: () => saySum(parts),
  });
}

/** What a fee accrued this period. */
function feeAccrued(story: RunStory, index: number): Amount {
  const fee = story.terms.fees[index];
  const name = fee?.name ?? `${index}`;
  const before = story.input.state.feesUnpaid[index] ?? 0n;
  const value = (story.run.feesDue[index] ?? 0n) - before;
  if (fee?.kind === "fixed") {
    return termOf(story, `amount.${name}`, { value, section: "fees", entry: name });
  }
  return amountOf({
    key: `accrued.${index}`,
    name: `accrued.${name}`,
    value,
    unit: "money",
    words: `accrued this period for ${name}`,
    source: { kind: "accrual", words: `fee ${name}` },
    formula: () => feeFormula(story, index),
  });
}

function feeFormula(story: RunStory, index: number): Formula | null {
  const fee = story.terms.fees[index];
  if (fee === undefined) return null;
  const derived = derivationOf(story, "fee", index);
  const expression =
    derived === undefined ? null : derivedFormula(story, fee.expression ?? [], derived);
  if (fee.kind === "expression") return expression;
  const figure = fee.baseFigure ?? 0;
  const stated = figureOf(story, figure, story.input.figures[figure] ?? 0n);
  const base = amountOf({
    key: `base.${index}`,
    name: `base.${fee.name}`,
    value: positive(derived?.value ?? stated.value),
    unit: "money",
    words: `what the fee ${fee.name} accrues on`,
    source: { kind: "accrual", words: `base of the fee ${fee.name}` },
    formula: () => expression ?? say`max(0, ${stated})`,
  });
  const term = { value: fee.amount, section: "fees", entry: fee.name, unit: "percent" } as const;
  const { basis, rounding } = fee;
  const rate = termOf(story, `rate.${fee.name}`, term);
  return accrual(story, { amount: base, rate, basis, rounding });
}

export function feeDueAtStart(story: RunStory, index: number): Amount {
  const name = story.terms.fees[index]?.name ?? `${index}`;
  const unpaid = openingOf(story, { kind: "fee", index });
  const accrued = feeAccrued(story, index);
  return amountOf({
    key: `fdue0.${index}`,
    name: `due0.${name}`,
    address: `fees.${name}.due`,
    value: story.run.feesDue[index] ?? 0n,
    unit: "money",
    words: `due of the fee ${name} before the steps`,
    source: { kind: "accrual", words: `fee ${name}` },
    formula: () => {
      if (unpaid.value !== 0n) return say`${unpaid} + ${accrued}`;
      return accrued.formula() ?? say`${accrued}`;
    },
  });
}
