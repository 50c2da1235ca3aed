/** Whose key it is: from a keystore, asked for without echo, and in nothing that is printed. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import { after, before, describe, it } from "node:test";
import { Wallet, encryptKeystoreJson } from "ethers";
import { askSecret } from "../../../scripts/deploy/ask-terminal.ts";
import { confirmSending } from "../../../scripts/deploy/confirm-sending.ts";
import type { Plan } from "../../../scripts/deploy/make-plan.ts";
import { openAccount } from "../../../scripts/deploy/open-account.ts";
import type { Network } from "../../../scripts/deploy/open-network.ts";
import { openOutput } from "../../../scripts/deploy/output.ts";
import type { Options } from "../../../scripts/deploy/read-options.ts";

const PASSWORD = "correct horse battery staple";
const wallet = Wallet.createRandom();

let folder: string;
let keystore: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "penstock-keystore-"));
  keystore = path.join(folder, "key.json");
  // A light one: it is opened several times here.
  const { address, privateKey } = wallet;
  const json = await encryptKeystoreJson({ address, privateKey }, PASSWORD, {
    scrypt: { N: 2 ** 10, r: 8, p: 1 },
  });
  await writeFile(keystore, json);
});
after(() => rm(folder, { recursive: true, force: true }));

/** A terminal at which `typed` is typed, one text after each question. */
function terminalOf(...typed: string[]) {
  const shown: string[] = [];
  const raw: boolean[] = [];
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (isRaw: boolean) => void raw.push(isRaw),
  });
  const output = new PassThrough();
  output.on("data", (part) => {
    shown.push(String(part));
    if (!String(part).includes(": ")) return;
    const next = typed.shift();
    if (next !== undefined) setImmediate(() => input.write(next));
  });
  return { terminal: { input, output }, raw, shown: () => shown.join("") };
}

function outputOf() {
  const said: string[] = [];
  const output = {
    ...openOutput(),
    say: (text: string) => said.push(text),
    note: (text: string) => said.push(text),
  };
  return { output, said };
}

const network = { name: "trial" } as Network;
const options = (more: Partial<Options> = {}) => ({ keystore, dryRun: false, ...more }) as Options;

describe("the deployer's key", () => {
  it("is asked for without showing what is typed, with room for mistakes", async () => {
    const { terminal, raw, shown } = terminalOf("sx\u007fecrex\bt\r");
    assert.equal(await askSecret(terminal, "Password: "), "secret");
    assert.equal(shown(), "Password: \n");
    assert.deepEqual(raw, [true, false], "the terminal shows what is typed again afterwards");
    const stopped = terminalOf("sec\u0003");
    await assert.rejects(askSecret(stopped.terminal, "Password: "), /broken off: nothing was sent/);
    assert.deepEqual(stopped.raw, [true, false]);
  });

  it("comes from a keystore whose address is known before the password", async () => {
    const { terminal, shown } = terminalOf(`wrong\r`, `${PASSWORD}\r`);
    const { output, said } = outputOf();
    const account = await openAccount(options(), network, { output, terminal });
    assert.equal(account.address, wallet.address);
    assert.equal(shown(), "", "nothing was asked yet");
    const opened = await account.open();
    assert.equal(opened.address, wallet.address);
    assert.match(said.join("\n"), /^the password does not open .*key\.json: nothing was sent$/);
    assert.doesNotMatch(shown() + said.join(""), /correct horse|wrong/);
    assert.equal(await account.open(), opened, "asked once");
  });

  it("is not opened by three wrong passwords, nor by a wrong password file", async () => {
    const { terminal, shown } = terminalOf("a\r", "b\r", "c\r", `${PASSWORD}\r`);
    const { output } = outputOf();
    const account = await openAccount(options(), network, { output, terminal });
    await assert.rejects(account.open(), /the password does not open/);
    assert.equal(shown().match(/Password of/g)?.length, 3);
    const passwordFile = path.join(folder, "password");
    const withFile = () => openAccount(options({ passwordFile }), network, { output, terminal });
    await writeFile(passwordFile, "almost right\n");
    await assert.rejects((await withFile()).open(), (error: Error) => {
      assert.match(error.message, /^the password does not open .*key\.json: nothing was sent$/);
      return !error.message.includes("almost");
    });
    await writeFile(passwordFile, `${PASSWORD}\n`);
    assert.equal((await (await withFile()).open()).address, wallet.address);
  });

  it("is asked for only at a terminal, and must be that of --from", async () => {
    const { output } = outputOf();
    const terminal = { input: new PassThrough(), output: new PassThrough() };
    const account = await openAccount(options(), network, { output, terminal });
    await assert.rejects(account.open(), /is asked for at a terminal: say --password-file/);
    const from = Wallet.createRandom().address;
    await assert.rejects(
      openAccount(options({ from }), network, { output, terminal }),
      /the key is that of/,
    );
    const broken = path.join(folder, "broken.json");
    await writeFile(broken, "{}");
    const other = openAccount(options({ keystore: broken }), network, { output, terminal });
    await assert.rejects(other, /is no keystore/);
  });
});

describe("what is printed", () => {
  it("holds no key, and of a node's URL only its host", () => {
    const { hide, clean } = openOutput();
    hide("https://user:passw0rdd@node.example/v2/abcdefgh12345678?token=zyxwvuts");
    hide(wallet.privateKey);
    const everything = `at https://user:passw0rdd@node.example/v2/abcdefgh12345678?token=zyxwvuts, v2/abcdefgh12345678, token=zyxwvuts, passw0rdd, ${wallet.privateKey}, ${wallet.privateKey.slice(2)}`;
    assert.equal(clean(everything), `at ${Array(6).fill("[hidden]").join(", ")}`);
    hide("http://127.0.0.1:8545");
    assert.equal(clean("http://127.0.0.1:8545"), "http://127.0.0.1:8545");
  });
});

describe("the question before anything is spent", () => {
  const step = { to: null, data: "0x", name: "X", gasUsed: 100n, notBefore: 0 };
  const plan = {
    network: { name: "sepolia", coin: "ETH" },
    fees: { expectedPerGas: 10n ** 13n },
    steps: [step, { ...step, notBefore: 1 }],
  } as unknown as Plan;
  const ask = async (typed: string, more: Partial<Options> = {}) => {
    const { terminal, shown } = terminalOf(typed);
    const { output, said } = outputOf();
    const answer = await confirmSending(plan, options(more), { output, terminal });
    return { answer, shown: shown(), said: said.join("") };
  };

  it("sends when the network's name is typed, and nothing on any other word", async () => {
    const yes = await ask("sepolia\n");
    assert.equal(yes.answer, true);
    assert.match(yes.shown, /Type sepolia to send 1 transaction for about 0\.001000 ETH: /);
    for (const word of ["yes\n", "\n", "mainnet\n"]) {
      const { answer, said } = await ask(word);
      assert.equal(answer, false);
      assert.match(said, /nothing was sent/);
    }
    assert.equal((await ask("", { yes: true })).answer, true);
  });
});
