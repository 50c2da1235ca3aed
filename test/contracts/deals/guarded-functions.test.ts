/** Walks over every function of every contract that can change anything: each is public for a reason, or guarded. */
import { expect } from "chai";
import type { FunctionFragment, ParamType } from "ethers";
import { ZeroAddress } from "ethers";
import hre from "hardhat";
import { decodeRevert } from "../../../server/chain/decode-revert.ts";
import {
  CANCELLABLE_CHANGES,
  NOBODY,
  type Permission,
  PLATFORM_PERMISSIONS,
  roleId,
  TOKEN_PERMISSIONS,
} from "../../../server/chain/platform-roles.ts";
import type { AnyContract } from "./any-contract.ts";
import { createSmallDeal, deployWithPeople, ethers, networkHelpers } from "./platform-fixture.ts";
import { present } from "./present.ts";

const BEHIND_PROXY = {
  initialize: "InvalidInitialization",
  setAuthority: "AccessManagedUnauthorized",
};

/**
 * Functions that one other contract may call and nobody else, with the error for all others. `initialize` was called when the
 * proxy was made; `setAuthority` is the AccessManager's.
 */
const ONE_CALLER: Record<string, Record<string, string>> = {
  ComplianceRegistry: {
    ...BEHIND_PROXY,
    registerDeal: "FactoryOnly",
    setBalances: "DistributorOnly",
    // Whoever calls is taken for a token, and must be one.
    onTransfer: "TokenUnknown",
    onForcedTransfer: "TokenUnknown",
  },
  DealFactory: BEHIND_PROXY,
  PlatformGenesis: { deploy: "CallerNotCreator" },
  PrimaryIssuance: { setAuthority: "AccessManagedUnauthorized" },
  ReportRegistry: {
    ...BEHIND_PROXY,
    registerDeal: "CallerNotAllowed",
    useReport: "CallerNotAllowed",
    takeDifferences: "CallerNotAllowed",
  },
  RunInputs: { ...BEHIND_PROXY, useInputs: "CallerNotAllowed" },
  TrancheToken: {
    ...BEHIND_PROXY,
    mint: "FactoryOnly",
    fund: "DistributorOnly",
    collect: "DistributorOnly",
    collectTo: "DistributorOnly",
  },
  WaterfallDistributor: {
    ...BEHIND_PROXY,
    registerDeal: "CallerNotFactory",
    openDeal: "CallerNotFactory",
  },
};

/** Functions that anybody may call, and why that harms nobody. */
const PUBLIC: Record<string, Record<string, string>> = {
  AccessManager: {
    schedule: "only what the caller may do after a delay",
    execute: "only what the caller may do, or has scheduled",
    cancel: "only the caller's own, or as its guardian",
    consumeScheduledOp: "only a contract, of what its own caller has scheduled",
    renounceRole: "only one's own role",
    multicall: "each call as if made alone",
  },
  ComplianceRegistry: {
    consentToLink: "speaks for the caller's own wallet alone",
    submitCredential: "takes what a trusted issuer has signed",
    revokeCredentials: "voids the caller's own credentials alone",
  },
  DealFactory: { agreeToDeposit: "only the deal's originator" },
  PrimaryIssuance: {
    subscribe: "an order of the caller's own cash",
    cancel: "only the investor's own order",
  },
  ReportRegistry: {
    publishReport: "takes what k of n attesters have signed",
    restateReport: "takes what k of n attesters have signed",
    challengeReport: "only the deal's verifier or trustee",
    challengeByHolders: "takes the signatures of holders of the share that the deal names",
    answerChallenge: "only the deal's trustee",
    declareLate: "says what the clock says",
    declareServicerDefault: "says what the clock says, where the deal names it",
  },
  RunInputs: {
    fixIndex: "takes what the deal's feed says",
    takeLastRate: "takes the rate before, when the feed has been silent for long enough",
    giveNotice: "only the payee that the deal names",
    withdrawNotice: "only the payee that the deal names",
    offerLoans: "takes what k of n attesters have signed",
  },
  TrancheToken: {
    approve: "the caller's own notes",
    permit: "takes the owner's signature",
    transfer: "the caller's own notes, by the rules",
    batchTransfer: "the caller's own notes, by the rules",
    transferFrom: "what the owner has approved, by the rules",
  },
  WaterfallDistributor: {
    fund: "gives the caller's own cash",
    deliver: "gives the caller's own cash with what k of n attesters have signed",
    distribute: "runs what the deal's terms say on the accepted report",
    performUpkeep: "distributes what is due",
    claim: "pays the holder, whoever calls",
    claimBatch: "pays the holders, whoever calls",
    claimTo: "pays whom the holder has signed for",
    withdrawPayee: "pays the payee, whoever calls",
  },
};

