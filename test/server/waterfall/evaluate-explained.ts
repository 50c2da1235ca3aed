/**
 * Evaluates the numbers of an explanation as an auditor with a calculator would: from the text alone.
 * Money (1,234.56) counts in cents, rates (1.5 %) in 1e-18, dates in days; inside a rounding function
 * and a quotient they are what they are.
 */
import type { DealTerms } from "../../../server/deals/deal-terms.ts";
import { parseDate } from "../../../server/lib/dates.ts";
import { parseDecimal } from "../../../server/lib/money.ts";
import { mulDivDown, mulDivHalfUp, mulDivUp, WAD } from "../../../server/lib/mul-div.ts";
import { splitCash } from "../../../server/waterfall/split-cash.ts";

const TOKEN =
  /\s*(?:(\d{4}-\d\d-\d\d)|((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(\s%)?|'([^']*)'|(\.\.\.)|([A-Za-z]+)|(<=|>=|==|!=|[-+*/()<>,;[\]]))/y;

/** A fraction; integers have a denominator of 1. */
interface Fraction {
  n: bigint;
  d: bigint;
}
type Value = Fraction | Fraction[] | null;

const whole = (n: bigint): Fraction => ({ n, d: 1n });
const bool = (holds: boolean): Fraction => whole(holds ? 1n : 0n);
const less = (a: Fraction, b: Fraction): boolean => a.n * b.d < b.n * a.d;
const same = (a: Fraction, b: Fraction): boolean => a.n * b.d === b.n * a.d;
const add = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
const negate = (a: Fraction): Fraction => ({ n: -a.n, d: a.d });

type Word = { kind: "number" | "name" | "sign"; text: string; value: Fraction; isRate: boolean };

function readWords(text: string, terms: DealTerms): Word[] {
  const words: Word[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new Error(`cannot read ${JSON.stringify(text.slice(at))} in ${text}`);
    const [, date, number, percent, quoted, dots, name, sign] = match;
    const plain = (value: bigint): Word => ({
      kind: "number",
      text: match[0],
      value: whole(value),
      isRate: percent !== undefined,
    });
    if (date !== undefined) words.push(plain(BigInt(parseDate(date))));
    else if (number !== undefined) {
      const decimals = percent === undefined ? (number.includes(".") ? 2 : 0) : 16;
      words.push(plain(parseDecimal(number.replaceAll(",", ""), decimals)));
    } else if (quoted !== undefined)
      words.push(plain(BigInt(terms.phases.findIndex((phase) => phase.name === quoted))));
    else if (dots !== undefined) words.push({ ...plain(0n), kind: "name", text: "..." });
    else if (name !== undefined) words.push({ ...plain(0n), kind: "name", text: name });
    else words.push({ ...plain(0n), kind: "sign", text: sign ?? "" });
  }
  return words;
}

const LEVELS = [
  ["or"],
  ["and"],
  ["not"],
  ["==", "!=", "<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/"],
];
const ROUNDINGS: Readonly<Record<string, (a: bigint, b: bigint, c: bigint) => bigint>> = {
  halfUp: mulDivHalfUp,
  floor: mulDivDown,
  ceil: mulDivUp,
};

/** The value of a formula with numbers in it, an integer. */
export function evaluateExplained(text: string, terms: DealTerms): bigint {
  const words = readWords(text, terms);
  let at = 0;
  /** Rates as fractions of 1: inside roundings and on both sides of a quotient's comparison. */
  let isReal = / \/ /.test(text) && !/halfUp|floor|ceil/.test(text);
  const peek = (): string => (words[at]?.kind === "number" ? "" : (words[at]?.text ?? ""));
  const take = (sign: string): void => {
    if (peek() !== sign) throw new Error(`expected ${sign} at ${at} of ${text}`);
    at += 1;
  };
  const list = (close: string): Value[] => {
    const values: Value[] = [];
    while (peek() !== close) {
      values.push(parse(0));
      if (peek() === "," || peek() === ";") at += 1;
    }
    take(close);
    return values;
  };
  const number = (value: Value): Fraction => {
    if (value === null || Array.isArray(value)) throw new Error(`no number in ${text}`);
    return value;
  };
  const int = (value: Value): bigint => {
    const { n, d } = number(value);
    if (n % d !== 0n) throw new Error(`${n}/${d} is not whole in ${text}`);
    return n / d;
  };
  const call = (name: string): Value => {
    const outer = isReal;
    if (ROUNDINGS[name] !== undefined) isReal = true;
    take("(");
    const values = list(")");
    isReal = outer;
    const v = (i: number): Fraction => number(values[i] ?? null);
    const numbers = (i: number): bigint[] => (values[i] as Fraction[]).map(int);
    const round = ROUNDINGS[name];
    if (round !== undefined) return whole(round(v(0).n, 1n, v(0).d));
    const least = (a: Fraction, b: Fraction) => (less(b, a) ? b : a);
    const most = (a: Fraction, b: Fraction) => (less(a, b) ? b : a);
    const scaled = (a: bigint, b: bigint, c: bigint, up: boolean): Fraction => {
      if (a < 0n || b < 0n || c <= 0n) return whole(0n);
      return whole(up ? mulDivUp(a, b, c) : mulDivDown(a, b, c));
    };
    const floored = (a: bigint, b: bigint, c: bigint): Fraction => {
      if (c <= 0n) return whole(0n);
      const quotient = (a * b) / c;
      return whole(a * b < 0n && quotient * c !== a * b ? quotient - 1n : quotient);
    };
    const all = values.map((value) => value);
    switch (name) {
      case "min":
        return all.map(number).reduce(least);
      case "max":
        return all.map(number).reduce(most);
      case "pos":
        return most(v(0), whole(0n));
      case "pct":
      case "pctUp":
        return scaled(int(v(0)), int(v(1)), WAD, name === "pctUp");
      case "muldiv":
      case "muldivUp":
        return scaled(int(v(0)), int(v(1)), int(v(2)), name === "muldivUp");
      case "smuldiv":
        return floored(int(v(0)), int(v(1)), int(v(2)));
      case "ratio":
        return floored(int(v(0)), WAD, int(v(1)));
      case "iff":
        return v(0).n !== 0n ? (values[1] ?? null) : (values[2] ?? null);
      case "perThousand":
        return whole(mulDivHalfUp(int(v(0)), 10n ** 10n, int(v(1))));
      case "proRata": {
        const [cash, demands, weights] = [int(v(1)), numbers(2), numbers(3)];
        const shares = splitCash({ cash, demands, weights, rounding: terms.splitRounding });
        return whole(shares[Number(int(v(0))) - 1] ?? 0n);
      }
      case "cureIC":
        return whole(cure(int(v(0)), numbers(1), [int(v(2)), int(v(3))]));
      default:
        throw new Error(`no function ${name} in ${text}`);
    }
  };
  const atom = (): Value => {
    const word = words[at];
    if (word === undefined) throw new Error(`${text} ends too early`);
    at += 1;
    if (word.kind === "number") {
      return word.isRate && isReal ? { n: word.value.n, d: WAD } : word.value;
    }
    if (word.text === "...") return null;
    if (word.text === "-") return negate(number(atom()));
    if (word.text === "(") {
      const value = parse(0);
      take(")");
      return value;
    }
    if (word.text === "[") return list("]").map(number);
    if (word.text === "largest" || word.text === "count") {
      take("[");
      const values = list("]").map(number);
      if (word.text === "count") return whole(BigInt(values.length));
      return values.reduce((a, b) => (less(a, b) ? b : a));
    }
    return call(word.text);
  };
  const combine = (sign: string, a: Fraction, b: Fraction): Fraction => {
    if (sign === "or") return bool(a.n !== 0n || b.n !== 0n);
    if (sign === "and") return bool(a.n !== 0n && b.n !== 0n);
    if (sign === "==") return bool(same(a, b));
    if (sign === "!=") return bool(!same(a, b));
    if (sign === "<") return bool(less(a, b));
    if (sign === "<=") return bool(!less(b, a));
    if (sign === ">") return bool(less(b, a));
    if (sign === ">=") return bool(!less(a, b));
    if (sign === "+") return add(a, b);
    if (sign === "-") return add(a, negate(b));
    if (sign === "*") return { n: a.n * b.n, d: a.d * b.d };
    // The denominator is above zero wherever a quotient is written.
    return b.d * b.n < 0n ? { n: -a.n * b.d, d: -a.d * b.n } : { n: a.n * b.d, d: a.d * b.n };
  };
  function parse(level: number): Value {
    if (level === LEVELS.length) return atom();
    if (level === 2 && peek() === "not") {
      at += 1;
      return bool(number(parse(2)).n === 0n);
    }
    let left = parse(level + 1);
    const signs = LEVELS[level] ?? [];
    while (signs.includes(peek()) && peek() !== "not") {
      const sign = peek();
      at += 1;
      left = combine(sign, number(left), number(parse(level + 1)));
    }
    return left;
  }
  const value = parse(0);
  if (at !== words.length) throw new Error(`${text} goes on at ${at}`);
  return int(value);
}

/** Cure of interest coverage over pairs of interest due and balance. */
function cure(income: bigint, pairs: readonly bigint[], [tn, td]: [bigint, bigint]): bigint {
  let interest = 0n;
  for (let i = 0; i < pairs.length; i += 2) interest += pairs[i] ?? 0n;
  let need = interest * tn - income * td;
  let principal = 0n;
  for (let i = 0; i < pairs.length && need > 0n; i += 2) {
    const [due, balance] = [pairs[i] ?? 0n, pairs[i + 1] ?? 0n];
    const saved = due * tn;
    if (saved === 0n) continue;
    principal += need >= saved ? balance : mulDivUp(need, balance, saved);
    need = need >= saved ? need - saved : 0n;
  }
  return principal;
}
