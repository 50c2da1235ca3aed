import { expect } from "chai";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { StorageLayout } from "@openzeppelin/upgrades-core";
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
const REGISTRY = "contracts/compliance/ComplianceRegistry.sol:ComplianceRegistry";
const NAMESPACE = "erc7201:penstock.storage.ComplianceRegistry";
const LAST_FIELD = "        mapping(address wallet => Consent) consents;\n";

type Layouts = Record<string, StorageLayout>;

/** The registry's storage after a change to a copy of it. */
function changed(layout: StorageLayout, change: (copy: StorageLayout) => void): StorageLayout {
  const copy = structuredClone(layout);
  change(copy);
  return copy;
}

/** The fields of the registry's namespace, in order. */
const fieldsOf = (layout: StorageLayout) => present(layout.namespaces?.[NAMESPACE]);

/** The members of a struct of the registry. */
function membersOf(layout: StorageLayout, struct: string) {
  const type = present(layout.types[`t_struct(${struct})_storage`]);
  return type.members as { label: string; type: string }[];
}

const MISTAKES: [what: string, change: (copy: StorageLayout) => void][] = [
  ["a field taken out", (copy) => void fieldsOf(copy).splice(5, 1)],
  ["another namespace", (copy) => void delete copy.namespaces?.[NAMESPACE]],
  [
    "a shorter field in a struct behind a mapping",
    (copy) => void (present(membersOf(copy, "Source")[1]).type = "t_uint8"),
  ],
  [
    "fields of such a struct that have changed places",
    (copy) => {
      const members = membersOf(copy, "Issuer");
      members.push(...members.splice(0, 1));
    },
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
    const { layouts } = (await readReleased()) as { layouts: Layouts };
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
    for (const [what, change] of MISTAKES)
      it(`[U5] ${what}`, async () => {
        const layout = present((await readReleased()).layouts[REGISTRY]);
        expect(explainBreak(layout, changed(layout, change))).to.not.equal("");
      });

    it("[U5] two fields of the source that have changed places, or one put in before another; and one at the end is not", async () => {
      const build = await readBuild(artifacts, REGISTRY);
      const key = "project/contracts/compliance/Credentials.sol";
      const { content } = present(build.input.sources[key]) as { content: string };
      const released = present((await readReleased()).layouts[REGISTRY]);
      const explain = (before: string, after: string) => {
        expect(content.split(before).length, "the source has changed: mend this test").to.equal(2);
        const edited = rebuild(build, key, content.replace(before, after));
        return explainBreak(released, withoutNumbers(readLayout(edited)));
      };
      const swapped = explain(
        "        uint256 runningEpochs;\n        uint8 lastEpoch;\n",
        "        uint8 lastEpoch;\n        uint256 runningEpochs;\n",
      );
      expect(swapped).to.match(/runningEpochs/);
      const before = explain(LAST_FIELD, `        uint256 fresh;\n${LAST_FIELD}`);
      expect(before).to.match(/fresh/);
      expect(explain(LAST_FIELD, `${LAST_FIELD}        uint256 fresh;\n`)).to.equal("");
    }).timeout(300_000);

    it("[U5] words packed by hand whose code has changed since the release", async () => {
      const released = await readReleased();
      const [file] = Object.keys(released.packedByHand);
      const packedByHand = { ...released.packedByHand, [present(file)]: "0x" };
      expect(listBreaks(released, { ...released, packedByHand })).to.have.length(1);
    });
  });
});
