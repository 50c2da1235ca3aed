/** AmeriCredit 2017-4 for the tests: its tape terms, its 40 tapes, and the deal on a test server. */
import { readFileSync } from "node:fs";
import type { InjectOptions, LightMyRequestResponse } from "fastify";
import { compileDeal } from "../../../server/deals/compile-deal.ts";
import { dayInMonth, formatDate, formatMonth, parseMonth } from "../../../server/lib/dates.ts";
import type { TapePeriod, TapeTerms } from "../../../server/tapes/tape-terms.ts";
import type { TestServer, TestUser } from "../start-test-server.ts";

export const DEAL = "amcar-2017-4";

const golden = (path: string): URL => new URL(`../../golden/${DEAL}/${path}`, import.meta.url);

export const AMCAR_DEAL_FILE = readFileSync(golden("deal.yaml"), "utf8");

/** The deal with bounds that so many loans fit in: 12 are in the pool. */
export const roomFor = (loans: number): string =>
  AMCAR_DEAL_FILE.replace("loanCount: { min: 0, max: 12 }", `loanCount: { min: 0, max: ${loans} }`);

export const AMCAR_TERMS: TapeTerms = {
  format: "absee-auto-loan-xml",
  loanIdPrefix: "0001718362 - ",
  rateUnit: "fraction",
  feeUnit: "fraction",
  rollForward: {
    subtract: ["principal", "otherAdjustment", "chargeOff"],
    add: [],
    toleranceCents: 0n,
  },
  availableFunds: ["principal", "interest", "recovery", "liquidationProceeds"],
  chargeOffAgeDays: 120,
  currency: null,
  checks: {},
  mapping: null,
};

const CUT_OFF_MONTH = parseMonth("2017-09");

/** The months of the tapes, the cut-off month first. */
export const AMCAR_MONTHS = Array.from({ length: 40 }, (_, ordinal) =>
  formatMonth(CUT_OFF_MONTH + ordinal),
);

export function amcarTape(month: string): string {
  return readFileSync(golden(`tapes/${month}.xml`), "utf8");
}

export function amcarPeriod(month: string): TapePeriod {
  const number = parseMonth(month);
  return {
    ordinal: number - CUT_OFF_MONTH,
    begin: formatDate(dayInMonth(number, 1)),
    end: formatDate(dayInMonth(number, 31)),
  };
}

/** Stores a deal as the deals step leaves it, and makes everybody a member. */
export async function insertDeal(
  server: TestServer,
  source = AMCAR_DEAL_FILE,
  id = DEAL,
): Promise<void> {
  const { deal, problems } = compileDeal(source);
  if (deal === null) throw new Error(JSON.stringify(problems));
  await server.context.db
    .insertInto("deals")
    .values({
      id,
      name: deal.file.name,
      source,
      terms: Buffer.from(deal.bytes),
      terms_hash: deal.termsHash,
      chain_deal_id: null,
      code_address: null,
      created_at: server.clock.now(),
      created_by: server.users.administrator.id,
    })
    .execute();
  for (const user of Object.values(server.users)) await server.joinDeal(user, id);
}

export const NEW_LOAN = "0001718362 - 999999";

/** October with a thirteenth loan that enters with a balance of 1,000.00. */
export function withAddition(tape: string): string {
  const first = /<assets>[^]*?<\/assets>/.exec(tape)?.[0] ?? "";
  const values: Record<string, string> = {
    assetNumber: NEW_LOAN,
    reportingPeriodBeginningLoanBalanceAmount: "0",
    actualPrincipalCollectedAmount: "0",
    actualInterestCollectedAmount: "0",
    totalActualAmountPaid: "0",
    reportingPeriodActualEndBalanceAmount: "1000",
  };
  const added = Object.entries(values).reduce(
    (record, [name, value]) => record.replace(new RegExp(`<${name}>[^<]*<`), `<${name}>${value}<`),
    first,
  );
  return tape.replace("</assetData>", `${added}</assetData>`);
}

export interface Upload {
  month: string;
  tape?: string | Buffer | InjectOptions["payload"];
  user?: TestUser;
  deal?: string;
  query?: string;
  headers?: Record<string, string>;
}

/**
 * Uploads a month's tape as the servicer, its own unless another text is given. The cut-off tape's
 * one addition gets its reason.
 */
export async function upload(
  server: TestServer,
  { month, tape, user, deal = DEAL, query = "", headers = {} }: Upload,
): Promise<LightMyRequestResponse> {
  const answer = await server.request(user ?? server.users.servicer, {
    method: "POST",
    url: `/v1/deals/${deal}/tapes?period=${month}${query}`,
    headers: { "content-type": "application/xml", ...headers },
    payload: tape ?? amcarTape(month),
  });
  if (month === AMCAR_MONTHS[0] && answer.statusCode === 201) {
    await acceptReasons(server, `/v1/deals/${deal}/tapes/${answer.json().id}/problems`);
  }
  return answer;
}

async function acceptReasons(server: TestServer, url: string): Promise<void> {
  const { items } = (await server.request(server.users.servicer, { url })).json();
  for (const { ordinal, severity } of items as { ordinal: number; severity: string }[]) {
    if (severity !== "reason") continue;
    const accepted = await server.request(server.users.servicer, {
      method: "POST",
      url: `${url}/${ordinal}/acceptance`,
      payload: { reason: "Sold to the trust on the cut-off date" },
    });
    if (accepted.statusCode !== 201) throw new Error(accepted.body);
  }
}

/** Makes a version of a tape the one that stands: a closed period is closed anew over it. */
export async function acceptTape(
  server: TestServer,
  tape: string,
  reason: string,
): Promise<LightMyRequestResponse> {
  return await server.request(server.users.servicer, {
    method: "POST",
    url: `/v1/deals/${DEAL}/tapes/${tape}/acceptance`,
    payload: { reason },
  });
}

/** Uploads a corrected tape and accepts it. */
export async function correct(
  server: TestServer,
  month: string,
  { tape, reason }: { tape: string; reason: string },
): Promise<LightMyRequestResponse> {
  const proposed = await upload(server, { month, tape });
  if (proposed.statusCode !== 201) throw new Error(proposed.body);
  return await acceptTape(server, proposed.json().id, reason);
}

export async function close(
  server: TestServer,
  month: string,
  body: object = {},
): Promise<LightMyRequestResponse> {
  return await server.request(server.users.servicer, {
    method: "POST",
    url: `/v1/deals/${DEAL}/periods/${month}/close`,
    payload: body,
  });
}

/** Uploads months in order and requires that each is taken. */
export async function uploadMonths(server: TestServer, months: readonly string[]): Promise<void> {
  for (const month of months) {
    const answer = await upload(server, { month });
    if (answer.statusCode !== 201) throw new Error(answer.body);
  }
}
