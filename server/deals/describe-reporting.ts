/** When reports are due, who may challenge them and what they must satisfy, in words. */
import { SECONDS_PER_DAY } from "../lib/dates.ts";
import type { DealTerms, ReportingTerms } from "./deal-terms.ts";

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** "2 days", "36 hours", "90 seconds": in the largest unit that is exact. */
function describeDuration(seconds: number): string {
  if (seconds % SECONDS_PER_DAY === 0) return plural(seconds / SECONDS_PER_DAY, "day");
  return seconds % 3_600 === 0 ? plural(seconds / 3_600, "hour") : plural(seconds, "second");
}

function dueLines({ dueLeadSeconds, defaultGraceSeconds, successor }: ReportingTerms): string[] {
  const due =
    dueLeadSeconds === 0
      ? "at the payment time"
      : `${describeDuration(dueLeadSeconds)} before the payment time`;
  if (defaultGraceSeconds === null) {
    return [`  due  ${due}; later the deal is late, and no servicer default follows`];
  }
  const then = successor
    ? "the successor's attesters sign from then on"
    : "the attesters stay the same";
  return [
    `  due  ${due}; later the deal is late`,
    `  servicer default  ${describeDuration(defaultGraceSeconds)} after the due time, final; ${then}`,
  ];
}

function challengeLines(terms: DealTerms): string[] {
  const { challengeSeconds, answerSeconds, holdersBps, verifier, trustee } = terms.reporting;
  if (challengeSeconds === 0) return ["  challenge  none: an accepted report is final at once"];
  const name = (payee: number | null) => (payee === null ? [] : [terms.payees[payee] ?? ""]);
  const holders =
    holdersBps === null ? [] : [`holders of ${holdersBps / 100} % of the current principal`];
  const challengers = [...new Set([...name(verifier), ...name(trustee)]), ...holders];
  return [
    `  challenge  within ${describeDuration(challengeSeconds)} of acceptance by ` +
      `${challengers.join(", or by ")}; until then nothing is paid on a report`,
    `  answer  ${name(trustee).join("")} rejects or dismisses within ` +
      `${describeDuration(answerSeconds)}, or the report stands; the trustee's own challenge rejects at once`,
  ];
}

/** "poolOpening - principal == poolClosing": what is subtracted stands on the other side. */
function identityLine(terms: DealTerms, addends: ReportingTerms["identities"][number]): string {
  const side = (subtracted: boolean) =>
    addends
      .filter((one) => one.subtracted === subtracted)
      .map(({ figure }) => `p.${terms.figures[figure]?.name ?? figure}`)
      .join(" + ") || "0";
  return `  identity  ${side(false)} == ${side(true)}`;
}

/** The reporting terms, one a line. */
export function reportingLines(terms: DealTerms): string[] {
  return [
    ...dueLines(terms.reporting),
    ...challengeLines(terms),
    ...terms.reporting.identities.map((addends) => identityLine(terms, addends)),
  ];
}
