/** `bal.A`, `k.limit`, `payDate`: one name of program text -> the tokens that read it. */
import type { Place } from "./deal-source.ts";
import type { ExpressionToken } from "./deal-terms.ts";
import { checkStage, known, resolveName } from "./expression-scope.ts";
import type { ConstantMeaning, DealNames, Scope } from "./expression-scope.ts";
import { instead } from "./suggest-instead.ts";
import { OPCODE } from "./terms-format.ts";

interface Reference {
  /** The whole word. */
  text: string;
  prefix: string;
  name: string;
  place: Place;
}

type PositionMap = {
  [K in keyof DealNames]: DealNames[K] extends ReadonlyMap<string, number> ? K : never;
}[keyof DealNames];

/** Prefixes that name one position of one list. */
const PLAIN: Readonly<Record<string, { code: number; list: PositionMap; kind: string }>> = {
  bal: { code: OPCODE.BAL, list: "classes", kind: "class" },
  bal0: { code: OPCODE.BAL0, list: "classes", kind: "class" },
  written: { code: OPCODE.WRITTEN, list: "classes", kind: "class" },
  final: { code: OPCODE.FINAL, list: "classes", kind: "class" },
  current: { code: OPCODE.CURRENT, list: "classes", kind: "class" },
  rate: { code: OPCODE.RATE, list: "classes", kind: "class" },
  acct: { code: OPCODE.ACCT, list: "accounts", kind: "account" },
  acct0: { code: OPCODE.ACCT0, list: "accounts", kind: "account" },
  capLeft: { code: OPCODE.CAPLEFT, list: "caps", kind: "cap" },
  p: { code: OPCODE.FIGURE, list: "figures", kind: "reported figure" },
  index: { code: OPCODE.FIGURE, list: "indices", kind: "index" },
  notice: { code: OPCODE.NOTICE, list: "notices", kind: "notice" },
};

type Compile = (scope: Scope, reference: Reference) => ExpressionToken[];

/** Prefixes whose meaning depends on more than a position. */
const SPECIAL: Readonly<Record<string, Compile>> = {
  due: compileDue,
  due0: compileDue,
  paid: compileStepReference,
  lost: compileStepReference,
  k: compileConstant,
  trig: compileTrigger,
  ledger: compileLedger,
  face: compileFace,
  deferred: compileOwnLane,
  carryOver: compileOwnLane,
  pik: compileOwnLane,
  drawn: compileFacility,
  undrawn: compileFacility,
};

const BARE: Readonly<Record<string, number>> = {
  payDate: OPCODE.PAYDAY,
  period: OPCODE.PERIOD,
  month: OPCODE.MONTH,
};

const token = (code: number, operand = 0): ExpressionToken => ({ code, operand });

/** Position of the name of a reference, whose fault points at the whole word. */
function resolve(
  scope: Scope,
  list: ReadonlyMap<string, number>,
  { name, place, text }: Reference,
  kind: string,
): number {
  return resolveName(scope, list, { kind, name, place, written: text });
}

function compileDue(scope: Scope, reference: Reference): ExpressionToken[] {
  const { classes, fees } = scope.names;
  const fee = fees.get(reference.name);
  const running = reference.prefix === "due";
  if (fee !== undefined) return [token(running ? OPCODE.FDUE : OPCODE.FDUE0, fee)];
  const all = new Map([...classes, ...fees]);
  const operand = resolve(scope, all, reference, "class or fee");
  return [token(running ? OPCODE.DUE : OPCODE.DUE0, operand)];
}

function compileStepReference(scope: Scope, reference: Reference): ExpressionToken[] {
  const { prefix, name, place, text } = reference;
  const step = scope.steps?.get(name);
  if (step === undefined) {
    const where = scope.steps === null ? "outside programs" : "above this line in this program";
    const message = `there is no step labelled \`AS ${name}\` ${where}`;
    scope.complain(place, "unknown-name", text, message);
    return [token(OPCODE.PAID)];
  }
  const allocates = ["LOSS", "GAIN", "BOOK"].includes(step.operation);
  if (prefix === "lost" && !allocates) {
    const message = `lost.${name} is what a LOSS, GAIN or BOOK could not place; ${name} is a ${step.operation}`;
    scope.complain(place, "wrong-step", text, message);
  }
  return [token(prefix === "paid" ? OPCODE.PAID : OPCODE.LOST, step.index)];
}

