/** `deal COMMAND …`: checks a deal file, shows a deal in words, compares two, runs one forward. */
import { checkCommand, checkUsage } from "./deal/check.ts";
import { diffCommand, diffUsage } from "./deal/diff.ts";
import { loadDeal } from "./deal/load-deal.ts";
import { projectCommand, projectUsage } from "./deal/project.ts";
import { showCommand, showUsage } from "./deal/show.ts";
import { UsageError, runCommand } from "./run-command.ts";

const usage = `usage: ${checkUsage}
       ${showUsage}
       ${diffUsage}
       ${projectUsage}
Ends with 0 when all is well (diff: when nothing differs), 1 when a file has errors (diff: when
something differs), 2 when it could not be read.`;

const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  check: checkCommand,
  show: showCommand,
  diff: diffCommand,
  project: (args) => projectCommand(args, loadDeal),
};

async function run(): Promise<number> {
  const [name = "", ...args] = process.argv.slice(2);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw new UsageError(`write ${Object.keys(COMMANDS).join(" or ")}`);
  return command(args);
}

await runCommand({ name: "deal", usage, run });
