import type { DeploymentRecord } from "../../server/chain/deploy-record.ts";
import type { CodeCheck } from "../../server/chain/deploy-verify-code.ts";
import type { RolesCheck } from "../../server/chain/deploy-verify-roles.ts";
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
    name,
    address,
    grouped(size),
    problems.length === 0 ? "same as the build" : `DIFFERS: ${problems.join("; ")}`,
  ]);
  output.say(`\n${formatTable(columns, rows)}`);
  output.say(`\n${describeRoles(roles)}`);
  const inputs = Object.entries(record.compilerInputs ?? {});
  for (const problem of roles.problems) output.say(`  DIFFERS: ${problem}`);
  const wrong =
    code.filter(({ problems }) => problems.length > 0).length +
    roles.roles.filter(({ problems }) => problems.length > 0).length +
    roles.problems.length;
  const compared =
    `${code.length} contracts to the last byte (immutables, metadata, proxy slots), ` +
    `${roles.functions} restricted functions, ${roles.roles.length} roles`;
  const compiled = inputs.length === 0 ? "" : `; ${inputs.length} compiler inputs recorded`;
  output.say(
    wrong === 0
      ? `\nVerified: ${compared}${compiled}.`
      : `\nNOT VERIFIED: ${wrong} ${wrong === 1 ? "difference" : "differences"} among ${compared}.`,
  );
  return wrong === 0;
}

function describeRoles({ roles }: RolesCheck): string {
  const rows = roles.map(({ role, holders, problems }): [string, string] => {
    const said = holders.map(
      ({ address, delaySeconds }) =>
        `${address}${delaySeconds === 0 ? "" : ` after ${formatSpan(delaySeconds)}`}`,
    );
    const wrong = problems.length === 0 ? "" : `  DIFFERS: ${problems.join("; ")}`;
    return [role, `${said.join(", ") || "nobody"}${wrong}`];
  });
  return formatTable([{ title: "Roles" }, { title: "holders" }], joinEqual(rows));
}