/** `iff(trig.a, x, iff(trig.b, y, value))` for a constant that triggers change. */
function whileTokens(
  scope: Scope,
  { value, during, unit }: Extract<ConstantMeaning, { kind: "while" }>,
): ExpressionToken[] {
  const tokens = [token(OPCODE.CONST, scope.literal(value, unit))];
  for (const { trigger, value: then } of during.toReversed()) {
    tokens.unshift(
      token(OPCODE.TRIG, trigger),
      token(OPCODE.JZ, 2),
      token(OPCODE.CONST, scope.literal(then, unit)),
      token(OPCODE.JMP, tokens.length),
    );
  }
  return tokens;
}

function compileConstant(scope: Scope, reference: Reference): ExpressionToken[] {
  const { constants } = scope.names;
  const meaning = constants.get(reference.name);
  switch (meaning?.kind) {
    case "fixed":
      return [token(OPCODE.CONST, meaning.position)];
    case "schedule":
      return [token(OPCODE.SCHED, meaning.position)];
    case "settable":
      return [token(OPCODE.SLANE, meaning.lane)];
    case "while":
      return whileTokens(scope, meaning);
    default: {
      const { place, text, name } = reference;
      const message = `there is no constant \`${name}\`; ${instead(name, constants.keys())}known: ${known(constants.keys())}`;
      scope.complain(place, "unknown-name", text, message);
      return [token(OPCODE.CONST)];
    }
  }
}

/** `trig.any` is 1 while at least one trigger is in breach. */
function compileTrigger(scope: Scope, reference: Reference): ExpressionToken[] {
  const { triggers } = scope.names;
  if (reference.name !== "any" || triggers.size === 0) {
    return [token(OPCODE.TRIG, resolve(scope, triggers, reference, "trigger"))];
  }
  return [...triggers.values()].flatMap((trigger, i) =>
    i === 0 ? [token(OPCODE.TRIG, trigger)] : [token(OPCODE.TRIG, trigger), token(OPCODE.OR)],
  );
}

function compileLedger(scope: Scope, reference: Reference): ExpressionToken[] {
  const { ledgers, firstLedgerLane } = scope.names;
  const ledger = resolve(scope, ledgers, reference, "ledger");
  return [token(OPCODE.LANE, firstLedgerLane + ledger)];
}

function compileFace(scope: Scope, reference: Reference): ExpressionToken[] {
  const { classes, classFacts } = scope.names;
  const face = classFacts[resolve(scope, classes, reference, "class")]?.face ?? 0n;
  return [token(OPCODE.CONST, scope.literal(face, "money"))];
}

const OWN_LANE_TERMS = {
  deferred: "unpaidInterest: deferred",
  carryOver: "an availableFundsCap",
  pik: "capitalises: true",
};

/** What a class has deferred, carried over or capitalised. */
function compileOwnLane(scope: Scope, reference: Reference): ExpressionToken[] {
  const { classes, classFacts } = scope.names;
  const lane = reference.prefix as keyof typeof OWN_LANE_TERMS;
  const position = resolve(scope, classes, reference, "class");
  const own = classFacts[position]?.lanes[lane] ?? null;
  if (own === null && classes.has(reference.name)) {
    const message = `class ${reference.name} keeps no such amount; it has one with the term ${OWN_LANE_TERMS[lane]}`;
    scope.complain(reference.place, "no-such-amount", reference.text, message);
  }
  return [token(OPCODE.LANE, own ?? 0)];
}

