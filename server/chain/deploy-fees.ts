import type { JsonRpcProvider, TransactionRequest } from "ethers";

/** What a transaction may pay for each unit of gas, in wei. */
export interface Fees {
  /** At most. */
  maxFeePerGas: bigint;
  /** What of it goes to the block's maker; null on a chain without EIP-1559, where the maximum is the price. */
  maxPriorityFeePerGas: bigint | null;
  /** What a block asks for now, the maker's part included. */
  expectedPerGas: bigint;
}

/** The highest price that the caller allows; undefined: what the network asks. */
export interface FeeLimits {
  maxFeePerGas?: bigint | undefined;
  maxPriorityFeePerGas?: bigint | undefined;
}

/** Nodes ask at least 10 % more for a replacement; 25 % also survives two full blocks. */
const BUMP_PERCENT = 125n;

/** The network asks more than the caller allows. */
export class FeeTooHighError extends Error {
  override readonly name = "FeeTooHighError";
}

/**
 * What the network asks now. Twice the base fee survives six full blocks in a row.
 * @throws FeeTooHighError when that is above the limits
 */
export async function readFees(provider: JsonRpcProvider, limits: FeeLimits): Promise<Fees> {
  const block = await provider.getBlock("latest");
  const base = block?.baseFeePerGas ?? null;
  const price = BigInt((await provider.send("eth_gasPrice", [])) as string);
  const { maxFeePerGas: most } = limits;
  const least = base ?? price;
  if (most !== undefined && most < least) {
    throw new FeeTooHighError(
      `the network asks ${gwei(least)} gwei for each unit of gas, the limit is ${gwei(most)}: wait, or raise --max-fee`,
    );
  }
  if (base === null) {
    return { maxFeePerGas: price, maxPriorityFeePerGas: null, expectedPerGas: price };
  }
  const asked = limits.maxPriorityFeePerGas ?? (await readTip(provider, price - base));
  const maxFeePerGas = least2(2n * base + asked, most);
  const tip = least2(asked, maxFeePerGas);
  return {
    maxFeePerGas,
    maxPriorityFeePerGas: tip,
    expectedPerGas: least2(base + tip, maxFeePerGas),
  };
}

/**
 * What whoever agreed to a plan has agreed to: room for a doubled price, and no more, whatever the node asks afterwards. Where
 * nothing is at stake, as much as is asked.
 */
export function agreedLimits(planned: Fees, own: FeeLimits, isAtStake: boolean): FeeLimits {
  if (!isAtStake) return own;
  return { ...own, maxFeePerGas: own.maxFeePerGas ?? 2n * planned.maxFeePerGas };
}

/** Not every node knows the method: then it is what its price is above the base fee. */
async function readTip(provider: JsonRpcProvider, aboveBase: bigint): Promise<bigint> {
  try {
    return BigInt((await provider.send("eth_maxPriorityFeePerGas", [])) as string);
  } catch {
    return aboveBase > 0n ? aboveBase : 0n;
  }
}

/** Fees with which nodes take a transaction in place of one with the same nonce. */
export function raiseFees(stuck: Fees, current: Fees, limits: FeeLimits): Fees {
  const raise = (paid: bigint, now: bigint): bigint => {
    const bumped = (paid * BUMP_PERCENT) / 100n + 1n;
    return bumped > now ? bumped : now;
  };
  const maxFeePerGas = raise(stuck.maxFeePerGas, current.maxFeePerGas);
  if (limits.maxFeePerGas !== undefined && maxFeePerGas > limits.maxFeePerGas) return stuck;
  const { maxPriorityFeePerGas: tip } = stuck;
  return {
    ...current,
    maxFeePerGas,
    maxPriorityFeePerGas: tip === null ? null : raise(tip, current.maxPriorityFeePerGas ?? 0n),
  };
}

/** The fee members of a transaction. */
export function feeFields({ maxFeePerGas, maxPriorityFeePerGas }: Fees): TransactionRequest {
  return maxPriorityFeePerGas === null
    ? { type: 0, gasPrice: maxFeePerGas }
    : { type: 2, maxFeePerGas, maxPriorityFeePerGas };
}

/** Wei as gwei, with at most four decimals. */
export function gwei(wei: bigint): string {
  const digits = (wei / 100_000n).toString().padStart(5, "0");
  const fraction = digits.slice(-4).replace(/0+$/, "");
  return `${digits.slice(0, -4)}${fraction === "" ? "" : `.${fraction}`}`;
}

function least2(value: bigint, limit: bigint | undefined): bigint {
  return limit !== undefined && limit < value ? limit : value;
}
