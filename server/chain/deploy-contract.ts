import { Contract, ContractFactory, Interface } from "ethers";
import type { ContractTransactionResponse, Signer, TransactionReceipt } from "ethers";
import { readArtifact } from "./read-artifact.ts";
import type { ArtifactName } from "./read-artifact.ts";

/** One transaction that a deployment asks for. */
export interface Call {
  /** Null creates a contract. */
  to: string | null;
  /** 0x-hex: the call, or creation code with its arguments. */
  data: string;
  /** The contract that is created, or the function that is called. */
  name: string;
}

/** Who sends, and how to get a block on a chain that mines only now and then. */
export interface Sender {
  signer: Signer;
  /** Embedded chain only: mines a block now instead of waiting for the interval. */
  mine?: (() => Promise<void>) | undefined;
  /**
   * Carries a transaction into a block in another way than by the signer alone: with a journal that survives a crash, or on
   * a rehearsal that measures it.
   */
  transact?: ((call: Call) => Promise<TransactionReceipt>) | undefined;
}

export interface Deployed {
  address: string;
  /** The block that holds the creation. */
  blockNumber: number;
  transactionHash: string;
}

/**
 * Deploys a contract and waits until it is in a block.
 * @throws an ethers error when the creation reverts
 */
export async function deployContract(
  sender: Sender,
  name: ArtifactName,
  args: readonly unknown[] = [],
): Promise<Deployed> {
  const { abi, bytecode } = await readArtifact(name);
  const factory = new ContractFactory(abi, bytecode, sender.signer);
  const { data } = await factory.getDeployTransaction(...args);
  const receipt = await (sender.transact === undefined
    ? settle(sender, (await factory.deploy(...args)).deploymentTransaction())
    : sender.transact({ to: null, data, name }));
  const { contractAddress: address, blockNumber, hash } = receipt;
  if (address === null) throw new Error(`transaction ${hash} has created no contract`);
  return { address, blockNumber, transactionHash: hash };
}

/** The contract at `address`, sending as the signer. */
export async function contractAt(
  sender: Sender,
  name: ArtifactName,
  address: string,
): Promise<Contract> {
  const { abi } = await readArtifact(name);
  return new Contract(address, new Interface(abi), sender.signer);
}

/**
 * Sends a transaction to a contract and waits until it is in a block.
 * @throws an ethers error, with the contract's own error where it has one, when it reverts
 */
export async function send(
  sender: Sender,
  contract: Contract,
  method: string,
  args: readonly unknown[],
): Promise<TransactionReceipt> {
  const call = contract.getFunction(method);
  if (sender.transact === undefined) {
    return settle(sender, (await call(...args)) as ContractTransactionResponse);
  }
  const { to, data } = await call.populateTransaction(...args);
  return sender.transact({ to, data, name: method });
}

async function settle(
  { mine }: Sender,
  response: ContractTransactionResponse | null,
): Promise<TransactionReceipt> {
  if (response === null) throw new Error("the transaction was not sent");
  await mine?.();
  const receipt = await response.wait();
  if (receipt === null) throw new Error(`transaction ${response.hash} is in no block`);
  return receipt;
}
