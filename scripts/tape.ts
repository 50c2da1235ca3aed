/** `tape COMMAND …`: checks a loan tape without a server, or proposes how an unknown one is mapped. */
import { UsageError, runCommand } from "./run-command.ts";
import { checkCommand, checkUsage } from "./tape/check.ts";
import { proposeCommand, proposeUsage } from "./tape/propose.ts";

const usage = `usage: ${checkUsage}
       ${proposeUsage}
Ends with 0 when the tape would be accepted, 1 when it would be refused, 2 when it could not be read.`;

const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  check: checkCommand,
  propose: proposeCommand,
};

async function run(): Promise<number> {
  const [name = "", ...args] = process.argv.slice(2);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw new UsageError(`write ${Object.keys(COMMANDS).join(" or ")}`);
  return command(args);
}

await runCommand({ name: "tape", usage, run });
