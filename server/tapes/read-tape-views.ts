import type { Context } from "../context.ts";
import { findStandings } from "./acceptances-queries.ts";
import type { TapeDeal } from "./tape-deal.ts";
import { viewTape } from "./tape-views.ts";
import type { TapeView } from "./tape-views.ts";
import { countProblemsOf } from "./tapes-queries.ts";
import type { Tape } from "./tapes-queries.ts";

/** Tapes as the API shows them, with how they stand and how many problems they have. */
export async function readTapeViews(
  db: Context["db"],
  deal: TapeDeal,
  tapes: readonly Tape[],
): Promise<TapeView[]> {
  const ids = tapes.map(({ id }) => id);
  const problems = await countProblemsOf(db, deal.id, ids);
  const standings = await findStandings(db, tapes);
  return tapes.map((tape) =>
    viewTape(deal, {
      tape,
      problems: problems.get(tape.id) ?? { notes: 0, reasons: 0, openReasons: 0 },
      standing: standings.get(tape.id) ?? { state: "proposed", acceptance: null },
    }),
  );
}

export async function readTapeView(
  db: Context["db"],
  deal: TapeDeal,
  tape: Tape,
): Promise<TapeView> {
  const [view] = await readTapeViews(db, deal, [tape]);
  if (view === undefined) throw new Error(`tape ${tape.id} has no view`);
  return view;
}
