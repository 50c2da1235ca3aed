import type { DeploymentRecord } from "../../server/chain/deploy-record.ts";
import type { CodeCheck } from "../../server/chain/deploy-verify-code.ts";
import type { RolesCheck } from "../../server/chain/deploy-verify-roles.ts";
import { nameAddress } from "./describe-step.ts";
import { formatSpan, formatTable, grouped, joinEqual } from "./format-table.ts";
import type { Output } from "./output.ts";

/** @returns whether everything is as it should be */
export function printVerification(
  { code, roles }: { code: readonly CodeCheck[]; roles: RolesCheck },
  record: DeploymentRecord,
  output: Output,
): boolean {
  const columns = [
    { title: "Contract" },
    { title: "address" },
    { title: "bytes", right: true },
    { title: "code" },
  ];
  const rows = code.map(({ name, address, size, problems }) => [
    ...[name, address, grouped(size), problems.length === 0 ? "same as the build" : "DIFFERS"],
  ]);
  output.say(`\n${formatTable(columns, rows)}`);
  output.say(`\n${describeRoles(roles, record)}`);
  const differences = [
    ...code.flatMap(({ name, problems }) => problems.map((problem) => `${name}: ${problem}`)),
    ...roles.roles.flatMap(({ role, problems }) => problems.map((each) => `role ${role}: ${each}`)),
    ...roles.problems,
  ];
  for (const [i, each] of differences.entries()) output.say(`${i === 0 ? "\n" : ""}  ${each}`);
  const inputs = Object.entries(record.compilerInputs ?? {});
  const compared =
    `${code.length} contracts to the last byte (immutables, metadata, proxy slots), ` +
    `${roles.functions} restricted functions, ${roles.roles.length} roles`;
  const compiled = inputs.length === 0 ? "" : `; ${inputs.length} compiler inputs recorded`;
  const isRight = differences.length === 0;
  const verdict = isRight ? "Verified" : `NOT VERIFIED, ${differences.length} differences`;
  output.say(`\n${verdict}: ${compared}${compiled}.`);
  return isRight;
}

function describeRoles({ roles }: RolesCheck, record: DeploymentRecord): string {
  const rows = roles.map(({ role, holders }): [string, string] => {
    const said = holders.map(
      ({ address, delaySeconds }) =>
        `${nameAddress(address, record)}${delaySeconds === 0 ? "" : ` after ${formatSpan(delaySeconds)}`}`,
    );
    return [role, said.join(", ") || "nobody"];
  });
  return formatTable([{ title: "Roles" }, { title: "holders" }], joinEqual(rows));
}
