import assert from "node:assert/strict";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { GOLDEN } from "../../../scripts/conformance/find-sources.ts";
import { compareRatios } from "../../../scripts/conformance/compare-ratios.ts";

const NISSAN = path.join(GOLDEN, "nissan-2008-b");

/** The ratios of a golden deal with one entry changed. */
async function compareChanged(change: (entry: Record<string, unknown>) => void) {
  const folder = await mkdtemp(path.join(tmpdir(), "penstock-ratios-"));
  try {
    for (const name of ["deal.yaml", "inputs.json"]) {
      await copyFile(path.join(NISSAN, name), path.join(folder, name));
    }
    const text = await readFile(path.join(NISSAN, "ratios.json"), "utf8");
    const ratios = JSON.parse(text) as { dates: Record<string, unknown>[] };
    for (const entry of ratios.dates) change(entry);
    await writeFile(path.join(folder, "ratios.json"), JSON.stringify(ratios));
    return await compareRatios(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("ratios that reports print", () => {
  it("are compared with as many decimals as were printed, half up", async () => {
    // 513,443.49 x 1,000 / 56,268,522.92 = 9.124879477...
    const [seven] = await compareChanged((entry) => {
      entry["ratios"] = {};
      entry["factors"] = {};
      entry["principalPerThousand"] = { Certificates: "9.1248795" };
    });
    const [four] = await compareChanged((entry) => {
      entry["ratios"] = {};
      entry["factors"] = {};
      entry["principalPerThousand"] = { Certificates: "9.1248" };
    });
    assert.deepEqual([seven?.got, seven?.equal], ["9.1248795", true]);
    assert.deepEqual([four?.got, four?.equal], ["9.1249", false]);
  });

  it("carry why a printed figure contradicts itself", async () => {
    const figures = await compareRatios(NISSAN);
    const marked = figures.filter(({ contradiction }) => contradiction !== undefined);
    assert.deepEqual(
      marked.map(({ key, expected, got }) => [key, expected, got]),
      [["principalPerThousand.Certificates", "9.1248794", "9.1248795"]],
    );
  });

  it("divide before they round where the trustee does", async () => {
    // Volkswagen 2009-01-20, A-3-B: 4.47125 % x 22 / 360 x 1,000 = 2.73243055...; from 355,215.97 paid
    // on 130,000,000.00 it would be 2.7324305
    const figures = await compareRatios(path.join(GOLDEN, "vw-2008-2"));
    const line = figures.find(
      ({ period, key }) => period === "1" && key === "interestPerThousand.A-3-B",
    );
    assert.deepEqual([line?.expected, line?.got], ["2.7324306", "2.7324306"]);
  });

  it("are refused when they name what the deal does not have", async () => {
    await assert.rejects(
      compareChanged((entry) => (entry["factors"] = { "A-9": "1.000000" })),
      /there is no class A-9/,
    );
    await assert.rejects(
      compareChanged((entry) => (entry["period"] = 3)),
      /there is no period 3/,
    );
    await assert.rejects(
      compareChanged((entry) => (entry["factor"] = {})),
      /ratios\.json: /,
    );
  });
});
