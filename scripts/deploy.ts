/**
 * Deploys the platform, and a deal on it, to the chain behind RPC_URL with DEPLOYER_KEY. What the record file has already
 * is not deployed again, so an interrupted run is simply run again.
 *
 *   node scripts/deploy.ts --broadcast [--record deployment.json] [--roles roles.json] [--deal deal.json]
 *                          [--test-stablecoin] [--upgrade-delay seconds] [--admin-delay seconds]
 *
 * roles.json: { "admin": ["0x..."], "issuer": [...], "registrar": [...], "attesterAdmin": [...], "upgrader": [...],
 *   "guardian": [...] }; the deployer holds what is not named. With another admin the deployer gives up administration.
 * deal.json: { "dealFile": "deal.yaml" (beside deal.json), "cashToken", "payees", "symbols", "names", "attesters", "threshold",
 *   "identities": [{ "id", "kycExpiry", "country", "wallets" }], "capExempt": ["0x..."],
 *   "allocations": [{ "classIndex", "holder", "face" (cents) }] }; the deployer is originator and must hold its roles.
 */
import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { JsonRpcProvider, Wallet } from "ethers";
import { deployDeal } from "../server/chain/deploy-deal.ts";
import type { DealInput } from "../server/chain/deploy-deal.ts";
import { deployPlatform } from "../server/chain/deploy-platform.ts";
import type { DeploymentRecord } from "../server/chain/deploy-platform.ts";
import type { RoleHolders } from "../server/chain/grant-roles.ts";
import { compileDeal } from "../server/deals/compile-deal.ts";

const { values } = parseArgs({
  options: {
    broadcast: { type: "boolean", default: false },
    record: { type: "string", default: "deployment.json" },
    roles: { type: "string" },
    deal: { type: "string" },
    "test-stablecoin": { type: "boolean", default: false },
    "upgrade-delay": { type: "string", default: "0" },
    "admin-delay": { type: "string", default: "0" },
  },
});

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`${name} is missing`);
  return value;
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, "utf8")) as T;
}

/** Written beside and renamed, so that a crash never leaves half a record. */
async function save(record: DeploymentRecord): Promise<void> {
  await writeFile(`${values.record}.new`, `${JSON.stringify(record, null, 2)}\n`);
  await rename(`${values.record}.new`, values.record);
}

async function readRecord(): Promise<DeploymentRecord> {
  try {
    return await readJson<DeploymentRecord>(values.record);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

interface DealPlan extends Omit<DealInput["deal"], "terms" | "originator"> {
  dealFile: string;
  identities: DealInput["identities"];
  capExempt?: string[];
  allocations: { classIndex: number; holder: string; face: string }[];
}

/** Compiles the deal file. @throws Error with every problem, by line and column */
async function compileTerms(file: string): Promise<Uint8Array> {
  const { deal, problems } = compileDeal(await readFile(file, "utf8"));
  if (deal !== null) return deal.bytes;
  const lines = problems.map(({ line, column, message }) => `${file}:${line}:${column} ${message}`);
  throw new Error(lines.join("\n"));
}

/** The deal as the deployment takes it; closing waits for nothing: before its time it says when to come again. */
async function readDealInput(
  file: string,
  originator: string,
  provider: JsonRpcProvider,
): Promise<DealInput> {
  const plan = await readJson<DealPlan>(file);
  const { dealFile, identities, capExempt, allocations, ...deal } = plan;
  const terms = await compileTerms(path.resolve(path.dirname(file), dealFile));
  return {
    deal: { ...deal, terms, originator },
    identities,
    capExempt,
    allocations: allocations.map((part) => ({ ...part, face: BigInt(part.face) })),
    reachClosing: async (closingTime) => {
      const head = await provider.getBlock("latest");
      if (head !== null && head.timestamp >= closingTime) return;
      const from = new Date(closingTime * 1_000).toISOString();
      throw new Error(`the deal is created and can be closed from ${from}: run this again then`);
    },
  };
}

if (!values.broadcast) {
  console.log("This sends transactions with DEPLOYER_KEY. Add --broadcast to do it.");
  process.exit(2);
}
const provider = new JsonRpcProvider(required("RPC_URL"), undefined, {
  cacheTimeout: -1,
  pollingInterval: 500,
});
const signer = new Wallet(required("DEPLOYER_KEY"), provider);
try {
  const deployment = await deployPlatform({
    signer,
    save,
    record: await readRecord(),
    holders: values.roles === undefined ? undefined : await readJson<RoleHolders>(values.roles),
    testStablecoin: values["test-stablecoin"],
    delays: {
      upgradeSeconds: Number(values["upgrade-delay"]),
      adminSeconds: Number(values["admin-delay"]),
    },
  });
  console.log(JSON.stringify(deployment, null, 2));
  if (values.deal !== undefined) {
    const input = await readDealInput(values.deal, signer.address, provider);
    const sender = { signer };
    const signers = { issuer: sender, registrar: sender, admin: sender, originator: sender };
    const deal = await deployDeal(signers, deployment, input);
    console.log(JSON.stringify({ ...deal, dealId: deal.dealId.toString() }, null, 2));
  }
} finally {
  provider.destroy();
}
