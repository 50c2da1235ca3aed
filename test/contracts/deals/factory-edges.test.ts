import { expect } from "chai";
import { ZeroAddress, getBytes } from "ethers";
import type { AnyContract } from "./any-contract.ts";
import { buildSmallTerms } from "./build-small-terms.ts";
import {
  argumentOf,
  deployWithPeople,
  ethers,
  fullAllocations,
  networkHelpers,
  newDealOf,
} from "./platform-fixture.ts";

const load = () => networkHelpers.loadFixture(deployWithPeople);

describe("A deal factory at its edges", () => {
  it("is not made without a checker, nor started without a role book", async () => {
    const { anyone, factory } = await load();
    const make = (checker: string) => ethers.deployContract("DealFactory", [checker]);
    await expect(make(anyone.address)).to.be.revertedWithCustomError(factory, "LinkMissing");
    const checker = await ethers.deployContract("TermsChecker");
    const bare = await make(await checker.getAddress());
    const { address } = anyone;
    const links = { compliance: address, reports: address, distributor: address };
    const call = bare.interface.encodeFunctionData("initialize", [
      ...[ZeroAddress, { ...links, tokenBeacon: address, inputs: address }],
    ]);
    await expect(
      ethers.deployContract("ERC1967Proxy", [await bare.getAddress(), call]),
    ).to.be.revertedWithCustomError(factory, "LinkMissing");
  });

  it("asks nobody's word for a deposit of nothing", async () => {
    const platform = await load();
    const terms = { ...platform.terms, reserveDeposit: 0n };
    const deal = newDealOf(platform, { terms: getBytes(buildSmallTerms(terms)) });
    await platform.factory.createDeal(argumentOf(deal));
    await networkHelpers.time.increaseTo(terms.closingTime);
    await platform.factory.closeDeal(1, fullAllocations(platform));
    expect(await platform.factory.isClosed(1)).to.equal(true);
  });

  it("takes the closing by the originator itself for its word", async () => {
    const platform = await load();
    const { factory, originator, manager, cash, terms, distributor } = platform;
    await factory.createDeal(argumentOf(newDealOf(platform)));
    const address = await factory.getAddress();
    const { selector } = factory.interface.getFunction("closeDeal")!;
    const role: bigint = await manager.getTargetFunctionRole(address, selector);
    await manager.grantRole(role, originator.address, 0);
    await cash.getFunction("mint")(originator.address, terms.reserveDeposit * 10_000n);
    await (cash.connect(originator) as AnyContract).approve(distributor, 2n ** 255n);
    await networkHelpers.time.increaseTo(terms.closingTime);
    const asOriginator = factory.connect(originator) as AnyContract;
    await asOriginator.closeDeal(1, fullAllocations(platform));
    expect((await distributor.cashOf(1)).accounts).to.equal(terms.reserveDeposit);
  });
});

describe("The genesis of the proxies", () => {
  it("is its creator's alone, and happens once [U1]", async () => {
    const { anyone } = await load();
    const genesis: AnyContract = await ethers.deployContract("PlatformGenesis");
    const checker = await ethers.deployContract("TermsChecker");
    const { address } = anyone;
    const at = async (name: string, args: unknown[]) =>
      (await ethers.deployContract(name, args)).getAddress();
    const engine = await at("WaterfallEngine", []);
    const [compliance, reports] = [
      await genesis.complianceRegistry(),
      await genesis.reportRegistry(),
    ];
    const factory = await genesis.dealFactory();
    const distributor = await genesis.waterfallDistributor();
    const inputs = await genesis.runInputs();
    const authority = await at("AccessManager", [address]);
    const token = await at("TrancheToken", [factory, distributor, compliance]);
    const parts = {
      authority,
      tokenBeacon: await at("UpgradeableBeacon", [token, address]),
      complianceRegistry: await at("ComplianceRegistry", [factory, distributor]),
      reportRegistry: await at("ReportRegistry", [factory, distributor]),
      waterfallDistributor: await at("WaterfallDistributor", [
        { engine, factory, reports, compliance, inputs },
      ]),
      dealFactory: await at("DealFactory", [await checker.getAddress()]),
      runInputs: await at("RunInputs", []),
    };
    await expect(
      (genesis.connect(anyone) as AnyContract).deploy(parts),
    ).to.be.revertedWithCustomError(genesis, "CallerNotCreator");
    await genesis.deploy(parts);
    expect(await ethers.provider.getCode(factory)).not.to.equal("0x");
    await expect(genesis.deploy(parts)).to.be.revertedWithCustomError(
      ...[genesis, "AddressUnexpected"],
    );
  });
});
