/**
 * A deal on a chain of its own, ready for reports: the golden auto deal, closed, with notes in one
 * holder's hands; attesters are the server, an approver and a trustee, two of whom must sign.
 */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Contract, id, keccak256, toUtf8Bytes, type HDNodeWallet } from "ethers";
import {
  embeddedAccount,
  type Chain,
  type Deployment,
} from "../../../server/chain/connect-chain.ts";
import type { ChainDeal } from "../../../server/chain/create-deal.ts";
import { deployContract } from "../../../server/chain/deploy-contract.ts";
import { deployDeal } from "../../../server/chain/deploy-deal.ts";
import { deployPlatform } from "../../../server/chain/deploy-platform.ts";
import { prepareReport } from "../../../server/chain/prepare-report.ts";
import { watchEvents } from "../../../server/chain/watch-events.ts";
import { compileDeal, type CompiledDeal } from "../../../server/deals/compile-deal.ts";
import type { IndexTerms, NoticeTerms } from "../../../server/deals/deal-terms.ts";
import { encodeTerms } from "../../../server/deals/encode-terms.ts";
import { mockStablecoinAbi } from "../../../server/chain/abis/MockStablecoin.ts";
import { attestReport } from "../../../server/reports/attest-report.ts";
import { messageFromRow } from "../../../server/reports/report-codec.ts";
import { REPORT_TYPES, reportDomain } from "../../../server/reports/report-message.ts";
import type { StoredReport } from "../../../server/reports/report-queries.ts";
import { runWaterfall, type WaterfallRun } from "../../../server/waterfall/run-waterfall.ts";
import { runInputsOf } from "../../../server/waterfall/run-inputs-queries.ts";
import { openingState } from "../../../server/waterfall/waterfall-state.ts";
import { startTestServer, type TestServer, type TestUser } from "../start-test-server.ts";
import { goldenFigures } from "./golden-figures.ts";

export const DEAL = "amcar-2017-4";
const BEFORE_CLOSING = new Date("2017-10-18T12:00:00Z");
const USA = 840;
const NEVER = 2 ** 40 - 1;

export interface DealStage {
  server: TestServer;
  compiled: CompiledDeal;
  chainDeal: ChainDeal;
  /** A person with a wallet that is an attester. */
  approver: TestUser & { wallet: HDNodeWallet };
  trustee: TestUser & { wallet: HDNodeWallet };
  /** Uploaded and closed every period; has an attester's wallet too. */
  maker: TestUser & { wallet: HDNodeWallet };
  cash: Contract;
  /** Closes a period as the steps before would: tape, statistics, preview. */
  closePeriod(period: number, change?: ClosedChange): Promise<WaterfallRun>;
  /** Builds the report and lets a person sign it as a wallet would. */
  approve(period: number, person?: TestUser & { wallet: HDNodeWallet }): Promise<StoredReport>;
  /** Moves server and chain to a time. */
  moveTo(seconds: number): Promise<void>;
  /** Times of a period, unix seconds. */
  times(period: number): { determination: number; payment: number };
}

export interface ClosedChange {
  /** Adds to figures by name, cents. */
  figures?: Record<string, bigint>;
  /** Flags of the preview. */
  flags?: number;
}

/** What the staged deal has beside the golden one. */
export interface StageInputs {
  indices?: readonly IndexTerms[];
  notices?: readonly NoticeTerms[];
  /** Changes the deal file. */
  edit?: (source: string) => string;
}

/** The deal without a challenge window: a report is final at once. */
export const withoutWindow = (source: string): string =>
  source.replace(/  challengeWindow: 24 hours\n[^]*?holders: 25 %\n/, "");

