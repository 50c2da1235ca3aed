import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { startTestServer } from "../../start-test-server.ts";
import type { TestServer } from "../../start-test-server.ts";
import { AMCAR_DEAL_FILE, DEAL, insertDeal, upload } from "../amcar-2017-4.ts";
import { workbookOf } from "./make-sheet.ts";
import type { SheetRow } from "./make-sheet.ts";

const MAPPING = readFileSync(
  new URL("../mappings/servicing-workbook.yaml", import.meta.url),
  "utf8",
);

const source = AMCAR_DEAL_FILE.replace("format: absee-auto-loan-xml", "format: mapped")
  .replace('loanIdPrefix: "0001718362 - "', 'loanIdPrefix: "MSR"')
  .replace("cutOffBalance: 239568.99", "cutOffBalance: 849076.06")
  .replace("cutOffLoans: 12", "cutOffLoans: 3")
  .replace(
    "  chargeOffAgeDays: 120",
    [
      "  chargeOffAgeDays: 720",
      "  checks: { above-original-balance: refuse }",
      "  mapping:",
      ...MAPPING.trimEnd()
        .split("\n")
        .map((line) => `    ${line}`),
    ].join("\n"),
  );

const HEADER = [
  ...["Loan ID", "Orig Date", "Original Bal ($)", "Current UPB ($)", "Rate", "Net Serv Fee"],
  ...["Rem Term", "Maturity", "Status"],
];
const TITLES: readonly SheetRow[] = [["MADE DATA"], ["SERVICING TAPE"]];

/** One loan of a tape; what stays the same is left out. */
interface Standing {
  id: string;
  balance: number;
  status?: string;
}

const ORIGINAL: Record<string, number> = {
  MSR100001: 425000,
  MSR100002: 215000,
  MSR100003: 310500,
};

function tape(loans: readonly Standing[]): Buffer {
  const rows = loans.map(({ id, balance, status = "Current" }) => [
    ...[id, "2015-05-14", ORIGINAL[id] ?? 1, balance, 0.0405, 0.0025, 300, "2045-06-01", status],
  ]);
  return workbookOf([...TITLES, HEADER, ...rows, ["TOTALS / AVERAGES"]]);
}

const SEPTEMBER: readonly Standing[] = [
  { id: "MSR100001", balance: 360477.28 },
  { id: "MSR100002", balance: 190586.38 },
  { id: "MSR100003", balance: 298012.4 },
];

describe("A servicing workbook, uploaded for a deal with its mapping", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    await insertDeal(server, source);
    const answer = await send("2017-09", SEPTEMBER);
    assert.equal(answer.statusCode, 201, answer.body);
  });
  after(() => server.close());

  const send = (month: string, loans: readonly Standing[]) =>
    upload(server, {
      ...{ month, tape: tape(loans) },
      headers: { "content-type": "application/octet-stream" },
    });

  for (const { fault, loans, found } of [
    {
      fault: "a loan that is missing without a payoff",
      loans: SEPTEMBER.slice(0, 2),
      found: "loan-vanished MSR100003",
    },
    {
      fault: "an id that stands in it twice",
      loans: [...SEPTEMBER, { id: "MSR100002", balance: 190000 }],
      found: "loan-repeated MSR100002",
    },
    {
      fault: "a balance times 10",
      loans: [{ id: "MSR100001", balance: 3604772.8 }, ...SEPTEMBER.slice(1)],
      found: "above-original-balance MSR100001",
    },
  ]) {
    it(`is refused for ${fault}`, async () => {
      const answer = await send("2017-10", loans);
      assert.equal(answer.statusCode, 422, answer.body);
      const { problems } = answer.json<{ problems: { code: string; loanId: string }[] }>();
      assert.ok(
        problems.some(({ code, loanId }) => `${code} ${loanId}` === found),
        JSON.stringify(problems),
      );
    });
  }

  it("is taken with reasons for a bucket that was skipped and a balance of 0 without an end", async () => {
    const answer = await send("2017-10", [
      { id: "MSR100001", balance: 360477.28, status: "90+ DPD" },
      { id: "MSR100002", balance: 0 },
      { id: "MSR100003", balance: 0, status: "Paid in Full" },
    ]);
    assert.equal(answer.statusCode, 201, answer.body);
    const listed = await server.request(server.users.servicer, {
      url: `/v1/deals/${DEAL}/tapes/${answer.json().id}/problems`,
    });
    const { items } = listed.json<{
      items: { code: string; loanId: string; severity: string }[];
    }>();
    const reasons = items.filter(({ severity }) => severity === "reason");
    assert.deepEqual(
      new Set(reasons.map(({ code, loanId }) => `${code} ${loanId}`)),
      new Set(["status-skipped MSR100001", "zero-balance-without-code MSR100002"]),
    );
  });
});
