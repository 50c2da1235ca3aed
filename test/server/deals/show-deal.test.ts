import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, test } from "node:test";
import { readDealCode } from "../../../server/deals/read-deal-code.ts";
import { readTerms } from "../../../server/deals/read-terms.ts";
import { showDeal } from "../../../server/deals/show-deal.ts";
import { compileGolden, readGoldenText } from "../waterfall/golden-deals.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;

function runCli(...args: string[]) {
  const script = path.join(ROOT, "scripts/deal.ts");
  return spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
}

describe("a deal in words", () => {
  const words = showDeal(readTerms(compileGolden("amcar-2017-4").bytes));

  test("each step is a sentence with its clause, from the bytes alone", () => {
    for (const line of [
      '   9. Name P3 = pos(max(pos(sABC - p.poolClosing), matA + matB + matC) - P1 - P2). [1.01 "Third Priority Principal"]',
      "Move from RES to COLL up to pos(need - acct.COLL) (reserveDraw). [5.07(b)]",
      "Pay from COLL what is due of trusteeFee, at most capLeft.admin in all (trusteeCapped). [8.04(a)(i)]",
      "Pay from COLL principal of classes A, B, up to P2, one after the other (second). [8.04(a)(vi)]",
      "amortising -> accelerated when payDate >= final.C and bal.C > 0. [5.01(a)(iii)]",
      "  C  junior, original face 27,000.00, final payment date 2021-01-19",
      "      coupon 9 % a year, 30/360 between payment dates as scheduled (unadjusted), rounded half-up to the cent",
      "admin  600.00 in each calendar year",
    ]) {
      assert.ok(words.includes(line), `${line}\n${words}`);
    }
  });

  test("the words of its amounts are told at the end, those that it uses and no others", () => {
    const [, legend = ""] = words.split("\nWords of the amounts\n");
    assert.match(
      legend,
      /^ {2}bal\.A {2}the principal balance of class A at this point of the run$/m,
    );
    assert.match(legend, /^ {2}pos\(x\) {2}x, or zero where x is below zero$/m);
    for (const absent of ["bal0.A", "month", "ledger.X", "cureIC"]) {
      assert.ok(!legend.includes(`  ${absent}`), absent);
    }
    const every = showDeal(compileGolden("every-feature").terms);
    assert.match(every, /^ {2}month {2}the month of collection, 1 to 12$/m);
  });

  test("steps of an IF are indented, pro rata shares are told", () => {
    const program = showDeal(compileGolden("program-a").terms);
    assert.match(program, /\d+\. If sumbal\(A1, A2, A3, B, C\) <= acct\.RES, do what follows/);
    assert.match(program, /\d+\. {3}Pay all that is left in RES to COLL/);
    assert.ok(
      program.includes("of classes A2, A3, up to sumbal(A2, A3), pro rata by bal.A2; bal.A3"),
    );
    assert.ok(program.includes("the interest due on classes A1, A2, A3, pro rata to what is due"));
  });
});

describe("a deal in words, beside its file", () => {
  test("names what the bytes do not hold: day counts, rules of dates and tapes, name, currency", () => {
    const { terms, file } = compileGolden("amcar-2017-4");
    const words = showDeal(terms, file);
    for (const line of [
      "AmeriCredit 2017-4, twelve loans.\nCurrency USD, legal unit 0.01",
      "servicingFee  2.25 % a year on p.poolOpening, 30/360 between",
      "payment on day 18 of the month, business-day rule following",
      "determination at the end of the collection month, record 1 business day before payment",
      'format absee-auto-loan-xml, rates as fraction, loan ids begin with "0001718362 - "',
      "ending balance = beginning balance - principal - otherAdjustment - chargeOff, within 0.00",
      "trustee  Indenture Trustee, may be paid",
    ]) {
      assert.ok(words.includes(line), `${line}\n${words}`);
    }
    const mapped = compileGolden("program-a");
    const adjusted = showDeal(mapped.terms, mapped.file);
    assert.ok(
      adjusted.includes("coupon 5 % a year, ACT/360 between payment dates as moved to business"),
    );
    assert.ok(adjusted.includes('columns separated by ",": loanId = loan'));
  });

  test("without the file only the rules of its tapes are missing, and that is said", () => {
    const { terms, file, bytes } = compileGolden("amcar-2017-4");
    const [fromFile = "", tape = ""] = showDeal(terms, file).split("\nTape\n");
    const [fromBytes = "", missing = ""] = showDeal(readTerms(bytes)).split("\nTape\n");
    assert.equal(fromBytes, fromFile);
    assert.match(tape, /format absee-auto-loan-xml/);
    assert.match(missing, /^ {2}how tapes are read stands in the deal file/);
  });
});

