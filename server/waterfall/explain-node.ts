/** What an explanation is made of: one amount, how it was computed, and what it was computed from. */
import type { AmountUnit } from "./explain-units.ts";
import { writeAmount } from "./explain-units.ts";

/** Where an amount comes from. */
export type SourceKind =
  | "step"
  | "payment"
  | "defined term"
  | "condition"
  | "running balance"
  | "accrual"
  | "coupon"
  | "result"
  | "report figure"
  | "restatement"
  | "index fixing"
  | "constant"
  | "schedule"
  | "term of the deal"
  | "calendar"
  | "opening balance"
  | "earlier period"
  | "series"
  | "trigger"
  | "transition"
  | "notice"
  | "purchase list"
  | "cap";

export interface AmountSource {
  kind: SourceKind;
  /** In words: which step, which tape, which place of the deal file, which period. */
  words: string;
  /** The explanation that goes on from here, where it is another period's: month and address. */
  period?: string;
  amount?: string;
}

/** A formula with names, the same with numbers, and what stands in it, in its order. */
export interface Formula {
  text: string;
  substituted: string;
  inputs: readonly Amount[];
}

/** An amount before its tree is drawn: the formula is only asked for where it is shown. */
export interface Amount {
  /** Tells the amount from every other of the run: the same key, the same amount at the same moment. */
  key: string;
  name: string;
  /** Under which it can be asked for; null where it cannot. */
  address: string | null;
  value: bigint;
  unit: AmountUnit;
  /** Of a phase, what stands for its number. */
  valueText: string;
  words: string;
  clause: string | null;
  source: AmountSource;
  formula(): Formula | null;
}

/** One amount of the tree. */
export interface ExplanationNode {
  name: string;
  address: string | null;
  /** Exact: decimal text; rates in percent; dates ISO. */
  value: string;
  unit: AmountUnit;
  words: string;
  clause: string | null;
  formula: string | null;
  substituted: string | null;
  source: AmountSource;
  /** The name under which it stands further up in the tree, with its inputs; null: it is new. */
  above: string | null;
  inputs: ExplanationNode[];
}

interface AmountParts {
  key: string;
  name: string;
  value: bigint;
  unit: AmountUnit;
  words: string;
  source: AmountSource;
  clause?: string | null;
  address?: string | null;
  valueText?: string;
  formula?: () => Formula | null;
}

const none = (): null => null;

/** An amount with what its maker leaves out; without a formula it is a leaf. */
export function amountOf(parts: AmountParts): Amount {
  return {
    clause: null,
    address: null,
    valueText: writeAmount(parts.unit, parts.value),
    formula: none,
    ...parts,
  };
}

const isFormula = (part: Amount | Formula): part is Formula => "inputs" in part;

/** Writes a formula from its amounts: say`min(${cash}, ${due})` has names in one text, numbers in the other. */
export function say(text: TemplateStringsArray, ...parts: (Amount | Formula | string)[]): Formula {
  const formula = { text: text[0] ?? "", substituted: text[0] ?? "" };
  const inputs: Amount[] = [];
  parts.forEach((part, i) => {
    const after = text[i + 1] ?? "";
    if (typeof part === "string") {
      formula.text += part + after;
      formula.substituted += part + after;
    } else if (isFormula(part)) {
      formula.text += part.text + after;
      formula.substituted += part.substituted + after;
      inputs.push(...part.inputs);
    } else {
      formula.text += part.name + after;
      formula.substituted += part.valueText + after;
      inputs.push(part);
    }
  });
  return { ...formula, inputs };
}

/** Amounts with a sign between them: `a + b - c`; "0" without any. */
export function sayChain(parts: readonly { sign: "+" | "-"; amount: Amount | Formula }[]): Formula {
  const [first, ...rest] = parts;
  if (first === undefined) return say`0`;
  const head = first.sign === "-" ? say`0 - ${first.amount}` : say`${first.amount}`;
  return rest.reduce((sum, { sign, amount }) => say`${sum} ${sign} ${amount}`, head);
}

export function saySum(amounts: readonly Amount[]): Formula {
  return sayChain(amounts.map((amount) => ({ sign: "+", amount })));
}

/** Amounts between brackets. */
export function sayList(amounts: readonly Amount[]): Formula {
  const list = amounts.reduce<Formula | null>(
    (all, amount) => (all === null ? say`${amount}` : say`${all}; ${amount}`),
    null,
  );
  return say`[${list ?? say``}]`;
}

export interface TreeLimits {
  /** Levels below the amount itself; undefined: down to the leaves. */
  depth?: number | undefined;
}

/** Draws the tree of an amount. What stands in it more than once has its inputs at the first place. */
export function drawTree(amount: Amount, { depth }: TreeLimits = {}): ExplanationNode {
  const drawn = new Map<string, string>();
  const draw = (one: Amount, level: number): ExplanationNode => {
    const { key, valueText, formula: _formula, ...facts } = one;
    const formula = one.formula();
    const above = drawn.get(key) ?? null;
    const isDeep = depth !== undefined && level >= depth;
    if (above === null && !isDeep) drawn.set(key, one.name);
    const unique = new Map((formula?.inputs ?? []).map((input) => [input.key, input]));
    return {
      ...facts,
      value: valueText.replaceAll(",", "").replace(/ %$/, "").replaceAll("'", ""),
      formula: formula?.text ?? null,
      substituted: formula?.substituted ?? null,
      above: unique.size > 0 ? above : null,
      inputs:
        above !== null || isDeep ? [] : [...unique.values()].map((input) => draw(input, level + 1)),
    };
  };
  return draw(amount, 0);
}
