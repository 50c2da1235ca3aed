import assert from "node:assert/strict";
import { expect } from "chai";
import type { Signer } from "ethers";
import { encodeBytes32String } from "ethers";
import { deployPlatform } from "../../../server/chain/deploy-platform.ts";
import type { DeploymentRecord } from "../../../server/chain/deploy-record.ts";
import { REAL_NETWORK_DELAYS } from "../../../server/chain/grant-roles.ts";
import { CANCELLABLE_CHANGES, ROLES } from "../../../server/chain/platform-roles.ts";
import type { AnyContract } from "./any-contract.ts";
import { ethers, networkHelpers } from "./platform-fixture.ts";
import { present } from "./present.ts";

const DAY = 86_400;
/** The AccessManager lets a delay of its own functions take effect only then. */
const SETBACK = 5 * DAY;
const REASON = encodeBytes32String("test");

/** A platform as the deploy command leaves it on a real network: every role with somebody else, and its delays. */
async function realPlatform() {
  const [deployer, ...others] = await ethers.getSigners();
  const [admin, issuer, registrar, attesterAdmin, upgrader, guardian, anyone] = others;
  const people = { admin, issuer, registrar, attesterAdmin, upgrader, guardian };
  const holders = Object.fromEntries(
    Object.entries(people).map(([role, signer]) => [role, [present(signer).address]]),
  );
  const delays = REAL_NETWORK_DELAYS;
  let record: DeploymentRecord = {};
  const save = async (latest: DeploymentRecord) => void (record = { ...latest });
  const input = { signer: present(deployer), holders, delays, save };
  const deployment = await deployPlatform(input);
  const at = async (name: string, address: string): Promise<AnyContract> =>
    ethers.getContractAt(name, address);
  const checker = present(record.termsChecker);
  const { dealFactory, waterfallDistributor, complianceRegistry } = deployment;
  const nextToken = await ethers.deployContract("TrancheToken", [
    ...[dealFactory, waterfallDistributor, complianceRegistry],
  ]);
  return {
    ...(people as Record<keyof typeof people, Signer & { address: string }>),
    ...{ deployer: present(deployer), anyone: present(anyone), deployment, record, input },
    manager: await at("AccessManager", deployment.accessManager),
    factory: await at("DealFactory", dealFactory),
    compliance: await at("ComplianceRegistry", complianceRegistry),
    reports: await at("ReportRegistry", deployment.reportRegistry),
    beacon: await at("UpgradeableBeacon", deployment.trancheTokenBeacon),
    nextFactory: await (await ethers.deployContract("DealFactory", [checker])).getAddress(),
    nextToken: await nextToken.getAddress(),
  };
}

type RealPlatform = Awaited<ReturnType<typeof realPlatform>>;

/** Something that waits: who does it, to what, and how long. */
interface Delayed {
  who: Signer;
  target: string;
  data: string;
  seconds: number;
}

/** One of each kind that waits. */
function delayedActs(platform: RealPlatform): Record<string, Delayed> {
  const { admin, upgrader, attesterAdmin, manager, factory, beacon, reports, anyone } = platform;
  const encode = (contract: AnyContract, name: string, args: unknown[]) =>
    contract.interface.encodeFunctionData(name, args);
  const { deployment, nextFactory, nextToken } = platform;
  const { upgradeSeconds, attesterSeconds, adminSeconds } = REAL_NETWORK_DELAYS;
  const book = { who: admin, target: deployment.accessManager, seconds: adminSeconds };
  const pause = "0x8456cb59";
  const changes: Record<(typeof CANCELLABLE_CHANGES)[number], unknown[]> = {
    grantRole: [ROLES.upgrader, anyone.address, 0],
    labelRole: [ROLES.upgrader, "upgrader"],
    setGrantDelay: [ROLES.upgrader, 0],
    setRoleAdmin: [ROLES.upgrader, ROLES.issuer],
    setRoleGuardian: [ROLES.upgrader, ROLES.issuer],
    setTargetAdminDelay: [deployment.dealFactory, 0],
    setTargetClosed: [deployment.dealFactory, true],
    setTargetFunctionRole: [deployment.trancheTokenBeacon, [pause], ROLES.issuer],
    updateAuthority: [deployment.dealFactory, deployment.waterfallDistributor],
  };
  return {
    "an upgrade of a contract": {
      ...{ who: upgrader, target: deployment.dealFactory, seconds: upgradeSeconds },
      data: encode(factory, "upgradeToAndCall", [nextFactory, "0x"]),
    },
    "an upgrade of all tokens": {
      ...{ who: upgrader, target: deployment.trancheTokenBeacon, seconds: upgradeSeconds },
      data: encode(beacon, "upgradeTo", [nextToken]),
    },
    "other attesters": {
      ...{ who: attesterAdmin, target: deployment.reportRegistry, seconds: attesterSeconds },
      // Of a deal that there is not: whether the role lets it pass is all that counts.
      data: encode(reports, "setAttesters", [1n, [anyone.address], 1]),
    },
    ...Object.fromEntries(
      Object.entries(changes).map(([name, args]) => [
        `${name} in the role book`,
        { ...book, data: encode(manager, name, args) },
      ]),
    ),
  };
}

