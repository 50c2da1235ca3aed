import { Type } from "typebox";
import type { Context } from "../context.ts";
import { problem } from "../errors.ts";
import { BOOKKEEPERS } from "../http/access.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { sendCsv, sheetFormat, sheetOf } from "../http/send-csv.ts";
import type { Sheet } from "../http/send-csv.ts";
import type { CsvValue } from "../lib/csv-text.ts";
import { parseCents } from "../lib/money.ts";
import { getTapeDeal } from "../tapes/tape-deal-queries.ts";
import { monthOfPeriod, periodOfMonth } from "../tapes/tape-deal.ts";
import type { TapeDeal } from "../tapes/tape-deal.ts";
import { findClosedPeriod } from "./periods-queries.ts";
import type { ClosedPeriod } from "./periods-queries.ts";
import { findStatistic, STATISTICS, USUAL_STATISTICS } from "./statistic-catalogue.ts";
import type { Statistic } from "./statistic.ts";
import * as queries from "./statistics-queries.ts";
import * as views from "./statistics-views.ts";
import { stratifyPeriod } from "./stratify-period.ts";

const ofPeriod = Type.Object({
  deal: Type.String(),
  period: Type.String({ description: "collection month, YYYY-MM" }),
});
const ofDeal = Type.Object({ deal: Type.String() });
const config = {
  access: BOOKKEEPERS,
  problems: ["period-unknown", "period-goes-on", "period-not-closed"],
} as const;

interface Close {
  deal: TapeDeal;
  closed: ClosedPeriod;
  key: queries.CloseKey;
  /** Closing balance of the pool, cents. */
  closing: bigint;
}

/** The newest close of a month. @throws Problem deal-unknown, period-unknown, period-not-closed */
async function getClose({ db }: Context, params: { deal: string; period: string }): Promise<Close> {
  const deal = await getTapeDeal(db, params.deal);
  const { ordinal } = periodOfMonth(deal, params.period);
  const closed = await findClosedPeriod(db, deal.id, ordinal);
  if (closed === undefined) {
    throw problem("period-not-closed", { deal: deal.id, period: params.period });
  }
  const { period, version, statistics } = closed;
  const key = { dealKey: deal.key, period, version };
  return { deal, closed, key, closing: parseCents(statistics.poolClosing) };
}

interface ItemsSchema {
  properties: { items: { items: { properties: object } } };
}

/** Items as a sheet, in the columns that the answer's schema gives them. */
function itemsSheet(
  name: string,
  { properties }: ItemsSchema,
  items: readonly Readonly<Record<string, CsvValue>>[],
): Sheet {
  return sheetOf(name, Object.keys(properties.items.items.properties), items);
}

function addStatistics(app: App, { context }: RouteOptions): void {
  app.get(
    "/deals/:deal/periods/:period/statistics",
    {
      config,
      schema: {
        summary: "Every figure of a closed period's pool, each with its definition",
        tags: ["statistics"],
        params: ofPeriod,
        querystring: Type.Object({ format: sheetFormat }),
        response: { 200: views.StatisticsSchema },
      },
    },
    async ({ params, query }, reply) => {
      const { deal, closed, key } = await getClose(context, params);
      const values = await queries.listFigures(context.db, key);
      const items = STATISTICS.map((statistic) => ({
        ...views.viewDefinition(statistic),
        value: views.formatStatistic(statistic.unit, values.get(statistic.name) ?? null),
      }));
      const name = `${deal.id}-${params.period}-statistics`;
      if (query.format === "csv") {
        return sendCsv(reply, itemsSheet(name, views.StatisticsSchema, items)) as never;
      }
      return { ...views.viewClose(deal, closed), items };
    },
  );
}

/** @throws Problem statistic-unknown */
function chooseStatistics(figures: string | undefined): Statistic[] {
  const names = figures === undefined ? USUAL_STATISTICS : figures.split(",");
  return names.map((name) => {
    const statistic = findStatistic(name.trim());
    if (statistic !== undefined) return statistic;
    const known = STATISTICS.map((each) => each.name).join(", ");
    throw problem("statistic-unknown", { figure: name, names: known });
  });
}

function addSeries(app: App, { context }: RouteOptions): void {
  app.get(
    "/deals/:deal/statistics",
    {
      config: { access: BOOKKEEPERS, problems: ["statistic-unknown"] },
      schema: {
        summary: "Figures of the pool over all closed periods",
        tags: ["statistics"],
        params: ofDeal,
        querystring: Type.Object({
          figures: Type.Optional(
            Type.String({
              maxLength: 4000,
              description: "names, commas between; the usual ones when absent",
            }),
          ),
          format: sheetFormat,
        }),
        response: { 200: views.SeriesSchema },
      },
    },
    async ({ params, query }, reply) => {
      const deal = await getTapeDeal(context.db, params.deal);
      const chosen = chooseStatistics(query.figures);
      const names = chosen.map(({ name }) => name);
      const rows = await queries.listFigureSeries(context.reader, deal.key, names);
      const items = [...Map.groupBy(rows, ({ period }) => period)].map(([period, found]) => {
        const values = new Map(found.map(({ figure, value }) => [figure, value]));
        return {
          period,
          month: monthOfPeriod(deal, period),
          version: found[0]?.version ?? 0,
          values: Object.fromEntries(
            chosen.map(({ name, unit }) => [
              name,
              views.formatStatistic(unit, values.get(name) ?? null),
            ]),
          ),
        };
      });
      if (query.format === "csv") {
        const flat = items.map(({ values, ...of }) => ({ ...of, ...values }));
        const columns = ["period", "month", "version", ...names];
        return sendCsv(reply, sheetOf(`${deal.id}-statistics`, columns, flat)) as never;
      }
      return { deal: deal.id, figures: chosen.map(views.viewDefinition), items };
    },
  );
}

