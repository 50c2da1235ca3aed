const HIDDEN = "[hidden]";
/** Something shorter stands in a text by chance, and hiding it would tell what it is. */
const SHORTEST = 8;

/**
 * The text without any of the secrets. Libraries put what they were given into their errors (ethers the whole URL of the
 * node, which often ends in a key): whatever is written out goes through here.
 */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= SHORTEST)
    .toSorted((a, b) => b.length - a.length)
    .reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text);
}
