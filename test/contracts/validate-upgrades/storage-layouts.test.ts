import { expect } from "chai";
import { readFile } from "node:fs/promises";
import path from "node:path";
import hre from "hardhat";
import { readBuild, readLayout, rebuild } from "../../../scripts/layouts/read-layout.ts";
import {
  describeRelease,
  explainBreak,
  listBreaks,
  type Release,
  RELEASE_FILE,
  UPGRADEABLE,
  withoutNumbers,
} from "../../../scripts/layouts/released-layouts.ts";
import { present } from "../deals/present.ts";

const { root, artifacts } = hre.config.paths;

/** Two neighbours of a contract's storage, changing places; a field taken out; one put in before another. */
const MISTAKES: [name: string, source: string, before: string, after: string][] = [
  [
    "two fields that have changed places",
    "contracts/compliance/Credentials.sol",
    "        uint256 runningEpochs;\n        uint8 lastEpoch;",
    "        uint8 lastEpoch;\n        uint256 runningEpochs;",
  ],
  ["a field taken out", "contracts/compliance/Credentials.sol", "        uint64[] dealIds;\n", ""],
  [
    "a field put in before the last",
    "contracts/compliance/Credentials.sol",
    "        mapping(address wallet => Consent) consents;",
    "        uint256 fresh;\n        mapping(address wallet => Consent) consents;",
  ],
  [
    "fields that have changed places in a struct behind a mapping",
    "contracts/compliance/Credentials.sol",
    "        uint8 topics;\n        uint8 epoch;",
    "        uint8 epoch;\n        uint8 topics;",
  ],
  [
    "a shorter field",
    "contracts/compliance/Credentials.sol",
    "        uint40 validFrom;\n    }",
    "        uint32 validFrom;\n    }",
  ],
  [
    "another namespace",
    "contracts/compliance/Credentials.sol",
    "erc7201:penstock.storage.ComplianceRegistry",
    "erc7201:penstock.storage.Compliance",
  ],
];

describe("Storage layouts", () => {
  const readReleased = async () =>
    JSON.parse(await readFile(path.join(root, RELEASE_FILE), "utf8")) as Release;

  it("[U5] are those of the last release, or go on where it ended", async () => {
    const released = await readReleased();
    const now = await describeRelease(root);
    const what = "node scripts/release-layouts.ts shows the same; a release needs --release";
    expect(listBreaks(released, now), what).to.deep.equal([]);
    expect(Object.keys(released.layouts)).to.deep.equal(UPGRADEABLE);
  }).timeout(300_000);

  it("[U5] keep every field in a namespace of ERC-7201: none stands in the first slots", async () => {
    const { layouts } = await readReleased();
    for (const [name, { storage, namespaces = {} }] of Object.entries(layouts)) {
      expect(storage, name).to.deep.equal([]);
      expect(Object.keys(namespaces).length, name).to.be.greaterThan(1);
      for (const fields of Object.values(namespaces))
        for (const { slot, offset } of fields) {
          expect(slot, name).to.be.a("string");
          expect(offset, name).to.be.a("number");
        }
    }
  });

  describe("that no longer fit are refused:", () => {
    const name = "contracts/compliance/ComplianceRegistry.sol:ComplianceRegistry";
    const load = async () => {
      const build = await readBuild(artifacts, name);
      return { build, layout: withoutNumbers(readLayout(build)) };
    };
    let loaded: ReturnType<typeof load> | undefined;

    /** The registry's layout after an edit of its source. */
    const edited = async (source: string, before: string, after: string) => {
      const { build, layout } = await (loaded ??= load());
      const key = `project/${source}`;
      const { content } = build.input.sources[key] as { content: string };
      expect(content.split(before).length, "the source has changed: mend this test").to.equal(2);
      const changed = rebuild(build, key, content.replace(before, after));
      return { layout, next: withoutNumbers(readLayout(changed)) };
    };

    for (const [what, source, before, after] of MISTAKES)
      it(`[U5] ${what}`, async () => {
        const { layout, next } = await edited(source, before, after);
        expect(explainBreak(layout, next)).to.not.equal("");
      }).timeout(300_000);

    it("and a field at the end is not", async () => {
      const last = "        mapping(address wallet => Consent) consents;\n";
      const source = present(MISTAKES[0])[1];
      const { layout, next } = await edited(source, last, `${last}        uint256 fresh;\n`);
      expect(explainBreak(layout, next)).to.equal("");
    }).timeout(300_000);

    it("[U5] words packed by hand whose code has changed since the release", async () => {
      const released = await readReleased();
      const [file] = Object.keys(released.packedByHand);
      const packedByHand = { ...released.packedByHand, [present(file)]: "0x" };
      expect(listBreaks(released, { ...released, packedByHand })).to.have.length(1);
    });
  });
});