describe("the deal command", () => {
  test("says in one line what it cannot read", () => {
    const missing = runCli("check", "no-such.yaml");
    assert.equal(missing.status, 2);
    assert.equal(missing.stderr, "deal: no-such.yaml: there is no such file\n");
    const unknown = runCli("check", "--strict", "no-such.yaml");
    assert.equal(unknown.status, 2);
    assert.match(unknown.stderr, /^deal: Unknown option '--strict'\nusage: /);
    assert.doesNotMatch(unknown.stderr, / at /);
    assert.equal(runCli("--help").status, 0);
  });

  test("never passes a control character on to the terminal", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "penstock-deal-"));
    const file = path.join(folder, "deal.yaml");
    const text = readGoldenText("amcar-2017-4/deal.yaml");
    const name = 'name: "\\e[31mred\\u202e\\r"';
    writeFileSync(file, text.replace("name: AmeriCredit 2017-4, twelve loans", name));
    const shown = runCli("show", file);
    writeFileSync(file, text.replace("currency: USD", 'currency: "\\e[2J\\n"'));
    const checked = runCli("check", file);
    rmSync(folder, { recursive: true });
    assert.ok(shown.stdout.includes(String.raw`\u001b[31mred\u202e\u000d`), shown.stdout);
    assert.ok(checked.stderr.includes(String.raw`\u001b[2J\u000a`), checked.stderr);
    assert.doesNotMatch(shown.stdout + checked.stderr, /[^\P{C}\n]/u);
  });

  test("check prints the terms hash of a good file, and every error of a bad one", () => {
    const good = runCli("check", path.join(ROOT, "test/golden/amcar-2017-4/deal.yaml"));
    assert.equal(good.status, 0, good.stderr);
    assert.ok(good.stdout.includes(compileGolden("amcar-2017-4").termsHash));
    const folder = mkdtempSync(path.join(tmpdir(), "penstock-deal-"));
    const file = path.join(folder, "deal.yaml");
    writeFileSync(
      file,
      readGoldenText("amcar-2017-4/deal.yaml").replace("coupon: 4 %", "coupon: 4"),
    );
    const bad = runCli("check", file);
    rmSync(folder, { recursive: true });
    assert.equal(bad.status, 1);
    assert.match(bad.stderr, /deal\.yaml:\d+:\d+: error: bad-value `4`: classes\.A\.coupon: /);
    assert.match(bad.stderr, /1 error$/m);
  });

  test("check tells beside a good file who may be paid too early and what a run costs at most", () => {
    const { status, stdout } = runCli(
      "check",
      path.join(ROOT, "test/golden/every-feature/deal.yaml"),
    );
    assert.equal(status, 0);
    assert.match(
      stdout,
      /:\d+:\d+: note: junior-first BUY \[2\.04\(b\)\]: the seller \(seller\) may be paid while/,
    );
    assert.match(
      stdout,
      /note: gas: a distribution in phase ACCELERATED takes at most [\d,]+ gas /,
    );
  });

  test("show --source prints programs, and diff ends with 1 when something differs", () => {
    const file = path.join(ROOT, "test/golden/amcar-2017-4/deal.yaml");
    const source = runCli("show", file, "--source");
    assert.match(source.stdout, /^phases:\n {2}amortising: amortising\n/);
    assert.match(source.stdout, /\n {4}INT COLL -> B @ 8\.04\(a\)\(v\)\n/);
    assert.equal(runCli("diff", file, file).status, 0);
    const other = runCli(
      "diff",
      file,
      path.join(ROOT, "test/golden/amcar-2017-4-write-down/deal.yaml"),
    );
    assert.equal(other.status, 1);
    assert.match(other.stdout, /\n {2}added {4}3\. Name W = sumwritten\(A, B, C\)\./);
    assert.equal(runCli("diff", file).status, 2);
  });

  test("show prints the deal, and a wrong call the usage", () => {
    const shown = runCli("show", path.join(ROOT, "test/golden/program-a/deal.yaml"));
    assert.ok(shown.stdout.startsWith("Deal program-a\n"));
    assert.equal(runCli("sing").status, 2);
  });
});

describe("a deal's code", () => {
  test("is taken apart into terms and addresses", () => {
    const { bytes, terms } = compileGolden("amcar-2017-4");
    const count = 1 + terms.classes.length + terms.payees.length;
    const addresses = Array.from({ length: count }, (_, i) => new Uint8Array(20).fill(i + 1));
    const code = new Uint8Array([0, ...bytes, ...addresses.flatMap((address) => [...address])]);
    const parts = readDealCode(code);
    assert.deepEqual(parts.terms, bytes);
    assert.equal(parts.cashToken, `0x${"01".repeat(20)}`);
    assert.deepEqual([parts.tokens.length, parts.payees.length], [3, 3]);
    assert.equal(parts.payees[2], `0x${"07".repeat(20)}`);
    assert.throws(() => readDealCode(code.subarray(0, code.length - 1)), /deal code has/);
    assert.throws(() => readDealCode(bytes), /begin with STOP/);
  });

  test("terms that are cut or of another format are refused", () => {
    const { bytes } = compileGolden("amcar-2017-4");
    assert.throws(() => readTerms(bytes.subarray(0, 100)), /terms: the header says/);
    assert.throws(() => readTerms(new Uint8Array(100)), /format 0 is unknown/);
  });
});
