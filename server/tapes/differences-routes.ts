import { Type } from "typebox";
import type { Context } from "../context.ts";
import { BOOKKEEPERS } from "../http/access.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { ANY_TEXT, pageQuery, readCursor, toPage } from "../http/page.ts";
import { limitStreams } from "../http/limit-streams.ts";
import { sendCsv, sheetFormat, streamCsv } from "../http/send-csv.ts";
import type { CsvValue } from "../lib/csv-text.ts";
import { DifferencesSchema } from "./difference-views.ts";
import { findComparedTape } from "./find-compared-tape.ts";
import * as differences from "./read-differences.ts";
import type { TapePair } from "./read-differences.ts";
import { getTapeDeal } from "./tape-deal-queries.ts";
import { monthOfPeriod } from "./tape-deal.ts";
import { getTapeById } from "./tapes-queries.ts";
import type { Tape } from "./tapes-queries.ts";

const schema = {
  summary: "How a version of a tape differs from the one whose place it takes",
  description:
    "A proposed version is compared with the tape that stands, an accepted one with that which stood " +
    "before it, or with the version that `against` names: by total, and loan by loan with every field. " +
    "CSV has one line per loan and field, all of them; with ?by=total one per total.",
  tags: ["tapes"],
  params: Type.Object({ deal: Type.String(), tape: Type.String({ format: "uuid" }) }),
  querystring: Type.Object({
    ...pageQuery,
    against: Type.Optional(Type.Integer({ minimum: 1 })),
    by: Type.Union([Type.Literal("loan"), Type.Literal("total")], { default: "loan" }),
    format: sheetFormat,
  }),
  response: { 200: DifferencesSchema },
};

/** Of a deal: each holds a database connection until its reader has read it. */
const MOST_STREAMS = 2;

/** What a corrected tape changes, before and after it is accepted. */
export async function differencesRoutes(app: App, { context }: RouteOptions): Promise<void> {
  const openStream = limitStreams(MOST_STREAMS);
  app.get(
    "/deals/:deal/tapes/:tape/differences",
    {
      config: {
        access: BOOKKEEPERS,
        problems: ["tape-unknown", "tape-version-unknown", "cursor-invalid", "streams-too-many"],
      },
      schema,
    },
    async ({ params, query }, reply) => {
      const deal = await getTapeDeal(context.db, params.deal);
      const tape = await getTapeById(context.db, deal.id, params.tape);
      const against = await findComparedTape(context.db, tape, query.against);
      const pair = against === null ? null : { deal, tape, against };
      const month = monthOfPeriod(deal, tape.period);
      const name = `${deal.id}-${month}-v${tape.version}-differences`;
      if (query.format === "csv" && query.by === "total") {
        const totals = pair === null ? [] : await differences.compareTotals(context.db, pair);
        const rows = totals.map((one) => [one.total, one.old, one.new, one.difference]);
        return sendCsv(reply, {
          name,
          columns: ["total", "old", "new", "difference"],
          rows,
        }) as never;
      }
      if (query.format === "csv") {
        openStream(deal.id, reply);
        const parts = readRows(context, pair);
        return streamCsv(reply, { name, columns: differences.DIFFERENCE_COLUMNS, parts }) as never;
      }
      const [after = ""] = query.cursor === undefined ? [] : readCursor(query.cursor, [ANY_TEXT]);
      const page = { after, limit: query.limit };
      const found = pair === null ? [] : await differences.listDifferences(context.db, pair, page);
      return {
        ...{ tape: tape.id, version: tape.version, against: against?.version ?? null },
        ...(await readSummary(context, { deal, tape, pair, isFirst: query.cursor === undefined })),
        columns: compareColumns(tape, against),
        ...toPage(query.by === "total" ? [] : found, query.limit, {
          item: (one) => one,
          position: ({ loan }) => [loan],
        }),
      };
    },
  );
}

async function* readRows({ db }: Context, pair: TapePair | null): AsyncGenerator<CsvValue[][]> {
  if (pair !== null) yield* differences.readDifferenceRows(db, pair);
}

interface Summarised {
  deal: TapePair["deal"];
  tape: Tape;
  pair: TapePair | null;
  isFirst: boolean;
}

/** What needs both tapes read whole: once, with the first page. */
async function readSummary({ db }: Context, { deal, tape, pair, isFirst }: Summarised) {
  if (!isFirst || pair === null) return { counts: null, totals: null, chain: null };
  return {
    counts: await differences.countDifferences(db, pair),
    totals: await differences.compareTotals(db, pair),
    chain: await differences.checkChain(db, deal, tape),
  };
}

function compareColumns(tape: Tape, against: Tape | null): { added: string[]; gone: string[] } {
  if (against === null) return { added: [], gone: [] };
  const [old, current] = [new Set(against.attribute_names), new Set(tape.attribute_names)];
  return {
    added: tape.attribute_names.filter((name) => !old.has(name)),
    gone: against.attribute_names.filter((name) => !current.has(name)),
  };
}
