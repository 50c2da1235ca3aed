/** How a step shared its cash among several: in order, or pro rata. */
import { COMPONENTS } from "../deals/terms-format.ts";
import { amountOf, say, sayChain, sayList } from "./explain-node.ts";
import type { Amount, Formula } from "./explain-node.ts";
import { balanceAt, capLeftAt, claimPartAt, feeDueAt, writtenAt } from "./explain-running.ts";
import { nameStep, recordOf, stepTermsOf } from "./explain-story.ts";
import type { RunStory } from "./explain-story.ts";
import type { Payment } from "./run-memory.ts";

/** What the explanation of the step itself gives. */
export interface StepParts {
  availableOf(story: RunStory, step: number): Amount;
  dueOf(story: RunStory, step: number): Amount;
  /** Classes of the list that an INT can pay, and what each has due. */
  payableDues(story: RunStory, step: number): { id: number; due: Amount }[];
}

/** A step that shares its cash. */
export interface SharingStep {
  step: number;
  parts: StepParts;
  /** Stated weights; null: by what each has due, or by balance. */
  weights: Formula | null;
}

export interface SharedPayment extends SharingStep {
  payment: number;
}

const total = (amounts: readonly Amount[]): bigint =>
  amounts.reduce((sum, { value }) => sum + value, 0n);

const VERBS: Record<Payment["kind"], string> = {
  fee: "paid to the fee",
  interest: "interest paid to class",
  principal: "principal paid to class",
  "write-down": "written down of class",
  "write-up": "written up of class",
  capitalised: "capitalised for class",
  account: "moved to account",
  payee: "paid to",
  ledger: "booked on ledger",
};

function recipientOf(story: RunStory, { kind, to }: Payment): string {
  const { fees, classes } = story.terms;
  return (kind === "fee" ? fees : classes)[to]?.name ?? `${to}`;
}

/** Positions of a step's payments to one recipient. */
function paymentsTo(story: RunStory, step: number, to: number): number[] {
  return recordOf(story, step).payments.flatMap((one, i) => (one.to === to ? [i] : []));
}

/** What a fee may take under its own cap, after the fees before it in the list. */
function withinCap(story: RunStory, step: number, place: number): Amount {
  const { list } = stepTermsOf(story, step);
  const id = list[place] ?? 0;
  const fee = story.terms.fees[id];
  const due = feeDueAt(story, id, step);
  if (fee?.cap === null || fee === undefined) return due;
  const left = capLeftAt(story, fee.cap, step);
  const earlier = list.flatMap((other, i) =>
    i < place && story.terms.fees[other]?.cap === fee.cap ? [withinCap(story, step, i)] : [],
  );
  const room = left.value - total(earlier);
  const rest = earlier.map((amount) => ({ sign: "-" as const, amount }));
  return amountOf({
    key: `within.${step}.${place}`,
    name: `within cap.${fee.name}`,
    value: due.value < room ? due.value : room,
    unit: "money",
    words: `what ${fee.name} may take under its cap`,
    clause: stepTermsOf(story, step).clause,
    source: { kind: "cap", words: `cap of the fee ${fee.name}` },
    formula: () => say`min(${due}, ${sayChain([{ sign: "+", amount: left }, ...rest])})`,
  });
}

/** The most that each of the list can take. */
function demandsOf(story: RunStory, { step, parts }: SharingStep): { id: number; due: Amount }[] {
  const { list, operation, capEach } = stepTermsOf(story, step);
  if (operation === "INT") return parts.payableDues(story, step);
  const most = (id: number, i: number): Amount => {
    if (operation === "GAIN") return writtenAt(story, id, step);
    if (operation !== "FEE") return balanceAt(story, id, step);
    return capEach ? withinCap(story, step, i) : feeDueAt(story, id, step);
  };
  return list.map((id, i) => ({ id, due: most(id, i) }));
}

