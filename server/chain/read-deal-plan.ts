/** deal.json: who pays, signs and holds a deal that is brought on chain. Every fault of it at once. */
import { getAddress, isAddress, ZeroHash } from "ethers";
import { parseDecimal, PERCENT_DECIMALS } from "../lib/money.ts";
import type { Allocation } from "./close-deal.ts";
import type { ReserveGuard } from "./create-deal.ts";
import type { Identity } from "./register-identities.ts";
import type { Consent } from "./sign-consent.ts";
import type { Subscription } from "./subscription.ts";

export interface DealPlan {
  /** The deal file, relative to the plan. */
  dealFile: string;
  /** Null: the deployment's test stablecoin. */
  cashToken: string | null;
  /** In the order of the terms, as all lists here that have no names. */
  payees: string[];
  /** The feed of each index that a feed fixes, by the index's name. */
  feeds: Record<string, string>;
  symbols: string[];
  names: string[];
  attesters: string[];
  threshold: number;
  /** Who takes over the attesters' part after a servicer default; empty where nobody does. */
  successors: string[];
  successorThreshold: number;
  identities: Identity[];
  /** Identities that may hold more than the deal's holder cap. */
  capExempt: string[];
  /** Who gets the notes without payment; empty where they are sold. */
  allocations: Allocation[];
  /** The orders on which the notes are sold; empty where they are allocated. */
  subscriptions: Subscription[];
  /** What must cover the issue; null: nothing. */
  reserve: ReserveGuard | null;
}

/** A value of the plan with its path ("identities[0].wallets"). */
interface Spot {
  path: string;
  value: unknown;
  problems: string[];
}

interface Rule<T> {
  /** What to write. */
  what: string;
  /** Undefined when the value is not that. */
  read: (value: unknown) => T | undefined;
}

const text: Rule<string> = {
  what: "a text",
  read: (value) => (typeof value === "string" && value.trim() !== "" ? value : undefined),
};
const address: Rule<string> = {
  what: "an address: 0x and 40 hex digits, in one case or with its checksum, not zero",
  read: (value) =>
    typeof value === "string" && /^0x[0-9a-fA-F]{40}$/.test(value) && isAddress(value)
      ? nonZero(getAddress(value))
      : undefined,
};
const identityId: Rule<string> = {
  what: "an opaque id: 0x and 64 hex digits, not zero",
  read: (value) =>
    typeof value === "string" && /^0x[0-9a-fA-F]{64}$/.test(value)
      ? nonZero(value.toLowerCase())
      : undefined,
};
const cents: Rule<bigint> = {
  what: 'whole cents as a text, such as "17200000" for 172,000.00',
  read: (value) =>
    typeof value === "string" && /^[1-9]\d{0,17}$/.test(value) ? BigInt(value) : undefined,
};

const percent: Rule<bigint> = {
  what: 'a price in percent of the face, such as "99.125"',
  read: (value) =>
    typeof value === "string" && /^\d{1,4}(\.\d{1,16})?$/.test(value)
      ? parseDecimal(value, PERCENT_DECIMALS)
      : undefined,
};
const word: Rule<string> = {
  what: "0x and 64 hex digits",
  read: (value) =>
    typeof value === "string" && /^0x[0-9a-fA-F]{64}$/.test(value)
      ? value.toLowerCase()
      : undefined,
};
const signature: Rule<string> = {
  what: "the investor's signature, 0x and hex digits; leave it out where he has placed the order himself",
  read: (value) =>
    typeof value === "string" && /^0x([0-9a-fA-F]{2})*$/.test(value) ? value : undefined,
};

function nonZero(hex: string): string | undefined {
  return BigInt(hex) === 0n ? undefined : hex;
}

function whole(least: number, most: number, what: string): Rule<number> {
  const holds = (value: unknown): value is number =>
    Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
  return { what, read: (value) => (holds(value) ? value : undefined) };
}

const PLAN_KEYS = [
  "dealFile",
  "payees",
  "symbols",
  "names",
  "attesters",
  "threshold",
  "successors?",
  "successorThreshold?",
  "identities",
  "allocations?",
  "subscriptions?",
  "reserve?",
  "cashToken?",
  "feeds?",
  "capExempt?",
];

