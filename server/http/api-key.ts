import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** The parts of `pk_<key id>.<secret>`. */
export interface ApiKey {
  id: string;
  secret: string;
}

const FORM = /^pk_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([A-Za-z0-9_-]{32,128})$/;

/** Takes a key apart; null when it has not the form of one. */
export function parseApiKey(text: string): ApiKey | null {
  const match = FORM.exec(text);
  return match === null ? null : { id: match[1] ?? "", secret: match[2] ?? "" };
}

export function formatApiKey({ id, secret }: ApiKey): string {
  return `pk_${id}.${secret}`;
}

/** 256 random bits: too many to guess, so that a plain hash of them is enough to store. */
export function makeSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** sha-256 of the secret, hex: what is stored. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Compares in constant time. */
export function matchesHash(secret: string, hash: string): boolean {
  const given = Buffer.from(hashSecret(secret), "hex");
  const stored = Buffer.from(hash, "hex");
  return given.length === stored.length && timingSafeEqual(given, stored);
}
