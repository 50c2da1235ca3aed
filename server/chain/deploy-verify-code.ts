import {
  TypedDataEncoder,
  encodeBytes32String,
  getAddress,
  getCreateAddress,
  id,
  keccak256,
  toBeHex,
  type JsonRpcProvider,
} from "ethers";
import { compareCode } from "./deploy-compare-code.ts";
import {
  FIRST_PARTS,
  LAST_PARTS,
  LINKED_PARTS,
  PROXIES,
  TEST_STABLECOIN,
  proxiesOf,
  type ProxyName,
} from "./deploy-parts.ts";
import type { AddressName, DealRecord, DeploymentRecord } from "./deploy-record.ts";
import type { ArtifactName } from "./read-artifact.ts";
import { readBuild } from "./read-build.ts";

/** What was found about one contract on chain. */
export interface CodeCheck {
  /** Member of the record, or what of a deal it is. */
  name: string;
  /** The contract in the build. */
  contract: ArtifactName;
  /** The contract that has created it, where that was not the deployer. */
  creator: ArtifactName | undefined;
  address: string;
  /** Bytes of runtime code. */
  size: number;
  codeHash: string;
  compilerInput: string | null;
  /** Empty: the same as the build, to the last byte. */
  problems: string[];
}

interface Expectation {
  name: string;
  artifact: ArtifactName;
  creator?: ArtifactName;
  address: string;
  /** Immutables by name, as addresses or words. */
  immutables: ReadonlyMap<string, string>;
  /** ERC-1967 slots that must hold an address (or be empty). */
  slots?: Partial<Record<keyof typeof SLOTS, string>>;
}

/** ERC-1967: keccak256("eip1967.proxy.<name>") - 1. */
const SLOTS = {
  implementation: "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc",
  beacon: "0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50",
  admin: "0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103",
} as const;

const NOBODY = `0x${"00".repeat(20)}`;

/** Compares the code of every contract of the record with the build, and what its proxies point to. */
export async function verifyCode(
  provider: JsonRpcProvider,
  record: DeploymentRecord,
): Promise<CodeCheck[]> {
  const complete = await withImplementations(provider, record);
  const wanted = [
    ...platformExpectations(complete),
    ...(record.deals ?? []).flatMap((deal) => dealExpectations(complete, deal)),
  ];
  const checks: CodeCheck[] = [];
  for (const each of wanted) checks.push(await check(provider, each));
  return checks;
}

/** A record of older making names no implementations: then they are what the proxies point to. */
async function withImplementations(
  provider: JsonRpcProvider,
  record: DeploymentRecord,
): Promise<DeploymentRecord> {
  const complete = { ...record };
  for (const name of PROXIES) {
    const proxy = record[name];
    if (proxy === undefined || record[`${name}Implementation`] !== undefined) continue;
    complete[`${name}Implementation`] = await readSlot(provider, proxy, "implementation");
  }
  return complete;
}

/** Of a platform that is not finished too: the genesis creates the proxies with its first nonces. */
function linksOf(record: DeploymentRecord): DeploymentRecord {
  const from = record.platformGenesis;
  if (from === undefined) return record;
  return { ...proxiesOf(from), ...record };
}

function platformExpectations(record: DeploymentRecord): Expectation[] {
  const links = linksOf(record);
  const own = [...FIRST_PARTS, ...LINKED_PARTS, ...LAST_PARTS, TEST_STABLECOIN].flatMap((part) => {
    const address = record[part.name];
    if (address === undefined) return [];
    const immutables = immutablesOf(links, part.name, part.args(links));
    return [{ name: part.name, artifact: part.artifact, address, immutables }];
  });
  const proxies = PROXIES.flatMap((name) => {
    const address = record[name];
    return address === undefined ? [] : [proxyExpectation(record, name, address)];
  });
  return [...own, ...proxies, ...children(record)];
}

function proxyExpectation(record: DeploymentRecord, name: ProxyName, address: string): Expectation {
  const implementation = record[`${name}Implementation`] ?? NOBODY;
  const slots = { implementation, beacon: NOBODY, admin: NOBODY };
  const made = { artifact: "ERC1967Proxy", creator: "PlatformGenesis" } as const;
  return { name, ...made, address, immutables: new Map(), slots };
}

