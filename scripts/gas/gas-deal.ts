/** The demo deal over sixty-three months, with holders who trade, claim and lose their keys: where single operations are measured. */
import { readFile } from "node:fs/promises";
import {
  Contract,
  type TransactionReceipt,
  id as hashText,
  Interface,
  type JsonRpcProvider,
  type TypedDataDomain,
  type TypedDataField,
  ZeroHash,
} from "ethers";
import type { Deployment } from "../../server/chain/connect-chain.ts";
import type { ChainDeal } from "../../server/chain/create-deal.ts";
import { contractAt, deployContract, send } from "../../server/chain/deploy-contract.ts";
import { deployDeal } from "../../server/chain/deploy-deal.ts";
import { deployPlatform } from "../../server/chain/deploy-platform.ts";
import { type ArtifactName, readArtifact } from "../../server/chain/read-artifact.ts";
import { readClosingTerms } from "../../server/chain/read-closing-terms.ts";
import { signConsent } from "../../server/chain/sign-consent.ts";
import { type CompiledDeal, compileDeal } from "../../server/deals/compile-deal.ts";
import {
  REPORT_TYPES,
  reportDomain,
  type ReportMessage,
} from "../../server/reports/report-message.ts";
import type { OwnChain } from "../replay/engine-contract.ts";
import { type GasRow, gasRow, type RowTitle } from "./gas-row.ts";
import { measureFloor } from "./measure-floor.ts";

export const MONTHS = 63;
/** Accounts of the chain; 0 has every role and funds the collections. */
export const ACCOUNT = { alder: 1, birch: 2, cedar: 3, dogwood: 4, alderAgain: 5, payee: 6 };
const FIRST_ATTESTER = 10;
const KEY_OF_WALLET = 13;
const FIRST_PAYEE = 20;
const USA = 840;
/** The registry's greatest time: credentials that do not end. */
const NEVER = 2 ** 40 - 1;
const PLENTY = 10n ** 15n;
const DEMO = `${import.meta.dirname}/../../test/golden/amcar-2017-4/deal.yaml`;

export const identityOf = (name: string): string => hashText(`identity of ${name}`);

export interface GasDeal {
  own: OwnChain;
  compiled: CompiledDeal;
  deployment: Deployment;
  deal: ChainDeal;
  /** A contract that holds notes and signs by a key of its own (ERC-1271). */
  wallet: string;
  rows: GasRow[];
}

/** The demo deal, but with sixty-three periods. */
export async function compileGasDeal(): Promise<CompiledDeal> {
  const text = (await readFile(DEMO, "utf8"))
    .replace(/periods: \d+/, `periods: ${MONTHS}`)
    .replaceAll(/finalScheduledDate: [\d-]+/g, "finalScheduledDate: 2023-01-18");
  const { deal, problems } = compileDeal(text);
  if (deal === null) throw new Error(problems.map(({ message }) => message).join("\n"));
  return deal;
}

const interfaces = new Map<ArtifactName, Promise<Interface>>();

function readInterface(name: ArtifactName): Promise<Interface> {
  const known = interfaces.get(name) ?? readArtifact(name).then(({ abi }) => new Interface(abi));
  interfaces.set(name, known);
  return known;
}

/** One transaction of `account`, not measured. */
export async function act(
  { own }: Pick<GasDeal, "own">,
  on: { contract: ArtifactName; address: string; account?: number },
  call: { method: string; args: readonly unknown[] },
): Promise<TransactionReceipt> {
  const sender = { signer: own.account(on.account ?? 0), mine: own.mine };
  const contract = new Contract(on.address, await readInterface(on.contract), sender.signer);
  return send(sender, contract, call.method, call.args);
}

/** Puts a transaction into the rows. */
export async function measured(
  gas: GasDeal,
  title: RowTitle,
  transaction: Promise<TransactionReceipt>,
): Promise<TransactionReceipt> {
  const receipt = await transaction;
  const provider = gas.own.signer.provider as JsonRpcProvider;
  const floor = await measureFloor(provider, receipt.hash);
  gas.rows.push(gasRow(title, Number(receipt.gasUsed), floor));
  return receipt;
}

/** An act on class A's token, on the distributor, on the compliance registry. */
export const onToken = ({ deal }: GasDeal, account: number) =>
  ({ contract: "TrancheToken", address: deal.tokens[0] ?? "", account }) as const;
export const onDistributor = ({ deployment }: GasDeal) =>
  ({ contract: "WaterfallDistributor", address: deployment.waterfallDistributor }) as const;
export const onCompliance = ({ deployment }: GasDeal) =>
  ({ contract: "ComplianceRegistry", address: deployment.complianceRegistry }) as const;
