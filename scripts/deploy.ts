/**
 * Deploys the platform, and a deal on it, to the chain behind RPC_URL with DEPLOYER_KEY. What the record file has already
 * is not deployed again, so an interrupted run is simply run again.
 */
import { readFile, rename, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type JsonRpcProvider, type Signer, Wallet } from "ethers";
import { checkDeployer } from "../server/chain/check-deployer.ts";
import { type Deployment, readDeployment } from "../server/chain/connect-chain.ts";
import { connectNode } from "../server/chain/connect-node.ts";
import { findSameDeal } from "../server/chain/create-deal.ts";
import { contractAt, type Sender } from "../server/chain/deploy-contract.ts";
import { deployDeal } from "../server/chain/deploy-deal.ts";
import { type DeploymentRecord, deployPlatform } from "../server/chain/deploy-platform.ts";
import { EMBEDDED_CHAIN_ID } from "../server/chain/embedded-chain.ts";
import { describeUnits, explainFailure } from "../server/chain/explain-failure.ts";
import type { RoleHolders } from "../server/chain/grant-roles.ts";
import { PlanError, type PreparedDeal, prepareDeal } from "../server/chain/prepare-deal.ts";
import { mintCash, provideDeposit } from "../server/chain/provide-deposit.ts";
import { readClosingTerms } from "../server/chain/read-closing-terms.ts";
import { proceedsOf } from "../server/chain/subscription.ts";
import { parseCents } from "../server/lib/money.ts";
import { printableText } from "../server/lib/printable-text.ts";
import { UsageError, runCommand } from "./run-command.ts";

const usage = `usage: npm run deploy -- --broadcast [--record FILE] [--deal FILE] [...]

Deploys the contracts, and with --deal a deal on them, to the chain behind RPC_URL with DEPLOYER_KEY
(both from the environment). What is there already is left as it is: run it again after an
interruption, or when the closing time has come. Without --broadcast it only checks the deal's plan.

  --broadcast           send transactions
  --record FILE         where the addresses are kept, or stand already (default deployment.json);
                        DATA_DIR/chain/deployment.json is that of a running \`npm start\`
  --deal FILE           the plan of a deal; scripts/sample-deal/deal.json is one to copy
  --mint-deposit        mint what the originator lacks of the deposit (test stablecoin only)
  --mint-cash AMOUNT    mint so much of the test stablecoin to the deployer, who on the chain of \`npm start\`
                        is also the servicer that passes collections on
  --test-stablecoin     also deploy a stablecoin that anyone may mint; never where money is real
  --roles FILE          who holds which role: { "admin": ["0x..."], "issuer": [...], "registrar": [...],
                        "attesterAdmin": [...], "upgrader": [...], "guardian": [...] }; the deployer holds
                        what is not named, and gives administration up to another admin
  --upgrade-delay N     seconds between scheduling and executing an upgrade (default 0)
  --admin-delay N       seconds before a call of another admin takes effect (default 0)

The plan: { "dealFile" (beside the plan), "payees", "symbols", "names", "attesters", "threshold",
  "identities": [{ "id", "kycExpiry", "country", "wallets" }], "capExempt": ["0x..."],
  "allocations": [{ "classIndex", "holder", "face" (cents) }], "cashToken" (default: the test stablecoin),
  or, sold against payment, "subscriptions": [{ "classIndex", "investor", "face", "leastFace", "allottedFace",
  "price" (percent of face), "deadline", "salt", "signature" (none: placed on chain) }],
  "reserve": { "feed", "maxAge" (seconds), "advanceBps" }: what must cover the notes (default: nothing),
  "feeds": { "<index>": "0x..." } (an AggregatorV3Interface for each index whose source is a feed) }.
The deployer is the deal's originator, pays its deposits and must hold the roles admin, issuer and registrar.

Ends with 0 when everything is on chain (or the plan is right), 1 when the plan or a contract forbids it,
2 when it was called wrongly or the node does not answer, 3 when the deal is created and waits for its closing time.`;

