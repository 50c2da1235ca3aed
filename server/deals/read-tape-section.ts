import { CHECK_CODES, SEVERITIES } from "../tapes/checks/check-codes.ts";
import type { CheckSettings, ProblemCode } from "../tapes/checks/check-codes.ts";
import { MAPPED, RATE_UNITS, TAPE_FORMAT_IDS } from "../tapes/tape-words.ts";
import { FLOWS } from "./deal-file.ts";
import type { Flow, TapeSection } from "./deal-file.ts";
import {
  complain,
  readChoice,
  readEntries,
  readList,
  readSection,
  readText,
  readWhole,
} from "./deal-source.ts";
import type { Field, Section } from "./deal-source.ts";
import { readMoney } from "./read-amounts.ts";
import { readMappingSection } from "./read-mapping-section.ts";

export const FORMATS = [...TAPE_FORMAT_IDS, MAPPED] as const;
/** What a deal may say of a check. */
export const CHECK_WORDS = [...SEVERITIES, "ignore"] as const;
/** Checks that a deal may set. */
export const CHECK_NAMES = (Object.keys(CHECK_CODES) as ProblemCode[]).filter(
  (code) => CHECK_CODES[code].setting,
);
const FLOW_LIST = `a list of ${FLOWS.join(", ")}`;

export const TAPE_KEYS = {
  format: `${MAPPED} | the id of a public format: ${TAPE_FORMAT_IDS.join(", ")}`,
  loanIdPrefix: "what every loan id of the pool begins with",
  rateUnit: RATE_UNITS.join(" | "),
  "feeUnit?": `of servicing fees where it is another: ${RATE_UNITS.join(" | ")}`,
  rollForward: "{ subtract: [...], add: [...], tolerance: 0.00 }",
  availableFunds: FLOW_LIST,
  chargeOffAgeDays: "days past due after which a loan must be charged off",
  "checks?": `check: ${CHECK_WORDS.join(" | ")}`,
  "mapping?": "how the columns of a mapped tape are read",
};
export const ROLL_KEYS = {
  subtract: FLOW_LIST,
  add: FLOW_LIST,
  tolerance: "an amount such as 0.00",
};

function readFlows(field: Field | undefined): Flow[] {
  return readList(field).flatMap((item) => readChoice(item, FLOWS) ?? []);
}

/** Severities of checks; faults that leave nothing to read cannot be set. */
function readChecks(field: Field | undefined): CheckSettings {
  const checks: CheckSettings = {};
  for (const [name, entry] of readEntries(field)) {
    const code = CHECK_NAMES.find((known) => known === name);
    const setting = readChoice(entry, CHECK_WORDS);
    if (code === undefined) {
      const message = `${entry.path}: no check that a deal may set; known: ${CHECK_NAMES.join(", ")}`;
      complain(entry.source, entry.place, { code: "unknown-check", value: name, message });
    } else if (setting !== undefined) {
      checks[code] = setting;
    }
  }
  return checks;
}

/** A mapping belongs to a mapped tape and to no other. */
function requireMapping(section: Section, field: Field | undefined): void {
  const format = section.get("format");
  const mapping = section.get("mapping");
  if (field === undefined || format === undefined) return;
  const isMapped = readText(format) === MAPPED;
  if (isMapped && mapping === undefined) {
    const message = `${field.path} lacks the term \`mapping\`; write ${TAPE_KEYS["mapping?"]}`;
    complain(field.source, field.place, { code: "missing-term", value: "mapping", message });
  }
  if (!isMapped && mapping !== undefined) {
    const message = `${mapping.path}: only a tape of format: ${MAPPED} has one; remove it`;
    complain(field.source, mapping.place, { code: "unused-mapping", value: "mapping", message });
  }
}

/** What the deal says about its tapes: balance rules hold per deal, so nearly all of it is required. */
export function readTapeSection(field: Field | undefined): TapeSection {
  const section = readSection(field, TAPE_KEYS);
  const roll = readSection(section.get("rollForward"), ROLL_KEYS);
  const rateUnit = readChoice(section.get("rateUnit"), RATE_UNITS) ?? "fraction";
  requireMapping(section, field);
  return {
    format: readChoice(section.get("format"), FORMATS) ?? "absee-auto-loan-xml",
    loanIdPrefix: readText(section.get("loanIdPrefix")) ?? "",
    rateUnit,
    feeUnit: readChoice(section.get("feeUnit"), RATE_UNITS) ?? rateUnit,
    rollForward: {
      subtract: readFlows(roll.get("subtract")),
      add: readFlows(roll.get("add")),
      toleranceCents: readMoney(roll.get("tolerance")) ?? 0n,
    },
    availableFunds: readFlows(section.get("availableFunds")),
    chargeOffAgeDays:
      readWhole(section.get("chargeOffAgeDays"), { minimum: 1, maximum: 3650 }) ?? 1,
    checks: readChecks(section.get("checks")),
    mapping: section.has("mapping") ? readMappingSection(section.get("mapping")) : null,
  };
}
