/** Signs an investor's orders of a deal's plan, once the deal is on chain: what it closes over. */
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { Wallet } from "ethers";
import { readDeployment } from "../server/chain/connect-chain.ts";
import { connectNode } from "../server/chain/connect-node.ts";
import { contractAt } from "../server/chain/deploy-contract.ts";
import { signOrders } from "../server/chain/sign-orders.ts";
import { UsageError, runCommand } from "./run-command.ts";

const usage = `usage: npm run sign-orders -- PLAN --record FILE --deal-id N

Writes the signatures of INVESTOR_KEY's orders (subscriptions) into the plan. The deal is created already, and
read through RPC_URL: an order is good for that deal's terms, cash token and classes and for no other. The
investor also approves the cash to the deployment's primaryIssuance. Nothing is sent.

  --record FILE    where the addresses of the deployment are
  --deal-id N      the deal's number on chain, as the deployment printed it

Ends with 0 when at least one order is signed, 1 when the plan has none of this wallet, else with 2.`;

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { record: { type: "string" }, "deal-id": { type: "string" } },
    allowPositionals: true,
  });
  const [file, ...more] = positionals;
  const { record, "deal-id": number = "" } = values;
  const { RPC_URL: url = "", INVESTOR_KEY: key = "" } = process.env;
  if (file === undefined || more.length > 0) throw new UsageError("name one plan");
  if (record === undefined) throw new UsageError("--record names the deployment's file");
  if (!/^[1-9]\d{0,7}$/.test(number)) throw new UsageError("--deal-id is the deal's number");
  if (!URL.canParse(url)) throw new UsageError("RPC_URL must be the URL of a node");
  if (!/^0x[0-9a-fA-F]{64}$/.test(key)) {
    throw new UsageError("INVESTOR_KEY must be 0x and 64 hex digits");
  }
  const deployment = await readDeployment(record);
  if (deployment === null) throw new Error(`${record}: there is no such file`);
  const provider = await connectNode(url);
  try {
    const wallet = new Wallet(key, provider);
    const { chainId } = await provider.getNetwork();
    const { primaryIssuance } = deployment;
    const issuance = await contractAt({ signer: wallet }, "PrimaryIssuance", primaryIssuance);
    const dealId = BigInt(number);
    const dealHash: string = await issuance.getFunction("dealHashOf")(dealId);
    const offer = { chainId, primaryIssuance, dealId, dealHash };
    const { json, signed } = await signOrders(await readFile(file, "utf8"), offer, wallet);
    if (signed > 0) await writeFile(file, json);
    const orders = signed === 1 ? "order" : "orders";
    console.log(`${signed} ${orders} of ${wallet.address} signed for deal ${number}`);
    return signed > 0 ? 0 : 1;
  } finally {
    provider.destroy();
  }
}

await runCommand({ name: "sign-orders", usage, run });
