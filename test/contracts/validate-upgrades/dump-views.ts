import type { FunctionFragment, ParamType } from "ethers";
import type { AnyContract } from "../deals/any-contract.ts";

/** What the views are asked with, by the type of the argument; every combination is asked. */
export interface Arguments {
  addresses: readonly string[];
  identities: readonly string[];
  times: readonly number[];
  dealId: bigint;
  /** What a view that takes a report is asked with. */
  report: object;
}

/** The clock is no storage. */
const OF_THE_CLOCK = new Set(["clock"]);

/** What every view of a contract answers, or with what it refuses: "name(arguments)" to text. */
export async function dumpViews(
  contract: AnyContract,
  given: Arguments,
): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  const views: FunctionFragment[] = [];
  contract.interface.forEachFunction((fragment) => {
    if (fragment.constant && !OF_THE_CLOCK.has(fragment.name)) views.push(fragment);
  });
  for (const fragment of views) {
    const method = contract.getFunction(fragment.format("sighash"));
    for (const args of combinations(fragment.inputs.map((input) => choices(input, given)))) {
      const key = `${fragment.name}(${text(args)})`;
      answers[key] = await method.staticCall(...args).then(text, refusal);
    }
  }
  return answers;
}

function choices(input: ParamType, given: Arguments): readonly unknown[] {
  if (input.isArray()) return [[]];
  if (input.isTuple())
    return input.components?.some(({ name }) => name === "figures") ? [given.report] : [];
  if (input.type === "address") return given.addresses;
  if (input.type === "bytes32") return given.identities;
  if (input.type === "bytes4") return ["0x01ffc9a7", "0x3edbb4c4"];
  if (input.type === "bytes") return ["0x"];
  if (input.type === "bool") return [false, true];
  if (input.name === "dealId") return [given.dealId];
  if (input.type === "uint48") return given.times;
  if (input.type.startsWith("uint")) return [0n, 1n, 2n, 3n];
  return [];
}

function combinations(lists: readonly (readonly unknown[])[]): unknown[][] {
  return lists.reduce<unknown[][]>(
    (heads, list) => heads.flatMap((head) => list.map((item) => [...head, item])),
    [[]],
  );
}

function text(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === "bigint" ? each.toString() : each,
  );
}

function refusal(error: unknown): string {
  const { data } = error as { data?: unknown };
  return `refused: ${typeof data === "string" ? data : String(error)}`;
}
