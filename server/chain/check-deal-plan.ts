import type { DealTerms } from "../deals/deal-terms.ts";
import { formatCentsGrouped } from "../lib/money.ts";
import type { Allocation } from "./close-deal.ts";
import type { DealPlan } from "./read-deal-plan.ts";

/** What of a plan does not fit its deal, each in one sentence; empty when the contracts would take it. */
export function checkDealPlan(plan: DealPlan, terms: DealTerms): string[] {
  return [
    ...checkCounts(plan, terms),
    ...checkFeeds(plan, terms),
    ...checkAttesters(plan),
    ...checkSuccessors(plan, terms),
    ...checkIdentities(plan, terms),
    ...checkParts(plan, terms),
    ...checkOrders(plan, terms),
    ...checkHolderCap(plan, terms),
  ];
}

function checkCounts(plan: DealPlan, terms: DealTerms): string[] {
  const classes = terms.classes.map(({ name }) => name);
  const counts = [
    { key: "payees", have: plan.payees, need: terms.payees, what: "an address for each payee" },
    { key: "symbols", have: plan.symbols, need: classes, what: "a symbol for each class" },
    { key: "names", have: plan.names, need: classes, what: "a name for each class" },
  ];
  return counts.flatMap(({ key, have, need, what }) =>
    have.length === need.length
      ? []
      : [`${key}: there are ${have.length}; write ${what}, in this order: ${need.join(", ")}`],
  );
}

function checkFeeds({ feeds }: DealPlan, { indices }: DealTerms): string[] {
  const names = indices.map(({ name }) => name);
  const missing = names.filter((name) => feeds[name] === undefined);
  const unknown = Object.keys(feeds).filter((name) => !names.includes(name));
  return [
    ...missing.map((name) => `feeds.${name}: is missing; write the address of the index's feed`),
    ...unknown.map((name) => `feeds.${name}: no feed fixes such an index in the deal file`),
  ];
}

function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, i) => values.indexOf(value) !== i))];
}

function checkAttesters({ attesters, threshold }: DealPlan): string[] {
  const problems = repeated(attesters).map((twice) => `attesters: ${twice} stands twice`);
  if (threshold > attesters.length) {
    problems.push(`threshold: ${threshold} must sign, but there are ${attesters.length} attesters`);
  }
  return problems;
}

/** Where the terms hand over after a servicer default, somebody must be there to take over. */
function checkSuccessors(
  { successors, successorThreshold: threshold }: DealPlan,
  { reporting }: DealTerms,
): string[] {
  const problems = repeated(successors).map((twice) => `successors: ${twice} stands twice`);
  if (successors.length === 0 && reporting.successor) {
    problems.push(
      "successors: are missing; the deal file says `successor: true`: write who signs reports after " +
        "a servicer default, and successorThreshold",
    );
  }
  if (threshold > successors.length) {
    problems.push(
      `successorThreshold: ${threshold} must sign, but there are ${successors.length} successors`,
    );
  }
  if (successors.length > 0 && threshold === 0) {
    problems.push("successorThreshold: is missing; write how many successors must sign");
  }
  return problems;
}

function checkIdentities({ identities, capExempt }: DealPlan, terms: DealTerms): string[] {
  const ids = identities.map(({ id }) => id);
  const wallets = identities.flatMap((identity) => identity.wallets);
  const closing = new Date(terms.closingTime * 1_000).toISOString();
  return [
    ...repeated(ids).map((id) => `identities: ${id} stands twice`),
    ...repeated(wallets).map((wallet) => `identities: the wallet ${wallet} stands twice`),
    ...identities.flatMap(({ kycExpiry }, i) =>
      kycExpiry > terms.closingTime
        ? []
        : [
            `identities[${i}].kycExpiry: has passed at the closing (${closing}), which mints the notes`,
          ],
    ),
    ...capExempt
      .filter((id) => !ids.includes(id))
      .map((id) => `capExempt: ${id} is none of the identities`),
  ];
}

/** Who gets what, whether he pays for it or not, and where it stands in the plan. */
function partsOf({ allocations, subscriptions }: DealPlan) {
  if (subscriptions.length === 0) return { list: "allocations", who: "holder", parts: allocations };
  const parts = subscriptions.map(({ classIndex, investor, allottedFace }): Allocation => ({
    ...{ classIndex, holder: investor, face: allottedFace },
  }));
  return { list: "subscriptions", who: "investor", parts };
}

function checkParts(plan: DealPlan, terms: DealTerms): string[] {
  const { list, who, parts } = partsOf(plan);
  const wallets = new Set(plan.identities.flatMap((identity) => identity.wallets));
  const problems: string[] = [];
  parts.forEach(({ classIndex, holder }, i) => {
    if (classIndex >= terms.classes.length) {
      const last = terms.classes.length - 1;
      problems.push(`${list}[${i}].classIndex: ${classIndex} is no class; they are 0 to ${last}`);
    }
    if (!wallets.has(holder)) {
      problems.push(`${list}[${i}].${who}: ${holder} is no wallet of the identities`);
    }
  });
  terms.classes.forEach(({ name, faceCents }, classIndex) => {
    const own = parts.filter((part) => part.classIndex === classIndex);
    const sum = own.reduce((total, { face }) => total + face, 0n);
    if (sum === faceCents) return;
    const [have, need] = [formatCentsGrouped(sum), formatCentsGrouped(faceCents)];
    problems.push(
      `${list}: class ${name} (classIndex ${classIndex}) comes to ${have}, its face is ${need}`,
    );
  });
  return problems;
}

/** What the contract refuses of an order beside its signature. */
function checkOrders({ subscriptions }: DealPlan, { closingTime }: DealTerms): string[] {
  const closing = new Date(closingTime * 1_000).toISOString();
  return subscriptions.flatMap(({ face, leastFace, allottedFace, deadline }, i) => {
    const problems: string[] = [];
    if (allottedFace < leastFace || allottedFace > face) {
      const [least, most] = [formatCentsGrouped(leastFace), formatCentsGrouped(face)];
      const allotted = formatCentsGrouped(allottedFace);
      problems.push(`allottedFace: ${allotted} is not between ${least} and ${most}`);
    }
    if (deadline < closingTime) problems.push(`deadline: lies before the closing (${closing})`);
    return problems.map((problem) => `subscriptions[${i}].${problem}`);
  });
}

/** The cap is judged at closing too, over everything that an identity gets. */
function checkHolderCap(plan: DealPlan, terms: DealTerms): string[] {
  if (terms.holderCapBps === null) return [];
  const total = terms.classes.reduce((sum, { faceCents }) => sum + faceCents, 0n);
  const limit = (total * BigInt(terms.holderCapBps)) / 10_000n;
  const { parts } = partsOf(plan);
  return plan.identities.flatMap(({ id, wallets }, i) => {
    const own = parts.filter(({ holder }) => wallets.includes(holder));
    const holds = own.reduce((sum, { face }) => sum + face, 0n);
    if (holds <= limit || plan.capExempt.includes(id)) return [];
    const [have, most] = [formatCentsGrouped(holds), formatCentsGrouped(limit)];
    return [
      `identities[${i}]: gets ${have}, more than the deal's holder cap of ${most}; ` +
        "name it in capExempt or give it less",
    ];
  });
}