const ACTS = [
  ...["an upgrade of a contract", "an upgrade of all tokens", "other attesters"],
  ...CANCELLABLE_CHANGES.map((name) => `${name} in the role book`),
];

describe("The role book of a real network", () => {
  const load = () => networkHelpers.loadFixture(realPlatform);

  for (const name of ACTS) {
    it(`makes ${name} wait, and then lets it pass`, async () => {
      const platform = await load();
      const { manager, deployment } = platform;
      const { who, target, data, seconds } = present(delayedActs(platform)[name]);
      const own = manager.connect(who) as AnyContract;
      await expect(own.execute(target, data)).to.be.revertedWithCustomError(
        manager,
        "AccessManagerNotScheduled",
      );
      const now = await networkHelpers.time.latest();
      await expect(own.schedule(target, data, now + seconds - 1)).to.be.revertedWithCustomError(
        manager,
        "AccessManagerUnauthorizedCall",
      );
      await own.schedule(target, data, 0);
      const from = await networkHelpers.time.latest();
      await networkHelpers.time.increaseTo(from + seconds - 2);
      await expect(own.execute(target, data)).to.be.revertedWithCustomError(
        manager,
        "AccessManagerNotReady",
      );
      await networkHelpers.time.setNextBlockTimestamp(from + seconds);
      const executed = own.execute(target, data);
      if (target === deployment.reportRegistry) {
        await expect(executed).to.be.revertedWithCustomError(platform.reports, "DealUnknown");
      } else await expect(executed).to.emit(manager, "OperationExecuted");
    });

    it(`lets the guardian cancel ${name}, and nobody else`, async () => {
      const platform = await load();
      const { manager, guardian, anyone, issuer, registrar } = platform;
      const { who, target, data, seconds } = present(delayedActs(platform)[name]);
      await manager.connect(who).getFunction("schedule")(target, data, 0);
      const by = await who.getAddress();
      for (const other of [anyone, issuer, registrar])
        await expect(
          manager.connect(other).getFunction("cancel")(by, target, data),
        ).to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedCancel");
      await expect(manager.connect(guardian).getFunction("cancel")(by, target, data)).to.emit(
        manager,
        "OperationCanceled",
      );
      await networkHelpers.time.increase(seconds);
      await expect(
        manager.connect(who).getFunction("execute")(target, data),
      ).to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled");
    });
  }

  it("lets no guardian keep himself in office", async () => {
    const { manager, admin, guardian } = await load();
    const data = manager.interface.encodeFunctionData("revokeRole", [
      ROLES.guardian,
      guardian.address,
    ]);
    const target = await manager.getAddress();
    await manager.connect(admin).getFunction("schedule")(target, data, 0);
    await expect(
      manager.connect(guardian).getFunction("cancel")(admin.address, target, data),
    ).to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedCancel");
    await networkHelpers.time.increase(REAL_NETWORK_DELAYS.adminSeconds);
    await manager.connect(admin).getFunction("execute")(target, data);
    const [isGuardian] = await manager.getFunction("hasRole")(ROLES.guardian, guardian.address);
    expect(isGuardian).to.equal(false);
  });

  it("makes newcomers and changes of a row wait whoever the administrator is, from the fifth day on", async () => {
    const { manager, admin, anyone, deployment } = await load();
    const { upgradeSeconds, attesterSeconds, adminSeconds } = REAL_NETWORK_DELAYS;
    const grantDelay = manager.getFunction("getRoleGrantDelay");
    expect(await grantDelay(ROLES.upgrader)).to.equal(0n);
    await networkHelpers.time.increase(SETBACK);
    expect(await grantDelay(ROLES.upgrader)).to.equal(upgradeSeconds);
    expect(await grantDelay(ROLES.attesterAdmin)).to.equal(attesterSeconds);
    expect(await grantDelay(ROLES.admin)).to.equal(adminSeconds);
    for (const role of [ROLES.issuer, ROLES.registrar, ROLES.guardian])
      expect(await grantDelay(role)).to.equal(0n);
    const { chainId: _chain, deployBlock: _block, accessManager: _book, ...rows } = deployment;
    for (const row of Object.values(rows))
      expect(await manager.getFunction("getTargetAdminDelay")(row)).to.equal(adminSeconds);
    // A second administrator, without a delay of its own: it counts two days after its grant.
    const grant = [ROLES.admin, anyone.address, 0];
    const data = manager.interface.encodeFunctionData("grantRole", grant);
    const target = await manager.getAddress();
    await manager.connect(admin).getFunction("schedule")(target, data, 0);
    await networkHelpers.time.increase(adminSeconds);
    await manager.connect(admin).getFunction("execute")(target, data);
    const holds = async () => (await manager.getFunction("hasRole")(ROLES.admin, anyone))[0];
    expect(await holds()).to.equal(false);
    await networkHelpers.time.increase(adminSeconds);
    expect(await holds()).to.equal(true);
    // Even then a row changes only after its delay.
    const closing = manager.connect(anyone).getFunction("setTargetClosed");
    await expect(closing(deployment.dealFactory, true)).to.be.revertedWithCustomError(
      manager,
      "AccessManagerNotScheduled",
    );
  });

  it("leaves issuer, registrar and guardian without a delay", async () => {
    const { manager, issuer, registrar, guardian, deployment } = await load();
    const has = async (role: bigint, who: string) => manager.getFunction("hasRole")(role, who);
    expect(await has(ROLES.issuer, issuer.address)).to.deep.equal([true, 0n]);
    expect(await has(ROLES.issuer, deployment.primaryIssuance)).to.deep.equal([true, 0n]);
    expect(await has(ROLES.registrar, registrar.address)).to.deep.equal([true, 0n]);
    expect(await has(ROLES.guardian, guardian.address)).to.deep.equal([true, 0n]);
  });

  it("needs no act of the administrator for a new deal: its tokens' roles are there before it", async () => {
    const { deployment, anyone, registrar, guardian, manager } = await load();
    const { interface: abi } = await ethers.getContractFactory("TrancheToken");
    const init = abi.encodeFunctionData("initialize", [
      {
        ...{ name: "Class A", symbol: "A", authority: deployment.accessManager, dealId: 1n },
        ...{ classIndex: 0, dealCode: deployment.dealFactory },
      },
    ]);
    const proxy = await ethers.deployContract("BeaconProxy", [deployment.trancheTokenBeacon, init]);
    const token: AnyContract = await ethers.getContractAt("TrancheToken", await proxy.getAddress());
    for (const other of [anyone, registrar])
      await expect(token.connect(other).pause())
        .to.be.revertedWithCustomError(token, "AccessManagedUnauthorized")
        .withArgs(other.address);
    await expect(token.connect(guardian).pause()).to.emit(token, "Paused");
    await expect(token.connect(guardian).unpause()).to.be.revertedWithCustomError(
      token,
      "AccessManagedUnauthorized",
    );
    await expect(token.connect(registrar).unpause()).to.emit(token, "Unpaused");
    // A closed row is closed for all tokens; a role for the token's own address is worth nothing.
    expect(
      await manager.getFunction("getTargetFunctionRole")(await token.getAddress(), "0x8456cb59"),
    ).to.equal(ROLES.admin);
  });

  it("refuses a token's agent whose membership has a delay: he could not act when it counts", async () => {
    const { manager, admin, anyone, deployment } = await load();
    const data = manager.interface.encodeFunctionData("grantRole", [
      ...[ROLES.guardian, anyone.address, DAY],
    ]);
    const target = await manager.getAddress();
    await manager.connect(admin).getFunction("schedule")(target, data, 0);
    await networkHelpers.time.increase(REAL_NETWORK_DELAYS.adminSeconds);
    await manager.connect(admin).getFunction("execute")(target, data);
    const { interface: abi } = await ethers.getContractFactory("TrancheToken");
    const init = abi.encodeFunctionData("initialize", [
      {
        ...{ name: "Class A", symbol: "A", authority: deployment.accessManager, dealId: 1n },
        ...{ classIndex: 0, dealCode: deployment.dealFactory },
      },
    ]);
    const proxy = await ethers.deployContract("BeaconProxy", [deployment.trancheTokenBeacon, init]);
    const token: AnyContract = await ethers.getContractAt("TrancheToken", await proxy.getAddress());
    await expect(token.connect(anyone).pause()).to.be.revertedWithCustomError(
      token,
      "AccessManagedUnauthorized",
    );
  });

  it("gives a deployer who stays administrator the delay, and nothing changes unscheduled after that", async () => {
    const { deployer, upgrader, anyone } = await load();
    let record: DeploymentRecord = {};
    const save = async (latest: DeploymentRecord) => void (record = { ...latest });
    const holders = { upgrader: [upgrader.address] };
    const input = { signer: deployer, holders, delays: REAL_NETWORK_DELAYS, save };
    const deployment = await deployPlatform(input);
    const manager = await ethers.getContractAt("AccessManager", deployment.accessManager);
    expect(await manager.getFunction("hasRole")(ROLES.admin, deployer.address)).to.deep.equal([
      true,
      BigInt(REAL_NETWORK_DELAYS.adminSeconds),
    ]);
    const nonce = await deployer.getNonce();
    expect(await deployPlatform({ ...input, record })).to.deep.equal(deployment);
    expect(await deployer.getNonce()).to.equal(nonce);
    const more = { ...input, record, holders: { ...holders, issuer: [anyone.address] } };
    await assert.rejects(deployPlatform(more), /only 172800 seconds after scheduling it there/);
    await expect(
      manager.connect(deployer).getFunction("grantRole")(ROLES.issuer, anyone.address, 0),
    ).to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled");
  });

  it("lets the registrar act at once: a freeze cannot wait", async () => {
    const { compliance, registrar } = await load();
    const id = ethers.id("somebody");
    const own = compliance.connect(registrar) as AnyContract;
    await own.setIdentity(id, 2 ** 39, 840, REASON);
    await expect(own.setIdentityFrozen(id, true, REASON)).to.emit(compliance, "IdentityFreezeSet");
  });
});
