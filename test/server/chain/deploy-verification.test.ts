/** What `--verify` finds: whatever on the chain is not what this build and the record say. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Contract, getBytes, hexlify, zeroPadValue } from "ethers";
import type { DeploymentRecord } from "../../../server/chain/deploy-record.ts";
import { contractAt, send } from "../../../server/chain/deploy-contract.ts";
import { verifyCode } from "../../../server/chain/deploy-verify-code.ts";
import { verifyRoles } from "../../../server/chain/deploy-verify-roles.ts";
import { carryOut } from "../../../server/chain/deploy-undertaking.ts";
import { verifyDeployment } from "../../../server/chain/deploy-verification.ts";
import { contracts } from "../../../server/chain/platform-interface.ts";
import { NOBODY, ROLES } from "../../../server/chain/platform-roles.ts";
import { readBuild } from "../../../server/chain/read-build.ts";
import { journalOf, openStage, sampleUndertaking, type Disk, type Stage } from "./deploy-stage.ts";

let stage: Stage;
let record: DeploymentRecord;
before(async () => {
  stage = await openStage();
  const disk: Disk = { pending: null, record: {} };
  const { transact } = await journalOf(stage, 0, disk);
  const save = async (latest: DeploymentRecord) => void (record = structuredClone(latest));
  const wishes = { ...(await sampleUndertaking()), record: {}, save };
  await carryOut({ signer: stage.account(0), transact }, wishes);
});
after(() => stage.close());

/** All problems of code, with the contract's name before each. */
async function codeProblems(of = record): Promise<string[]> {
  const code = await verifyCode(stage.provider, of);
  return code.flatMap(({ name, problems }) => problems.map((problem) => `${name}: ${problem}`));
}

async function roleProblems(of = record): Promise<string[]> {
  const roles = await verifyRoles(stage.provider, of);
  const held = roles.roles.map(({ role, problems }) => problems.map((each) => `${role}: ${each}`));
  return [...held.flat(), ...roles.problems];
}

/** Does something to the chain, looks, and undoes it. */
async function withChange<T>(change: () => Promise<unknown>, look: () => Promise<T>): Promise<T> {
  const { provider } = stage;
  const snapshot: unknown = await provider.send("evm_snapshot", []);
  await change();
  const found = await look();
  await provider.send("evm_revert", [snapshot]);
  return found;
}

/** Changes one byte of a contract's code. */
async function tamper(address: string, position: number): Promise<void> {
  const code = getBytes(await stage.provider.getCode(address));
  const at = position < 0 ? code.length + position : position;
  code[at] = (code[at] ?? 0) ^ 1;
  await stage.provider.send("anvil_setCode", [address, hexlify(code)]);
}

const addressOf = (
  name: "dealFactoryImplementation" | "dealFactory" | "trancheTokenBeacon" | "accessManager",
) => record[name] ?? "";

