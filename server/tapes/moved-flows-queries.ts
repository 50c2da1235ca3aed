/** Flows that were counted from another tape than the one before: it was corrected since. */
import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import { CUMULATIVE_FIELDS } from "./canonical-fields.ts";
import { LINE_FIELDS } from "./loan-month-columns.ts";

/** Whether a row `c` and the same loan's in the tape before, `p`, do not differ by the flows of `c`. */
export function hasMovedFlows(): RawBuilder<boolean> {
  const items = CUMULATIVE_FIELDS.map((name, at) => {
    const [column] = LINE_FIELDS.find(([, , field]) => field === name) ?? [name];
    const item = sql.lit(at + 1);
    const difference = sql`c.cumulative_cents[${item}] - p.cumulative_cents[${item}]`;
    return sql`(c.cumulative_cents[${item}] is not null
      and ${sql.ref(`c.${column}`)} is distinct from ${difference})`;
  });
  return sql<boolean>`(c.cumulative_cents is not null and (${sql.join(items, sql` or `)}))`;
}
