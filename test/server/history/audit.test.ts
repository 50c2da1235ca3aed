/** What an auditor checks without the server: the replay, and the proof of a loan's row. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { readDealRecord } from "../../../server/chain/read-deal-record.ts";
import { checkEvidence, parseEvidence } from "../../../server/history/check-proof.ts";
import { replayDeal } from "../../../server/history/replay-deal.ts";
import type { TapeEvidence } from "../../../server/history/check-proof.ts";
import type { BlockOpening } from "../../../server/tapes/block-opening.ts";
import type { LoanProof } from "../../../server/tapes/loan-proof.ts";
import type { TestUser } from "../start-test-server.ts";
import { DEAL } from "../tapes/amcar-2017-4.ts";
import { present } from "./present.ts";
import { payPeriod, startPaidDeal, type PaidDeal } from "./paid-deal.ts";

const run = promisify(execFile);
let deal: PaidDeal;
let folder: string;
before(async () => {
  deal = await startPaidDeal();
  folder = await mkdtemp(path.join(tmpdir(), "penstock-proof-"));
  for (const period of [1, 2, 3]) await payPeriod(deal, period);
});
after(async () => {
  await rm(folder, { recursive: true, force: true });
  await deal.server.close();
});

async function get(user: TestUser, route: string) {
  return await deal.server.request(user, { url: `/v1/deals/${DEAL}${route}` });
}

const auditor = (): TestUser => deal.server.users.auditor;
const rpc = (): string => deal.server.context.chain.provider._getConnection().url;

/** Runs a script as an outsider does; gives its exit code and what it printed. */
async function script(...args: string[]): Promise<{ code: number; out: string }> {
  try {
    const { stdout } = await run(process.execPath, args);
    return { code: 0, out: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: `${stdout}${stderr}` };
  }
}

describe("the replay", () => {
  it("finds three periods of a real chain equal, knowing nothing but the chain", async () => {
    const { code, out } = await script("scripts/replay.ts", "--rpc", rpc(), "--deal", "1");
    assert.equal(code, 0, out);
    assert.match(out, /3 periods computed again[\s\S]*equals the chain to the last unit/);
  });

  it("finds altered words of a real run", async () => {
    const record = await readDealRecord(deal.server.context.chain.provider, { dealId: 1n });
    const altered = record.events.map((event) =>
      event.name === "WaterfallRun" && event.period === 2
        ? { ...event, words: event.words.map((word, i) => (i === 16 ? word + (1n << 64n) : word)) }
        : event,
    );
    const replay = replayDeal({ ...record, events: altered });
    const items = present(replay.periods[1]).differences.map(({ item }) => item);
    assert.deepEqual(items, ["result hash", "step 16 INT 8.04(a)(iii), paid"]);
  });

  it("takes the deal's name for its number", async () => {
    const named = await script("scripts/replay.ts", "--rpc", rpc(), "--deal", DEAL);
    assert.equal(named.code, 0, named.out);
    assert.match(named.out, /^Deal 1, amcar-2017-4: 3 periods computed again/);
  });

  it("says so when there is no such deal, no node, or no sense in the question", async () => {
    const unknown = await script("scripts/replay.ts", "--rpc", rpc(), "--deal", "9");
    assert.deepEqual([unknown.code, /no deal 9 on this chain/.test(unknown.out)], [2, true]);
    const down = await script("scripts/replay.ts", "--rpc", "http://127.0.0.1:9", "--deal", "1");
    assert.deepEqual([down.code, /does not answer/.test(down.out)], [2, true]);
    assert.equal((await script("scripts/replay.ts", "--deal", "1")).code, 2);
  });
});

/** Every text or number of a proof, by path. */
function leaves(value: unknown, at: (string | number)[] = []): (string | number)[][] {
  if (value === null || typeof value !== "object") return [at];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...at, key]));
}

function alter(evidence: TapeEvidence, at: (string | number)[]): TapeEvidence {
  const proof = structuredClone(evidence.proof);
  const copy = proof as unknown as Record<string | number, unknown>;
  const last = present(at.at(-1));
  let parent = copy;
  for (const key of at.slice(0, -1)) parent = parent[key] as typeof parent;
  const value = parent[last];
  if (typeof value === "number") parent[last] = value + 1;
  else parent[last] = String(value).replace(/.$/, (end) => (end === "1" ? "2" : "1"));
  return { ...evidence, proof } as TapeEvidence;
}