describe("the verification of a deployment", () => {
  it("finds nothing where everything is as it was built", async () => {
    assert.deepEqual(await codeProblems(), []);
    assert.deepEqual(await roleProblems(), []);
  });

  it("finds one changed byte of any contract, and tells code from metadata", async () => {
    const code = await verifyCode(stage.provider, record);
    const everywhere = async (): Promise<void> => {
      for (const { address } of code) await tamper(address, 3);
    };
    assert.deepEqual(
      await withChange(everywhere, codeProblems),
      code.map(({ name }) => `${name}: the code differs from byte 3 on`),
    );
    const metadata = await withChange(() => tamper(addressOf("accessManager"), -10), codeProblems);
    assert.deepEqual(metadata, [
      "accessManager: compiled from other sources or with other settings (metadata)",
    ]);
  });

  it("finds an immutable with another value", async () => {
    const address = addressOf("dealFactoryImplementation");
    const { immutables } = await readBuild("DealFactory");
    for (const [name, places] of immutables) {
      const { start, length } = places[0]!;
      const found = await withChange(() => tamper(address, start + length - 1), codeProblems);
      assert.equal(found.length, 1);
      assert.match(
        found[0]!,
        new RegExp(`^dealFactoryImplementation: immutable ${name} is 0x\\w+, not 0x`),
      );
    }
  });

  it("finds a contract that is not there, and another one in its place", async () => {
    const address = addressOf("dealFactoryImplementation");
    const gone = () => stage.provider.send("anvil_setCode", [address, "0x"]);
    assert.deepEqual(await withChange(gone, codeProblems), ["dealFactoryImplementation: no code"]);
    const found = await codeProblems({ ...record, termsChecker: addressOf("accessManager") });
    assert.match(found.join("\n"), /^termsChecker: 13383 bytes of code, the build has \d+$/m);
    assert.match(found.join("\n"), /^dealFactoryImplementation: immutable CHECKER is /m);
  });

  it("finds a proxy that points elsewhere, and a beacon that does", async () => {
    const elsewhere = record.reportRegistryImplementation ?? "";
    const factory = await contractAt(
      { signer: stage.account(0) },
      "DealFactory",
      addressOf("dealFactory"),
    );
    const slot = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
    const store = () =>
      stage.provider.send("anvil_setStorageAt", [
        ...[addressOf("dealFactory"), slot, zeroPadValue(elsewhere, 32)],
      ]);
    assert.deepEqual(await withChange(store, codeProblems), [
      `dealFactory: implementation is ${elsewhere}, the record says ${record.dealFactoryImplementation}`,
    ]);
    assert.equal(await factory.getFunction("dealCount")(), 1n, "and it is undone");
    const sender = { signer: stage.account(0), mine: stage.chain.mine };
    const manager = await contractAt(sender, "AccessManager", addressOf("accessManager"));
    const upgrade = contracts.trancheTokenBeacon.encodeFunctionData("upgradeTo", [elsewhere]);
    const move = () => send(sender, manager, "execute", [addressOf("trancheTokenBeacon"), upgrade]);
    const [problem] = await withChange(move, roleProblems);
    assert.match(
      problem ?? "",
      new RegExp(`^the token beacon's implementation is ${elsewhere}, not`),
    );
  });

  it("finds who holds a role that is not in the record, who lacks one, and who need not wait", async () => {
    const sender = { signer: stage.account(0), mine: stage.chain.mine };
    const manager = await contractAt(sender, "AccessManager", addressOf("accessManager"));
    const stranger = stage.account(4).address;
    const own = stage.account(0).address;
    const grant = () => send(sender, manager, "grantRole", [ROLES.issuer, stranger, 0]);
    assert.deepEqual(await withChange(grant, roleProblems), [`issuer: ${stranger} holds it too`]);
    const revoke = () => send(sender, manager, "revokeRole", [ROLES.guardian, own]);
    assert.deepEqual(await withChange(revoke, roleProblems), [`guardian: ${own} does not hold it`]);
    const { holders = {} } = record.roles ?? {};
    const slower = { ...record, roles: { holders, delays: { upgradeSeconds: 60 } } };
    assert.deepEqual(await roleProblems(slower), [`upgrader: ${own} waits 0 s, not 60 s`]);
  });

  it("finds who is to hold a role later, and who would give or hold one behind the administrator", async () => {
    const sender = { signer: stage.account(0), mine: stage.chain.mine };
    const manager = await contractAt(sender, "AccessManager", addressOf("accessManager"));
    const stranger = stage.account(4).address;
    const later = async (): Promise<void> => {
      // Five days until a grant waits, and the grant then waits ten.
      await send(sender, manager, "setGrantDelay", [ROLES.upgrader, 864_000]);
      await stage.provider.send("evm_increaseTime", [432_000]);
      await send(sender, manager, "grantRole", [ROLES.upgrader, stranger, 0]);
      const [holds] = await manager.getFunction("hasRole")(ROLES.upgrader, stranger);
      assert.equal(holds, false, "not yet");
    };
    assert.deepEqual(await withChange(later, roleProblems), [`upgrader: ${stranger} holds it too`]);
    const owner = () => send(sender, manager, "grantRole", [NOBODY, stranger, 0]);
    assert.deepEqual(await withChange(owner, roleProblems), [
      `${stranger} holds role 6, which is nobody's`,
    ]);
    const giver = async (): Promise<void> => {
      await send(sender, manager, "setRoleAdmin", [ROLES.upgrader, 77]);
      await send(sender, manager, "grantRole", [77, stranger, 0]);
    };
    assert.deepEqual(await withChange(giver, roleProblems), [
      `${stranger} holds role 77, which is nobody's`,
      "role 4 is given by role 77",
    ]);
  });

  it("[U2] finds a contract that obeys another role book or was made by another, and a role book of before", async () => {
    const sender = { signer: stage.account(0), mine: stage.chain.mine };
    const manager = await contractAt(sender, "AccessManager", addressOf("accessManager"));
    const token = record.deals?.[0]?.tokens[0] ?? "";
    const elsewhere = record.waterfallEngine ?? "";
    const move = async (): Promise<void> => {
      for (const target of [addressOf("dealFactory"), token])
        await send(sender, manager, "updateAuthority", [target, elsewhere]);
    };
    assert.deepEqual(await withChange(move, roleProblems), [
      `dealFactory obeys the role book ${elsewhere}`,
      `deal 1 class 0 obeys the role book ${elsewhere}`,
    ]);
    const { reportRegistry = "", deployBlock = 0 } = record;
    assert.deepEqual(
      (await roleProblems({ ...record, runInputs: reportRegistry })).filter(
        (each) => !each.startsWith("RunInputs"),
      ),
      [
        `runInputs: the genesis has made ${record.runInputs}`,
        `dealFactory works with runInputs ${record.runInputs}`,
      ],
    );
    const late = await roleProblems({ ...record, deployBlock: deployBlock + 1 });
    assert.match(
      late.at(-1) ?? "",
      /^the role book is older than deployBlock \d+: who got a role before is not seen$/,
    );
    const { accessManager: _gone, ...creations } = record.creations ?? {};
    assert.match(
      (await roleProblems({ ...record, creations })).at(-1) ?? "",
      /^the record does not name the transaction that has created the role book/,
    );
  });

  it("finds a restricted function with another role, and a contract that is closed", async () => {
    const sender = { signer: stage.account(0), mine: stage.chain.mine };
    const manager = await contractAt(sender, "AccessManager", addressOf("accessManager"));
    const factory = addressOf("dealFactory");
    const { selector } = contracts.dealFactory.getFunction("createDeal")!;
    const open = () =>
      send(sender, manager, "setTargetFunctionRole", [factory, [selector], ROLES.registrar]);
    assert.deepEqual(await withChange(open, roleProblems), [
      `DealFactory.createDeal needs role ${ROLES.registrar}`,
    ]);
    const close = () => send(sender, manager, "setTargetClosed", [factory, true]);
    assert.deepEqual(await withChange(close, roleProblems), [
      "DealFactory is closed in the role book",
    ]);
  });

  it("finds the implementations itself where the record of a server names none", async () => {
    const { chainId, deployBlock, accessManager, dealFactory, reportRegistry } = record;
    const { complianceRegistry, waterfallDistributor, runInputs, trancheTokenBeacon } = record;
    const { primaryIssuance } = record;
    const plain = {
      ...{ chainId, deployBlock, accessManager, dealFactory, reportRegistry, complianceRegistry },
      ...{ waterfallDistributor, runInputs, trancheTokenBeacon, primaryIssuance },
    } as DeploymentRecord;
    const { code } = await verifyDeployment(stage.provider, plain);
    const found = code.filter(({ name }) => name === "reportRegistryImplementation");
    assert.deepEqual(
      found.map(({ problems }) => problems),
      [[]],
    );
    assert.equal(
      new Contract(found[0]?.address ?? "", []).target,
      record.reportRegistryImplementation,
    );
  });
});