/** What the AccessManager itself guards: for an administrator, or a role's administrator. */
const ROLE_BOOK = [...CANCELLABLE_CHANGES, "revokeRole"];

const OPENZEPPELIN = new Set(["AccessManager", "UpgradeableBeacon", "ERC1967Proxy", "BeaconProxy"]);

interface Place {
  address: string;
  /** Where its roles stand, if not at its own address. */
  row?: string;
  permissions?: readonly Permission[];
  /** What a stranger is refused with. */
  refusal?: string;
}

/** One of each contract of the platform that has a function to change something, with a deal; called by a stranger. */
async function everyContract() {
  const platform = await deployWithPeople();
  const { tokens } = await createSmallDeal(platform);
  const genesis = await ethers.deployContract("PlatformGenesis");
  const at = platform.deployment;
  const places: Record<string, Place> = {
    AccessManager: { address: at.accessManager },
    PlatformGenesis: { address: await genesis.getAddress() },
    TrancheToken: {
      address: present(tokens[0]),
      row: at.trancheTokenBeacon,
      permissions: TOKEN_PERMISSIONS,
    },
    UpgradeableBeacon: {
      address: at.trancheTokenBeacon,
      permissions: PLATFORM_PERMISSIONS.trancheTokenBeacon,
      refusal: "OwnableUnauthorizedAccount",
    },
  };
  for (const member of Object.keys(PLATFORM_PERMISSIONS) as (keyof typeof PLATFORM_PERMISSIONS)[]) {
    if (member === "trancheTokenBeacon") continue;
    const name = `${member[0]?.toUpperCase()}${member.slice(1)}`;
    places[name] = { address: at[member], permissions: PLATFORM_PERMISSIONS[member] };
  }
  return { ...platform, places };
}

/** Arguments that mean nothing: whoever asks for permission first never reads them. */
function nothing(type: ParamType): unknown {
  if (type.arrayChildren !== null) {
    const child = type.arrayChildren;
    return Array.from({ length: Math.max(0, type.arrayLength ?? 0) }, () => nothing(child));
  }
  if (type.components !== null) return type.components.map(nothing);
  if (type.type === "address") return ZeroAddress;
  if (type.type === "bool") return false;
  if (type.type === "string") return "";
  const bytes = /^bytes(\d*)$/.exec(type.type);
  return bytes === null ? 0n : `0x${"00".repeat(Number(bytes[1]))}`;
}

/** The name of the error with which a call is refused; null when it passes, or fails without one. */
async function refusalOf(contract: AnyContract, fragment: FunctionFragment) {
  try {
    const method = contract.getFunction(fragment.format("sighash"));
    await method.staticCall(...fragment.inputs.map(nothing));
    return null;
  } catch (error) {
    const data = revertData(error);
    const known = data === null ? null : contract.interface.parseError(data);
    return known?.name ?? decodeRevert(error)?.name ?? null;
  }
}

/** What a call was refused with, wherever the node puts it. */
function revertData(error: unknown): string | null {
  const outer = (error as { data?: unknown }).data;
  const data = typeof outer === "string" ? outer : (outer as { data?: unknown } | undefined)?.data;
  // A bare revert has no selector.
  return typeof data === "string" && data.length >= 10 ? data : null;
}

