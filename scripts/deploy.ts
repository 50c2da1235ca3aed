/**
 * Deploys the platform, and a deal on it, to an EVM chain: a plan with its cost, a question, and only then transactions.
 * Every run goes on from what the record and the chain say.
 */
import { readFile } from "node:fs/promises";
import { readRecord, type DeploymentRecord } from "../server/chain/deploy-record.ts";
import { explainFailure } from "../server/chain/explain-failure.ts";
import { REAL_NETWORK_DELAYS, type RoleHolders } from "../server/chain/grant-roles.ts";
import { PlanError, prepareDeal, type PreparedDeal } from "../server/chain/prepare-deal.ts";
import { messageOf, runCommand, UsageError } from "./run-command.ts";
import { ownTerminal } from "./deploy/ask-terminal.ts";
import { makePlan, type Plan } from "./deploy/make-plan.ts";
import { openAccount, type Account } from "./deploy/open-account.ts";
import { openNetwork, runsCancun, type Network } from "./deploy/open-network.ts";
import { readPending } from "./deploy/open-run.ts";
import { isAdopted } from "../server/chain/deploy-undertaking.ts";
import { openOutput, type Output } from "./deploy/output.ts";
import { describeLack, printPlan } from "./deploy/print-plan.ts";
import { readOptions, usage, type Options } from "./deploy/read-options.ts";
import { confirmSending } from "./deploy/confirm-sending.ts";
import { sendPlan } from "./deploy/send-plan.ts";
import { checkOnChain } from "./deploy/check-on-chain.ts";

interface Request {
  options: Options;
  network: Network;
  file: string;
  record: DeploymentRecord;
  output: Output;
}

async function readHolders(file: string): Promise<RoleHolders> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as RoleHolders;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Error(`${file}: is not JSON: ${error.message}`, { cause: error });
  }
}

async function plan(request: Request, deal: PreparedDeal | null, account: Account): Promise<Plan> {
  const { options, network, record, file } = request;
  if (!(await runsCancun(network, account.address))) {
    const need = "the contracts need the instructions of Ethereum's Cancun upgrade";
    throw new PlanError([`${network.name} cannot run them: ${need}`]);
  }
  const { testStablecoin, mintDeposit } = options;
  const holders = options.roles === undefined ? undefined : await readHolders(options.roles);
  const delays = {
    ...(network.isEmbedded ? {} : REAL_NETWORK_DELAYS),
    ...record.roles?.delays,
    ...options.delays,
  };
  return makePlan({
    ...{ network, options, deployer: account.address, pending: await readPending(file) },
    undertaking: {
      ...{ record, network: network.name, holders, delays, testStablecoin, deal, mintDeposit },
      mintCash: options.mintCash ?? 0n,
    },
  });
}

/** A platform is finished by the build that has begun it. @throws PlanError */
function requireOneBuild({ undertaking, standing }: Plan): void {
  const isBegun = standing.length > 0 && undertaking.record.primaryIssuance === undefined;
  if (!isBegun || isAdopted(undertaking.record)) return;
  const other = standing.filter(({ problems }) => problems.length > 0);
  if (other.length === 0) return;
  const names = other.map(({ name }) => name).join(", ");
  throw new PlanError([
    `${names}: not of this build, which would finish a platform that another has begun: go on from the sources that ` +
      "made them, or begin another record with --record",
  ]);
}

/** @returns the exit code */
async function deploy(request: Request, deal: PreparedDeal | null): Promise<number> {
  const { options, network, output, file } = request;
  const account = await openAccount(options, network, { output, terminal: ownTerminal });
  const planned = await plan(request, deal, account);
  printPlan(planned, deal, output);
  requireOneBuild(planned);
  const lack = describeLack(planned);
  if (lack !== null) output.note(`\ndeploy: ${lack}`);
  if (options.dryRun) {
    output.say("\nA dry run: nothing was sent.");
    return 0;
  }
  if (lack !== null) return 1;
  if (!(await confirmSending(planned, options, { output, terminal: ownTerminal }))) return 1;
  return sendPlan({ ...request, plan: planned, deal, account, file });
}

async function work(options: Options, output: Output): Promise<number> {
  const deal = options.deal === undefined ? null : await prepareDeal(options.deal);
  const network = await openNetwork(options.network, options.chainId, output);
  const file = options.record ?? network.record;
  const record = (await readRecord(file)) ?? {};
  if (record.chainId !== undefined && record.chainId !== network.chainId) {
    throw new Error(
      `${file} is of chain ${record.chainId}, and ${network.name} is chain ${network.chainId}`,
    );
  }
  const request = { options, network, file, record, output };
  try {
    if (options.verify) return await checkOnChain(request);
    return await deploy(request, deal);
  } catch (error) {
    const refusal = explainFailure(error, deal?.compiled.terms.cashDecimals);
    if (refusal === undefined) throw error;
    output.note(`deploy: ${refusal}`);
    return 1;
  }
}

async function run(): Promise<number> {
  const output = openOutput();
  try {
    return await work(readOptions(), output);
  } catch (error) {
    if (error instanceof PlanError) {
      output.note(error.message);
      return 1;
    }
    const code = (error as { code?: unknown }).code;
    if (error instanceof UsageError || String(code).startsWith("ERR_PARSE_ARGS")) throw error;
    throw new Error(output.clean(messageOf(error)), { cause: error });
  }
}

await runCommand({ name: "deploy", usage, run });
// Ended here, and the provider not destroyed: that would fail the poll for blocks that is under way.
process.exit();