function say(spot: Spot, message: string): void {
  spot.problems.push(`${spot.path === "" ? "the plan" : spot.path}: ${message}`);
}

function readOne<T>(spot: Spot, rule: Rule<T>): T | undefined {
  const value = rule.read(spot.value);
  if (value !== undefined) return value;
  const isMissing = spot.value === undefined;
  const written = JSON.stringify(spot.value) ?? "";
  const shown = written.length > 80 ? `${written.slice(0, 80)}…` : written;
  say(spot, `${isMissing ? "is missing" : `${shown} does not fit`}; write ${rule.what}`);
  return undefined;
}

/** A list read item by item; items that do not fit are left out, with a problem. */
function readList<T>(spot: Spot, readItem: (item: Spot) => T | undefined): T[] {
  const { value, path, problems } = spot;
  if (!Array.isArray(value)) {
    say(spot, `${value === undefined ? "is missing" : "is no list"}; write a list, [ … ]`);
    return [];
  }
  return value.flatMap((item: unknown, i) => {
    const read = readItem({ path: `${path}[${i}]`, value: item, problems });
    return read === undefined ? [] : [read];
  });
}

/** The members of an object; unknown ones are problems. A key that ends with `?` may be left out. */
function readMembers(spot: Spot, keys: readonly string[]): (key: string) => Spot {
  const { value, path, problems } = spot;
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const members = isObject ? (value as Record<string, unknown>) : {};
  const names = keys.map((key) => key.replace("?", ""));
  const prefix = path === "" ? "" : `${path}.`;
  if (!isObject) say(spot, `is no object; write { ${names.join(", ")} }`);
  for (const key of Object.keys(members)) {
    if (names.includes(key)) continue;
    problems.push(`${prefix}${key}: is not known here; known: ${names.join(", ")}`);
  }
  return (key) => ({
    path: `${prefix}${key}`,
    value: members[key],
    // One problem is enough for what is no object at all.
    problems: isObject ? problems : [],
  });
}

function readIdentity(spot: Spot): Identity | undefined {
  const at = readMembers(spot, ["id", "kycExpiry", "country", "wallets", "consents?"]);
  const id = readOne(at("id"), identityId);
  const expiry = whole(1, 2 ** 40 - 1, "the unix second from which the credential is not valid");
  const kycExpiry = readOne(at("kycExpiry"), expiry);
  const country = readOne(at("country"), whole(1, 999, "an ISO 3166-1 number such as 840"));
  const wallets = readList(at("wallets"), (item) => readOne(item, address));
  const given = at("consents");
  const consents = given.value === undefined ? [] : readList(given, readConsent);
  if (id === undefined || kycExpiry === undefined || country === undefined) return undefined;
  return { id, kycExpiry, country, wallets, consents };
}

/** The word of a wallet that has not called `consentToLink` itself. */
function readConsent(spot: Spot): Consent | undefined {
  const at = readMembers(spot, ["wallet", "deadline", "signature"]);
  const wallet = readOne(at("wallet"), address);
  const last = whole(1, 2 ** 48, "the last unix second in which the signature counts");
  const deadline = readOne(at("deadline"), last);
  const what = "the wallet's signature of WalletLink, 0x and hex digits";
  const signed = readOne(at("signature"), { ...signature, what });
  if (wallet === undefined || deadline === undefined || signed === undefined) return undefined;
  return { wallet, deadline, signature: signed };
}

const classPosition = whole(0, 254, "the class's position in the deal file, from 0");

function readAllocation(spot: Spot): Allocation | undefined {
  const at = readMembers(spot, ["classIndex", "holder", "face"]);
  const classIndex = readOne(at("classIndex"), classPosition);
  const holder = readOne(at("holder"), address);
  const face = readOne(at("face"), cents);
  if (classIndex === undefined || holder === undefined || face === undefined) return undefined;
  return { classIndex, holder, face };
}

/** What may be left out. */
function readOr<T>(spot: Spot, rule: Rule<T>, otherwise: T | undefined): T | undefined {
  return spot.value === undefined ? otherwise : readOne(spot, rule);
}

const SUBSCRIPTION_KEYS = [
  ...["classIndex", "investor", "face", "leastFace?", "allottedFace?", "price", "deadline"],
  ...["salt?", "signature?"],
];