export const onReports = ({ deployment }: GasDeal) =>
  ({ contract: "ReportRegistry", address: deployment.reportRegistry }) as const;
export const onCash = ({ deal }: GasDeal) =>
  ({ contract: "MockStablecoin", address: deal.cashToken }) as const;

/** Moves the chain to a time of a period, or `seconds` later. */
export async function reach(
  { own, compiled }: GasDeal,
  period: number,
  at: "determinationTime" | "recordTime" | "paymentTime",
  seconds = 0,
): Promise<void> {
  const row = compiled.terms.calendar[period - 1];
  if (row === undefined) throw new RangeError(`the calendar has no period ${period}`);
  await own.chain.advanceTo(new Date((row[at] + seconds) * 1_000));
}

export async function openGasDeal(own: OwnChain): Promise<GasDeal> {
  const compiled = await compileGasDeal();
  const deployment = await deployPlatform({ ...own, testStablecoin: true });
  const keyOfWallet = own.account(KEY_OF_WALLET).address;
  const { address: wallet } = await deployContract(own, "MockContractWallet", [keyOfWallet]);
  const deal = await closeGasDeal(own, { compiled, deployment, wallet });
  const gas: GasDeal = { own, compiled, deployment, deal, wallet, rows: [] };
  const spender = deployment.waterfallDistributor;
  await act(gas, onCash(gas), { method: "approve", args: [spender, PLENTY] });
  await measureClosing(gas);
  return gas;
}

interface Parts {
  compiled: CompiledDeal;
  deployment: Deployment;
  wallet: string;
}

async function closeGasDeal(
  own: OwnChain,
  { compiled, deployment, wallet }: Parts,
): Promise<ChainDeal> {
  const address = (account: number): string => own.account(account).address;
  const sender = address(0);
  const { cashToken = "" } = deployment;
  const on = { contract: "MockStablecoin", address: cashToken } as const;
  await act({ own }, on, { method: "mint", args: [sender, PLENTY] });
  const { terms, bytes, file } = compiled;
  const holders = {
    alder: [address(ACCOUNT.alder), address(ACCOUNT.alderAgain)],
    birch: [address(ACCOUNT.birch)],
    cedar: [address(ACCOUNT.cedar)],
    dogwood: [address(ACCOUNT.dogwood)],
    wallet: [wallet],
  };
  const link = { identityId: identityOf("wallet"), deadline: NEVER, wallet };
  const consent = await signConsent(own.account(KEY_OF_WALLET), deployment, link);
  const attesters = [0, 1, 2].map((i) => address(FIRST_ATTESTER + i));
  return deployDeal({ issuer: own, registrar: own, originator: own }, deployment, {
    deal: {
      ...{ terms: bytes, cashToken, feeds: [], originator: sender },
      payees: terms.payees.map((_, i) => address(FIRST_PAYEE + i)),
      symbols: terms.classes.map(({ name }) => name),
      names: terms.classes.map(({ name }) => `${file.name}, Class ${name}`),
      ...{ attesters: [...attesters, wallet], threshold: 1 },
      ...{ successors: attesters, successorThreshold: 2 },
    },
    identities: Object.entries(holders).map(([name, wallets]) => ({
      ...{ id: identityOf(name), kycExpiry: NEVER, country: USA, wallets },
      consents: name === "wallet" ? [consent] : [],
    })),
    allocations: [
      { classIndex: 0, holder: address(ACCOUNT.alder), face: 60_000_00n },
      { classIndex: 0, holder: address(ACCOUNT.birch), face: 50_000_00n },
      { classIndex: 0, holder: address(ACCOUNT.cedar), face: 40_000_00n },
      { classIndex: 0, holder: wallet, face: 22_000_00n },
      { classIndex: 1, holder: address(ACCOUNT.cedar), face: 31_000_00n },
      { classIndex: 2, holder: address(ACCOUNT.birch), face: 27_000_00n },
    ],
    reachClosing: (time) => own.chain.advanceTo(new Date(time * 1_000)),
  });
}

interface Frame {
  to?: string;
  input: string;
  gasUsed: string;
  calls?: Frame[];
}

