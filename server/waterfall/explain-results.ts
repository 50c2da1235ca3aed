/** What a run came to for each class, fee and payee. */
import { claimOf, claimPartAtStart, feeDueAtStart, rateOf } from "./explain-claims.ts";
import { amountOf, say, sayChain, saySum } from "./explain-node.ts";
import type { Amount, Formula } from "./explain-node.ts";
import { openingOf, termOf } from "./explain-openings.ts";
import { balanceAt, claimPartAt, feeDueAt, movedAmount, writtenAt } from "./explain-running.ts";
import { paidOf, paymentsTo } from "./explain-steps.ts";
import { AFTER_STEPS, stepTermsOf } from "./explain-story.ts";
import type { RunStory } from "./explain-story.ts";
import { PART } from "./run-memory.ts";
import { mulDivHalfUp } from "../lib/mul-div.ts";

interface Result {
  address: string;
  words: string;
  value: bigint;
  formula: () => Formula | null;
}

function resultOf({ address, words, value, formula }: Result): Amount {
  const source = { kind: "result", words: "result of the run" } as const;
  return amountOf({
    key: address,
    name: address,
    address,
    value,
    unit: "money",
    words,
    source,
    formula,
  });
}

/** Per 1,000 of original face, to seven digits. */
function perThousand(story: RunStory, index: number, paid: Amount): Amount {
  const { name = "", faceCents = 1n } = story.terms.classes[index] ?? {};
  const address = `${paid.address}PerThousand`;
  const face = termOf(story, `face.${name}`, { value: faceCents, section: "classes", entry: name });
  const value = faceCents === 0n ? 0n : mulDivHalfUp(paid.value, 10n ** 10n, faceCents);
  return amountOf({
    key: address,
    name: address,
    address,
    value,
    unit: "per 1,000",
    words: `entitlement per 1,000.00 of original face of class ${name}, to seven digits`,
    source: { kind: "result", words: "result of the run" },
    formula: () => say`perThousand(${paid}, ${face})`,
  });
}

/** What is left of a part of the claim goes over to the next period. */
function carried(story: RunStory, index: number, carry: Carry): Amount {
  const { name = "", deferrable = false } = story.terms.classes[index] ?? {};
  const parts = carry
    .parts(deferrable)
    .map((part) => claimPartAt(story, [index, part], AFTER_STEPS));
  const value = story.run.state.classes[index]?.[carry.of] ?? 0n;
  return resultOf({
    address: `classes.${name}.${carry.address}`,
    words: `${carry.words} of class ${name} after the run`,
    value,
    formula: () => saySum(parts),
  });
}

interface Carry {
  of: "shortfall" | "shortfallInterest" | "deferred" | "carryOver";
  address: string;
  words: string;
  parts(deferrable: boolean): number[];
}

const CARRIES: readonly Carry[] = [
  {
    of: "shortfall",
    address: "shortfall",
    words: "interest unpaid",
    parts: (deferrable) => (deferrable ? [PART.SHORTFALL] : [PART.SHORTFALL, PART.CURRENT]),
  },
  {
    of: "shortfallInterest",
    address: "shortfallInterest",
    words: "interest on unpaid interest, unpaid",
    parts: () => [PART.INTEREST_ON_SHORTFALL],
  },
  {
    of: "deferred",
    address: "deferred",
    words: "interest deferred",
    parts: (deferrable) => (deferrable ? [PART.DEFERRED, PART.CURRENT] : [PART.DEFERRED]),
  },
  {
    of: "carryOver",
    address: "carryOver",
    words: "interest carried over",
    parts: () => [PART.CARRY_OVER],
  },
];

/** Capitalised interest that is not repaid: principal repays it first. */
function capitalisedOf(story: RunStory, index: number, principal: Amount): Amount {
  const { name = "" } = story.terms.classes[index] ?? {};
  const added = (story.movements.get(`capitalised.${index}`) ?? []).map((move) => ({
    sign: "+" as const,
    amount: movedAmount(story, move),
  }));
  const opening = openingOf(story, { kind: "pik", index });
  const whole = () => sayChain([{ sign: "+", amount: opening }, ...added]);
  return resultOf({
    address: `classes.${name}.capitalised`,
    words: `interest of class ${name} added to its balance and not yet repaid`,
    value: story.run.state.classes[index]?.pik ?? 0n,
    formula: () => say`max(0, ${whole()} - ${principal})`,
  });
}

/** Everything about one class. */
export function classResults(story: RunStory, index: number): Amount[] {
  const terms = story.terms.classes[index];
  if (terms === undefined) return [];
  const { name } = terms;
  const result = story.run.classes[index];
  const interest = resultOf({
    address: `classes.${name}.interest`,
    words: `interest paid to class ${name}`,
    value: result?.interestPaid ?? 0n,
    formula: () => saySum(paymentsTo(story, { kind: "interest", to: index })),
  });
  const principal = resultOf({
    address: `classes.${name}.principal`,
    words: `principal paid to class ${name}`,
    value: result?.principalPaid ?? 0n,
    formula: () => saySum(paymentsTo(story, { kind: "principal", to: index })),
  });
  const rate = { ...rateOf(story, index), key: `rate.${index}!`, address: `classes.${name}.rate` };
  const carries = CARRIES.filter(({ of }) => {
    if (of === "deferred") return terms.lanes.deferred !== null;
    return of !== "carryOver" || terms.lanes.carryOver !== null;
  });
  return [
    interest,
    principal,
    balanceAt(story, index, AFTER_STEPS),
    claimOf(story, index),
    claimPartAtStart(story, index, PART.CURRENT),
    rate,
    ...carries.map((carry) => carried(story, index, carry)),
    ...(terms.lanes.pik === null ? [] : [capitalisedOf(story, index, principal)]),
    writtenAt(story, index, AFTER_STEPS),
    perThousand(story, index, interest),
    perThousand(story, index, principal),
  ];
}

export function feeResults(story: RunStory, index: number): Amount[] {
  const { name = "" } = story.terms.fees[index] ?? {};
  const value = (story.run.feesDue[index] ?? 0n) - (story.run.state.feesUnpaid[index] ?? 0n);
  const address = `fees.${name}.paid`;
  return [
    feeDueAtStart(story, index),
    resultOf({
      address,
      words: `paid to the fee ${name}`,
      value,
      formula: () => saySum(paymentsTo(story, { kind: "fee", to: index })),
    }),
    feeDueAt(story, index, AFTER_STEPS),
  ];
}

/** What a payee got, and each step that could have paid it and did not. */
export function payeeResult(story: RunStory, index: number): Amount {
  const { fees, payees } = story.terms;
  const name = payees[index] ?? `${index}`;
  const ofFees = fees.flatMap(({ payee }, to) =>
    payee === index ? paymentsTo(story, { kind: "fee", to }) : [],
  );
  const others = story.run.records.flatMap((record) => {
    const { toPayee, destination } = stepTermsOf(story, record.index);
    return toPayee && destination === index ? [paidOf(story, record.index)] : [];
  });
  return resultOf({
    address: `payees.${name}`,
    words: `paid to ${name}`,
    value: story.run.payees[index] ?? 0n,
    formula: () => saySum([...ofFees, ...others]),
  });
}