/** The undrawn part is the cash of the facility's account, the drawn part what is missing in it. */
function compileFacility(scope: Scope, reference: Reference): ExpressionToken[] {
  const { facilities, accounts } = scope.names;
  const limit = facilities.get(reference.name);
  if (limit === undefined) {
    const message = `there is no facility \`${reference.name}\`; known: ${known(facilities.keys())}`;
    scope.complain(reference.place, "unknown-name", reference.text, message);
    return [token(OPCODE.CONST)];
  }
  const cash = token(OPCODE.ACCT, accounts.get(reference.name) ?? 0);
  if (reference.prefix === "undrawn") return [cash];
  return [
    token(OPCODE.CONST, scope.literal(limit, "money")),
    cash,
    token(OPCODE.SUB),
    token(OPCODE.POS),
  ];
}

function compileBare(scope: Scope, name: string, place: Place): ExpressionToken[] {
  const code = BARE[name];
  if (code !== undefined) return [token(code)];
  if (name === "phase") {
    scope.complain(place, "not-a-test", name, "compare the phase: `phase == 'EARLY'`");
    return [token(OPCODE.PHASE)];
  }
  if (name === "purchasePrice") return compilePrice(scope, place);
  const named = scope.lets?.get(name);
  if (named === undefined) {
    const lets = scope.lets === null ? "none outside programs" : known(scope.lets.keys());
    const dash = name.includes("-") ? " (a minus has spaces around it)" : "";
    const message = `there is no amount \`${name}\` above this line; ${instead(name, scope.lets?.keys() ?? [])}known: ${lets}${dash}`;
    scope.complain(place, "unknown-name", name, message);
  } else if (!scope.branches.includes(named.branch)) {
    const message = `\`${name}\` is named inside an IF and unknown outside it; name it before the IF`;
    scope.complain(place, "out-of-branch", name, message);
  }
  return [token(OPCODE.LET, named?.slot ?? 0)];
}

/** The price of the purchase list; there is one only in a deal that buys. */
function compilePrice(scope: Scope, place: Place): ExpressionToken[] {
  const { purchasePrice } = scope.names;
  if (purchasePrice === null) {
    const message = "no program buys collateral, so there is no purchase list; leave this out";
    scope.complain(place, "unknown-name", "purchasePrice", message);
  }
  return [token(OPCODE.FIGURE, purchasePrice ?? 0)];
}

/** What documents call what has another prefix here. */
const SPOKEN: Readonly<Record<string, string>> = {
  shortfall: "`due.`, which is what a claim still has open once its step has run",
  unpaid: "`due.`, which is what a claim still has open once its step has run",
  interest: "`current.` (of this period) or `due.` (with what is unpaid)",
  balance: "`bal.`",
  principal: "`bal.`",
  account: "`acct.`",
  reserve: "`acct.`",
  coupon: "`rate.`",
  trigger: "`trig.`",
  figure: "`p.`",
  constant: "`k.`",
  pdl: "`ledger.`",
};

function referenceTokens(scope: Scope, text: string, place: Place): ExpressionToken[] {
  const dot = text.indexOf(".");
  if (dot === -1) return compileBare(scope, text, place);
  const reference = { text, prefix: text.slice(0, dot), name: text.slice(dot + 1), place };
  const { prefix } = reference;
  if (Object.hasOwn(PLAIN, prefix)) {
    const plain = PLAIN[prefix] as (typeof PLAIN)[string];
    return [token(plain.code, resolve(scope, scope.names[plain.list], reference, plain.kind))];
  }
  if (Object.hasOwn(SPECIAL, prefix)) return (SPECIAL[prefix] as Compile)(scope, reference);
  const meant = Object.hasOwn(SPOKEN, prefix) ? `write ${SPOKEN[prefix]}; ` : "";
  const forms = [...Object.keys(PLAIN), ...Object.keys(SPECIAL)].map((form) => `${form}.`);
  const message = `\`${text}\` names nothing; ${meant}use one of ${forms.join(" ")}`;
  scope.complain(place, "unknown-name", text, message);
  return [token(OPCODE.CONST)];
}

/** Tokens of one name; a name that does not exist is complained of and stands as 0. */
export function compileReference(scope: Scope, text: string, place: Place): ExpressionToken[] {
  const tokens = referenceTokens(scope, text, place);
  checkStage(scope, tokens, { text, place });
  return tokens;
}
