import { AbiCoder, dataSlice, type Interface } from "ethers";
import type { DeploymentRecord } from "../../server/chain/deploy-record.ts";
import type { Call } from "../../server/chain/deploy-contract.ts";
import { contracts } from "../../server/chain/platform-interface.ts";

/** What a transaction does, in a few words. */
export function describeStep({ to, data, name }: Call): string {
  if (to === null) return `create ${name}`;
  const describe = SENTENCES[name];
  return describe === undefined ? `call ${name} of ${to}` : describe(data);
}

const SENTENCES: Readonly<Record<string, (data: string) => string>> = {
  deploy: () => "create the five proxies, linked to each other",
  multicall: describeMulticall,
  setIdentity: (data) => `register identity ${short(word(data, 0))}`,
  linkWallet: (data) => `link wallet ${short(dataSlice(word(data, 0), 12))}`,
  linkWalletBySignature: (data) =>
    `link wallet ${short(dataSlice(word(data, 0), 12))}, by its own signature`,
  createDeal: () => "create the deal: its class tokens and its code",
  setCapExempt: (data) => `exempt identity ${short(word(data, 1))} from the holder cap`,
  agreeToDeposit: () => "agree to the deal's deposit",
  approve: () => "approve the deal's deposit",
  mint: () => "mint test stablecoin",
  closeDeal: () => "close the deal: mint its classes, take the deposit",
  close: () => "close the deal: sell its classes, take the deposit",
};

/** What is done several times in one transaction to the role book. */
const PARTS: Readonly<Record<string, (count: number) => string>> = {
  setTargetFunctionRole: (count) => `give ${count} functions their role`,
  setRoleGuardian: (count) => `set ${count} guardians`,
  grantRole: (count) => `grant ${count} roles`,
  setGrantDelay: (count) => `delay new members of ${count} roles`,
  setTargetAdminDelay: (count) => `delay changes of ${count} contracts' roles`,
  revokeRole: () => "give administration up",
};

function describeMulticall(data: string): string {
  const face: Interface = contracts.accessManager;
  const [calls] = AbiCoder.defaultAbiCoder().decode(["bytes[]"], dataSlice(data, 4));
  const counts = new Map<string, number>();
  for (const call of calls as string[]) {
    const name = face.getFunction(dataSlice(call, 0, 4))?.name ?? "other";
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const said = [...counts].map(([name, count]) => PARTS[name]?.(count) ?? `${count} ${name}`);
  return `role book: ${said.join(", ")}`;
}

function word(data: string, position: number): string {
  return dataSlice(data, 4 + 32 * position, 36 + 32 * position);
}

/** An address, with what it is where it is a contract of the platform. */
export function nameAddress(address: string, record: DeploymentRecord): string {
  const found = Object.entries(record).find(([, value]) => value === address);
  return found === undefined ? address : `${address} (${found[0]})`;
}

/** 0x32c375…778e */
export function short(hex: string): string {
  return `${hex.slice(0, 8)}…${hex.slice(-4)}`;
}