/** Functions that can change something, by contract: all of ours but the mocks, and those of OpenZeppelin that we deploy. */
async function changingFunctions(): Promise<Map<string, FunctionFragment[]>> {
  const found = new Map<string, FunctionFragment[]>();
  for (const name of await hre.artifacts.getAllFullyQualifiedNames()) {
    const [source = "", contract = ""] = name.split(":");
    const isOurs = source.startsWith("contracts/") && !source.startsWith("contracts/mocks/");
    if (!isOurs && !OPENZEPPELIN.has(contract)) continue;
    const { abi, bytecode } = await hre.artifacts.readArtifact(name);
    if (bytecode === "0x") continue; // an interface, or abstract
    const changing: FunctionFragment[] = [];
    new ethers.Interface(abi).forEachFunction((fragment) => {
      if (!fragment.constant) changing.push(fragment);
    });
    if (changing.length > 0) found.set(contract, changing);
  }
  return found;
}

/** Errors that mean: not you. */
const DOORS = new Set([
  "AccessManagedUnauthorized",
  "AccessManagerUnauthorizedAccount",
  "OwnableUnauthorizedAccount",
  ...Object.values(ONE_CALLER).flatMap((errors) => Object.values(errors)),
]);
// Asked after the caller is let in: the argument names no class of notes.
DOORS.delete("TokenUnknown");

describe("Every function that can change something", () => {
  const load = () => networkHelpers.loadFixture(everyContract);

  it("[R3] is public for a reason, has its role, or has one caller; and the lists name nothing else", async () => {
    const { places, anyone, manager } = await load();
    const changing = await changingFunctions();
    expect([...changing.keys()].toSorted()).to.deep.equal(Object.keys(places).toSorted());
    for (const [name, fragments] of changing) {
      const { address, row = address, permissions = [], refusal } = present(places[name]);
      const contract: AnyContract = await ethers.getContractAt(name, address, anyone);
      const lists = [
        Object.keys(PUBLIC[name] ?? {}),
        Object.keys(ONE_CALLER[name] ?? {}),
        permissions.map(({ method }) => method),
        name === "AccessManager" ? ROLE_BOOK : [],
      ];
      // Each stands in one list, and every name of a list is a function.
      expect(lists.flat().toSorted(), name).to.deep.equal(
        fragments.map((fragment) => fragment.name).toSorted(),
      );
      for (const fragment of fragments) {
        const what = `${name}.${fragment.name}`;
        const found = await refusalOf(contract, fragment);
        if (lists[0]?.includes(fragment.name)) {
          expect(DOORS.has(found ?? ""), `${what}: ${found}`).to.equal(false);
        } else if (lists[1]?.includes(fragment.name)) {
          expect(found, what).to.equal(ONE_CALLER[name]?.[fragment.name]);
        } else if (lists[3]?.includes(fragment.name)) {
          expect(found, what).to.equal("AccessManagerUnauthorizedAccount");
        } else {
          const permission = present(permissions.find(({ method }) => method === fragment.name));
          const role = await manager.getFunction("getTargetFunctionRole")(row, fragment.selector);
          expect(role, what).to.equal(roleId(permission));
          expect(found, what).to.equal(refusal ?? "AccessManagedUnauthorized");
        }
      }
    }
  });

  it("takes ether nowhere but where OpenZeppelin's upgrades and the role book pass it on", async () => {
    const payable: string[] = [];
    for (const [name, fragments] of await changingFunctions())
      for (const fragment of fragments)
        if (fragment.payable) payable.push(`${name}.${fragment.name}`);
    expect(payable.toSorted()).to.deep.equal([
      "AccessManager.execute",
      ...["ComplianceRegistry", "DealFactory", "ReportRegistry", "RunInputs"].map(
        (name) => `${name}.upgradeToAndCall`,
      ),
      "WaterfallDistributor.upgradeToAndCall",
    ]);
  });

  it("asks nobody's role whom the book does not name: the administrator is none of them", async () => {
    const { places, manager } = await load();
    // Role 0 is what a function has that nobody gave a role: the administrator's. None of ours has it.
    for (const { address, row = address, permissions = [] } of Object.values(places)) {
      for (const permission of permissions) expect(roleId(permission)).to.not.equal(0n);
      expect(await manager.getFunction("isTargetClosed")(row)).to.equal(false);
    }
    expect((await manager.getFunction("hasRole")(NOBODY, places.TrancheToken!.row))[0]).to.equal(
      false,
    );
    expect(await manager.queryFilter(manager.getEvent("RoleGranted")(NOBODY))).to.deep.equal([]);
  });
});
