/** Balances in the course of a run: the opening balance, and every step that changed it. */
import { amountOf, say, sayChain } from "./explain-node.ts";
import type { Amount } from "./explain-node.ts";
import {
  accountAtStart,
  capUsedAtStart,
  claimPartAtStart,
  dueAtStart,
  feeDueAtStart,
} from "./explain-claims.ts";
import { openingOf, termOf } from "./explain-openings.ts";
import { AFTER_STEPS, movementsBefore, nameStep } from "./explain-story.ts";
import type { Movement, RunStory } from "./explain-story.ts";

/** What a step or one of its payments came to. */
export function movedAmount(story: RunStory, { step, payment }: Movement): Amount {
  return payment === null
    ? story.explain.paid(story, step)
    : story.explain.payment(story, step, payment);
}

function valueOf(story: RunStory, { step, payment }: Movement): bigint {
  const record = story.run.records[step];
  return payment === null ? (record?.paid ?? 0n) : (record?.payments[payment]?.cents ?? 0n);
}

interface Running {
  /** As the list of movements calls it. */
  amount: string;
  /** As the program calls it, and what it is. */
  name: string;
  words: string;
  address: string | null;
  opening: Amount;
}

/** An amount at a moment: the opening while nothing changed it, then the chain of its changes. */
function runningAmount(story: RunStory, running: Running, at: number): Amount {
  const { amount, name, words, opening } = running;
  const movements = movementsBefore(story, amount, at);
  const address = at === AFTER_STEPS ? running.address : null;
  // As the formula that reads it calls it.
  if (movements.length === 0 && address === null) return { ...opening, name };
  const value = movements.reduce(
    (sum, move) => (move.sign === "+" ? sum + valueOf(story, move) : sum - valueOf(story, move)),
    opening.value,
  );
  const last = movements.at(-1);
  const since =
    last === undefined ? "unchanged by this run" : `after ${nameStep(story, last.step)}`;
  return amountOf({
    key: `${amount}#${movements.length}${address === null ? "" : "!"}`,
    name,
    address,
    value,
    unit: "money",
    words: at === AFTER_STEPS ? `${words} after the run` : `${words} ${since}`,
    source: { kind: "running balance", words: since },
    formula: () =>
      sayChain([
        { sign: "+", amount: opening },
        ...movements.map((move) => ({ sign: move.sign, amount: movedAmount(story, move) })),
      ]),
  });
}

export function accountAt(story: RunStory, index: number, at: number): Amount {
  const name = story.terms.accounts[index]?.name ?? `${index}`;
  return runningAmount(
    story,
    {
      amount: `acct.${index}`,
      name: `acct.${name}`,
      words: `balance of account ${name}`,
      address: `accounts.${name}`,
      opening: accountAtStart(story, index),
    },
    at,
  );
}

export function balanceAt(story: RunStory, index: number, at: number): Amount {
  const name = story.terms.classes[index]?.name ?? `${index}`;
  return runningAmount(
    story,
    {
      amount: `bal.${index}`,
      name: `bal.${name}`,
      words: `principal balance of class ${name}`,
      address: `classes.${name}.balance`,
      opening: openingOf(story, { kind: "balance", index }),
    },
    at,
  );
}

export function writtenAt(story: RunStory, index: number, at: number): Amount {
  const name = story.terms.classes[index]?.name ?? `${index}`;
  return runningAmount(
    story,
    {
      amount: `written.${index}`,
      name: `written.${name}`,
      words: `written down of class ${name} and not written up again,`,
      address: `classes.${name}.writtenDown`,
      opening: openingOf(story, { kind: "written", index }),
    },
    at,
  );
}

/** What is left of one part of a class's claim. */
export function claimPartAt(story: RunStory, place: [number, number], at: number): Amount {
  const [index, part] = place;
  const opening = claimPartAtStart(story, index, part);
  const { name, words } = opening;
  const left = { name, words: `left of: ${words},`, address: null, opening };
  return runningAmount(story, { amount: `part.${index}.${part}`, ...left }, at);
}

export function dueAt(story: RunStory, index: number, at: number): Amount {
  const name = story.terms.classes[index]?.name ?? `${index}`;
  const words = `interest due and unpaid of class ${name}`;
  const opening = dueAtStart(story, index);
  const running = { amount: `due.${index}`, name: `due.${name}`, words, address: null, opening };
  return runningAmount(story, running, at);
}

export function feeDueAt(story: RunStory, index: number, at: number): Amount {
  const name = story.terms.fees[index]?.name ?? `${index}`;
  return runningAmount(
    story,
    {
      amount: `fdue.${index}`,
      name: `due.${name}`,
      words: `due and unpaid of the fee ${name}`,
      address: `fees.${name}.unpaid`,
      opening: feeDueAtStart(story, index),
    },
    at,
  );
}

export function ledgerAt(story: RunStory, index: number, at: number): Amount {
  const name = story.terms.ledgers[index]?.name ?? `${index}`;
  return runningAmount(
    story,
    {
      amount: `ledger.${index}`,
      name: `ledger.${name}`,
      words: `balance of the ledger ${name}`,
      address: `ledgers.${name}`,
      opening: openingOf(story, { kind: "ledger", index }),
    },
    at,
  );
}

export function capUsedAt(story: RunStory, index: number, at: number): Amount {
  const name = story.terms.caps[index]?.name ?? `${index}`;
  const opening = capUsedAtStart(story, index);
  const words = `paid under the cap ${name} (${story.terms.caps[index]?.year ?? "year"})`;
  const address = `caps.${name}.used`;
  const running = { amount: `cap.${index}`, name: `used.${name}`, words, address, opening };
  return runningAmount(story, running, at);
}

export function capLeftAt(story: RunStory, index: number, at: number): Amount {
  const cap = story.terms.caps[index];
  const name = cap?.name ?? `${index}`;
  const used = capUsedAt(story, index, at);
  const cents = cap?.cents ?? 0n;
  return amountOf({
    key: `capLeft.${used.key}`,
    name: `capLeft.${name}`,
    value: cents > used.value ? cents - used.value : 0n,
    unit: "money",
    words: `left under the cap ${name} (${cap?.year ?? "year"})`,
    source: { kind: "cap", words: `limit of ${name} less what was paid under it so far` },
    formula: () => {
      const limit = termOf(story, `limit.${name}`, { value: cents, section: "caps", entry: name });
      return say`max(0, ${limit} - ${used})`;
    },
  });
}
