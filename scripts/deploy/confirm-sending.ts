import { askLine, isTerminal, type Terminal } from "./ask-terminal.ts";
import { formatCoin } from "./format-table.ts";
import { gasOf, stepsNow, type Plan } from "./make-plan.ts";
import type { Output } from "./output.ts";
import type { Options } from "./read-options.ts";

/** Asks before anything is spent. @returns whether to send */
export async function confirmSending(
  plan: Plan,
  options: Options,
  { output, terminal }: { output: Output; terminal: Terminal },
): Promise<boolean> {
  const { network, fees, steps } = plan;
  const now = stepsNow(steps);
  if (now.length === 0 || options.yes) return true;
  if (!isTerminal(terminal)) {
    output.note(
      "\ndeploy: nothing was sent: there is no terminal to ask at; look at the plan, then add --yes",
    );
    return false;
  }
  const cost = formatCoin(gasOf(plan).now * fees.expectedPerGas, network.coin);
  const many = now.length === 1 ? "1 transaction" : `${now.length} transactions`;
  const question = `\nType ${network.name} to send ${many} for about ${cost}: `;
  if ((await askLine(terminal, question)).trim() === network.name) return true;
  output.note("deploy: nothing was sent");
  return false;
}
