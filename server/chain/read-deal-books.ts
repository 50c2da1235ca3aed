import type { JsonRpcProvider, Result } from "ethers";
import { readDealCode } from "../deals/read-deal-code.ts";
import type { DealBooks, HolderBook } from "./deal-record.ts";
import { contracts, type ContractName } from "./platform-interface.ts";

/** The chain as it stood after one block: every read of one comparison sees the same state. */
export interface ChainAtBlock {
  provider: JsonRpcProvider;
  block: number;
}

/** Where a deal lives on chain. */
export interface DealPlace {
  dealId: bigint;
  factory: string;
  distributor: string;
  cashToken: string;
  /** 10^(cash decimals - 2). */
  unitsPerCent: bigint;
  tokens: readonly string[];
}

interface View {
  contract: ContractName;
  address: string;
  method: string;
  args: readonly unknown[];
}

/** Calls a view at the block. @throws an ethers error when the node does not answer or it reverts */
export async function readAtBlock(
  { provider, block }: ChainAtBlock,
  { contract, address, method, args }: View,
): Promise<Result> {
  const face = contracts[contract];
  const data = face.encodeFunctionData(method, args);
  const answer = await provider.call({ to: address, data, blockTag: block });
  return face.decodeFunctionResult(method, answer);
}

async function readOne(chain: ChainAtBlock, view: View): Promise<bigint> {
  const [value] = (await readAtBlock(chain, view)) as unknown as [bigint];
  return value;
}

async function readCash(chain: ChainAtBlock, distributor: string, dealId: bigint) {
  const cash = await readAtBlock(chain, {
    contract: "waterfallDistributor",
    address: distributor,
    method: "cashOf",
    args: [dealId],
  });
  return {
    collectionsCents: BigInt(cash.collections),
    accountsCents: BigInt(cash.accounts),
    unclaimedUnits: BigInt(cash.unclaimedUnits),
    payeeOwedCents: BigInt(cash.owedToPayees),
    carryCents: BigInt(cash.carry),
  };
}

/** Face and claimable cash of holders, per class token. */
export async function readHolders(
  chain: ChainAtBlock,
  tokens: readonly string[],
  holders: readonly (readonly string[])[],
): Promise<HolderBook[]> {
  const reads = tokens.flatMap((address, classIndex) =>
    (holders[classIndex] ?? []).map(async (holder): Promise<HolderBook> => {
      const view = { contract: "trancheToken", address, args: [holder] } as const;
      const faceCents = await readOne(chain, { ...view, method: "balanceOf" });
      const owed = await readAtBlock(chain, { ...view, method: "entitlementOf" });
      const [interestUnits, principalUnits] = [BigInt(owed[0]), BigInt(owed[1])];
      return { classIndex, holder, faceCents, interestUnits, principalUnits };
    }),
  );
  return await Promise.all(reads);
}

async function readTokens(chain: ChainAtBlock, tokens: readonly string[]) {
  return await Promise.all(
    tokens.map(async (address) => {
      const view = { contract: "trancheToken", address, args: [] } as const;
      return {
        supplyCents: await readOne(chain, { ...view, method: "totalSupply" }),
        principalBalanceCents: await readOne(chain, { ...view, method: "principalBalance" }),
      };
    }),
  );
}

/** What all deals of one cash token own together, in its units. */
async function readAllDealsUnits(chain: ChainAtBlock, place: DealPlace): Promise<bigint> {
  const factory = { contract: "dealFactory", address: place.factory } as const;
  const count = Number(await readOne(chain, { ...factory, method: "dealCount", args: [] }));
  const owned = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const dealId = BigInt(i + 1);
      const [code] = await readAtBlock(chain, { ...factory, method: "dealCode", args: [dealId] });
      const bytes = await chain.provider.getCode(String(code), chain.block);
      const { cashToken } = readDealCode(Buffer.from(bytes.slice(2), "hex"));
      if (cashToken !== place.cashToken.toLowerCase()) return 0n;
      const cash = await readCash(chain, place.distributor, dealId);
      const { collectionsCents, accountsCents, payeeOwedCents, carryCents } = cash;
      const cents = collectionsCents + accountsCents + payeeOwedCents + carryCents;
      return cents * place.unitsPerCent + cash.unclaimedUnits;
    }),
  );
  return owned.reduce((sum, units) => sum + units, 0n);
}

/** The distributor's commitment to all runs of the deal, in their order. */
export async function readHistoryHash(
  chain: ChainAtBlock,
  { distributor, dealId }: Pick<DealPlace, "distributor" | "dealId">,
): Promise<string> {
  const [hash] = await readAtBlock(chain, {
    contract: "waterfallDistributor",
    address: distributor,
    method: "historyHash",
    args: [dealId],
  });
  return String(hash);
}

/**
 * What the contracts hold of a deal at one block: ledger, cash, tokens, the named holders.
 * @param holders who to look at, by class; whoever is left out is not in the answer
 */
export async function readDealBooks(
  chain: ChainAtBlock,
  place: DealPlace,
  holders: readonly (readonly string[])[],
): Promise<DealBooks> {
  const [state, historyHash, cash, tokens, held, distributorHeldUnits, allDealsUnits] =
    await Promise.all([
      readAtBlock(chain, {
        contract: "waterfallDistributor",
        address: place.distributor,
        method: "stateOf",
        args: [place.dealId],
      }),
      readHistoryHash(chain, place),
      readCash(chain, place.distributor, place.dealId),
      readTokens(chain, place.tokens),
      readHolders(chain, place.tokens, holders),
      readOne(chain, {
        contract: "cashToken",
        address: place.cashToken,
        method: "balanceOf",
        args: [place.distributor],
      }),
      readAllDealsUnits(chain, place),
    ]);
  return {
    block: chain.block,
    phase: Number(state[0]),
    lastPeriod: Number(state[1]),
    collectionsCents: BigInt(state[2]),
    classWords: [...(state[3] as bigint[])],
    laneWords: [...(state[4] as bigint[])],
    historyHash,
    cash,
    tokens,
    holders: held,
    distributorHeldUnits,
    allDealsUnits,
  };
}
