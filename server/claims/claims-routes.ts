import { Type } from "typebox";
import type { Role } from "../db/tables.ts";
import { SENDING_PROBLEMS } from "../chain/sending-problems.ts";
import { problem } from "../errors.ts";
import { EVERYBODY } from "../http/access.ts";
import type { App, RouteOptions } from "../http/app-type.ts";
import { ANY_TEXT, pageOf, pageQuery, readCursor, toPage } from "../http/page.ts";
import { sendCsv, sheetFormat } from "../http/send-csv.ts";
import { listClaims, listHoldings } from "./claim-queries.ts";
import { describeClaim, describeHoldings } from "./describe-claims.ts";
import { getDealTerms } from "./get-deal-on-chain.ts";
import { holderOf } from "./holder-of.ts";
import { listEntitlements } from "./list-entitlements.ts";
import { buildClaim, relayClaim } from "./request-claim.ts";

const claimers: Role[] = ["investor", "servicer", "administrator"];
const dealParams = Type.Object({ deal: Type.String() });
const holderQuery = Type.Optional(Type.String({ description: "A wallet; investors: their own" }));

const holding = Type.Object({
  class: Type.String(),
  holder: Type.String(),
  face: Type.String({ description: "Original face" }),
  principal: Type.String({ description: "What is outstanding of it, rounded down" }),
});
const unitAmount = Type.Object({ units: Type.String(), amount: Type.String() });
const entitlement = Type.Object({
  class: Type.String(),
  token: Type.String(),
  face: Type.String(),
  interest: unitAmount,
  principal: unitAmount,
  lastFundedPeriod: Type.Integer(),
  lastFundedMonth: Type.Union([Type.String(), Type.Null()]),
  frozen: Type.Boolean(),
});
const claim = Type.Object({
  class: Type.String(),
  holder: Type.String(),
  interest: unitAmount,
  principal: unitAmount,
  claimedAt: Type.String(),
  transaction: Type.String(),
  logIndex: Type.Integer(),
  block: Type.Integer(),
});

function addHoldings(app: App, { context }: RouteOptions): void {
  app.get(
    "/deals/:deal/holdings",
    {
      config: {
        access: EVERYBODY,
        problems: ["cursor-invalid", "holder-forbidden", "address-missing", "address-invalid"],
      },
      schema: {
        summary: "Who holds which class, at original face and outstanding",
        tags: ["claims"],
        params: dealParams,
        querystring: Type.Object({ ...pageQuery, holder: holderQuery, format: sheetFormat }),
        response: { 200: pageOf(holding) },
      },
    },
    async (request, reply) => {
      const { deal } = request.params;
      const { limit, cursor, format } = request.query;
      const [classId, after] = cursor === undefined ? [] : readCursor(cursor, [ANY_TEXT, ANY_TEXT]);
      const rows = await listHoldings(context.db, deal, {
        holder: holderOf(request.user, request.query.holder),
        after: classId === undefined || after === undefined ? undefined : [classId, after],
        limit: format === "csv" ? undefined : limit + 1,
      });
      const items = await describeHoldings(context, deal, rows);
      if (format === "csv") {
        return sendCsv(reply, {
          name: `${deal}-holdings`,
          columns: ["class", "holder", "face", "principal"],
          rows: items.map((item) => [item.class, item.holder, item.face, item.principal]),
        }) as never;
      }
      return toPage(items, limit, {
        item: (item) => item,
        position: (item) => [item.class, item.holder],
      });
    },
  );
}

function addEntitlements(app: App, { context }: RouteOptions): void {
  app.get(
    "/deals/:deal/entitlements/:holder",
    {
      config: {
        access: EVERYBODY,
        problems: [
          "deal-not-on-chain",
          "chain-unreachable",
          "holder-forbidden",
          "address-missing",
          "address-invalid",
        ],
      },
      schema: {
        summary: "What a holder could claim now, class by class, as the chain says",
        tags: ["claims"],
        params: Type.Object({ deal: Type.String(), holder: Type.String() }),
        response: { 200: Type.Object({ holder: Type.String(), items: Type.Array(entitlement) }) },
      },
    },
    async (request) => {
      const holder = holderOf(request.user, request.params.holder) ?? request.params.holder;
      return { holder, items: await listEntitlements(context, request.params.deal, holder) };
    },
  );
}