/** Contracts that a constructor has made. */
function children(record: DeploymentRecord): Expectation[] {
  const from = record.trancheTokenImplementation;
  if (from === undefined) return [];
  const address = getCreateAddress({ from, nonce: 1 });
  const made = { artifact: "TransferRestrictions", creator: "TrancheToken" } as const;
  return [{ name: "transferRestrictions", ...made, address, immutables: new Map() }];
}

/** By the variable's name: constructor arguments, and what a constructor works out by itself. */
function immutablesOf(
  record: DeploymentRecord,
  name: AddressName,
  args: readonly unknown[],
): Map<string, string> {
  const own = record[name] ?? "";
  const named = new Map<string, string>([["__self", own]]);
  if (name === "platformGenesis") {
    named.set("CREATOR", record.origin?.deployer ?? NOBODY);
    for (const proxy of PROXIES) named.set(proxy, record[proxy] ?? NOBODY);
  }
  if (name === "primaryIssuance") nameSigning(named, own, record);
  if (name === "trancheTokenImplementation") {
    named.set("RESTRICTIONS", getCreateAddress({ from: own, nonce: 1 }));
  }
  const links = {
    ENGINE: record.waterfallEngine,
    FACTORY: record.dealFactory,
    DISTRIBUTOR: record.waterfallDistributor,
    COMPLIANCE: record.complianceRegistry,
    REPORTS: record.reportRegistry,
    INPUTS: record.runInputs,
    CHECKER: record.termsChecker,
    factory: record.dealFactory,
  };
  if (args.length === 0) return named;
  for (const [link, address] of Object.entries(links)) named.set(link, address ?? NOBODY);
  return named;
}

/** What OpenZeppelin's EIP712 keeps of its domain. */
function nameSigning(
  named: Map<string, string>,
  verifyingContract: string,
  { chainId = 0 }: DeploymentRecord,
): void {
  const [name, version] = ["Penstock", "1"];
  const domain = { name, version, chainId, verifyingContract };
  named.set("_cachedThis", verifyingContract);
  named.set("_cachedChainId", toBeHex(chainId));
  named.set("_cachedDomainSeparator", TypedDataEncoder.hashDomain(domain));
  named.set("_hashedName", id(name));
  named.set("_hashedVersion", id(version));
  named.set("_name", shortString(name));
  named.set("_version", shortString(version));
}

/** The text at the left of a word, its length at the right. */
function shortString(text: string): string {
  return toBeHex(BigInt(encodeBytes32String(text)) + BigInt(text.length), 32);
}

function dealExpectations(record: DeploymentRecord, deal: DealRecord): Expectation[] {
  const beacon = record.trancheTokenBeacon ?? NOBODY;
  const named = `deal ${deal.dealId}`;
  return [
    ...deal.tokens.map((address, i): Expectation => {
      const name = `${named} class ${i}`;
      const slots = { beacon, implementation: NOBODY, admin: NOBODY };
      const immutables = new Map([["_beacon", beacon]]);
      const made = { artifact: "BeaconProxy", creator: "DealFactory" } as const;
      return { name, ...made, address, immutables, slots };
    }),
    {
      name: `${named} pool balance feed`,
      artifact: "PoolBalanceFeed",
      creator: "DealFactory",
      address: deal.feed,
      immutables: new Map([
        ["reports", record.reportRegistry ?? NOBODY],
        ["dealId", `0x${BigInt(deal.dealId).toString(16)}`],
      ]),
    },
  ];
}

async function check(provider: JsonRpcProvider, wanted: Expectation): Promise<CodeCheck> {
  const { name, artifact, creator, address, immutables, slots = {} } = wanted;
  const [build, code] = await Promise.all([
    readBuild(artifact, creator),
    provider.getCode(address),
  ]);
  const problems = compareCode(build, code, immutables);
  for (const [slot, expected] of Object.entries(slots)) {
    const found = await readSlot(provider, address, slot as keyof typeof SLOTS);
    if (BigInt(found) !== BigInt(expected)) {
      problems.push(
        `${slot} is ${found}, the record says ${expected === NOBODY ? "none" : expected}`,
      );
    }
  }
  return {
    ...{ name, contract: artifact, creator, address, problems },
    size: (code.length - 2) / 2,
    codeHash: keccak256(code),
    compilerInput: problems.length === 0 ? build.inputHash : null,
  };
}

async function readSlot(
  provider: JsonRpcProvider,
  address: string,
  slot: keyof typeof SLOTS,
): Promise<string> {
  const word = await provider.getStorage(address, SLOTS[slot]);
  return getAddress(`0x${word.slice(-40)}`);
}
