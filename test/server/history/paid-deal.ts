/**
 * The golden auto deal, paid on a real chain out of the real tapes: every step from the upload to
 * the distribution as its own people do it. A is held by two funds, of which one sells to the other
 * between record and payment of the first period; B and C are the first fund's.
 */
import { Contract, type HDNodeWallet, id } from "ethers";
import { mockStablecoinAbi } from "../../../server/chain/abis/MockStablecoin.ts";
import { trancheTokenAbi } from "../../../server/chain/abis/TrancheToken.ts";
import {
  embeddedAccount,
  type Chain,
  type Deployment,
} from "../../../server/chain/connect-chain.ts";
import type { ChainDeal } from "../../../server/chain/create-deal.ts";
import { deployDeal } from "../../../server/chain/deploy-deal.ts";
import { deployPlatform } from "../../../server/chain/deploy-platform.ts";
import { watchEvents } from "../../../server/chain/watch-events.ts";
import { recordClaims } from "../../../server/claims/record-claims.ts";
import { compileDeal, type CompiledDeal } from "../../../server/deals/compile-deal.ts";
import { formatMonth } from "../../../server/lib/dates.ts";
import { present } from "./present.ts";
import { startTestServer, type TestServer, type TestUser } from "../start-test-server.ts";
import { AMCAR_DEAL_FILE, close, DEAL, insertDeal, uploadMonths } from "../tapes/amcar-2017-4.ts";

/** Three hours before closing: the deal is created before and closed at its closing time. */
const start = new Date("2017-10-18T11:00:00Z");
const country = 840;
const never = 2 ** 40 - 1;

type Investor = TestUser & { wallet: HDNodeWallet };

export interface PaidDeal {
  server: TestServer;
  compiled: CompiledDeal;
  chainDeal: ChainDeal;
  approver: TestUser & { wallet: HDNodeWallet };
  /** Holds 100,000.00 of A, all of B and C; sells 10,000.00 of A after record time 1. */
  seller: Investor;
  /** Holds 72,000.00 of A; buys those 10,000.00. */
  buyer: Investor;
  moveTo(seconds: number): Promise<void>;
  send(
    wallet: HDNodeWallet,
    transaction: { to: string; data: string },
  ): Promise<{ hash: string; status: number }>;
}

async function deployOn(chain: Chain): Promise<Deployment> {
  return await deployPlatform({ signer: chain.servicer, mine: chain.mine, testStablecoin: true });
}

function compileSource(source: string): CompiledDeal {
  const { deal, problems } = compileDeal(source);
  if (deal === null) throw new Error(JSON.stringify(problems));
  return deal;
}

export async function addPerson(
  server: TestServer,
  role: "approver" | "investor",
  account: number,
): Promise<Investor> {
  const wallet = embeddedAccount(account, server.context.chain.provider);
  const user = await server.addUser(role, { name: `${role} ${account}`, address: wallet.address });
  await server.joinDeal(user, DEAL);
  return { ...user, wallet };
}

async function putOnChain(
  server: TestServer,
  { terms, bytes }: CompiledDeal,
  people: { approver: Investor; seller: Investor; buyer: Investor },
): Promise<ChainDeal> {
  const { chain } = server.context;
  const sender = { signer: chain.servicer, mine: chain.mine };
  const servicer = await chain.servicer.getAddress();
  const cash = new Contract(present(chain.deployment.cashToken), mockStablecoinAbi, chain.servicer);
  const minted = await cash.getFunction("mint")(servicer, 10n ** 13n);
  await chain.mine?.();
  await minted.wait();
  const identity = (name: string, investor: Investor) => ({
    id: id(name),
    kycExpiry: never,
    country,
    wallets: [investor.wallet.address],
  });
  const { seller, buyer, approver } = people;
  const identities = [identity("seller", seller), identity("buyer", buyer)];
  return await deployDeal(
    { issuer: sender, registrar: sender, originator: sender },
    chain.deployment,
    {
      deal: {
        terms: bytes,
        cashToken: present(chain.deployment.cashToken),
        payees: terms.payees.map((_, i) => embeddedAccount(6 + i, chain.provider).address),
        feeds: [],
        originator: servicer,
        symbols: terms.classes.map(({ name }) => `AM${name}`),
        names: terms.classes.map(({ name }) => `AmeriCredit 2017-4 class ${name}`),
        attesters: [await chain.attester.getAddress(), approver.wallet.address],
        threshold: 2,
        successors: [embeddedAccount(5, chain.provider).address],
        successorThreshold: 1,
      },
      identities,
      capExempt: identities.map((known) => known.id),
      allocations: [
        { classIndex: 0, holder: seller.wallet.address, face: 10_000_000n },
        { classIndex: 0, holder: buyer.wallet.address, face: 7_200_000n },
        { classIndex: 1, holder: seller.wallet.address, face: 3_100_000n },
        { classIndex: 2, holder: seller.wallet.address, face: 2_700_000n },
      ],
      reachClosing: (closingTime) => moveTo(server, closingTime),
    },
  );
}

