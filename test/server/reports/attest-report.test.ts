import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { TypedDataDomain, TypedDataField } from "ethers";
import { Wallet } from "ethers";
import { readContract } from "../../../server/chain/read-contract.ts";
import type { TestUser } from "../start-test-server.ts";
import { DEAL, startDealStage, type DealStage } from "./deal-stage.ts";

let stage: DealStage;

interface Report {
  code?: string;
  version: number;
  closeVersion: number;
  digest: string;
  typedData: {
    domain: TypedDataDomain;
    types: Record<string, TypedDataField[]>;
    message: Record<string, unknown>;
  };
  signatures: { signer: string; user: string | null }[];
}

before(async () => {
  stage = await startDealStage();
  await stage.moveTo(stage.times(1).determination);
  await stage.closePeriod(1);
});
after(() => stage?.server.close());

function url(path: string): string {
  return `/v1/deals/${DEAL}/periods/2017-10/report${path}`;
}

async function get(): Promise<Report> {
  const answer = await stage.server.request(stage.server.users.auditor, {
    method: "GET",
    url: url(""),
  });
  assert.equal(answer.statusCode, 200, answer.body);
  return answer.json<Report>();
}

async function post(user: TestUser, path: string, payload?: object) {
  return stage.server.request(user, {
    method: "POST",
    url: url(path),
    ...(payload === undefined ? {} : { payload }),
  });
}

/** Signs as a wallet does that knows nothing but the typed data of the answer. */
async function sign(wallet: Pick<Wallet, "signTypedData">, report: Report): Promise<string> {
  const { domain, types, message } = report.typedData;
  const { EIP712Domain: _domain, ...own } = types;
  return wallet.signTypedData(domain, own, message);
}

test("before it is built there is no report; building it bears the server's signature", async () => {
  const { servicer, auditor } = stage.server.users;
  const missing = await stage.server.request(auditor, { method: "GET", url: url("") });
  assert.equal(missing.statusCode, 404);
  assert.equal(missing.json().code, "report-unknown");

  const built = await post(servicer, "");
  assert.equal(built.statusCode, 200, built.body);
  const report = await get();
  assert.equal(report.version, 1);
  assert.deepEqual(
    report.signatures.map(({ signer, user }) => ({ signer, user })),
    [{ signer: await stage.server.context.chain.attester.getAddress(), user: null }],
  );
  assert.deepEqual((await post(servicer, "")).json(), report);
});

test("[R4] the digest is the registry's own: it binds chain, registry, deal, period and version", async () => {
  const { context } = stage.server;
  const report = await get();
  const { message } = report.typedData;
  const [digest] = await readContract(context.chain, {
    contract: "reportRegistry",
    address: context.chain.deployment.reportRegistry,
    method: "reportDigest",
    args: [message],
  });
  assert.equal(report.digest, digest);
});

test("whoever uploaded or closed the period cannot approve it, with whatever key", async () => {
  const signature = await sign(stage.maker.wallet, await get());
  const answer = await post(stage.maker, "/signatures", { signature });
  assert.equal(answer.statusCode, 403);
  assert.equal(answer.json().code, "maker-is-checker");
});

test("a second account with a maker's wallet is the maker still", async () => {
  const { address } = stage.maker.wallet;
  const second = await stage.server.addUser("trustee", { name: "second account", address });
  await stage.server.joinDeal(second, DEAL);
  const signature = await sign(stage.maker.wallet, await get());
  const answer = await post(second, "/signatures", { signature });
  assert.equal(answer.statusCode, 403);
  assert.equal(answer.json().code, "maker-is-checker");
});

test("a signature by another wallet than the registered one is refused", async () => {
  const signature = await sign(stage.trustee.wallet, await get());
  const answer = await post(stage.approver, "/signatures", { signature });
  assert.equal(answer.statusCode, 403);
  assert.equal(answer.json().code, "signature-of-another");
  assert.equal(answer.json().signer, stage.trustee.wallet.address);
});

test("a signature made for another chain is not one of this report", async () => {
  const report = await get();
  const domain = { ...report.typedData.domain, chainId: 1 };
  const typedData = { ...report.typedData, domain };
  const signature = await sign(stage.approver.wallet, { ...report, typedData });
  const answer = await post(stage.approver, "/signatures", { signature });
  assert.equal(answer.statusCode, 403);
  assert.equal(answer.json().code, "signature-of-another");
});

test("a person who is no attester of the deal on chain is refused", async () => {
  const wallet = Wallet.createRandom();
  const stranger = await stage.server.addUser("approver", {
    name: "stranger",
    address: wallet.address,
  });
  await stage.server.joinDeal(stranger, DEAL);
  const signature = await sign(wallet, await get());
  const answer = await post(stranger, "/signatures", { signature });
  assert.equal(answer.statusCode, 403);
  assert.equal(answer.json().code, "signer-not-attester");
});

test("text that is no signature, and a person without a wallet, are told so", async () => {
  const malformed = await post(stage.approver, "/signatures", { signature: "0x1234" });
  assert.equal(malformed.statusCode, 422);
  assert.equal(malformed.json().code, "signature-malformed");
  const signature = await sign(stage.approver.wallet, await get());
  const walletless = await post(stage.server.users.approver, "/signatures", { signature });
  assert.equal(walletless.statusCode, 409);
  assert.equal(walletless.json().code, "signer-without-address");
});

test("the approver's signature is taken, the same again changes nothing", async () => {
  const signature = await sign(stage.approver.wallet, await get());
  const first = await post(stage.approver, "/signatures", { signature });
  assert.equal(first.statusCode, 201, first.body);
  const again = await post(stage.approver, "/signatures", { signature });
  assert.equal(again.statusCode, 200);
  assert.deepEqual(again.json(), first.json());
  assert.equal((await get()).signatures.length, 2);
});

test("a new close voids the signatures; one over the old report is told to be outdated", async () => {
  const old = await sign(stage.trustee.wallet, await get());
  await stage.closePeriod(1, { figures: { otherAdjustments: 1n } });
  await post(stage.server.users.servicer, "");
  const current = await get();
  assert.equal(current.version, 1, "nothing was published, so the registry still expects 1");
  assert.equal(current.closeVersion, 2);
  assert.deepEqual(
    current.signatures.map(({ user }) => user),
    [null],
  );
  const answer = await post(stage.trustee, "/signatures", { signature: old });
  assert.equal(answer.statusCode, 409);
  assert.equal(answer.json().code, "report-outdated");
});

test("a preview with a flag is attested by nobody", async () => {
  await stage.closePeriod(1, { flags: 2 });
  await post(stage.server.users.servicer, "");
  const report = await get();
  assert.deepEqual(report.signatures, []);
  const signature = await sign(stage.approver.wallet, report);
  const answer = await post(stage.approver, "/signatures", { signature });
  assert.equal(answer.statusCode, 409);
  assert.equal(answer.json().code, "preview-flagged");
});

test("the cut-off month has no report, nor has a month outside the calendar", async () => {
  for (const month of ["2017-09", "2031-01", "nonsense"]) {
    const answer = await stage.server.request(stage.server.users.auditor, {
      method: "GET",
      url: `/v1/deals/${DEAL}/periods/${month}/report`,
    });
    assert.equal(answer.statusCode, 404);
    assert.equal(answer.json().code, "period-unknown");
  }
});
