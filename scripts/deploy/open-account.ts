import { readFile } from "node:fs/promises";
import { Wallet, computeAddress, getAddress, isKeystoreJson, type BaseWallet } from "ethers";
import { embeddedAccount } from "../../server/chain/connect-chain.ts";
import { UsageError } from "../run-command.ts";
import { askSecret, isTerminal, type Terminal } from "./ask-terminal.ts";
import { LOCAL, type Network } from "./open-network.ts";
import type { Output } from "./output.ts";
import type { Options } from "./read-options.ts";

/** Who sends. The key is opened only when something is to be sent. */
export interface Account {
  address: string;
  /** Where the key comes from, in words. */
  source: string;
  open: () => Promise<BaseWallet>;
}

const TRIES = 3;

/** @throws UsageError when no account is named, or what names it cannot be read (never its content) */
export async function openAccount(
  options: Options,
  network: Network,
  { output, terminal }: { output: Output; terminal: Terminal },
): Promise<Account> {
  const { keystore, from, dryRun } = options;
  if (keystore !== undefined) return openKeystore(keystore, options, { output, terminal });
  const key = process.env["DEPLOYER_KEY"] ?? "";
  if (key !== "") {
    if (!/^0x[0-9a-fA-F]{64}$/.test(key)) {
      throw new UsageError("DEPLOYER_KEY must be 0x and 64 hex digits");
    }
    output.hide(key);
    const open = () => Promise.resolve(new Wallet(key, network.provider));
    return expect({ address: computeAddress(key), source: "DEPLOYER_KEY", open }, from);
  }
  if (network.name === LOCAL) {
    const wallet = embeddedAccount(0, network.provider);
    const open = () => Promise.resolve(wallet);
    return expect({ address: wallet.address, source: "account 0 of the chain", open }, from);
  }
  if (from !== undefined && dryRun) {
    const open = () => Promise.reject(new Error("a dry run has no key"));
    return { address: from, source: "without a key", open };
  }
  throw new UsageError(
    "who sends? --keystore FILE, or DEPLOYER_KEY in the environment; a dry run also takes --from ADDRESS",
  );
}

function expect(account: Account, from: string | undefined): Account {
  if (from === undefined || from === account.address) return account;
  throw new UsageError(`--from is ${from}, and the key is that of ${account.address}`);
}

async function openKeystore(
  file: string,
  { passwordFile, from }: Options,
  { output, terminal }: { output: Output; terminal: Terminal },
): Promise<Account> {
  const json = await readFile(file, "utf8");
  if (!isKeystoreJson(json)) {
    throw new UsageError(`${file} is no keystore (Web3 secret storage, version 3)`);
  }
  const { address: written } = JSON.parse(json) as { address?: string };
  let opened: BaseWallet | null = null;
  const open = async (): Promise<BaseWallet> =>
    (opened ??= await unlock(json, { file, passwordFile, output, terminal }));
  // A keystore may leave its address out: then it must be opened to know it.
  const address =
    written === undefined ? (await open()).address : getAddress(`0x${written.replace(/^0x/, "")}`);
  return expect({ address, source: file, open }, from);
}

interface Unlocking {
  file: string;
  passwordFile: string | undefined;
  output: Output;
  terminal: Terminal;
}

async function unlock(json: string, unlocking: Unlocking): Promise<BaseWallet> {
  const { file, passwordFile, output, terminal } = unlocking;
  if (passwordFile !== undefined) {
    const password = (await readFile(passwordFile, "utf8")).replace(/\r?\n$/, "");
    output.hide(password);
    return decrypt(json, password, file);
  }
  if (!isTerminal(terminal)) {
    throw new UsageError(`the password of ${file} is asked for at a terminal: say --password-file`);
  }
  for (let attempt = 1; ; attempt += 1) {
    const password = await askSecret(terminal, `Password of ${file}: `);
    output.hide(password);
    try {
      return await decrypt(json, password, file);
    } catch (error) {
      if (attempt === TRIES) throw error;
      output.note((error as Error).message);
    }
  }
}

async function decrypt(json: string, password: string, file: string): Promise<BaseWallet> {
  try {
    return await Wallet.fromEncryptedJson(json, password);
  } catch {
    // What ethers says may quote what it was given.
    throw new Error(`the password does not open ${file}: nothing was sent`);
  }
}