/** Moves server and chain to a time, unix seconds; never back. */
async function moveTo({ context, clock }: TestServer, seconds: number): Promise<void> {
  if (clock.now().getTime() >= seconds * 1_000) return;
  const { provider } = context.chain;
  clock.set(new Date(seconds * 1_000));
  const head = await provider.getBlock("latest");
  if ((head?.timestamp ?? 0) < seconds) {
    await provider.send("evm_setNextBlockTimestamp", [seconds]);
  }
  await context.chain.mine?.();
}

async function closeDeal(server: TestServer, source: string): Promise<PaidDeal> {
  const compiled = compileSource(source);
  const { context } = server;
  const { provider } = context.chain;
  await insertDeal(server, source);
  const approver = await addPerson(server, "approver", 2);
  const seller = await addPerson(server, "investor", 3);
  const buyer = await addPerson(server, "investor", 4);
  const people = { approver, seller, buyer };
  const chainDeal = await putOnChain(server, compiled, people);
  await context.db
    .updateTable("deals")
    .set({ chain_deal_id: chainDeal.dealId, code_address: chainDeal.code })
    .where("id", "=", DEAL)
    .execute();
  await watchEvents(context);
  await recordClaims(context);
  return {
    server,
    compiled,
    chainDeal,
    ...people,
    moveTo: (seconds) => moveTo(server, seconds),
    send: async (wallet, transaction) => {
      const sent = await wallet.sendTransaction(transaction);
      await context.chain.mine?.();
      const receipt = await provider.getTransactionReceipt(sent.hash);
      return { hash: sent.hash, status: receipt?.status ?? 0 };
    },
  };
}

/** Starts server and chain and brings the deal to its closing; nothing is paid yet. */
export async function startPaidDeal(source = AMCAR_DEAL_FILE): Promise<PaidDeal> {
  const server = await startTestServer({ chain: true, startAt: start, deploy: deployOn });
  try {
    return await closeDeal(server, source);
  } catch (error) {
    await server.close();
    throw error;
  }
}

export async function must(answer: Promise<{ statusCode: number; body: string }>): Promise<void> {
  const { statusCode, body } = await answer;
  if (statusCode >= 300) throw new Error(`${statusCode} ${body}`);
}

interface TypedReport {
  typedData: {
    domain: object;
    types: Record<string, { name: string; type: string }[]>;
    message: Record<string, unknown>;
  };
}

/** Builds the report and lets the approver, or another person, sign it. */
export async function attest(
  { server, approver }: Pick<PaidDeal, "server" | "approver">,
  url: string,
): Promise<void> {
  const { servicer } = server.users;
  await must(server.request(servicer, { method: "POST", url }));
  const report = (await server.request(approver, { url })).json<TypedReport>();
  const { domain, types, message } = report.typedData;
  const { EIP712Domain: _domain, ...own } = types;
  const signature = await approver.wallet.signTypedData(domain, own, message);
  const signatures = { method: "POST", url: `${url}/signatures`, payload: { signature } } as const;
  await must(server.request(approver, signatures));
}

async function sellAfterRecord(deal: PaidDeal): Promise<void> {
  const { chainDeal, seller, buyer } = deal;
  const token = new Contract(present(chainDeal.tokens[0]), trancheTokenAbi);
  const data = token.interface.encodeFunctionData("transfer", [buyer.wallet.address, 1_000_000n]);
  const { status } = await deal.send(seller.wallet, { to: present(chainDeal.tokens[0]), data });
  if (status !== 1) throw new Error("the sale was refused");
}

export interface PaymentMoments {
  late?: boolean;
  /** Called when the period is closed, and when its report is accepted on chain. */
  closed?: () => Promise<void>;
  published?: () => Promise<void>;
}

/**
 * Takes one period from its tape to its distribution; the first brings the cut-off tape with it. A
 * late one is distributed only when the next record time has come.
 */
export async function payPeriod(
  deal: PaidDeal,
  period: number,
  { late = false, closed, published }: PaymentMoments = {},
): Promise<void> {
  const { server, compiled } = deal;
  const { servicer } = server.users;
  const row = present(compiled.terms.calendar[period - 1]);
  const month = formatMonth(row.collectionMonth);
  const url = `/v1/deals/${DEAL}/periods/${month}`;
  await deal.moveTo(row.determinationTime + 60);
  await uploadMonths(server, period === 1 ? ["2017-09", month] : [month]);
  await must(close(server, month));
  await closed?.();
  await must(server.request(server.users.auditor, { url: `${url}/waterfall` }));
  await attest(deal, `${url}/report`);
  await must(server.request(servicer, { method: "POST", url: `${url}/report/publication` }));
  const acceptedAt = server.clock.now().getTime() / 1_000;
  if (published !== undefined) {
    await watchEvents(server.context);
    await published();
  }
  if (period === 1) {
    await deal.moveTo(row.recordTime);
    await sellAfterRecord(deal);
  }
  const final = acceptedAt + compiled.terms.reporting.challengeSeconds + 60;
  const due = late ? present(compiled.terms.calendar[period]).recordTime : row.paymentTime;
  await deal.moveTo(Math.max(due, final));
  await must(server.request(servicer, { method: "POST", url: `${url}/funding`, payload: {} }));
  await must(server.request(servicer, { method: "POST", url: `${url}/distribution` }));
  await watchEvents(server.context);
  await recordClaims(server.context);
}
