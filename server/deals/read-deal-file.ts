/** YAML text -> DealFile, with every fault of shape in the source's problems. */
import type { AccountEntry, CapEntry, DealFile, FeeEntry } from "./deal-file.ts";
import {
  complainAt,
  readChoice,
  readList,
  readSection,
  readText,
  readWhole,
  readWith,
} from "./deal-source.ts";
import type { DealSource, Field, Section } from "./deal-source.ts";
import { parsePercent, readMoney } from "./read-amounts.ts";
import { readAccounts, readFacilities, readParties } from "./read-accounts-section.ts";
import { readCalendarSection, readDate } from "./read-calendar-section.ts";
import { readClasses } from "./read-classes-section.ts";
import { readConstants } from "./read-constants-section.ts";
import { readCaps, readFees, spreadCaps } from "./read-fees-section.ts";
import { readFigures, readIndices } from "./read-figures-section.ts";
import { checkName, readName } from "./read-names.ts";
import { readPhases, readPrograms, readTransitions } from "./read-programs-section.ts";
import { readReporting } from "./read-reporting-section.ts";
import { readTapeSection } from "./read-tape-section.ts";
import { readNotices, readSeries, readTriggers } from "./read-triggers-section.ts";
import { LIMITS, SPLIT_ROUNDINGS } from "./terms-format.ts";

export const DEAL_SCHEMA = "penstock-deal/2";

export const DEAL_KEYS = {
  schema: DEAL_SCHEMA,
  id: "a short id such as amcar-2017-4",
  name: "the deal's name",
  currency: "a currency such as USD",
  legalUnit: '"0.01"',
  cashToken: "{ decimals: 6 }",
  splitRounding: SPLIT_ROUNDINGS.join(" | "),
  holderCap: "the share of the deal's principal that one identity may hold, e.g. 60 %, or none",
  parties: "the parties, each { name, payee }",
  tape: "how its tapes are read",
  pool: "{ cutOff, cutOffBalance, cutOffLoans }",
  calendar: "the dates",
  classes: "the classes of notes, senior first",
  accounts: "the accounts",
  "facilities?": "prefunded liquidity facilities",
  fees: "the fees",
  caps: "the caps of fees, {} when there are none",
  figures: "the figures that a report carries, each { min, max }",
  "reporting?":
    "when a report is due, who may challenge it, and which identities its figures meet; without it reports are due at the payment and final at once",
  "indices?": "the indices of floating coupons",
  "ledgers?": "memo and deficiency ledgers, [PDL-A, PDL-B]",
  constants: "named constants, {} when there are none",
  "series?": "values that are kept from period to period",
  "triggers?": "the tests whose breach changes something",
  "notices?": "what a party may declare",
  "phases?": "the program of each phase, the first phase first; without it a program is a phase",
  programs: "one program per phase, the first phase first",
  transitions: "what changes the phase, [] when nothing does",
};
export const TOKEN_KEYS = { decimals: "the token's decimals, from 2 to 8" };
export const POOL_KEYS = {
  cutOff: "the cut-off date, the last day of the month before the first collection month",
  cutOffBalance: "the pool balance at the cut-off date, e.g. 239568.99",
  cutOffLoans: "how many loans then had a balance",
};

function readLedgers(field: Field | undefined): DealFile["ledgers"] {
  const items = readList(field);
  if (field !== undefined && items.length > LIMITS.ledgers) {
    complainAt(field, "too-many", `${items.length} ledgers; the limit is ${LIMITS.ledgers}`);
  }
  return items.flatMap((item) => {
    const name = readName(item);
    if (name === undefined) return [];
    checkName(name.text, item);
    return [name];
  });
}

/** Accounts and fees, with those that facilities are, and caps spread where they are per payee. */
function readMoneyTerms(root: Section): {
  accounts: AccountEntry[];
  fees: FeeEntry[];
  caps: CapEntry[];
} {
  const facilities = readFacilities(root.get("facilities"));
  const fees = readFees(root.get("fees"));
  return {
    accounts: [...readAccounts(root.get("accounts")), ...facilities.map(({ account }) => account)],
    ...spreadCaps(readCaps(root.get("caps")), [...fees, ...facilities.flatMap((one) => one.fees)]),
  };
}

function readId(field: Field | undefined): string {
  const parse = (text: string): string => {
    if (/^[a-z0-9][a-z0-9-]{0,62}$/.test(text)) return text;
    throw new RangeError(`"${text}" is not an id`);
  };
  return (
    readWith(field, parse, "lower-case letters, digits and dashes, such as amcar-2017-4") ?? ""
  );
}

function readHolderCap(field: Field | undefined): number | null {
  const parse = (text: string): number | null => {
    if (text === "none") return null;
    const bps = parsePercent(text) / 10n ** 14n;
    if (bps < 1n || bps > 10_000n || parsePercent(text) % 10n ** 14n !== 0n) {
      throw new RangeError(`"${text}" is not from 0.01 % to 100 % in hundredths`);
    }
    return Number(bps);
  };
  return readWith(field, parse, "a percentage such as 60 %, or none") ?? null;
}

function readPool(field: Field | undefined): DealFile["pool"] {
  const section = readSection(field, POOL_KEYS);
  return {
    place: field?.place ?? { line: 1, column: 1 },
    cutOff: readDate(section.get("cutOff")) ?? 0,
    cutOffBalanceCents: readMoney(section.get("cutOffBalance"), 1n) ?? 0n,
    cutOffLoans: readWhole(section.get("cutOffLoans"), { minimum: 1, maximum: 2 ** 31 }) ?? 0,
  };
}

/** Reads the whole deal file. With problems in `source` the result is only good for more checks. */
export function readDealFile(source: DealSource): DealFile {
  const place = { line: 1, column: 1 };
  const root = readSection({ source, path: "", node: source.root, place }, DEAL_KEYS);
  const at = (key: string) => root.get(key);
  readChoice(at("schema"), [DEAL_SCHEMA]);
  readChoice(at("legalUnit"), ["0.01"]);
  const token = readSection(at("cashToken"), TOKEN_KEYS);
  const { indices, figures } = readIndices(at("indices"));
  const programs = readPrograms(at("programs"));
  return {
    id: readId(at("id")),
    name: readText(at("name")) ?? "",
    currency: readChoice(at("currency"), ["USD", "EUR", "GBP", "CHF"]) ?? "USD",
    cashDecimals: readWhole(token.get("decimals"), { minimum: 2, maximum: 8 }) ?? 2,
    splitRounding: readChoice(at("splitRounding"), SPLIT_ROUNDINGS) ?? "cumulative half-up",
    holderCapBps: readHolderCap(at("holderCap")),
    parties: readParties(at("parties")),
    tape: readTapeSection(at("tape")),
    pool: readPool(at("pool")),
    calendar: readCalendarSection(at("calendar")),
    classes: readClasses(at("classes")),
    ...readMoneyTerms(root),
    reporting: readReporting(at("reporting")),
    figures: [...readFigures(at("figures")), ...figures],
    indices,
    ledgers: readLedgers(at("ledgers")),
    constants: readConstants(at("constants")),
    series: readSeries(at("series")),
    triggers: readTriggers(at("triggers")),
    notices: readNotices(at("notices")),
    phases: readPhases(at("phases"), programs),
    programs,
    transitions: readTransitions(at("transitions")),
  };
}
