import { Contract, ContractFactory, Interface } from "ethers";
import type { ContractTransactionReceipt, ContractTransactionResponse, Signer } from "ethers";
import { readArtifact } from "./read-artifact.ts";
import type { ArtifactName } from "./read-artifact.ts";

/** Who sends, and how to get a block on a chain that mines only now and then. */
export interface Sender {
  signer: Signer;
  /** Embedded chain only: mines a block now instead of waiting for the interval. */
  mine?: (() => Promise<void>) | undefined;
}

export interface Deployed {
  address: string;
  /** The block that holds the creation. */
  blockNumber: number;
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
  const contract = await new ContractFactory(abi, bytecode, sender.signer).deploy(...args);
  const receipt = await settle(sender, contract.deploymentTransaction());
  return { address: await contract.getAddress(), blockNumber: receipt.blockNumber };
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
): Promise<ContractTransactionReceipt> {
  const response = (await contract.getFunction(method)(...args)) as ContractTransactionResponse;
  return settle(sender, response);
}

async function settle(
  { mine }: Sender,
  response: ContractTransactionResponse | null,
): Promise<ContractTransactionReceipt> {
  if (response === null) throw new Error("the transaction was not sent");
  await mine?.();
  const receipt = await response.wait();
  if (receipt === null) throw new Error(`transaction ${response.hash} is in no block`);
  return receipt;
}
