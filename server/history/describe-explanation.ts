/** An explained period in words and decimal text: its heading, its amounts, the text of a tree. */
import { formatDate } from "../lib/dates.ts";
import { listAmounts } from "../waterfall/explain-amounts.ts";
import { drawTree } from "../waterfall/explain-node.ts";
import type { ExplanationNode } from "../waterfall/explain-node.ts";
import { monthOfPeriod } from "../waterfall/explain-story.ts";
import { formatExplanation } from "../waterfall/explain-text.ts";
import { monitorTrigger } from "../waterfall/explain-trigger-monitor.ts";
import type { MonitoredTrigger } from "../waterfall/explain-trigger-monitor.ts";
import type { ToldPeriod } from "./read-explanation.ts";

export interface ExplanationHead {
  deal: string;
  period: number;
  month: string;
  paymentDate: string;
  basis: ToldPeriod["basis"];
  closeVersion: number;
  resultHash: string;
  recordedHash: string | null;
  agrees: boolean | null;
}

export function describeHead(told: ToldPeriod): ExplanationHead {
  const { story, basis, closeVersion, resultHash, recordedHash } = told;
  const { terms, input } = story;
  const { period } = input;
  return {
    deal: terms.dealId,
    period,
    month: monthOfPeriod(story, period),
    paymentDate: formatDate(terms.calendar[period - 1]?.paymentDay ?? 0),
    basis,
    closeVersion,
    resultHash,
    recordedHash,
    agrees: recordedHash === null ? null : recordedHash === resultHash,
  };
}

export interface ListedAmount {
  amount: string;
  value: string;
  unit: string;
  words: string;
  clause: string | null;
}

/** Every amount that can be asked for, with its value. */
export function describeAmounts({ story }: ToldPeriod): ListedAmount[] {
  return listAmounts(story).map((amount) => {
    const { address, value, unit, words, clause } = drawTree(amount, { depth: 0 });
    return { amount: address ?? "", value, unit, words, clause };
  });
}

export function describeTriggers({ story }: ToldPeriod): MonitoredTrigger[] {
  return story.terms.triggers.map((_, i) => monitorTrigger(story, i));
}

/** Which run is explained, and whether it is what the chain recorded. */
function headingOf(head: ExplanationHead): string {
  const { deal, month, period, paymentDate, basis, closeVersion, resultHash, recordedHash } = head;
  const run = basis === "preview" ? "preview, nothing is paid yet" : "as distributed";
  const check =
    head.agrees === null
      ? `result hash ${resultHash}`
      : head.agrees
        ? `computed again; equal to the result hash on chain, ${resultHash}`
        : `COMPUTED AGAIN AND NOT EQUAL: result hash ${resultHash}, on chain ${recordedHash}`;
  return (
    `${deal}, ${month} (period ${period}, paid on ${paymentDate}), ${run}\n` +
    `close version ${closeVersion}; ${check}\n\n`
  );
}

/** The tree of one amount as a page of text. */
export function formatExplanationPage(head: ExplanationHead, node: ExplanationNode): string {
  return headingOf(head) + formatExplanation(node);
}

/** The addresses of a period with their values, one a line. */
export function formatAmountList(head: ExplanationHead, amounts: readonly ListedAmount[]): string {
  const width = Math.max(...amounts.map(({ amount }) => amount.length));
  const lines = amounts.map(({ amount, value, unit, words }) => {
    const shown = unit === "percent" ? `${value} %` : value;
    return `${amount.padEnd(width)}  ${shown.padStart(18)}  ${words}\n`;
  });
  return headingOf(head) + lines.join("");
}
