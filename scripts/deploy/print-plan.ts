import { formatUnits } from "ethers";
import { gwei } from "../../server/chain/deploy-fees.ts";
import type { DeploymentRecord } from "../../server/chain/deploy-record.ts";
import { describeUnits } from "../../server/chain/explain-failure.ts";
import { delayOf } from "../../server/chain/grant-roles.ts";
import { ROLES, type RoleName } from "../../server/chain/platform-roles.ts";
import type { PreparedDeal } from "../../server/chain/prepare-deal.ts";
import { readClosingTerms } from "../../server/chain/read-closing-terms.ts";
import type { DealPlan } from "../../server/chain/read-deal-plan.ts";
import { priceOf } from "../../server/chain/subscription.ts";
import { formatCentsGrouped, formatDecimal } from "../../server/lib/money.ts";
import { describeStep, nameAddress } from "./describe-step.ts";
import {
  formatCoin,
  formatList,
  formatSpan,
  formatTable,
  formatTime,
  grouped,
  joinEqual,
} from "./format-table.ts";
import { gasOf, type Plan } from "./make-plan.ts";
import type { Output } from "./output.ts";

/** Everything that somebody should know before it is sent. */
export function printPlan(plan: Plan, deal: PreparedDeal | null, output: Output): void {
  output.say(`\n${describePlace(plan)}`);
  output.say(`\n${describeStanding(plan)}`);
  if (deal !== null) output.say(`\n${describeDeal(plan, deal)}`);
  output.say(`\n${describeRoles(plan.rehearsed)}`);
  output.say(`\n${describeSteps(plan)}`);
}

function describePlace(plan: Plan): string {
  const { network, deployer, balanceWei, nonce, fees, pending } = plan;
  const tip = fees.maxPriorityFeePerGas;
  const price =
    tip === null
      ? `${gwei(fees.maxFeePerGas)} gwei (no EIP-1559), at most ${gwei(mostPerGas(plan))}`
      : `${gwei(fees.expectedPerGas)} gwei now, at most ${gwei(mostPerGas(plan))}`;
  const rows: [string, string][] = [
    ["network", `${network.name}, chain ${network.chainId}, at ${network.place}`],
    ["deployer", deployer],
    ["balance", `${formatCoin(balanceWei, network.coin)}, ${nonce} transactions sent so far`],
    ["gas price", price],
  ];
  if (pending !== null) {
    const hash = pending.hashes.at(-1) ?? "";
    rows.push(["under way", `${pending.name}, nonce ${pending.nonce}, ${hash}: looked for first`]);
  }
  return `Where\n${formatList(rows)}`;
}

/** What a unit of gas may cost until the plan is carried out. */
function mostPerGas({ fees, limits }: Plan): bigint {
  return limits.maxFeePerGas ?? fees.maxFeePerGas;
}

function describeStanding({ standing }: Plan): string {
  if (standing.length === 0) return "What stands\n  nothing yet";
  const wrong = standing.filter(({ problems }) => problems.length > 0);
  const lines = wrong.map(
    ({ name, address, problems }) => `  ${name} ${address}: ${problems.join("; ")}`,
  );
  const same = `  ${standing.length - wrong.length} contracts, their code the same as this build's`;
  return ["What stands", same, ...lines].join("\n");
}