/** What there is to share. */
function cashOf(story: RunStory, { step, parts }: SharingStep): Formula {
  const { operation } = stepTermsOf(story, step);
  const due = parts.dueOf(story, step);
  if (operation === "LOSS" || operation === "GAIN") return say`${due}`;
  const available = parts.availableOf(story, step);
  return operation === "PRIN" ? say`min(${available}, ${due})` : say`${available}`;
}

function hasNoCash(story: RunStory, { step, parts }: SharingStep): boolean {
  return parts.availableOf(story, step).value === 0n || parts.dueOf(story, step).value === 0n;
}

function givenTo(story: RunStory, step: number, id: number): bigint {
  const { payments } = recordOf(story, step);
  return payments.reduce((sum, { to, cents }) => (to === id ? sum + cents : sum), 0n);
}

interface Sharing {
  cash: Formula;
  demands: readonly Amount[];
  /** Of the one that is explained, from 0. */
  place: number;
  weights: Formula | null;
  /** Somebody got all that it can take: the rest was shared again. */
  hasFilled: boolean;
}

/** The stated weights one by one; the demands where none are stated. */
function weightList({ demands, weights }: Sharing): Formula[] {
  if (weights === null) return demands.map((demand) => say`${demand}`);
  const [texts, numbers] = [weights.text.split("; "), weights.substituted.split("; ")];
  return texts.map((text, i) => ({
    text,
    substituted: numbers[i] ?? "",
    inputs: i === 0 ? weights.inputs : [],
  }));
}

/**
 * A share by weight. Rounded to the running total (cumulative half-up), it is what falls due up to
 * and with this one, less what fell due before it; nobody is filled up, so one pass gives it all.
 */
function proRata(story: RunStory, sharing: Sharing): Formula {
  const { cash, demands, place } = sharing;
  const weights = weightList(sharing);
  // Rates among the weights count in 1e18 as the engine takes them: no calculator does.
  const isPlain = !weights.some(({ substituted }) => substituted.includes("%"));
  const isOnePass = !sharing.hasFilled && isPlain && weights.length === demands.length;
  if (story.terms.splitRounding === "cumulative half-up" && isOnePass) {
    const upTo = (count: number) => sayTotal(weights.slice(0, count));
    const whole = upTo(weights.length);
    const own = say`halfUp(${cash} * ${upTo(place + 1)} / ${whole})`;
    return place === 0 ? own : say`${own} - halfUp(${cash} * ${upTo(place)} / ${whole})`;
  }
  const [takes, shares] = [sayList(demands), weights.reduce((all, one) => say`${all}; ${one}`)];
  return say`proRata(${`${place + 1}`}, ${cash}, ${takes}, [${shares}])`;
}

function sayTotal(parts: readonly Formula[]): Formula {
  const sum = sayChain(parts.map((amount) => ({ sign: "+", amount })));
  return parts.length === 1 ? sum : say`(${sum})`;
}

/** What one of the list got, with its parts together. */
function givenFormula(story: RunStory, shared: SharingStep, to: number): Formula {
  const { step, weights } = shared;
  const { mode, operation } = stepTermsOf(story, step);
  const demands = demandsOf(story, shared);
  const place = demands.findIndex(({ id }) => id === to);
  const demand = demands[place]?.due;
  if (demand === undefined) return say`0`;
  const cash = cashOf(story, shared);
  const { payments } = recordOf(story, step);
  const given = payments.reduce((sum, { cents }) => sum + cents, 0n);
  const takes = demands.map(({ due }) => due);
  const nothing = given === 0n && hasNoCash(story, shared);
  if (nothing || given === total(takes)) return say`min(${cash}, ${demand})`;
  if (mode === "PRORATA" && operation !== "LOSS" && operation !== "GAIN") {
    // Without stated weights one that can take nothing weighs nothing.
    const isLive = ({ due }: { due: Amount }) => weights !== null || due.value > 0n;
    const hasFilled = demands
      .filter(isLive)
      .some(({ id, due }) => due.value <= givenTo(story, step, id));
    return proRata(story, { cash, demands: takes, place, weights, hasFilled });
  }
  const placeOf = (id: number) => demands.findIndex((entry) => entry.id === id);
  const earlier = payments.flatMap((one, i) =>
    placeOf(one.to) < place
      ? [{ sign: "-" as const, amount: story.explain.payment(story, step, i) }]
      : [],
  );
  return say`min(${sayChain([{ sign: "+", amount: cash }, ...earlier])}, ${demand})`;
}

