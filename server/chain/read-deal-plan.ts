/** deal.json: who pays, signs and holds a deal that is brought on chain. Every fault of it at once. */
import { getAddress, isAddress } from "ethers";
import type { Allocation } from "./close-deal.ts";
import type { Identity } from "./register-identities.ts";

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
  allocations: Allocation[];
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
  "allocations",
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
  const at = readMembers(spot, ["id", "kycExpiry", "country", "wallets"]);
  const id = readOne(at("id"), identityId);
  const expiry = whole(1, 2 ** 40 - 1, "the unix second from which the credential is not valid");
  const kycExpiry = readOne(at("kycExpiry"), expiry);
  const country = readOne(at("country"), whole(1, 999, "an ISO 3166-1 number such as 840"));
  const wallets = readList(at("wallets"), (item) => readOne(item, address));
  if (id === undefined || kycExpiry === undefined || country === undefined) return undefined;
  return { id, kycExpiry, country, wallets };
}

function readAllocation(spot: Spot): Allocation | undefined {
  const at = readMembers(spot, ["classIndex", "holder", "face"]);
  const position = whole(0, 254, "the class's position in the deal file, from 0");
  const classIndex = readOne(at("classIndex"), position);
  const holder = readOne(at("holder"), address);
  const face = readOne(at("face"), cents);
  if (classIndex === undefined || holder === undefined || face === undefined) return undefined;
  return { classIndex, holder, face };
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
    allocations: readList(at("allocations"), readAllocation),
  };
  return { plan: problems.length === 0 ? plan : null, problems };
}
