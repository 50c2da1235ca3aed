/** `npm run conformance`: what was published about real deals, beside what the engines compute. */
import { parseArgs } from "node:util";
import { printableText } from "../server/lib/printable-text.ts";
import { checkSources, type EngineOf } from "./conformance/check-source.ts";
import {
  describeConformance,
  type EngineOutcome,
  listFailures,
} from "./conformance/describe-conformance.ts";
import { findSources } from "./conformance/find-sources.ts";
import { withEngineContract } from "./replay/engine-contract.ts";
import { typescriptEngine } from "./replay/run-periods.ts";
import { runCommand } from "./run-command.ts";

const usage = `usage: npm run conformance [-- --chain]   every source of test/golden, figure by figure

  --chain  by the engine contract too, on a chain of its own

Ends with 0 when every figure is equal but those that contradict themselves, else with 1.`;

async function run(): Promise<number> {
  const { values } = parseArgs({ options: { chain: { type: "boolean", default: false } } });
  const sources = await findSources();
  const typescript: EngineOf = async ({ terms }) => typescriptEngine(terms);
  const outcomes: EngineOutcome[] = [
    { engine: "TypeScript", checked: await checkSources(sources, typescript) },
  ];
  if (values.chain) {
    const checked = await withEngineContract((engineOf) => {
      const solidity: EngineOf = async (deal, inputs) =>
        inputs.periods.some(({ purchasePrice }) => purchasePrice === "any") ? null : engineOf(deal);
      return checkSources(sources, solidity, { withoutRun: false });
    });
    outcomes.push({ engine: "Solidity", checked });
  }
  console.log(printableText(describeConformance(outcomes)));
  return outcomes.some((outcome) => listFailures(outcome).length > 0) ? 1 : 0;
}

await runCommand({ name: "conformance", usage, run });
