import { Interface, type Fragment } from "ethers";
import { accessManagerAbi } from "./abis/AccessManager.ts";
import { complianceRegistryAbi } from "./abis/ComplianceRegistry.ts";
import { dealFactoryAbi } from "./abis/DealFactory.ts";
import { primaryIssuanceAbi } from "./abis/PrimaryIssuance.ts";
import { reportRegistryAbi } from "./abis/ReportRegistry.ts";
import { runInputsAbi } from "./abis/RunInputs.ts";
import { trancheTokenAbi } from "./abis/TrancheToken.ts";
import { upgradeableBeaconAbi } from "./abis/UpgradeableBeacon.ts";
import { waterfallDistributorAbi } from "./abis/WaterfallDistributor.ts";

/** What the server asks of a cash token, whoever made it: ERC-20 with the errors of ERC-6093. */
const CASH_TOKEN_ABI = [
  "function balanceOf(address owner) view returns (uint256)",
  "function allowance(address owner, address spender) view returns (uint256)",
  "function approve(address spender, uint256 units) returns (bool)",
  "error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)",
  "error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)",
];

/** What the server asks of a feed that fixes an index: AggregatorV3Interface. */
const FEED_ROUND =
  "(uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)";
const INDEX_FEED_ABI = [
  `function latestRoundData() view returns ${FEED_ROUND}`,
  `function getRoundData(uint80 roundId) view returns ${FEED_ROUND}`,
];

/** What a beacon proxy emits itself (ERC-1967), beside the contract behind it. */
const BEACON_UPGRADED = "event BeaconUpgraded(address indexed beacon)";

/** The ABIs by contract. */
export const contracts = {
  accessManager: new Interface(accessManagerAbi),
  dealFactory: new Interface(dealFactoryAbi),
  reportRegistry: new Interface(reportRegistryAbi),
  complianceRegistry: new Interface(complianceRegistryAbi),
  waterfallDistributor: new Interface(waterfallDistributorAbi),
  runInputs: new Interface(runInputsAbi),
  primaryIssuance: new Interface(primaryIssuanceAbi),
  trancheToken: new Interface([...trancheTokenAbi, BEACON_UPGRADED]),
  trancheTokenBeacon: new Interface(upgradeableBeaconAbi),
  cashToken: new Interface(CASH_TOKEN_ABI),
  indexFeed: new Interface(INDEX_FEED_ABI),
} as const;

export type ContractName = keyof typeof contracts;

/** Every custom error of every contract: a call may be refused by one that it calls. */
export const platformInterface = new Interface(errorsOf(Object.values(contracts)));

function errorsOf(interfaces: readonly Interface[]): Fragment[] {
  const errors = new Map<string, Fragment>();
  for (const each of interfaces) {
    each.forEachError((fragment) => errors.set(fragment.format("sighash"), fragment));
  }
  return [...errors.values()];
}
