/** Every name that a canonical field is known by: of the public formats, and the market's own. */
import { CANONICAL_FIELDS } from "../canonical-fields.ts";
import type { CanonicalField } from "../canonical-fields.ts";
import { FORMATS } from "../formats/formats.ts";
import type { Reading, TapeFormat } from "../formats/tape-format.ts";
import { normaliseName } from "../reading/column-names.ts";
import { MARKET_WORDS } from "./market-words.ts";
import { likeness, wordsOf } from "./name-likeness.ts";

export interface NameMatch {
  /** 0 to 1. */
  likeness: number;
  /** The known name that is likest. */
  known: string;
}

/** Words that change what is meant: a name with one of them is none without it. */
const QUALIFIERS: ReadonlySet<string> = new Set([
  ...["original", "beginning", "ending", "scheduled", "next", "prior", "previous", "first", "last"],
  ...["cumulative", "deferred", "remaining", "due", "accrued", "servicing", "fee", "late", "rate"],
  ...["cap", "floor", "margin", "limit", "code", "type", "method", "advance", "status", "term"],
]);
const OTHER_QUALIFIER = 0.6;

/** A public format's names mean what they mean there: in another file they are as good as the market's. */
const FORMAT_WEIGHT = 0.9;

interface KnownName {
  name: string;
  words: ReadonlySet<string>;
  qualifiers: ReadonlySet<string>;
  weight: number;
}

const FIELDS = Object.keys(CANONICAL_FIELDS) as CanonicalField[];
const KNOWN: ReadonlyMap<CanonicalField, readonly KnownName[]> = new Map(
  FIELDS.map((field) => [
    field,
    [
      ...knownNames([field, ...MARKET_WORDS[field]], 1),
      ...knownNames(
        FORMATS.flatMap((format) => formatNames(format, field)),
        FORMAT_WEIGHT,
      ).filter(({ name, words }) => words.size > 1 || /\d/.test(name)),
    ],
  ]),
);
const KNOWN_KEYS: ReadonlySet<string> = new Set(
  [...KNOWN.values()].flat().map(({ words }) => keyOf(words)),
);

/**
 * The known name of a field that a column's name is likest.
 * @param likely the format that the file is like: its own names come first
 */
export function matchName(
  column: string,
  field: CanonicalField,
  likely: TapeFormat | null = null,
): NameMatch {
  if (likely !== null) {
    const known = formatNames(likely, field).find(
      (name) => normaliseName(name) === normaliseName(column),
    );
    if (known !== undefined) return { likeness: 1, known: `${known} of ${likely.id}` };
  }
  const words = wordsOf(column);
  const qualifiers = qualifiersOf(words);
  let best: NameMatch = { likeness: 0, known: "" };
  for (const known of KNOWN.get(field) ?? []) {
    const differing = countDiffering(qualifiers, known.qualifiers);
    const alike = likeness(words, known.words) * OTHER_QUALIFIER ** differing;
    const found = alike * (likely === null ? known.weight : FORMAT_WEIGHT * known.weight);
    if (found > best.likeness) best = { likeness: found, known: known.name };
  }
  return best;
}

/** How many of the names say exactly which field they are. */
export function countKnown(names: readonly string[]): number {
  return names.filter((name) => KNOWN_KEYS.has(keyOf(wordsOf(name)))).length;
}

function qualifiersOf(words: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...words].filter((word) => QUALIFIERS.has(word)));
}

function countDiffering(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return (
    [...a].filter((word) => !b.has(word)).length + [...b].filter((word) => !a.has(word)).length
  );
}

function keyOf(words: ReadonlySet<string>): string {
  return [...words].toSorted().join(" ");
}

function knownNames(names: readonly string[], weight: number): KnownName[] {
  return [...new Set(names)].map((name) => {
    const words = wordsOf(name);
    return { name, words, qualifiers: qualifiersOf(words), weight };
  });
}

/** Names of one column each; sums and paths of messages say nothing of a tape's header. */
function formatNames({ fields }: TapeFormat, field: CanonicalField): string[] {
  return columnsOf(fields[field]).filter((name) => !name.includes("/"));
}

function columnsOf(reading: Reading | undefined): readonly string[] {
  if (reading === undefined || (typeof reading === "object" && "sum" in reading)) return [];
  return typeof reading === "string" ? [reading] : [reading.column].flat();
}
