import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { openDeals } from "../../scripts/demo/open-deal.ts";
import { startDemo } from "../../scripts/demo/start-demo.ts";
import type { Role } from "../../server/db/tables.ts";
import { createApiKey } from "../../server/users/create-api-key.ts";
import type { DerivedDeal } from "./derive-deal.ts";

export interface PreparedFolder {
  /** DATA_DIR: a database, and a chain whose last block is the deal's closing. */
  folder: string;
  chainDealId: bigint;
  /** A key of each of the deal's people. */
  keys: Record<Extract<Role, "servicer" | "approver" | "auditor" | "administrator">, string>;
}

/** Brings the deal to its closing at simulated time, then stops everything: the real service goes on. */
export async function prepareFolder(root: string, deal: DerivedDeal): Promise<PreparedFolder> {
  const folder = path.join(root, "data");
  const deals = path.join(root, "deals");
  await mkdir(path.join(deals, deal.id), { recursive: true });
  await writeFile(path.join(deals, deal.id, "deal.yaml"), deal.source);
  const demo = await startDemo({ folder, startAt: deal.beforeClosing });
  try {
    const [opened] = await openDeals(demo, [deal.id], { folder: deals });
    if (opened === undefined) throw new Error("the deal was not opened");
    const users = await demo.context.db.selectFrom("users").select(["id", "role"]).execute();
    const keyOf = async (role: Role): Promise<string> => {
      const user = users.find((candidate) => candidate.role === role);
      return (await createApiKey(demo.context, user?.id ?? "")).key;
    };
    const keys = {
      servicer: await keyOf("servicer"),
      approver: await keyOf("approver"),
      auditor: await keyOf("auditor"),
      administrator: await keyOf("administrator"),
    };
    return { folder, chainDealId: opened.chainDealId, keys };
  } finally {
    await demo.close();
  }
}
