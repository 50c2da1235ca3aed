/**
 * PostgreSQL refuses to run as root. Started by root, it runs under an account that every system
 * has; nothing is added to the machine.
 */
import { statSync } from "node:fs";
import { chown, readFile, stat } from "node:fs/promises";
import path from "node:path";

export interface Account {
  uid: number;
  gid: number;
}

/** The owner of the files when they exist, else `postgres` or `nobody`; null when we are not root. */
export async function chooseAccount(files: string): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const made = await stat(files).catch(() => null);
  if (made !== null && made.uid !== 0) return { uid: made.uid, gid: made.gid };
  const accounts = new Map(
    (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => {
      const fields = line.split(":");
      return [fields[0], { uid: Number(fields[2]), gid: Number(fields[3]) }] as const;
    }),
  );
  const account = accounts.get("postgres") ?? accounts.get("nobody");
  if (account === undefined) {
    throw new Error(
      "PostgreSQL cannot run as root and there is no account postgres or nobody: set DATABASE_URL or start as another user",
    );
  }
  return account;
}

export async function giveTo(account: Account | null, file: string): Promise<void> {
  if (account !== null) await chown(file, account.uid, account.gid);
}

/**
 * How to call a program under an account. Where a folder above one of `paths` is closed to it (a
 * checkout in /root, say), the account gets the one capability to pass closed folders.
 */
export function asAccount(
  account: Account | null,
  paths: string[],
  command: [string, ...string[]],
): { file: string; args: string[]; identity: Partial<Account> } {
  const [program, ...args] = command;
  if (account === null) return { file: program, args, identity: {} };
  if (paths.every((file) => canReach(account, file))) {
    return { file: program, args, identity: { ...account } };
  }
  const pass = ["--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"];
  const identity = [
    "--reuid",
    String(account.uid),
    "--regid",
    String(account.gid),
    "--clear-groups",
  ];
  return { file: "setpriv", args: [...identity, ...pass, "--", ...command], identity: {} };
}

function canReach(account: Account, file: string): boolean {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === path.dirname(folder)) return true;
  }
}