/** Why one of the list got nothing. */
export function noPayment(
  story: RunStory,
  shared: SharingStep,
  recipient: { kind: "fee" | "interest" | "principal"; to: number },
): Amount {
  const { step } = shared;
  const name = recipientOf(story, { ...recipient, cents: 0n });
  return amountOf({
    key: `none.${step}.${recipient.to}`,
    name: `${recipient.kind} to ${name} in step ${step + 1}`,
    value: 0n,
    unit: "money",
    words: `nothing is paid to ${name} by ${nameStep(story, step)}`,
    clause: stepTermsOf(story, step).clause,
    source: { kind: "payment", words: nameStep(story, step) },
    formula: () => givenFormula(story, shared, recipient.to),
  });
}

/** A class's interest in one step is met part by part. */
function givenToClass(story: RunStory, shared: SharedPayment, to: number): Amount {
  const { step } = shared;
  const cents = paymentsTo(story, step, to).reduce(
    (sum, i) => sum + (recordOf(story, step).payments[i]?.cents ?? 0n),
    0n,
  );
  const name = story.terms.classes[to]?.name ?? `${to}`;
  return amountOf({
    key: `given.${step}.${to}`,
    name: `interest to ${name}`,
    value: cents,
    unit: "money",
    words: `interest that ${nameStep(story, step)} pays to class ${name}`,
    clause: stepTermsOf(story, step).clause,
    source: { kind: "payment", words: nameStep(story, step) },
    formula: () => givenFormula(story, shared, to),
  });
}

function paymentFormula(story: RunStory, shared: SharedPayment): Formula {
  const { step, payment } = shared;
  const { payments } = recordOf(story, step);
  const one = payments[payment] as Payment;
  const part = COMPONENTS.indexOf(one.component ?? "current");
  if (one.kind === "capitalised") return say`${claimPartAt(story, [one.to, part], step)}`;
  const others = paymentsTo(story, step, one.to);
  if (one.kind !== "interest" || others.length === 1) return givenFormula(story, shared, one.to);
  const earlier = others
    .filter((i) => i < payment)
    .map((i) => ({ sign: "-" as const, amount: story.explain.payment(story, step, i) }));
  const given = givenToClass(story, shared, one.to);
  const left = claimPartAt(story, [one.to, part], step);
  return say`min(${sayChain([{ sign: "+", amount: given }, ...earlier])}, ${left})`;
}

/** One payment of a step that has several recipients. */
export function sharedPayment(story: RunStory, shared: SharedPayment): Amount {
  const { step, payment } = shared;
  const one = recordOf(story, step).payments[payment] as Payment;
  const terms = stepTermsOf(story, step);
  const name = recipientOf(story, one);
  const part = one.component === undefined ? "" : ` (${one.component})`;
  const manner = terms.mode === "PRORATA" ? `, pro rata, ${story.terms.splitRounding}` : "";
  return amountOf({
    key: `payment.${step}.${payment}`,
    name: `${one.kind} to ${name} in step ${step + 1}${part}`,
    value: one.cents,
    unit: "money",
    words: `${VERBS[one.kind]} ${name}${part} by ${nameStep(story, step)}${manner}`,
    clause: terms.clause,
    source: { kind: "payment", words: nameStep(story, step) },
    formula: () => paymentFormula(story, shared),
  });
}