export async function startDealStage(inputs: StageInputs = {}): Promise<DealStage> {
  const compiled = withInputs(await compileGolden(inputs.edit), inputs);
  const server = await startTestServer({ chain: true, startAt: BEFORE_CLOSING, deploy: deployOn });
  try {
    return await stageDeal(server, compiled);
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function stageDeal(server: TestServer, compiled: CompiledDeal): Promise<DealStage> {
  const people = {
    approver: await addSigner(server, "approver", 2),
    trustee: await addSigner(server, "trustee", 3),
    maker: await addSigner(server, "approver", 4),
  };
  const chainDeal = await putOnChain(server, compiled, Object.values(people));
  await insertDeal(server, compiled, chainDeal);
  for (const user of [...Object.values(people), ...Object.values(server.users)]) {
    await server.joinDeal(user, DEAL);
  }
  await watchEvents(server.context);
  const runs: WaterfallRun[] = [];
  const stage: DealStage = {
    server,
    compiled,
    chainDeal,
    ...people,
    cash: cashOf(server.context.chain),
    closePeriod: (period, change = {}) => closePeriod(stage, runs, { period, change }),
    approve: (period, person = people.approver) => approve(server, period, person),
    moveTo: (seconds) => moveTo(server, seconds),
    times: (period) => {
      const row = compiled.terms.calendar[period - 1];
      if (row === undefined) throw new Error(`no period ${period}`);
      return { determination: row.determinationTime, payment: row.paymentTime };
    },
  };
  return stage;
}

/** The deal with indices, each fixed five days before its collection month ends, and notices. */
function withInputs(
  { file, terms: golden }: CompiledDeal,
  { indices = [], notices = [] }: StageInputs,
): CompiledDeal {
  const calendar = golden.calendar.map((row) => ({
    ...row,
    fixingTimes: indices.map(() => row.determinationTime - 5 * 86_400),
  }));
  const terms = { ...golden, indices, notices, calendar };
  const bytes = encodeTerms(terms);
  return { file, terms, bytes, termsHash: keccak256(bytes) };
}

async function compileGolden(edit = (source: string) => source): Promise<CompiledDeal> {
  const { deal, problems } = compileDeal(edit(await readSource()));
  if (deal === null) throw new Error(`the deal does not compile: ${JSON.stringify(problems)}`);
  return deal;
}

async function readSource(): Promise<string> {
  return readFile(`test/golden/${DEAL}/deal.yaml`, "utf8");
}

async function deployOn(chain: Chain): Promise<Deployment> {
  const sender = { signer: chain.servicer, mine: chain.mine };
  return deployPlatform({ ...sender, testStablecoin: true });
}

/** Signs reports after a servicer default. */
function successorOf(chain: Chain): HDNodeWallet {
  return embeddedAccount(5, chain.provider);
}

function cashOf(chain: Chain): Contract {
  return new Contract(chain.deployment.cashToken ?? "", mockStablecoinAbi, chain.servicer);
}

async function addSigner(server: TestServer, role: "approver" | "trustee", account: number) {
  const wallet = embeddedAccount(account, server.context.chain.provider);
  const user = await server.addUser(role, { name: `${role} ${account}`, address: wallet.address });
  return { ...user, wallet };
}

async function putOnChain(
  server: TestServer,
  { terms, bytes }: CompiledDeal,
  people: { wallet: HDNodeWallet }[],
): Promise<ChainDeal> {
  const { chain } = server.context;
  const sender = { signer: chain.servicer, mine: chain.mine };
  const servicer = await chain.servicer.getAddress();
  const payees = terms.payees.map((_, i) => embeddedAccount(6 + i, chain.provider).address);
  const feeds: string[] = [];
  for (const { feedDecimals } of terms.indices) {
    feeds.push((await deployContract(sender, "MockIndexFeed", [feedDecimals])).address);
  }
  await cashOf(chain).getFunction("mint")(servicer, 10n ** 13n);
  await chain.mine?.();
  const holder = embeddedAccount(9, chain.provider).address;
  const identity = { id: id("holder"), kycExpiry: NEVER, country: USA, wallets: [holder] };
  return deployDeal({ issuer: sender, registrar: sender, originator: sender }, chain.deployment, {
    deal: {
      terms: bytes,
      cashToken: chain.deployment.cashToken ?? "",
      payees,
      feeds,
      originator: servicer,
      symbols: terms.classes.map(({ name }) => `AMC-${name}`),
      names: terms.classes.map(({ name }) => `AmeriCredit class ${name}`),
      attesters: [await chain.attester.getAddress(), ...people.map(({ wallet }) => wallet.address)],
      threshold: 2,
      successors: [successorOf(chain).address],
      successorThreshold: 1,
    },
    identities: [identity],
    capExempt: [identity.id],
    allocations: terms.classes.map(({ faceCents }, classIndex) => ({
      classIndex,
      holder,
      face: faceCents,
    })),
    reachClosing: () => moveTo(server, terms.closingTime),
  });
}

async function insertDeal(
  { context, users }: TestServer,
  compiled: CompiledDeal,
  { dealId, code }: ChainDeal,
): Promise<void> {
  await context.db
    .insertInto("deals")
    .values({
      id: DEAL,
      name: "AmeriCredit 2017-4, twelve loans",
      source: await readSource(),
      terms: Buffer.from(compiled.bytes),
      terms_hash: compiled.termsHash,
      chain_deal_id: dealId,
      code_address: code,
      created_at: context.clock.now(),
      created_by: users.administrator.id,
    })
    .execute();
}

async function approve(
  { context }: TestServer,
  period: number,
  user: TestUser & { wallet: HDNodeWallet },
): Promise<StoredReport> {
  const { report, attestation } = await prepareReport(context, { dealId: DEAL, period });
  const { chain } = context;
  const domain = { chainId: chain.chainId, registry: chain.deployment.reportRegistry };
  const message = messageFromRow(report.message);
  const signature = await user.wallet.signTypedData(reportDomain(domain), REPORT_TYPES, message);
  const { attesters } = attestation;
  await attestReport(context, { dealId: DEAL, period, user, signature, attesters });
  return report;
}

async function moveTo({ context, clock }: TestServer, seconds: number): Promise<void> {
  const { provider } = context.chain;
  clock.set(new Date(seconds * 1_000));
  const head = await provider.getBlock("latest");
  if ((head?.timestamp ?? 0) < seconds) {
    await provider.send("evm_setNextBlockTimestamp", [seconds]);
  }
  await context.chain.mine?.();
}

async function closePeriod(
  stage: DealStage,
  runs: WaterfallRun[],
  { period, change }: { period: number; change: ClosedChange },
): Promise<WaterfallRun> {
  const { compiled, chainDeal, maker, server } = stage;
  const { terms } = compiled;
  const golden = await goldenFigures(terms, period);
  const figures = terms.figures.map(
    ({ name }, i) => (golden[i] ?? 0n) + (change.figures?.[name] ?? 0n),
  );
  const state = runs[period - 2]?.state ?? openingState(terms);
  const inputs = await runInputsOf(server.context.db, { dealId: DEAL, period, terms });
  const { dealId: chainDealId } = chainDeal;
  const run = runWaterfall({ terms, state, period, figures, ...inputs, chainDealId });
  runs[period - 1] = run;
  await insertClosedPeriod(server, {
    period,
    figures,
    run,
    maker,
    flags: change.flags ?? run.flags,
  });
  return run;
}

interface ClosedRows {
  period: number;
  figures: bigint[];
  run: WaterfallRun;
  maker: TestUser;
  flags: number;
}

async function insertClosedPeriod(
  { context }: TestServer,
  { period, figures, run, maker, flags }: ClosedRows,
): Promise<void> {
  const { clock, db } = context;
  const { closed } = await db
    .selectFrom("closed_periods")
    .select((select) => select.fn.countAll<bigint>().as("closed"))
    .where("deal_id", "=", DEAL)
    .where("period", "=", period)
    .executeTakeFirstOrThrow();
  const version = Number(closed) + 1;
  const key = { deal_id: DEAL, period };
  const tape = randomUUID();
  const named = (what: string) => keccak256(toUtf8Bytes(`${what} ${period} ${version}`));
  await db
    .insertInto("tapes")
    .values({
      ...key,
      id: tape,
      version,
      content_hash: named("content").slice(2),
      file_name: "tape.xml",
      format: "absee-auto-loan-xml",
      asset_class: "auto loan",
      byte_count: 1n,
      row_count: 12,
      closing_balance_cents: figures[1] ?? 0n,
      loan_count: Number(figures[2]),
      bucket_cents: [figures[1] ?? 0n, 0n, 0n, 0n, 0n, 0n],
      tree_hash: named("tree"),
      leaf_secret: Buffer.alloc(32),
      attribute_names: [],
      control_totals: "{}",
      uploaded_by: maker.id,
      uploaded_at: clock.now(),
    })
    .execute();
  await db
    .insertInto("closed_periods")
    .values({
      ...key,
      version,
      tape_id: tape,
      close_hash: named("close"),
      figures: JSON.stringify(figures.map(String)),
      statistics: "{}",
      closed_by: maker.id,
      closed_at: clock.now(),
    })
    .execute();
  await db
    .insertInto("waterfall_previews")
    .values({
      ...key,
      close_version: version,
      result_hash: run.resultHash,
      flags,
      words: JSON.stringify(run.words.map(String)),
      created_at: clock.now(),
    })
    .execute();
}