function addRollRates(app: App, { context }: RouteOptions): void {
  app.get(
    "/deals/:deal/periods/:period/roll-rates",
    {
      config,
      schema: {
        summary: "Where the loans of each state went in a closed period, in money and count",
        tags: ["statistics"],
        params: ofPeriod,
        querystring: Type.Object({ format: sheetFormat }),
        response: { 200: views.RollRatesSchema },
      },
    },
    async ({ params, query }, reply) => {
      const { deal, closed, key } = await getClose(context, params);
      const rolls = await queries.listRolls(context.db, key);
      const items = views.viewRolls(rolls);
      const name = `${deal.id}-${params.period}-roll-rates`;
      if (query.format === "csv") {
        return sendCsv(reply, itemsSheet(name, views.RollRatesSchema, items)) as never;
      }
      return {
        ...views.viewClose(deal, closed),
        ...views.viewTable("rollRates"),
        items,
        flows: { ...views.viewTable("flowRates"), items: views.viewFlows(rolls) },
      };
    },
  );
}

function addConcentrations(app: App, { context }: RouteOptions): void {
  app.get(
    "/deals/:deal/periods/:period/concentrations",
    {
      config,
      schema: {
        summary: "A closed period's pool by state or region, the largest first",
        tags: ["statistics"],
        params: ofPeriod,
        querystring: Type.Object({
          top: Type.Optional(Type.Integer({ minimum: 1, description: "all when absent" })),
          format: sheetFormat,
        }),
        response: { 200: views.ConcentrationsSchema },
      },
    },
    async ({ params, query }, reply) => {
      const { deal, closed, key, closing } = await getClose(context, params);
      const all = await queries.listConcentrations(context.db, key);
      const items = views.viewConcentrations(all.slice(0, query.top), closing);
      const name = `${deal.id}-${params.period}-concentrations`;
      if (query.format === "csv") {
        return sendCsv(reply, itemsSheet(name, views.ConcentrationsSchema, items)) as never;
      }
      return {
        ...views.viewClose(deal, closed),
        ...views.viewTable("concentrations"),
        regions: all.length,
        items,
      };
    },
  );
}

function addVintages(app: App, { context }: RouteOptions): void {
  app.get(
    "/deals/:deal/vintages",
    {
      config: { access: BOOKKEEPERS },
      schema: {
        summary: "Cumulative losses and balances by quarter of origination and months on book",
        tags: ["statistics"],
        params: ofDeal,
        querystring: Type.Object({ format: sheetFormat }),
        response: { 200: views.VintagesSchema },
      },
    },
    async ({ params, query }, reply) => {
      const deal = await getTapeDeal(context.db, params.deal);
      const points = await queries.listVintageCurves(context.reader, deal.key);
      const items = points.map((point) => views.viewVintage(deal, point));
      if (query.format === "csv") {
        return sendCsv(
          reply,
          itemsSheet(`${deal.id}-vintages`, views.VintagesSchema, items),
        ) as never;
      }
      return { deal: deal.id, ...views.viewTable("vintages"), items };
    },
  );
}

function addStratifications(app: App, { context }: RouteOptions): void {
  app.get(
    "/deals/:deal/periods/:period/stratifications",
    {
      config: { ...config, problems: [...config.problems, "stratification-invalid"] },
      schema: {
        summary: "A closed period's pool in bands of any field or any column of its tape",
        tags: ["statistics"],
        params: ofPeriod,
        querystring: Type.Object({
          by: Type.String({
            minLength: 1,
            maxLength: 200,
            description: "creditScore, region, a column of the tape",
          }),
          bands: Type.Optional(
            Type.String({
              maxLength: 1000,
              description:
                "bounds in the field's unit, rising, commas between; empty: each value by itself; absent: the usual ones",
            }),
          ),
          format: sheetFormat,
        }),
        response: { 200: views.StratificationSchema },
      },
    },
    async ({ params, query }, reply) => {
      const { deal, closed, closing } = await getClose(context, params);
      const cut = await stratifyPeriod(
        context.db,
        { deal, closed },
        { by: query.by, bands: query.bands },
      );
      const items = views.viewStrata(cut, closing);
      const name = `${deal.id}-${params.period}-by-${cut.field}`;
      if (query.format === "csv") {
        return sendCsv(reply, itemsSheet(name, views.StratificationSchema, items)) as never;
      }
      return {
        ...views.viewClose(deal, closed),
        ...views.viewTable("stratification"),
        by: cut.field,
        bands: cut.bands,
        items,
      };
    },
  );
}

/** What the pool says: stored with each close, read here. */
export async function statisticsRoutes(app: App, options: RouteOptions): Promise<void> {
  addStatistics(app, options);
  addSeries(app, options);
  addRollRates(app, options);
  addConcentrations(app, options);
  addVintages(app, options);
  addStratifications(app, options);
}
