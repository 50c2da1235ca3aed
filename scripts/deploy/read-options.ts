import { parseArgs } from "node:util";
import { isAddress, getAddress, parseUnits } from "ethers";
import type { FeeLimits } from "../../server/chain/deploy-fees.ts";
import type { RoleDelays } from "../../server/chain/grant-roles.ts";
import { parseCents } from "../../server/lib/money.ts";
import { UsageError } from "../run-command.ts";

export const usage = `usage: npm run deploy -- --network NAME [--deal FILE] [--dry-run | --yes] [...]
       npm run deploy -- --network NAME --verify [--explorer DIR]

Deploys the platform, and with --deal a deal on it, to any EVM chain. First it prints what stands, what it
would send and what that costs, measured on a throw-away copy of the chain; then it asks for the network's
name, and only then it sends. Whatever interrupts it: run the same again, and it goes on where it stopped.

  --network NAME        mainnet, sepolia, base, ... (scripts/deploy/networks.ts), local (the chain of a running
                        \`npm start\`), or any name with --chain-id; the node is at NAME_RPC_URL or RPC_URL
  --chain-id N          of a network that the list does not have, said the first time
  --deal FILE           the plan of a deal; scripts/sample-deal/deal.json is one to copy, and the page beside it
                        says what else a plan may have: feeds, consents, successors, subscriptions, reserve
  --dry-run             print the plan and send nothing
  --yes                 send without asking; without it and without a terminal nothing is sent
  --verify              compare code, proxies and roles on the chain with this build and the record
  --explorer DIR        also write what Sourcify and block explorers need to show the sources
  --record FILE         where the addresses are kept (default deployments/NAME.json; the server reads it as
                        DEPLOYMENT_FILE; that of local is DATA_DIR/chain/deployment.json)

who sends:
  --keystore FILE       an encrypted key (Web3 secret storage, version 3); the password is asked for
  --password-file FILE  has the keystore's password
  (DEPLOYER_KEY)        the key in the environment, where there is no keystore
  --from ADDRESS        for --dry-run, which needs no key

how:
  --confirmations N     blocks that must hold a transaction before the next one
  --max-fee GWEI        at most for each unit of gas (default: twice the most that is offered when the plan is made)
  --priority-fee GWEI   the tip for each unit of gas (default: what the node suggests)

who may do what:
  --roles FILE          { "admin": ["0x..."], "issuer": [...], "registrar": [...], "attesterAdmin": [...],
                        "upgrader": [...], "guardian": [...] }; the deployer holds what is not named, and
                        gives administration up to another admin
  --upgrade-delay N     seconds between scheduling and executing an upgrade (default two days)
  --attester-delay N    the same for a change of attesters (default a day)
  --admin-delay N       the same for what an administrator changes (default two days); on the embedded
                        chain of this machine there are no delays unless they are given

to try it out:
  --test-stablecoin     also deploy a stablecoin that anyone may mint; never where money is real
  --mint-deposit        mint what the deployer lacks of the deal's deposit, of that stablecoin
  --mint-cash AMOUNT    mint what it lacks to have so much beyond the deposit: collections to pass on

Ends with 0 when everything is on chain and verified (or the plan is right), 1 when something forbids it or
does not verify, 2 when it was called wrongly or the node does not answer, 3 when the deal is created and
waits for its closing time.`;

const options = {
  network: { type: "string" },
  "chain-id": { type: "string" },
  deal: { type: "string" },
  "dry-run": { type: "boolean", default: false },
  yes: { type: "boolean", default: false },
  verify: { type: "boolean", default: false },
  explorer: { type: "string" },
  record: { type: "string" },
  keystore: { type: "string" },
  "password-file": { type: "string" },
  from: { type: "string" },
  confirmations: { type: "string" },
  "max-fee": { type: "string" },
  "priority-fee": { type: "string" },
  roles: { type: "string" },
  "upgrade-delay": { type: "string" },
  "attester-delay": { type: "string" },
  "admin-delay": { type: "string" },
  "test-stablecoin": { type: "boolean", default: false },
  "mint-deposit": { type: "boolean", default: false },
  "mint-cash": { type: "string" },
} as const;

/** What the caller wants; undefined where the network or the record decides. */
export interface Options {
  network: string;
  chainId: number | undefined;
  deal: string | undefined;
  dryRun: boolean;
  yes: boolean;
  verify: boolean;
  explorer: string | undefined;
  record: string | undefined;
  keystore: string | undefined;
  passwordFile: string | undefined;
  from: string | undefined;
  confirmations: number | undefined;
  limits: FeeLimits;
  roles: string | undefined;
  /** Those that are given. */
  delays: RoleDelays;
  testStablecoin: boolean;
  mintDeposit: boolean;
  /** Cents. */
  mintCash: bigint | undefined;
}

/** Reads the command line. @throws UsageError; an error of parseArgs */
export function readOptions(): Options {
  const { values } = parseArgs({ options });
  const { network } = values;
  if (network === undefined || !/^[a-z0-9][a-z0-9-]*$/.test(network)) {
    throw new UsageError("say with --network where: sepolia, base, local, ...");
  }
  if (values["dry-run"] && values.yes) {
    throw new UsageError("--dry-run sends nothing, --yes sends without asking: take one of them");
  }
  const whole = (
    name: "chain-id" | "confirmations" | "upgrade-delay" | "attester-delay" | "admin-delay",
  ) => read(values[name], (text) => (/^\d{1,15}$/.test(text) ? Number(text) : null), name);
  const fee = (name: "max-fee" | "priority-fee") =>
    read(
      values[name],
      (text) => (/^\d+(\.\d{1,9})?$/.test(text) ? parseUnits(text, 9) : null),
      name,
    );
  const confirmations = whole("confirmations");
  if (confirmations === 0) throw new UsageError("--confirmations is at least 1");
  return {
    network,
    chainId: whole("chain-id"),
    deal: values.deal,
    ...{ dryRun: values["dry-run"], yes: values.yes, verify: values.verify },
    ...{ explorer: values.explorer, record: values.record },
    ...{ keystore: values.keystore, passwordFile: values["password-file"] },
    from: read(values.from, (text) => (isAddress(text) ? getAddress(text) : null), "from"),
    confirmations,
    limits: { maxFeePerGas: fee("max-fee"), maxPriorityFeePerGas: fee("priority-fee") },
    roles: values.roles,
    delays: given({
      upgradeSeconds: whole("upgrade-delay"),
      attesterSeconds: whole("attester-delay"),
      adminSeconds: whole("admin-delay"),
    }),
    ...{ testStablecoin: values["test-stablecoin"], mintDeposit: values["mint-deposit"] },
    mintCash: read(values["mint-cash"], readCash, "mint-cash"),
  };
}

function given(delays: RoleDelays): RoleDelays {
  return Object.fromEntries(Object.entries(delays).filter(([, seconds]) => seconds !== undefined));
}

function readCash(text: string): bigint | null {
  try {
    return parseCents(text);
  } catch {
    return null;
  }
}

function read<T>(
  text: string | undefined,
  parse: (text: string) => T | null,
  name: string,
): T | undefined {
  if (text === undefined) return undefined;
  const value = parse(text);
  if (value === null) throw new UsageError(`--${name} ${text} cannot be read`);
  return value;
}
