import { createRequire } from "node:module";
import { configVariable, defineConfig } from "hardhat/config";
import ethersPlugin from "@nomicfoundation/hardhat-ethers";
import chaiMatchers from "@nomicfoundation/hardhat-ethers-chai-matchers";
import mochaPlugin from "@nomicfoundation/hardhat-mocha";
import networkHelpers from "@nomicfoundation/hardhat-network-helpers";
import { NETWORKS, urlVariable } from "./scripts/deploy/networks.ts";

const require = createRequire(import.meta.url);

/** The compiler comes from npm (WASM), so that nothing is downloaded at build time. */
const solc = {
  version: "0.8.37",
  path: require.resolve("solc/soljson.js"),
  settings: {
    evmVersion: "cancun",
    optimizer: { enabled: true, runs: 20_000 },
    outputSelection: { "*": { "*": ["storageLayout"] } },
  },
};

/** What a distribution runs through: the other code generator inlines its many small functions, which saves 10,000 gas. */
const inlined = { ...solc, settings: { ...solc.settings, viaIR: true } };
/** The distributor is as near to that limit: this is where its runs and claims cost the least that fits. */
const fitted = {
  ...inlined,
  settings: { ...inlined.settings, optimizer: { enabled: true, runs: 1_000 } },
};
/** Factory, token and registry have many functions: at more runs they would not fit the 20,000 bytes that each may have. */
const fewRuns = { ...solc.settings, optimizer: { enabled: true, runs: 200 } };
const compact = { ...solc, settings: { ...fewRuns, viaIR: true } };
/** Solidity tests that deploy them: compiled faster, for the invariants don't ask for gas. */
const deploying = { ...solc, settings: fewRuns };
const compilers = {
  compilers: [solc],
  overrides: {
    "contracts/compliance/ComplianceRegistry.sol": compact,
    "contracts/deals/DealFactory.sol": compact,
    "contracts/reports/ReportRegistry.sol": compact,
    "contracts/tokens/TrancheToken.sol": compact,
    "contracts/waterfall/WaterfallDistributor.sol": fitted,
    "contracts/waterfall/WaterfallEngine.sol": inlined,
    "test/contracts/tokens/TrancheToken.t.sol": deploying,
    "test/contracts/waterfall/DistributorInvariants.t.sol": deploying,
  },
};

/** Read from the environment when one is used; `npm run deploy` has the same list. */
const networks = Object.fromEntries(
  Object.entries(NETWORKS).map(([name, { chainId }]) => [
    name,
    {
      type: "http" as const,
      chainId,
      url: configVariable(urlVariable(name)),
      accounts: [configVariable("DEPLOYER_KEY")],
    },
  ]),
);

export default defineConfig({
  plugins: [ethersPlugin, chaiMatchers, networkHelpers, mochaPlugin],
  networks,
  paths: {
    tests: { mocha: "./test/contracts", solidity: "./test/contracts" },
  },
  solidity: {
    npmFilesToBuild: [
      "@openzeppelin/contracts/access/manager/AccessManager.sol",
      "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol",
      "@openzeppelin/contracts/proxy/beacon/UpgradeableBeacon.sol",
      "@openzeppelin/contracts/proxy/beacon/BeaconProxy.sol",
    ],
    profiles: { default: compilers, production: { ...compilers, isolated: false } },
  },
  test: {
    solidity: {
      fuzz: { runs: 256, seed: "0x01" },
      invariant: { runs: 32, depth: 64, failOnRevert: true },
    },
  },
});
