import type { BaseContract } from "ethers";

/**
 * A contract whose functions are known at run time only. The compiled contract is the check: a wrong name or argument
 * fails the test that uses it.
 */
export type AnyContract = Pick<BaseContract, "interface" | "getAddress" | "filters"> & {
  // oxlint-disable-next-line typescript/no-explicit-any
  [method: string]: any;
};
