/** Which column is which field: each column once, the surest first. */
import { CANONICAL_FIELDS } from "../canonical-fields.ts";
import type { CanonicalField } from "../canonical-fields.ts";
import type { TapeFormat } from "../formats/tape-format.ts";
import { fitField } from "./fit-field.ts";
import { matchName } from "./known-names.ts";
import type { ColumnProfile } from "./profile-column.ts";

/** Below this a column is no proposal. */
const LEAST_CONFIDENCE = 0.5;
/** Other columns are named down to this. */
const LEAST_ALTERNATIVE = 0.4;
const NAMED_ALTERNATIVES = 3;

export interface Assignment {
  field: CanonicalField;
  profile: ColumnProfile;
  /** 0 to 1. */
  confidence: number;
  reason: string;
  /** Other columns that it could be. */
  others: string[];
}

const FIELDS = Object.keys(CANONICAL_FIELDS) as CanonicalField[];

/** @param likely the public format that the file is like */
export function assignColumns(
  profiles: readonly ColumnProfile[],
  likely: TapeFormat | null,
): Assignment[] {
  const candidates = FIELDS.flatMap((field) =>
    profiles.map((profile) => candidateOf(field, profile, likely)),
  ).toSorted((a, b) => b.confidence - a.confidence);
  const taken = new Map<CanonicalField, Assignment>();
  const used = new Set<ColumnProfile>();
  for (const candidate of candidates) {
    const { field, profile, confidence } = candidate;
    const held = taken.get(field);
    if (held !== undefined) {
      const isOther = confidence >= LEAST_ALTERNATIVE && held.others.length < NAMED_ALTERNATIVES;
      if (isOther) held.others.push(profile.name);
    } else if (confidence >= LEAST_CONFIDENCE && !used.has(profile)) {
      taken.set(field, candidate);
      used.add(profile);
    }
  }
  // In the order of the fields, as a page or a table shows them.
  return FIELDS.flatMap((field) => taken.get(field) ?? []);
}

function candidateOf(
  field: CanonicalField,
  profile: ColumnProfile,
  likely: TapeFormat | null,
): Assignment {
  const name = matchName(profile.name, field, likely);
  const { fit, reason } = fitField(field, profile);
  return {
    field,
    profile,
    confidence: name.likeness * fit,
    reason: name.known === "" ? reason : `named like ${name.known}; ${reason}`,
    others: [],
  };
}
