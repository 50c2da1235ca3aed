/** The networks that have a name here. hardhat.config.ts and `npm run deploy` read the same list; no list holds a URL or a key. */
export interface NetworkDescription {
  chainId: number;
  /** What pays for gas. */
  coin: string;
  /** Blocks that must hold a transaction before the next one is sent. */
  confirmations: number;
}

export const NETWORKS: Readonly<Record<string, NetworkDescription>> = {
  mainnet: { chainId: 1, coin: "ETH", confirmations: 3 },
  sepolia: { chainId: 11_155_111, coin: "ETH", confirmations: 2 },
  hoodi: { chainId: 560_048, coin: "ETH", confirmations: 2 },
  arbitrum: { chainId: 42_161, coin: "ETH", confirmations: 3 },
  "arbitrum-sepolia": { chainId: 421_614, coin: "ETH", confirmations: 2 },
  base: { chainId: 8_453, coin: "ETH", confirmations: 3 },
  "base-sepolia": { chainId: 84_532, coin: "ETH", confirmations: 2 },
  optimism: { chainId: 10, coin: "ETH", confirmations: 3 },
  "optimism-sepolia": { chainId: 11_155_420, coin: "ETH", confirmations: 2 },
  polygon: { chainId: 137, coin: "POL", confirmations: 5 },
  avalanche: { chainId: 43_114, coin: "AVAX", confirmations: 2 },
  gnosis: { chainId: 100, coin: "xDAI", confirmations: 3 },
};

/** The environment variable with the URL of a network's node: BASE_SEPOLIA_RPC_URL. */
export function urlVariable(network: string): string {
  return `${network.toUpperCase().replaceAll("-", "_")}_RPC_URL`;
}
