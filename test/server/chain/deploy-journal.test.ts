/** Sending a deployment: nothing is sent twice, whatever dies, drops or gets in between. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { keccak256, parseEther } from "ethers";
import { connectNode } from "../../../server/chain/connect-node.ts";
import type { Call } from "../../../server/chain/deploy-contract.ts";
import { agreedLimits, readFees } from "../../../server/chain/deploy-fees.ts";
import { openRehearsal } from "../../../scripts/deploy/open-rehearsal.ts";
import { carryOut } from "../../../server/chain/deploy-undertaking.ts";
import { verifyDeployment } from "../../../server/chain/deploy-verification.ts";
import type { DeploymentRecord } from "../../../server/chain/deploy-record.ts";
import {
  addressesOf,
  journalOf,
  openStage,
  sampleUndertaking,
  storeOn,
  type Disk,
  type Stage,
} from "./deploy-stage.ts";

let stage: Stage;
before(async () => {
  stage = await openStage();
});
after(() => stage.close());

class Killed extends Error {}

/** Dies at the n-th time that the process comes to the moment, and does nothing more from then on. */
function killer(moment: string, times: number) {
  let left = times;
  let isDead = false;
  return (now: string): void => {
    if (now === moment && --left === 0) isDead = true;
    if (isDead) throw new Killed();
  };
}

/** One process, from what the last one left on the disk. @returns whether it came to its end */
async function runUntilKilled(
  account: number,
  disk: Disk,
  kill: (now: string) => void,
): Promise<boolean> {
  const { provider } = stage;
  const send = provider.send.bind(provider);
  provider.send = async (method, params) => {
    const isSending = method === "eth_sendRawTransaction";
    kill(isSending ? "before it is sent" : "");
    const answer: unknown = await send(method, params);
    kill(isSending ? "after it is sent" : "");
    return answer;
  };
  try {
    const journal = await journalOf(stage, account, disk, {
      mine: async () => void (await send("evm_mine", [])),
      onSettled: async () => kill("after it is mined"),
    });
    await carryOut(
      { signer: stage.account(account), transact: journal.transact },
      {
        ...(await sampleUndertaking()),
        record: disk.record,
        save: async (latest) => {
          disk.record = structuredClone(latest);
          kill("after it is recorded");
        },
      },
    );
    await journal.close();
    return true;
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  } finally {
    provider.send = send;
  }
}

/** Addresses and number of transactions of the same deployment in one go, on a copy of the chain. */
async function rehearse(account: number) {
  const rehearsal = await openRehearsal(stage.provider, stage.account(account).address);
  try {
    let record: DeploymentRecord = {};
    const reachClosing = () => Promise.reject(new Killed());
    const save = async (latest: DeploymentRecord) => void (record = structuredClone(latest));
    const wishes = { ...(await sampleUndertaking()), record: {}, save };
    await carryOut(rehearsal.sender, { ...wishes, reachClosing }).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    return { record, sent: rehearsal.steps.length, steps: rehearsal.steps };
  } finally {
    await rehearsal.close();
  }
}

describe("a deployment that is killed", () => {
  const moments = ["before it is sent", "after it is sent", "after it is mined"];
  for (const [i, moment] of moments.entries()) {
    it(`ends with the same platform and deal, each transaction killed ${moment}`, async () => {
      const account = 2 + i;
      const whole = await rehearse(account);
      const disk: Disk = { pending: null, record: {} };
      let runs = 1;
      // What is sent already needs no second run to get past the moment; else every other run gets past it once.
      const times = () => (moment === "after it is sent" ? 1 : 1 + (runs % 2));
      for (; !(await runUntilKilled(account, disk, killer(moment, times()))); runs += 1) {
        assert.ok(runs < 5 * whole.sent, "it comes to its end");
      }
      assert.ok(runs > whole.sent, `${runs} runs for ${whole.sent} transactions`);
      const { address } = stage.account(account);
      assert.equal(await stage.provider.getTransactionCount(address), whole.sent);
      const { deals: _deals, ...platform } = addressesOf(disk.record);
      const { deals: _none, ...expected } = addressesOf(whole.record);
      assert.deepEqual(platform, expected);
      assert.equal(disk.record.deals?.length, 1);
      const { code, roles } = await verifyDeployment(stage.provider, disk.record);
      assert.deepEqual(
        code.flatMap(({ problems }) => problems),
        [],
      );
      assert.deepEqual([roles.problems, roles.roles.flatMap(({ problems }) => problems)], [[], []]);
      assert.equal(disk.pending, null);
    });
  }
});

