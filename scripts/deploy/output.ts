import { hideSecrets } from "../../server/lib/hide-secrets.ts";
import { printableText } from "../../server/lib/printable-text.ts";

/** Where the command writes. What it was told to hide is in nothing that it writes. */
export interface Output {
  hide: (secret: string) => void;
  /** The text as it may be shown. */
  clean: (text: string) => string;
  /** To standard output, and what is said aside to standard error. */
  say: (text: string) => void;
  note: (text: string) => void;
}

export function openOutput(): Output {
  const secrets: string[] = [];
  const clean = (text: string): string => printableText(hideSecrets(text, secrets));
  return {
    hide: (secret) => void secrets.push(...variantsOf(secret)),
    clean,
    say: (text) => console.log(clean(text)),
    note: (text) => console.error(clean(text)),
  };
}

/** A key with and without 0x; of a URL what stands behind the host, for the host itself is shown. */
function variantsOf(secret: string): string[] {
  if (/^0x[0-9a-f]{64}$/i.test(secret)) return [secret, secret.slice(2)];
  if (!URL.canParse(secret)) return [secret];
  const { password, pathname, search, username } = new URL(secret);
  const parts = [password, pathname.slice(1), search.slice(1)].filter((part) => part !== "");
  if (parts.length === 0 && username === "") return [];
  return [secret, ...parts, ...parts.map((part) => decodeURIComponent(part))];
}
