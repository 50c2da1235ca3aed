import assert from "node:assert/strict";
import { createReadStream, existsSync, readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { FORMATS } from "../../../../server/tapes/formats/formats.ts";
import { openTape } from "../../../../server/tapes/framing/open-tape.ts";
import { rankFormats } from "../../../../server/tapes/recognise-format.ts";
import { startProblemList } from "../../../../server/tapes/tape-problem.ts";
import { sampleFile } from "./read-sample.ts";

/** The made samples: a folder a format, named by its id. */
const samples = FORMATS.flatMap(({ id }) =>
  existsSync(sampleFile(id))
    ? readdirSync(sampleFile(id)).map((name) => ({ id, file: `${id}/${name}` }))
    : [],
);

async function rank(file: string): Promise<{ id: string; score: number }[]> {
  const tape = await openTape(createReadStream(sampleFile(file)), {
    mostBytes: 16 * 1024 * 1024,
    problems: startProblemList(),
  });
  try {
    return rankFormats(tape.head).map(({ format, score }) => ({ id: format.id, score }));
  } finally {
    tape.close();
  }
}

describe("What format a file is in", () => {
  for (const { id, file } of samples) {
    it(`takes ${file} for nothing but ${id}`, async () => {
      const [best, second] = await rank(file);
      assert.equal(best?.id, id);
      assert.ok((best?.score ?? 0) >= 0.5, `a score of ${best?.score}`);
      assert.ok((second?.score ?? 0) < (best?.score ?? 0), `${second?.id} too: ${second?.score}`);
    });
  }

  it("has a sample of every format", () => {
    const lacking = FORMATS.map(({ id }) => id).filter(
      (id) => !samples.some((one) => one.id === id),
    );
    assert.deepEqual(lacking, []);
  });

  it("names every format once", () => {
    assert.equal(new Set(FORMATS.map(({ id }) => id)).size, FORMATS.length);
  });
});