/** The closing as it was: the whole, and what one more holder of a class added to it. */
async function measureClosing(gas: GasDeal): Promise<void> {
  const { own, deployment, deal, compiled } = gas;
  const provider = own.signer.provider as JsonRpcProvider;
  const factory = await contractAt(own, "DealFactory", deployment.dealFactory);
  const [closed] = await factory.queryFilter(factory.getEvent("DealClosed")(deal.dealId));
  const hash = closed?.transactionHash ?? "";
  const receipt = await provider.getTransactionReceipt(hash);
  const { depositUnits } = readClosingTerms(compiled.bytes);
  const deposit = depositUnits > 0n ? ", the reserve deposited" : "";
  const whole = { operation: "closing", state: `three classes, six holdings${deposit}` };
  gas.rows.push(gasRow(whole, Number(receipt?.gasUsed), await measureFloor(provider, hash)));
  const trace: Frame = await provider.send("debug_traceTransaction", [
    hash,
    { tracer: "callTracer" },
  ]);
  const token = await contractAt(own, "TrancheToken", deal.tokens[0] ?? "");
  const mint = token.interface.getFunction("mint")?.selector ?? "";
  const mints = framesOf(trace).filter(
    ({ to, input }) => to === deal.tokens[0]?.toLowerCase() && input.startsWith(mint),
  );
  const second = { operation: "closing", state: "of it, for one more holder of a class" };
  gas.rows.push(gasRow(second, Number(mints[1]?.gasUsed), null));
}

const framesOf = (frame: Frame): Frame[] => [frame, ...(frame.calls ?? []).flatMap(framesOf)];

/** A month in which one of the loans is repaid and the deal pays everybody; `more` interest, cents, came in than usual. */
export function monthReport(gas: GasDeal, period: number, more = 0n): ReportMessage {
  const { compiled, deal } = gas;
  const { terms } = compiled;
  const pool = (months: number): bigint =>
    months === 0
      ? terms.cutOffBalanceCents
      : terms.cutOffBalanceCents - 5_500_00n - BigInt(months) * 500_00n;
  const [poolOpening, poolClosing] = [pool(period - 1), pool(period)];
  const [principal, interest] = [poolOpening - poolClosing, 1_500_00n + more];
  const values: Record<string, bigint> = {
    ...{ poolOpening, poolClosing, loanCount: 10n, principal, interest },
    availableFunds: principal + interest,
  };
  return {
    ...{ dealId: deal.dealId, period, version: 1, termsHash: deal.termsHash },
    tapeRoot: hashText(`tape of period ${period}`),
    closeHash: hashText(`close of period ${period}`),
    resultHash: ZeroHash,
    figures: terms.figures.map(({ name }) => values[name] ?? 0n),
  };
}

/** Signatures of the first `count` attesters, or of the contract wallet and one of them. */
export async function signReport(
  { own, deployment, wallet }: GasDeal,
  report: ReportMessage,
  by: 1 | 2 | 3 | "a contract and one",
): Promise<{ signers: string[]; signatures: string[] }> {
  const registry = deployment.reportRegistry;
  const domain = reportDomain({ chainId: BigInt(deployment.chainId), registry });
  const people = Array.from({ length: typeof by === "number" ? by : 1 }, (_, i) => {
    const key = own.account(FIRST_ATTESTER + i);
    return { address: key.address, key };
  });
  const contracts =
    typeof by === "number" ? [] : [{ address: wallet, key: own.account(KEY_OF_WALLET) }];
  const signing = [...people, ...contracts].toSorted((a, b) =>
    BigInt(a.address) < BigInt(b.address) ? -1 : 1,
  );
  return {
    signers: signing.map(({ address }) => address),
    signatures: await Promise.all(
      signing.map(({ key }) => key.signTypedData(domain, REPORT_TYPES, report)),
    ),
  };
}

/** Publishes a month's report, signed as said. */
export async function publishMonth(
  gas: GasDeal,
  period: number,
  by: Parameters<typeof signReport>[2] = 1,
): Promise<TransactionReceipt> {
  await reach(gas, period, "determinationTime");
  const report = monthReport(gas, period);
  const { signers, signatures } = await signReport(gas, report, by);
  const args = [report, signers, signatures];
  return act(gas, onReports(gas), { method: "publishReport", args });
}

/** Funds and distributes a month whose report is there; now, once its payment time has come. */
export async function distributeMonth(gas: GasDeal, period: number): Promise<TransactionReceipt> {
  const report = monthReport(gas, period);
  const { dealId } = gas.deal;
  const cents = report.figures[3] ?? 0n;
  await act(gas, onDistributor(gas), { method: "fund", args: [dealId, cents] });
  return act(gas, onDistributor(gas), { method: "distribute", args: [report] });
}

/** What the contract wallet's key says in its name. */
export function signAsWallet(
  { own }: GasDeal,
  { domain, types, message }: TypedMessage,
): Promise<string> {
  return own.account(KEY_OF_WALLET).signTypedData(domain, types, message);
}

interface TypedMessage {
  domain: TypedDataDomain;
  types: Record<string, TypedDataField[]>;
  message: Record<string, unknown>;
}
