import assert from "node:assert/strict";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { deployPlatform } from "../../../server/chain/deploy-platform.ts";
import type { DeploymentRecord } from "../../../server/chain/deploy-record.ts";
import { PLATFORM_PERMISSIONS, roleId, ROLES } from "../../../server/chain/platform-roles.ts";
import { readClosingTerms } from "../../../server/chain/read-closing-terms.ts";
import { deployWithPeople, ethers, networkHelpers, newDealOf } from "./platform-fixture.ts";
import { present } from "./present.ts";

async function complete() {
  const [deployer, admin, upgrader, anyone] = await ethers.getSigners();
  let record: DeploymentRecord = {};
  const deployment = await deployPlatform({
    signer: present(deployer),
    save: async (latest) => void (record = { ...latest }),
  });
  return {
    deployer: present(deployer),
    admin: present(admin),
    upgrader: present(upgrader),
    anyone: present(anyone),
    deployment,
    record,
  };
}

describe("deploying the platform", () => {
  it("records every address and the first block that can hold an event", async () => {
    const { deployment, record } = await networkHelpers.loadFixture(complete);
    expect(deployment.chainId).to.equal(31_337);
    const { accessManager, deployBlock } = deployment;
    expect(await ethers.provider.getCode(accessManager, deployBlock - 1)).to.equal("0x");
    for (const [name, address] of Object.entries(record)) {
      if (typeof address === "string") {
        expect(await ethers.provider.getCode(address), name).not.to.equal("0x");
      }
    }
    expect(deployment.cashToken).to.equal(undefined);
  });

  it("sends nothing when everything is there", async () => {
    const { deployer, record, deployment } = await networkHelpers.loadFixture(complete);
    const nonce = await deployer.getNonce();
    expect(await deployPlatform({ signer: deployer, record })).to.deep.equal(deployment);
    expect(await deployer.getNonce()).to.equal(nonce);
  });

  it("goes on where an interrupted run stopped, whichever step that was", async () => {
    const [deployer] = await ethers.getSigners();
    const whole = (await networkHelpers.loadFixture(complete)).record;
    const steps = Object.keys(whole).length;
    for (let failing = 1; failing <= 12; failing++) {
      let record: DeploymentRecord = {};
      let saves = 0;
      const save = async (latest: DeploymentRecord) => {
        record = { ...latest };
        if (++saves === failing) throw new Error("the machine stopped");
      };
      const input = { signer: present(deployer), save };
      await assert.rejects(deployPlatform(input), /the machine stopped/);
      const { creations, ...before } = record;
      await deployPlatform({ ...input, record });
      expect(record).to.deep.include(before);
      expect(record.creations).to.deep.include(creations);
      expect(Object.keys(record).length).to.equal(steps);
    }
  });

  it("refuses a record of another chain and one whose address has no code", async () => {
    const { deployer, record, anyone } = await networkHelpers.loadFixture(complete);
    await assert.rejects(
      deployPlatform({ signer: deployer, record: { ...record, chainId: 1 } }),
      /the record is of chain 1, the node serves chain 31337/,
    );
    const empty = { ...record, accessManager: anyone.address };
    await assert.rejects(
      deployPlatform({ signer: deployer, record: empty }),
      new RegExp(`the record's accessManager ${anyone.address} has no code`),
    );
  });

  it("[U1] leaves no proxy and no implementation that somebody could initialise", async () => {
    const { anyone, deployment, record } = await networkHelpers.loadFixture(complete);
    const me = anyone.address;
    const cases: [string, string[], unknown[]][] = [
      [
        "DealFactory",
        [deployment.dealFactory, present(record.dealFactoryImplementation)],
        [me, [me, me, me, me, me]],
      ],
      [
        "ReportRegistry",
        [deployment.reportRegistry, present(record.reportRegistryImplementation)],
        [me],
      ],
      [
        "ComplianceRegistry",
        [deployment.complianceRegistry, present(record.complianceRegistryImplementation)],
        [me],
      ],
      [
        "WaterfallDistributor",
        [deployment.waterfallDistributor, present(record.waterfallDistributorImplementation)],
        [me],
      ],
      [
        "RunInputs",
        [deployment.runInputs, present(record.runInputsImplementation)],
        [me, me, me, me],
      ],
    ];
    for (const [name, addresses, args] of cases) {
      for (const address of addresses) {
        const contract = await ethers.getContractAt(name, address, anyone);
        await expect(contract.getFunction("initialize")(...args)).to.be.revertedWithCustomError(
          contract,
          "InvalidInitialization",
        );
      }
    }
  });

  it("[U1] refuses a factory without links", async () => {
    const { record, deployment, anyone } = await networkHelpers.loadFixture(complete);
    const implementation = await ethers.getContractAt(
      "DealFactory",
      present(record.dealFactoryImplementation),
    );
    for (let missing = 0; missing < 5; missing++) {
      const links = Array(5).fill(anyone.address).with(missing, ZeroAddress);
      const call = implementation.interface.encodeFunctionData("initialize", [
        deployment.accessManager,
        links,
      ]);
      await expect(
        ethers.deployContract("ERC1967Proxy", [await implementation.getAddress(), call]),
      ).to.be.revertedWithCustomError(implementation, "LinkMissing");
    }
  });

  it("gives every restricted function its role", async () => {
    const { deployment } = await networkHelpers.loadFixture(complete);
    const manager = await ethers.getContractAt("AccessManager", deployment.accessManager);
    const names = {
      dealFactory: "DealFactory",
      complianceRegistry: "ComplianceRegistry",
      reportRegistry: "ReportRegistry",
      waterfallDistributor: "WaterfallDistributor",
      runInputs: "RunInputs",
      primaryIssuance: "PrimaryIssuance",
      trancheTokenBeacon: "UpgradeableBeacon",
    } as const;
    for (const [member, name] of Object.entries(names) as [keyof typeof names, string][]) {
      const contract = await ethers.getContractAt(name, deployment[member]);
      for (const permission of PLATFORM_PERMISSIONS[member]) {
        const { method } = permission;
        const { selector } = present(contract.interface.getFunction(method));
        const found = await manager.getFunction("getTargetFunctionRole")(
          deployment[member],
          selector,
        );
        expect(found, `${name}.${method}`).to.equal(roleId(permission));
      }
    }
  });

  it("hands the administration over and delays upgrades when it is told to", async () => {
    const { deployer, admin, upgrader, anyone, record } =
      await networkHelpers.loadFixture(complete);
    const input = {
      signer: deployer,
      record,
      holders: { admin: [admin.address.toLowerCase()], upgrader: [upgrader.address] },
      delays: { upgradeSeconds: 86_400 },
    };
    const deployment = await deployPlatform(input);
    const manager = await ethers.getContractAt("AccessManager", deployment.accessManager);
    const has = async (role: bigint, who: string) => manager.getFunction("hasRole")(role, who);
    expect((await has(ROLES.admin, deployer.address))[0]).to.equal(false);
    expect(await has(ROLES.admin, admin.address)).to.deep.equal([true, 0n]);
    expect(await has(ROLES.upgrader, upgrader.address)).to.deep.equal([true, 86_400n]);
    const nonce = await deployer.getNonce();
    await deployPlatform(input);
    expect(await deployer.getNonce()).to.equal(nonce);
    const more = { ...input, holders: { ...input.holders, issuer: [anyone.address] } };
    await assert.rejects(deployPlatform(more), /is not the administrator/);
  });

  it("makes an upgrader with a delay wait for it", async () => {
    const { deployer, upgrader, record } = await networkHelpers.loadFixture(complete);
    const holders = { upgrader: [upgrader.address] };
    const delays = { upgradeSeconds: 86_400 };
    const deployment = await deployPlatform({ signer: deployer, record, holders, delays });
    const factory = await ethers.getContractAt("DealFactory", deployment.dealFactory, upgrader);
    const manager = await ethers.getContractAt("AccessManager", deployment.accessManager, upgrader);
    const checker = present(record.termsChecker);
    const next = await (await ethers.deployContract("DealFactory", [checker])).getAddress();
    const upgrade = factory.getFunction("upgradeToAndCall");
    await expect(upgrade(next, "0x")).to.be.revertedWithCustomError(
      manager,
      "AccessManagerNotScheduled",
    );
    const call = factory.interface.encodeFunctionData("upgradeToAndCall", [next, "0x"]);
    await manager.getFunction("schedule")(deployment.dealFactory, call, 0);
    await expect(upgrade(next, "0x")).to.be.revertedWithCustomError(
      manager,
      "AccessManagerNotReady",
    );
    await networkHelpers.time.increase(86_400);
    await upgrade(next, "0x");
  });

  it("lets an upgrader move a proxy and, through the role book, the beacon of all tokens", async () => {
    const { deployer, anyone, deployment, record } = await networkHelpers.loadFixture(complete);
    const manager = await ethers.getContractAt("AccessManager", deployment.accessManager);
    const beacon = await ethers.getContractAt("UpgradeableBeacon", deployment.trancheTokenBeacon);
    const replacement = await ethers.deployContract("TrancheToken", [
      deployment.dealFactory,
      deployment.waterfallDistributor,
      deployment.complianceRegistry,
    ]);
    const target = await replacement.getAddress();
    const call = beacon.interface.encodeFunctionData("upgradeTo", [target]);
    await expect(
      manager.connect(anyone).getFunction("execute")(deployment.trancheTokenBeacon, call),
    ).to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedCall");
    await manager.connect(deployer).getFunction("execute")(deployment.trancheTokenBeacon, call);
    expect(await beacon.getFunction("implementation")()).to.equal(target);
    const factory = await ethers.getContractAt("DealFactory", deployment.dealFactory);
    const next = await ethers.deployContract("DealFactory", [present(record.termsChecker)]);
    const links = await factory.getFunction("links")();
    await factory.connect(deployer).getFunction("upgradeToAndCall")(await next.getAddress(), "0x");
    expect(await factory.getFunction("links")()).to.deep.equal(links);
  });

  it("reads closing time and deposit from the terms", async () => {
    const platform = await networkHelpers.loadFixture(deployWithPeople);
    const { closingTime, depositUnits } = readClosingTerms(newDealOf(platform).terms);
    expect(closingTime).to.equal(platform.terms.closingTime);
    expect(depositUnits).to.equal(platform.terms.reserveDeposit * 10_000n);
    expect(closingTime).to.be.greaterThan(await networkHelpers.time.latest());
  });
});
