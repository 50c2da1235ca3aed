/** How far the claims of the classes are met at one place of a program, account by account. */
import { covers, drawsAfter, joinDraws, referencesIn } from "./check-draws.ts";
import type { Draw, Reading } from "./check-draws.ts";
import type { ClassEntry, DealFile } from "./deal-file.ts";
import type { ExpressionNode, ParsedStep } from "./program-syntax.ts";

/** How far the claims of one class are met; per account what keeps its claim open again. */
interface Claim {
  /** Accounts from which the claim was paid whole, without inflow since. */
  met: ReadonlySet<string>;
  /** Why it is not met from other accounts. */
  reason: string;
  /** Why it is not met from one account, where that has a reason of its own. */
  reopened: ReadonlyMap<string, string>;
}

export type Claims = ReadonlyMap<string, Claim>;

/** What holds at one place of a program. */
export interface State {
  interest: Claims;
  principal: Claims;
  draws: readonly Draw[];
}

/** Classes whose whole balance an amount is: `bal.A`, `sumbal(A, B)`, or a sum of such. */
function wholeBalances(node: ExpressionNode | null): string[] {
  if (node === null) return [];
  if (node.kind === "reference") return node.text.startsWith("bal.") ? [node.text.slice(4)] : [];
  if (node.kind === "call" && node.name === "sumbal") return node.args.flatMap(referencesIn);
  if (node.kind === "binary" && node.operator === "+") {
    return [...wholeBalances(node.left), ...wholeBalances(node.right)];
  }
  return [];
}

/** Whether a PRIN may repay every class of its list whole. */
export function paysWhole(step: ParsedStep): boolean {
  const balances = new Set(wholeBalances(step.amount));
  return step.cap === null && step.list.every(({ text }) => balances.has(text));
}

/** Whether a PRIN leaves its classes repaid or its account empty. */
function exhausts(step: ParsedStep): boolean {
  const { amount, cap, source } = step;
  const all = amount?.kind === "reference" && amount.text === `acct.${source?.text ?? ""}`;
  return paysWhole(step) || (all && cap === null);
}

function update(claims: Claims, names: readonly string[], change: (claim: Claim) => Claim): Claims {
  const next = new Map(claims);
  for (const name of names) {
    const claim = next.get(name);
    if (claim !== undefined) next.set(name, change(claim));
  }
  return next;
}

/** Cash that comes out of an account from which a claim is open reopens it where the cash goes. */
function flow(claims: Claims, step: ParsedStep, into: string): Claims {
  const from = step.source?.text ?? "";
  const reason = `cash flows from ${from} into ${into} on line ${step.line}, after it was paid`;
  return update(claims, [...claims.keys()], (claim) => {
    const met = new Set(claim.met);
    const reopens = into !== "" && met.has(into) && !met.has(from);
    if (reopens) met.delete(into);
    if (step.operation === "REST") met.add(from); // it is empty now
    const reopened = reopens ? new Map([...claim.reopened, [into, reason]]) : claim.reopened;
    return { ...claim, met, reopened };
  });
}

/** Met from the account that pays, and from the sources of draws on which the claim may rely. */
const meet =
  (account: string, draws: readonly Draw[], isEnough: (draw: Draw) => boolean) =>
  ({ met, reopened }: Claim): Claim => {
    const behind = draws.filter(({ into }) => into === account);
    const accounts = [account, ...behind.filter(isEnough).map(({ from }) => from)];
    const small = behind
      .filter(({ from }) => !accounts.includes(from))
      .map(({ from, line }) => {
        const why = `it was paid from ${account}, and the draw from ${from} on line ${line} may be less than it needs`;
        return [from, why] as const;
      });
    return {
      met: new Set([...met, ...accounts]),
      reason: `it was paid from ${account}, this step pays from another account`,
      reopened: new Map([...[...reopened].filter(([name]) => !accounts.includes(name)), ...small]),
    };
  };

const because =
  (reason: string) =>
  (claim: Claim): Claim => ({ ...claim, reason });

/** What one step changes. */
export function after(reading: Reading, state: State, step: ParsedStep): State {
  const { operation, source, destination, line, list, cap } = step;
  const { interest, principal } = state;
  const draws = drawsAfter(reading, state.draws, step);
  const names = list.map(({ text }) => text);
  const account = source?.text ?? "";
  if (operation === "INT" && step.part === null) {
    const limited = `the step that pays it on line ${line} is limited by a CAP`;
    const paid = meet(account, state.draws, (draw) => covers(reading, draw, step));
    return { principal, draws, interest: update(interest, names, cap ? because(limited) : paid) };
  }
  if (operation === "PRIN") {
    const limited = `the step that pays it on line ${line} pays up to an amount, not its whole balance`;
    const isEnough = (draw: Draw) => paysWhole(step) && covers(reading, draw, step);
    const change = exhausts(step) ? meet(account, state.draws, isEnough) : because(limited);
    return { interest, draws, principal: update(principal, names, change) };
  }
  if (source === null || destination === null) return { interest, principal, draws };
  if (!/^(FILL|MOVE|REST)$/.test(operation)) return { interest, principal, draws };
  const isAccount = reading.file.accounts.some(({ name }) => name === destination.text);
  const into = isAccount ? destination.text : "";
  return { interest: flow(interest, step, into), principal: flow(principal, step, into), draws };
}

/** On one of two ways a claim may be open that is met on the other. */
function joinClaims(a: Claims, b: Claims, line: number): Claims {
  return new Map(
    [...a].map(([name, claim]) => {
      const other = b.get(name) ?? claim;
      const either = [...claim.met, ...other.met];
      const met = new Set(either.filter((one) => claim.met.has(one) && other.met.has(one)));
      const split = `it is paid in one branch only of the IF on line ${line}`;
      const known = new Map([...claim.reopened, ...other.reopened]);
      const lost = either.filter((one) => !met.has(one) && !known.has(one));
      const reopened = new Map([...known, ...lost.map((one) => [one, split] as const)]);
      return [name, { met, reason: claim.reason, reopened }];
    }),
  );
}

/** What holds after an IF. */
export function join(a: State, b: State, line: number): State {
  return {
    interest: joinClaims(a.interest, b.interest, line),
    principal: joinClaims(a.principal, b.principal, line),
    draws: joinDraws(a.draws, b.draws),
  };
}

/** Nothing is met yet but in accounts that have no money when a run begins. */
export function unpaid(file: DealFile, classes: readonly ClassEntry[]): Claims {
  const empty = file.accounts.filter(
    ({ kind, retained, receives }) => kind !== "collection" && !retained && receives === null,
  );
  const claim: Claim = {
    met: new Set(["", ...empty.map(({ name }) => name)]),
    reason: "no step above pays it",
    reopened: new Map(),
  };
  return new Map(classes.map(({ name }) => [name, claim]));
}