describe("the proof of a loan's row", () => {
  const loan = encodeURIComponent("0001718362 - 011705");
  const proofRoute = `/periods/2017-11/loans/${loan}/proof`;

  it("leads to the commitment on chain, without the server", async () => {
    const answer = await get(auditor(), proofRoute);
    assert.equal(answer.statusCode, 200, answer.body);
    const file = path.join(folder, "proof.json");
    await writeFile(file, answer.body);
    const { reportRegistry } = deal.server.context.chain.deployment;
    const place = ["--rpc", rpc(), "--registry", reportRegistry, "--deal", "1"];
    const proven = await script("scripts/verify-proof.ts", file, ...place);
    assert.equal(proven.code, 0, proven.out);
    assert.match(proven.out, /^proven: the row of loan 0001718362 - 011705 in period 2/);
    const { commitment } = answer.json<LoanProof>();
    assert.equal(
      (await script("scripts/verify-proof.ts", file, "--commitment", commitment)).code,
      0,
    );
    const other = `0x${"00".repeat(32)}`;
    assert.equal((await script("scripts/verify-proof.ts", file, "--commitment", other)).code, 1);
    assert.equal((await script("scripts/verify-proof.ts", file)).code, 2);
  });

  it("finds deal and registry by itself, and says when there is no report", async () => {
    const file = path.join(folder, "found.json");
    await writeFile(file, (await get(auditor(), proofRoute)).body);
    const found = await script("scripts/verify-proof.ts", file, "--rpc", rpc());
    assert.equal(found.code, 0, found.out);
    const cutOff = (await get(auditor(), `/periods/2017-09/loans/${loan}/proof`)).body;
    await writeFile(file, cutOff);
    const none = await script("scripts/verify-proof.ts", file, "--rpc", rpc());
    assert.equal(none.code, 2);
    assert.match(none.out, /^verify-proof: no report for period 0 .* of deal 1 at .* 0x\w{40}\n$/);
    await writeFile(file, cutOff.replaceAll(DEAL, "another"));
    const other = await script("scripts/verify-proof.ts", file, "--rpc", rpc());
    assert.match(other.out, /there is no deal another on this chain; deals: 1 \(amcar-2017-4\)/);
    const missing = await script("scripts/verify-proof.ts", `${file}.not`, "--rpc", rpc());
    assert.deepEqual(
      [missing.code, missing.out],
      [2, `verify-proof: ${file}.not: there is no such file\n`],
    );
    assert.match((await script("scripts/verify-proof.ts", "--help")).out, /^usage: npm run verify/);
  });

  it("fails with any field altered, of a row and of a block", async () => {
    for (const route of [proofRoute, await blockRoute()]) {
      const evidence = parseEvidence((await get(auditor(), route)).body);
      const { commitment } = evidence.proof;
      assert.equal(checkEvidence(evidence, commitment), true);
      const paths = leaves(evidence.proof).filter(([first]) => first !== "commitment");
      assert.ok(paths.length > 60);
      for (const at of paths) {
        assert.equal(checkEvidence(alter(evidence, at), commitment), false, at.join("."));
      }
    }
  });

  /** The only block of the tape of period 2. */
  async function blockRoute(): Promise<string> {
    const { items } = (await get(auditor(), "/tapes")).json<{
      items: { id: string; period: number }[];
    }>();
    return `/tapes/${items.find(({ period }) => period === 2)?.id}/blocks/0`;
  }

  it("is that of every row of a block, with the sums that they make", async () => {
    const answer = await get(auditor(), await blockRoute());
    assert.equal(answer.statusCode, 200, answer.body);
    const file = path.join(folder, "block.json");
    await writeFile(file, answer.body);
    const proven = await script("scripts/verify-proof.ts", file, "--rpc", rpc());
    assert.equal(proven.code, 0, proven.out);
    const { root } = answer.json<BlockOpening>();
    const balance = root.balanceCents.replace(/(\d\d)$/, ".$1");
    assert.ok(proven.out.startsWith("proven: block 0 of 1, rows 0 to "), proven.out);
    assert.ok(
      proven.out.includes(`\n  loans with a balance ${root.loanCount}\n  balance ${balance}\n`),
    );
    const none = `0x${"00".repeat(32)}`;
    const other = await script("scripts/verify-proof.ts", file, "--commitment", none);
    assert.equal(other.code, 1);
    assert.match(other.out, /^NOT PROVEN: nothing leads from block 0 of 1, rows /);
  });

  it("is told apart from what is no proof at all", () => {
    assert.throws(() => parseEvidence('{"leaf": {}}'), /not a proof of a loan's row/);
    assert.throws(() => parseEvidence('{"rows": []}'), /not an opening of a tape's block/);
    assert.throws(() => parseEvidence("nonsense", "p.json"), /^Error: p\.json: is not JSON: /);
  });
});
