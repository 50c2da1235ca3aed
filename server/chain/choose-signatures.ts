/** A stored signature; `userId` is null for the server's own attester. */
export interface ReportSignature {
  signer: string;
  signature: string;
  userId: string | null;
}

/** Signers strictly ascending with their signatures, as `publishReport` takes them. */
export interface ChosenSignatures {
  signers: string[];
  signatures: string[];
}

/**
 * Picks the signatures that go with a report: of today's attesters only, persons before the
 * server, no more than the threshold (each costs gas), ascending by address.
 */
export function chooseSignatures(
  stored: readonly ReportSignature[],
  { attesters, threshold }: { attesters: readonly string[]; threshold: number },
): ChosenSignatures {
  const allowed = new Set(attesters.map((attester) => attester.toLowerCase()));
  const valid = stored.filter(({ signer }) => allowed.has(signer.toLowerCase()));
  const persons = valid.filter(({ userId }) => userId !== null);
  const server = valid.filter(({ userId }) => userId === null);
  const chosen = [...persons, ...server]
    .slice(0, threshold)
    .toSorted((a, b) => (BigInt(a.signer) < BigInt(b.signer) ? -1 : 1));
  return {
    signers: chosen.map(({ signer }) => signer),
    signatures: chosen.map(({ signature }) => signature),
  };
}
