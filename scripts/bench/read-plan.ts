import { sql } from "kysely";
import type { Kysely, RawBuilder } from "kysely";
import type { Database } from "../../server/db/tables.ts";

interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Remote SQL"?: string;
  Plans?: PlanNode[];
}

/** What a query touches, as PostgreSQL itself plans it. */
export interface QueryPlan {
  /** Tables of the server that is asked. */
  own: string[];
  /** What is asked of the other server. */
  remote: string[];
}

/** @param query with its values in it, not as parameters */
export async function readPlan(
  db: Kysely<Database>,
  query: RawBuilder<unknown>,
): Promise<QueryPlan> {
  const explained = await sql<{ "QUERY PLAN": { Plan: PlanNode }[] }>`
    explain (format json, verbose) ${query}
  `.execute(db);
  const plan: QueryPlan = { own: [], remote: [] };
  const visit = (node: PlanNode): void => {
    const remote = node["Remote SQL"];
    const name = node["Relation Name"];
    if (remote !== undefined) plan.remote.push(remote);
    else if (name !== undefined) plan.own.push(name);
    node.Plans?.forEach(visit);
  };
  for (const { Plan } of explained.rows[0]?.["QUERY PLAN"] ?? []) visit(Plan);
  return plan;
}
