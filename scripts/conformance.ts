/** `npm run conformance`: what was published about real deals, beside what the engines compute. */
import { parseArgs } from "node:util";
import { printableText } from "../server/lib/printable-text.ts";
import { checkSource } from "./conformance/check-source.ts";
import {
  describeConformance,
  type EngineOutcome,
  listFailures,
} from "./conformance/describe-conformance.ts";
import { findSources } from "./conformance/find-sources.ts";
import { withSolidityEngine } from "./conformance/with-solidity-engine.ts";
import { typescriptEngine } from "./replay/run-periods.ts";
import { runCommand } from "./run-command.ts";

const usage = `usage: npm run conformance [-- --chain]   every source of test/golden, figure by figure

  --chain  by the engine contract too, on a chain of its own

Ends with 0 when every figure is equal but those that contradict themselves, else with 1.`;

async function run(): Promise<number> {
  const { values } = parseArgs({ options: { chain: { type: "boolean", default: false } } });
  const sources = await findSources();
  const outcomes: EngineOutcome[] = [{ engine: "TypeScript", checked: [] }];
  const inTypescript: EngineOutcome["checked"][number][] = [];
  for (const source of sources) {
    const engineOf = async ({ terms }: { terms: Parameters<typeof typescriptEngine>[0] }) =>
      typescriptEngine(terms);
    inTypescript.push(await checkSource(source, engineOf, { withModule: true }));
  }
  outcomes[0] = { engine: "TypeScript", checked: inTypescript };
  if (values.chain) {
    outcomes.push({
      engine: "Solidity",
      checked: await withSolidityEngine(async (engineOf) => {
        const checked = [];
        for (const source of sources) {
          checked.push(await checkSource(source, engineOf, { withModule: false }));
        }
        return checked;
      }),
    });
  }
  console.log(printableText(describeConformance(outcomes)));
  return outcomes.some((outcome) => listFailures(outcome).length > 0) ? 1 : 0;
}

await runCommand({ name: "conformance", usage, run });
