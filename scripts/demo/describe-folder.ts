import path from "node:path";
import type { DealInService } from "./open-deal.ts";
import type { Demo } from "./start-demo.ts";

/** A loan whose rows the demo proves: it lives through all its months. */
export const PROVEN_LOAN = "0001718362 - 031252";
/** Where the service listens unless told otherwise. */
const SERVICE = "http://127.0.0.1:3000";

/** What can be done with the folder of a demo that was kept: commands that work as they stand. */
export function describeFolder(
  demo: Demo,
  folder: string,
  deals: readonly Pick<DealInService, "id" | "chainDealId" | "auditor">[],
): string {
  const { deployment } = demo.context.chain;
  const rpc = demo.nodeUrl;
  const proof = path.join(folder, "proof.json");
  const [first] = deals;
  if (first === undefined) return "";
  const route = `/v1/deals/${first.id}/periods/2017-10/loans/${encodeURIComponent(PROVEN_LOAN)}/proof`;
  return [
    `Database and chain are kept in ${folder}. This starts the service on them, at real time, and their node at ${rpc}:`,
    "",
    `  DATA_DIR='${folder}' npm start`,
    "",
    `Then, in another terminal (the API is described at ${SERVICE}/docs; should the node get another port, it is in ${path.join(folder, "chain", "port")}):`,
    "",
    ...deals.map(
      ({ chainDealId, id }) => `  npm run replay -- --rpc ${rpc} --deal ${chainDealId}   # ${id}`,
    ),
    `  curl -s -H 'authorization: Bearer ${first.auditor.key}' '${SERVICE}${route}' > '${proof}'`,
    `  npm run verify-proof -- '${proof}' --rpc ${rpc} --registry ${deployment.reportRegistry} --deal ${first.chainDealId}`,
    "",
    "Keys for the API, shown only now:",
    "",
    `  ${demo.administrator.key}   administrator`,
    ...deals.map(({ auditor, id }) => `  ${auditor.key}   auditor of ${id}`),
  ].join("\n");
}