function readSubscription(spot: Spot): Subscription | undefined {
  const at = readMembers(spot, SUBSCRIPTION_KEYS);
  const face = readOne(at("face"), cents);
  const read = {
    classIndex: readOne(at("classIndex"), classPosition),
    investor: readOne(at("investor"), address),
    face,
    leastFace: readOr(at("leastFace"), cents, face),
    allottedFace: readOr(at("allottedFace"), cents, face),
    priceWad: readOne(at("price"), percent),
    deadline: readOne(at("deadline"), whole(1, 2 ** 40 - 1, "the order's last unix second")),
    salt: readOr(at("salt"), word, ZeroHash),
    signature: readOr(at("signature"), signature, "0x"),
  };
  // Each member that does not fit is told of already.
  return Object.values(read).includes(undefined) ? undefined : (read as Subscription);
}

function readReserve(spot: Spot): ReserveGuard | null {
  if (spot.value === undefined) return null;
  const at = readMembers(spot, ["feed", "maxAge", "advanceBps"]);
  const feed = readOne(at("feed"), address);
  const age = whole(1, 2 ** 32 - 1, "how old the feed's answer may be, in seconds");
  const maxAge = readOne(at("maxAge"), age);
  const share = whole(1, 10_000, "the advance rate in basis points, up to 10000");
  const advanceBps = readOne(at("advanceBps"), share);
  if (feed === undefined || maxAge === undefined || advanceBps === undefined) return null;
  return { feed, maxAge, advanceBps };
}

/** The notes are allocated, or sold on subscriptions. */
function readIssue(at: (key: string) => Spot): Pick<DealPlan, "allocations" | "subscriptions"> {
  const [allocations, subscriptions] = [at("allocations"), at("subscriptions")];
  if (subscriptions.value === undefined) {
    return { allocations: readList(allocations, readAllocation), subscriptions: [] };
  }
  if (allocations.value !== undefined) {
    say(
      subscriptions,
      "stands beside allocations: the notes are sold, or allocated without payment",
    );
  }
  return { allocations: [], subscriptions: readList(subscriptions, readSubscription) };
}

/** Addresses by name; which names there are says the deal file. */
function readFeeds({ path, value, problems }: Spot): Record<string, string> {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject) say({ path, value, problems }, 'is no object; write { "<index>": "0x…" }');
  const feeds: Record<string, string> = {};
  for (const [name, written] of isObject ? Object.entries(value) : []) {
    const feed = readOne({ path: `${path}.${name}`, value: written, problems }, address);
    if (feed !== undefined) feeds[name] = feed;
  }
  return feeds;
}

/** Reads deal.json. The plan is null when there is at least one problem. */
export function readDealPlan(json: string): { plan: DealPlan | null; problems: string[] } {
  const problems: string[] = [];
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { plan: null, problems: [`is not JSON: ${(error as Error).message}`] };
  }
  const at = readMembers({ path: "", value, problems }, PLAN_KEYS);
  const list = <T>(key: string, rule: Rule<T>) => readList(at(key), (item) => readOne(item, rule));
  const cashToken = at("cashToken");
  const capExempt = at("capExempt");
  const feeds = at("feeds");
  const successors = at("successors");
  const successorThreshold = at("successorThreshold");
  const plan = {
    dealFile:
      readOne(at("dealFile"), { ...text, what: "the deal file, relative to this file" }) ?? "",
    cashToken: cashToken.value === undefined ? null : (readOne(cashToken, address) ?? null),
    payees: list("payees", address),
    feeds: feeds.value === undefined ? {} : readFeeds(feeds),
    symbols: list("symbols", text),
    names: list("names", text),
    attesters: list("attesters", address),
    threshold: readOne(at("threshold"), whole(1, 255, "how many attesters must sign")) ?? 0,
    successors: successors.value === undefined ? [] : list("successors", address),
    successorThreshold:
      successorThreshold.value === undefined
        ? 0
        : (readOne(successorThreshold, whole(1, 255, "how many successors must sign")) ?? 0),
    identities: readList(at("identities"), readIdentity),
    capExempt: capExempt.value === undefined ? [] : list("capExempt", identityId),
    ...readIssue(at),
    reserve: readReserve(at("reserve")),
  };
  return { plan: problems.length === 0 ? plan : null, problems };
}