function describeDeal(plan: Plan, { plan: wishes, compiled }: PreparedDeal): string {
  const { terms, bytes, termsHash } = compiled;
  const { closingTime, depositUnits } = readClosingTerms(bytes);
  const { deal, deployment } = plan.outcome;
  const isKnown =
    plan.undertaking.record.deals?.some(({ dealId }) => dealId === deal?.dealId) === true;
  const cash = wishes.cashToken ?? deployment.cashToken ?? "";
  const isTest = cash === deployment.cashToken;
  const rows: [string, string][] = [
    ["name", `${terms.dealId}, deal ${deal?.dealId ?? "?"}${isKnown ? ", created before" : ""}`],
    ["terms", `${grouped(bytes.length)} bytes, ${termsHash}`],
    ["closing", `from ${formatTime(closingTime)}`],
    [
      "cash token",
      `${cash}, ${terms.cashDecimals} decimals${isTest ? ", the test stablecoin" : ""}`,
    ],
    ["deposit", `${describeUnits(depositUnits, terms.cashDecimals)}, by the deployer`],
    [
      "attesters",
      `${wishes.threshold} of ${wishes.attesters.length}: ${wishes.attesters.join(", ")}`,
    ],
    ["holders", `${wishes.identities.length} identities, ${describeIssue(wishes)}`],
  ];
  if (wishes.successors.length > 0) {
    const { successorThreshold: needed, successors } = wishes;
    rows.push(["successors", `${needed} of ${successors.length}: ${successors.join(", ")}`]);
  }
  if (wishes.reserve !== null) {
    const { feed, maxAge, advanceBps } = wishes.reserve;
    const share = formatDecimal(BigInt(advanceBps), 2);
    rows.push(["reserve", `${feed}, at most ${formatSpan(maxAge)} old, ${share} % of it`]);
  }
  for (const { name } of terms.indices) rows.push([`feed ${name}`, wishes.feeds[name] ?? ""]);
  const classes = terms.classes.map(({ name, faceCents }, i) => [
    `class ${name}`,
    wishes.symbols[i] ?? "",
    wishes.names[i] ?? "",
    formatCentsGrouped(faceCents),
  ]);
  const columns = [{ title: "" }, { title: "" }, { title: "" }, { title: "", right: true }];
  return `The deal\n${formatList(rows)}\n\n${formatTable(columns, classes)}`;
}

function describeIssue({ allocations, subscriptions }: DealPlan): string {
  if (subscriptions.length === 0) return `${allocations.length} allocations without payment`;
  const cents = subscriptions.reduce((sum, order) => sum + priceOf(order), 0n);
  return `${subscriptions.length} subscriptions for ${formatCentsGrouped(cents)}`;
}

function describeRoles(record: DeploymentRecord): string {
  const { roles } = record;
  if (roles === undefined)
    return "Roles\n  as they stand: this record is of a service that was deployed elsewhere";
  const rows = (Object.keys(ROLES) as RoleName[]).map((role): [string, string] => {
    const delay = delayOf(role, roles.delays);
    const waits = delay === 0 ? "" : `, after ${formatSpan(delay)}`;
    const holders = (roles.holders[role] ?? []).map((address) => nameAddress(address, record));
    return [role, `${holders.join(", ")}${waits}`];
  });
  return `Roles\n${formatList(joinEqual(rows))}`;
}

function describeSteps(plan: Plan): string {
  const { steps, network, fees } = plan;
  if (steps.length === 0) return "Transactions\n  none: everything is on chain";
  const cost = (gas: bigint) => formatCoin(gas * fees.expectedPerGas, "");
  const rows = steps.map((step, i) => [
    String(i + 1),
    `${describeStep(step)}${step.notBefore === 0 ? "" : `, from ${formatTime(step.notBefore)}`}`,
    grouped(step.gasUsed),
    cost(step.gasUsed),
  ]);
  const { all } = gasOf(plan);
  const rule = (text: string, width: number) => "-".repeat(Math.max(width, text.length));
  rows.push(["", "", rule("", grouped(all).length), rule("", cost(all).length)]);
  rows.push(["", "together, about", grouped(all), cost(all)]);
  rows.push([
    "",
    `at most, at ${gwei(mostPerGas(plan))} gwei`,
    "",
    formatCoin(all * mostPerGas(plan), ""),
  ]);
  const columns = [
    { title: "", right: true },
    { title: "Transactions" },
    { title: "gas", right: true },
    { title: network.coin, right: true },
  ];
  const refused = plan.closingRefused;
  const note = refused === null ? "" : `\n  The closing is not among them yet: ${refused}`;
  return `${formatTable(columns, rows)}${note}`;
}

/** What the deployer lacks to pay for what can be sent now, in one sentence; null when it has enough. */
export function describeLack(plan: Plan): string | null {
  const { network, fees, balanceWei, deployer } = plan;
  const needed = gasOf(plan).now * fees.expectedPerGas;
  if (balanceWei >= needed) return null;
  const missing = needed - balanceWei;
  return (
    `${deployer} has ${formatCoin(balanceWei, network.coin)} and needs about ${formatCoin(needed, network.coin)}: ` +
    `send it ${formatCoin(missing, network.coin)} more (${formatUnits(missing, "wei")} wei)`
  );
}