const options = {
  broadcast: { type: "boolean", default: false },
  record: { type: "string", default: "deployment.json" },
  roles: { type: "string" },
  deal: { type: "string" },
  "mint-deposit": { type: "boolean", default: false },
  "mint-cash": { type: "string" },
  "test-stablecoin": { type: "boolean", default: false },
  "upgrade-delay": { type: "string", default: "0" },
  "admin-delay": { type: "string", default: "0" },
} as const;

const readArguments = () => parseArgs({ options }).values;
type Arguments = ReturnType<typeof readArguments>;

/** The deal is created; its closing time (unix seconds) lies ahead. */
class ClosingAhead extends Error {
  readonly closingTime: number;

  constructor(closingTime: number) {
    super("the closing time has not come");
    this.closingTime = closingTime;
  }
}

async function readJson<T>(file: string): Promise<T> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as T;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Error(`${file}: is not JSON: ${error.message}`, { cause: error });
  }
}

async function readRecord(file: string): Promise<DeploymentRecord> {
  return await readJson<DeploymentRecord>(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    // Said, since a mistyped path would deploy a second platform.
    console.error(`${file} is not there: the platform is deployed, and recorded in it`);
    return {};
  });
}

/** Written beside and renamed, so that a crash never leaves half a record. */
async function save(file: string, record: DeploymentRecord): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(record, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

/** RPC_URL and DEPLOYER_KEY; the values are never shown. */
function readEnvironment(): { url: string; key: string } {
  const { RPC_URL: url = "", DEPLOYER_KEY: key = "" } = process.env;
  const wrong: string[] = [];
  if (!URL.canParse(url)) wrong.push("RPC_URL must be the URL of a node");
  if (!/^0x[0-9a-fA-F]{64}$/.test(key)) wrong.push("DEPLOYER_KEY must be 0x and 64 hex digits");
  if (wrong.length > 0) throw new UsageError(wrong.join("; "));
  return { url, key };
}

function seconds(values: Arguments, name: "upgrade-delay" | "admin-delay"): number {
  if (/^\d{1,9}$/.test(values[name])) return Number(values[name]);
  throw new UsageError(`--${name} is a number of seconds`);
}

/**
 * The deployment of the record, completed where it is not. A record without the contracts behind the
 * proxies is one of a running service: it is complete, and deploying on would replace its platform.
 */
async function providePlatform(sender: Sender, values: Arguments): Promise<Deployment> {
  const record = await readRecord(values.record);
  if (record.dealFactory !== undefined && record.platformGenesis === undefined) {
    const deployment = await readDeployment(values.record);
    if (deployment === null) throw new Error(`${values.record}: there is no such file`);
    await requireDeployed(sender.signer, deployment, values.record);
    return deployment;
  }
  return await deployPlatform({
    ...sender,
    record,
    save: (progress) => save(values.record, progress),
    holders: values.roles === undefined ? undefined : await readJson<RoleHolders>(values.roles),
    testStablecoin: values["test-stablecoin"],
    delays: {
      upgradeSeconds: seconds(values, "upgrade-delay"),
      adminSeconds: seconds(values, "admin-delay"),
    },
  });
}

/** An embedded chain is asked for a block after each transaction: its own come every twelve seconds. */
async function senderOf(key: string, provider: JsonRpcProvider): Promise<Sender> {
  const signer = new Wallet(key, provider);
  const { chainId } = await provider.getNetwork();
  if (chainId !== EMBEDDED_CHAIN_ID) return { signer };
  return { signer, mine: async () => void (await provider.send("evm_mine", [])) };
}

async function requireDeployed(signer: Signer, deployment: Deployment, file: string) {
  const chainId = (await signer.provider?.getNetwork())?.chainId;
  if (chainId !== BigInt(deployment.chainId)) {
    throw new Error(`${file} is of chain ${deployment.chainId}, the node serves chain ${chainId}`);
  }
  if ((await signer.provider?.getCode(deployment.dealFactory)) !== "0x") return;
  throw new Error(`${file}: there is no factory at ${deployment.dealFactory} on this chain`);
}

/** Creation, and the closing when its time has come. @throws ClosingAhead when it has not */
async function bringOnChain(
  sender: Sender,
  deployment: Deployment,
  { plan, compiled, mint }: PreparedDeal & { mint: boolean },
): Promise<void> {
  const { identities, capExempt, allocations, subscriptions, dealFile: _file, ...parts } = plan;
  const cashToken = plan.cashToken ?? deployment.cashToken;
  if (cashToken === undefined) {
    throw new PlanError(["cashToken: is missing, and the deployment has no test stablecoin"]);
  }
  const originator = await sender.signer.getAddress();
  const feeds = compiled.terms.indices.map(({ name }) => plan.feeds[name] ?? "");
  const deal = { ...parts, feeds, cashToken, terms: compiled.bytes, originator };
  const factory = await contractAt(sender, "DealFactory", deployment.dealFactory);
  const known = await findSameDeal(factory, deployment, deal);
  if (known === null || !(await factory.getFunction("isClosed")(known.dealId))) {
    const lacking = await checkDeployer(sender, deployment, known?.dealId ?? null);
    if (lacking.length > 0) throw new PlanError(lacking);
    const { cashDecimals } = compiled.terms;
    const { depositUnits } = readClosingTerms(compiled.bytes);
    const proceedsUnits = proceedsOf(subscriptions, { originator, cashDecimals });
    const deposit = { cashToken, cashDecimals, depositUnits, proceedsUnits };
    const testToken = mint ? (deployment.cashToken ?? null) : null;
    const minted = await provideDeposit(sender, deposit, testToken);
    if (minted > 0n) console.error(`minted ${describeUnits(minted, cashDecimals)}`);
  }
  const signers = { issuer: sender, registrar: sender, originator: sender };
  const reachClosing = async (closingTime: number): Promise<void> => {
    const head = await sender.signer.provider?.getBlock("latest");
    if ((head?.timestamp ?? 0) < closingTime) throw new ClosingAhead(closingTime);
  };
  const input = { deal, identities, capExempt, allocations, subscriptions, reachClosing };
  const place = await deployDeal(signers, deployment, input);
  console.log(JSON.stringify({ ...place, dealId: place.dealId.toString() }, null, 2));
}

function refuse(text: string): number {
  console.error(printableText(text));
  return 1;
}

/** @returns the exit code for what went wrong on the way; throws what is no business of the deal */
function judge(error: unknown, cashDecimals: number | undefined): number {
  if (error instanceof ClosingAhead) {
    const from = new Date(error.closingTime * 1_000).toISOString();
    console.error(`The deal is created. It can be closed from ${from}: run the same command then.`);
    return 3;
  }
  const refusal = explainFailure(error, cashDecimals);
  if (refusal === undefined) throw error;
  return refuse(`deploy: ${refusal}`);
}

async function send(prepared: PreparedDeal | undefined, values: Arguments): Promise<number> {
  const { url, key } = readEnvironment();
  const cash = values["mint-cash"] === undefined ? null : parseCents(values["mint-cash"]);
  const provider: JsonRpcProvider = await connectNode(url);
  try {
    const sender = await senderOf(key, provider);
    const deployment = await providePlatform(sender, values);
    console.log(JSON.stringify(deployment, null, 2));
    if (cash !== null) await mintCash(sender, deployment.cashToken, cash);
    if (prepared === undefined) return 0;
    await bringOnChain(sender, deployment, { ...prepared, mint: values["mint-deposit"] });
    return 0;
  } catch (error) {
    return judge(error, prepared?.compiled.terms.cashDecimals);
  }
}

async function run(): Promise<number> {
  const values = readArguments();
  try {
    const prepared = values.deal === undefined ? undefined : await prepareDeal(values.deal);
    if (values.broadcast) return await send(prepared, values);
    if (prepared === undefined) throw new UsageError("this sends transactions: add --broadcast");
    console.log(`${values.deal}: the plan is right; nothing was sent: add --broadcast`);
    return 0;
  } catch (error) {
    if (error instanceof PlanError) return refuse(error.message);
    throw error;
  }
}

await runCommand({ name: "deploy", usage, run });
// Ended here, and the provider not destroyed: that would fail the poll for blocks that is under way.
process.exit();