function addClaimList(app: App, { context }: RouteOptions): void {
  app.get(
    "/deals/:deal/claims",
    {
      config: {
        access: EVERYBODY,
        problems: ["cursor-invalid", "holder-forbidden", "address-missing", "address-invalid"],
      },
      schema: {
        summary: "Claims that were paid, newest first",
        tags: ["claims"],
        params: dealParams,
        querystring: Type.Object({ ...pageQuery, holder: holderQuery, format: sheetFormat }),
        response: { 200: pageOf(claim) },
      },
    },
    async (request, reply) => {
      const { deal } = request.params;
      const { limit, cursor, format } = request.query;
      const rows = await listClaims(context.db, deal, {
        holder: holderOf(request.user, request.query.holder),
        before: cursor === undefined ? undefined : readPosition(cursor),
        limit: format === "csv" ? undefined : limit + 1,
      });
      const { cashDecimals } = await getDealTerms(context, deal);
      const page = toPage(rows, format === "csv" ? rows.length : limit, {
        item: (row) => describeClaim(row, cashDecimals),
        position: (row) => [row.block_number.toString(), row.log_index.toString()],
      });
      if (format !== "csv") return page;
      return sendCsv(reply, {
        name: `${deal}-claims`,
        columns: ["claimed_at", "class", "holder", "interest", "principal", "block", "transaction"],
        rows: page.items.map((item) => [
          item.claimedAt,
          item.class,
          item.holder,
          item.interest.amount,
          item.principal.amount,
          item.block,
          item.transaction,
        ]),
      }) as never;
    },
  );
}

const DIGITS = /^\d{1,15}$/;

function readPosition(cursor: string) {
  const [block = "", logIndex = ""] = readCursor(cursor, [DIGITS, DIGITS]);
  return { block: BigInt(block), logIndex: Number(logIndex) };
}

function addClaimRequest(app: App, { context }: RouteOptions): void {
  const unsigned = Type.Object({ to: Type.String(), data: Type.String(), chainId: Type.Integer() });
  const relayed = Type.Object({ transaction: Type.String() });
  app.post(
    "/deals/:deal/claims",
    {
      config: {
        access: claimers,
        problems: [
          "deal-not-on-chain",
          "class-unknown",
          "holder-missing",
          "nothing-owed",
          "holder-forbidden",
          "address-missing",
          "address-invalid",
          ...SENDING_PROBLEMS,
        ],
      },
      schema: {
        summary: "A claim to sign with one's own wallet, or relayed; the holder is paid either way",
        tags: ["claims"],
        params: dealParams,
        headers: Type.Object({
          "idempotency-key": Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
        }),
        body: Type.Object({
          class: Type.String(),
          holder: Type.Optional(Type.String()),
          relay: Type.Boolean({ default: false }),
        }),
        response: { 200: Type.Union([unsigned, relayed]), 201: relayed },
      },
    },
    async (request, reply) => {
      const holder = holderOf(request.user, request.body.holder);
      if (holder === undefined) throw problem("holder-missing");
      const claimRequest = { dealId: request.params.deal, classId: request.body.class, holder };
      if (!request.body.relay) return await buildClaim(context, claimRequest);
      const idempotencyKey = request.headers["idempotency-key"];
      const sent = await relayClaim(context, { ...claimRequest, idempotencyKey });
      return await reply.status(sent.created ? 201 : 200).send({ transaction: sent.transaction });
    },
  );
}

/** What investors see and do: holdings, entitlements, claims. */
export async function claimsRoutes(app: App, options: RouteOptions): Promise<void> {
  addHoldings(app, options);
  addEntitlements(app, options);
  addClaimList(app, options);
  addClaimRequest(app, options);
}