/** A transaction that changes nothing but the nonce. */
const NOTHING: Call = { to: `0x${"ab".repeat(20)}`, data: "0x01", name: "nothing" };

describe("the journal of a deployment", () => {
  it("takes a transaction that a wallet has sped up for its own", async () => {
    const account = 6;
    const disk: Disk = { pending: null, record: {} };
    const { signer, nonce, journal } = await sentAndLeft(account, disk);
    const faster = await signer.sendTransaction({
      ...{ to: NOTHING.to, data: NOTHING.data, nonce },
      ...{
        maxFeePerGas: parseEther("0.00000001"),
        maxPriorityFeePerGas: parseEther("0.000000009"),
      },
    });
    await stage.chain.mine();
    const receipt = await (await journal()).transact(NOTHING);
    assert.equal(receipt.hash, faster.hash);
    assert.equal(await signer.getNonce(), nonce + 1, "and sends nothing more");
  });

  it("sends again what a wallet has cancelled, once", async () => {
    const account = 7;
    const disk: Disk = { pending: null, record: {} };
    const { signer, nonce, journal } = await sentAndLeft(account, disk);
    await signer.sendTransaction({
      ...{ to: signer.address, nonce },
      ...{
        maxFeePerGas: parseEther("0.00000001"),
        maxPriorityFeePerGas: parseEther("0.000000009"),
      },
    });
    await stage.chain.mine();
    const receipt = await (await journal()).transact(NOTHING);
    assert.equal(receipt.to?.toLowerCase(), NOTHING.to);
    assert.equal(await signer.getNonce(), nonce + 2);
  });

  it("raises the fees of what no block takes", async () => {
    const account = 8;
    const disk: Disk = { pending: null, record: {} };
    const signer = stage.account(account);
    await stage.provider.send("anvil_setNextBlockBaseFeePerGas", ["0x12a05f200"]);
    await stage.chain.mine();
    const low = { maxFeePerGas: 5_000_000_000n, maxPriorityFeePerGas: 1n };
    const transaction = { to: NOTHING.to, data: NOTHING.data, ...low };
    const sent = await signer.sendTransaction(transaction);
    const { nonce, hash } = sent;
    const sinceBlock = (await stage.provider.getBlockNumber()) - 40;
    const common = { chainId: 31_337, from: signer.address, nonce, sinceBlock };
    disk.pending = {
      ...common,
      to: NOTHING.to,
      dataHash: keccak256("0x01"),
      name: "x",
      hashes: [hash],
    };
    // Whoever mines asks for more than it offers, until it offers more.
    const mine = async (): Promise<void> => {
      await stage.provider.send("anvil_setNextBlockBaseFeePerGas", ["0x165a0bc00"]);
      await stage.chain.mine();
    };
    const journal = await journalOf(stage, account, disk, { mine });
    const receipt = await journal.transact(NOTHING);
    assert.notEqual(receipt.hash, hash);
    assert.ok(disk.pending.hashes.includes(receipt.hash));
    assert.equal(await signer.getNonce(), nonce + 1);
  });

  it("waits for the confirmations that it is told to", async () => {
    const account = 9;
    const journal = await journalOf(
      stage,
      account,
      { pending: null, record: {} },
      { confirmations: 4 },
    );
    const { blockNumber } = await journal.transact(NOTHING);
    assert.ok((await stage.provider.getBlockNumber()) >= blockNumber + 3);
  });

  it("pays a plain gas price where the chain has no EIP-1559", async () => {
    const { provider } = stage;
    const getBlock = provider.getBlock.bind(provider);
    provider.getBlock = async (...args) => {
      const block = await getBlock(...args);
      if (block !== null) Object.defineProperty(block, "baseFeePerGas", { value: null });
      return block;
    };
    const fees = await readFees(provider, {});
    assert.equal(fees.maxPriorityFeePerGas, null);
    const disk: Disk = { pending: null, record: {} };
    const receipt = await (await journalOf(stage, 9, disk)).transact(NOTHING);
    provider.getBlock = getBlock;
    assert.equal((await receipt.getTransaction()).type, 0);
  });

  it("refuses what an earlier run has left on another chain or for another account", async () => {
    const disk: Disk = { pending: null, record: {} };
    await sentAndLeft(1, disk);
    await assert.rejects(
      journalOf(stage, 9, disk),
      /may be under way: run this again as that account/,
    );
    await stage.chain.mine();
  });

  it("spends nothing above the limit of its fees", async () => {
    const limits = { maxFeePerGas: 1n };
    const journal = await journalOf(stage, 9, { pending: null, record: {} }, { limits });
    const nonce = await stage.account(9).getNonce();
    await assert.rejects(journal.transact(NOTHING), /the network asks .* gwei .* raise --max-fee/);
    assert.equal(await stage.account(9).getNonce(), nonce);
  });

  it("pays no more than twice what the plan has shown, whatever tip the node asks for afterwards", async () => {
    const { provider } = stage;
    const planned = await readFees(provider, {});
    const limits = agreedLimits(planned, {}, true);
    const send = provider.send.bind(provider);
    // A million gwei: four million gas would be 4,000 ether.
    provider.send = async (method, params) =>
      method === "eth_maxPriorityFeePerGas" ? "0x38d7ea4c68000" : await send(method, params);
    try {
      assert.ok((await readFees(provider, {})).maxFeePerGas > 10n ** 15n, "the node is believed");
      const fees = await readFees(provider, limits);
      assert.equal(fees.maxFeePerGas, 2n * planned.maxFeePerGas);
      assert.equal(fees.maxPriorityFeePerGas, fees.maxFeePerGas);
    } finally {
      provider.send = send;
    }
    const own = { maxFeePerGas: 5n };
    assert.deepEqual(agreedLimits(planned, own, true), own, "the caller's own limit counts");
    assert.deepEqual(agreedLimits(planned, {}, false), {}, "nothing is at stake");
  });

  it("[U1] takes no contract for its own that the node puts in the place of the one created", async () => {
    const { provider } = stage;
    const planted = await stage.account(9).getAddress();
    const disk: Disk = { pending: null, record: {} };
    const journal = await journalOf(stage, 9, disk);
    const getReceipt = provider.getTransactionReceipt.bind(provider);
    provider.getTransactionReceipt = async (hash) => {
      const receipt = await getReceipt(hash);
      if (typeof receipt?.contractAddress === "string")
        Object.defineProperty(receipt, "contractAddress", { value: planted });
      return receipt;
    };
    try {
      await assert.rejects(
        journal.transact({ to: null, data: "0x5f5ff3", name: "Empty" }),
        new RegExp(`has created ${planted}, it creates 0x\\w{40}: use another node$`),
      );
    } finally {
      provider.getTransactionReceipt = getReceipt;
    }
  });

  it("outlives a node that drops connections and answers 503, and doubles nothing", async () => {
    const account = 1;
    let calls = 0;
    const relay = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        calls += 1;
        const body = Buffer.concat(parts).toString();
        const forward = async (): Promise<void> => {
          const headers = { "content-type": "application/json" };
          const answer = await fetch(stage.chain.url, { method: "POST", headers, body });
          const text = await answer.text();
          // Every third answer is lost after the node has done what was asked: a sent transaction too.
          if (calls % 3 === 0) request.socket.destroy();
          else response.end(text);
        };
        if (calls % 7 === 5) response.writeHead(503).end();
        else void forward();
      });
    });
    relay.listen(0, "127.0.0.1");
    await once(relay, "listening");
    const provider = await connectNode(`http://127.0.0.1:${(relay.address() as AddressInfo).port}`);
    const signer = stage.account(account).connect(provider);
    const nonce = await stage.account(account).getNonce();
    const disk: Disk = { pending: null, record: {} };
    const journal = await journalOf(stage, account, disk, { signer, provider });
    for (const data of ["0x02", "0x03", "0x04"]) await journal.transact({ ...NOTHING, data });
    assert.equal(await stage.account(account).getNonce(), nonce + 3);
    assert.ok(calls > 20);
    provider.destroy();
    relay.closeAllConnections();
    relay.close();
  });
});

/** A process that has sent NOTHING and died before a block had it. */
async function sentAndLeft(account: number, disk: Disk) {
  const signer = stage.account(account);
  const nonce = await signer.getNonce();
  const dying = await journalOf(stage, account, disk, {
    store: storeOn(disk),
    mine: () => Promise.reject(new Killed()),
  });
  await assert.rejects(dying.transact(NOTHING), Killed);
  assert.equal(disk.pending?.nonce, nonce);
  return { signer, nonce, journal: () => journalOf(stage, account, disk) };
}
