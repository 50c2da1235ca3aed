/**
 * Defined terms that nothing reads, and claims that nothing pays. In a document they are slips of
 * drafting: a target renamed in one place, a line of the priority of payments left out. They are notes,
 * because a figure may be reported for its readers alone and a ledger kept for the record.
 */
import type { Place } from "./deal-source.ts";
import type { ClassEntry, DealFile, ProgramEntry } from "./deal-file.ts";
import { expandTriggers } from "./expand-triggers.ts";
import { flattenSteps } from "./program-syntax.ts";
import type { ParsedStep } from "./program-syntax.ts";
import { FIXED_FIGURES } from "./terms-format.ts";

/** One finding, where the term is defined. */
export interface UnusedNote extends Place {
  code: "never-used" | "never-paid" | "never-released";
  name: string;
  message: string;
}

/** Names that the expressions below a part of the deal file read, as they are written. */
function referencesIn(part: unknown, found = new Set<string>()): Set<string> {
  if (typeof part !== "object" || part === null) return found;
  const { kind, text } = part as { kind?: unknown; text?: unknown };
  if (kind === "reference" && typeof text === "string") found.add(text);
  for (const inner of Object.values(part)) referencesIn(inner, found);
  return found;
}

interface Reading {
  file: DealFile;
  references: ReadonlySet<string>;
  steps: readonly ParsedStep[];
}

type Finding = Omit<UnusedNote, "line" | "column"> & { place: Place };

const neverUsed = (entry: { name: string; place: Place }, message: string): Finding => ({
  code: "never-used",
  ...entry,
  message,
});

/** One note of many entries, where the first stands. */
function together(
  entries: readonly { name: string; place: Place }[],
  messageOf: (names: string[]) => string,
): Finding[] {
  const [first] = entries;
  return first === undefined ? [] : [neverUsed(first, messageOf(entries.map(({ name }) => name)))];
}

function unusedConstants({ file, references }: Reading): Finding[] {
  return file.constants
    .filter(({ name }) => !references.has(`k.${name}`))
    .map(({ name, place }) => neverUsed({ name, place }, `nothing reads k.${name}`));
}

/** Figures beside the four that every report has, and indices. */
function unusedFigures({ file, references }: Reading): Finding[] {
  const floats = new Set(
    file.classes.flatMap(({ coupon }) => (coupon.kind === "floating" ? [coupon.index] : [])),
  );
  const bases = file.fees.flatMap(({ amount }) =>
    amount.kind === "rate" && amount.on.kind === "figure" ? [amount.on.name] : [],
  );
  const received = file.accounts.flatMap(({ receives }) => receives?.text ?? []);
  const checked = file.reporting.identities.flatMap(({ addends }) =>
    addends.map(({ figure }) => figure.text),
  );
  const used = new Set<string>([...FIXED_FIGURES, ...bases, ...received, ...checked]);
  const indices = file.indices.filter(
    ({ name }) => !floats.has(name) && !references.has(`index.${name}`),
  );
  const isIndex = (wanted: string) => file.indices.some(({ name }) => name === wanted);
  const figures = file.figures.filter(
    ({ name }) => !isIndex(name) && !used.has(name) && !references.has(`p.${name}`),
  );
  return [
    ...together(figures, (names) => {
      const list = names.map((name) => `p.${name}`).join(", ");
      return `no step, fee, trigger or identity reads ${list}: only reported`;
    }),
    ...indices.map(({ name, place }) =>
      neverUsed({ name, place }, `no coupon or expression reads index.${name}`),
    ),
  ];
}

function unusedState({ file, references }: Reading): Finding[] {
  const during = new Set(
    file.constants.flatMap(({ value }) =>
      value.kind === "while" ? value.during.map(({ trigger }) => trigger.text) : [],
    ),
  );
  const cures = new Set(
    file.triggers.flatMap(({ cure }) => (cure.kind === "notice" ? [cure.notice.text] : [])),
  );
  const triggers = (references.has("trig.any") ? [] : file.triggers).filter(
    ({ name, effect }) => effect === null && !references.has(`trig.${name}`) && !during.has(name),
  );
  const notices = file.notices.filter(
    ({ name }) => !references.has(`notice.${name}`) && !cures.has(name),
  );
  const series = file.series.filter(({ name }) => !references.has(name));
  return [
    ...triggers.map((entry) =>
      neverUsed(
        entry,
        `a breach of ${entry.name} changes nothing: nothing reads trig.${entry.name}`,
      ),
    ),
    ...notices.map((entry) => neverUsed(entry, `giving the notice ${entry.name} changes nothing`)),
    ...series.map((entry) => neverUsed(entry, `nothing reads the series ${entry.name}`)),
  ];
}

function unusedLedgers({ file, steps }: Reading): Finding[] {
  return file.ledgers.flatMap(({ text, ...place }) => {
    const modes = steps
      .filter(({ operation, destination }) => operation === "BOOK" && destination?.text === text)
      .map(({ mode }) => mode);
    if (modes.length === 0)
      return [neverUsed({ name: text, place }, `nothing is booked on ${text}`)];
    if (modes.includes("CR")) return [];
    const message = `${text} is debited and never credited, so it only grows`;
    return [neverUsed({ name: text, place }, message)];
  });
}

/** A LET belongs to its program. Amounts that only stand in the record of a run are many and lawful. */
function unusedAmounts({ name: program, steps }: ProgramEntry): Finding[] {
  const references = referencesIn(steps);
  const unused = flattenSteps(steps).flatMap(({ operation, label }) => {
    if (operation !== "LET" || label === null || references.has(label.text)) return [];
    const { text: name, ...place } = label;
    return [{ name, place }];
  });
  return together(
    unused,
    (names) => `no later line of ${program} uses ${names.join(", ")}: only in the record of a run`,
  );
}

const pays = (steps: readonly ParsedStep[], name: string, part: ParsedStep["part"]) =>
  steps.some((step) => step.part === part && step.list.some(({ text }) => text === name));

function unpaidParts({ steps }: Reading, entry: ClassEntry): Finding[] {
  const { name, place, componentOrder, defers, availableFundsCap } = entry;
  const isPiked = steps.some(
    ({ operation, list }) => operation === "PIK" && list.some(({ text }) => text === name),
  );
  const parts = [
    { part: "deferred", what: "deferred interest", has: defers && !isPiked },
    { part: "carryOver", what: "interest carried over", has: availableFundsCap !== null },
  ] as const;
  return parts
    .filter(({ part, has }) => has && !componentOrder.includes(part) && !pays(steps, name, part))
    .map(({ part, what }) => ({
      code: "never-paid",
      name,
      place,
      message: `no step pays the ${what} of class ${name}; write \`INT … -> ${name} OF ${part}\` or name ${part} in its componentOrder`,
    }));
}

function unpaidFees({ file, steps, references }: Reading): Finding[] {
  const paid = new Set(
    steps.flatMap(({ operation, list }) =>
      operation === "FEE" ? list.map(({ text }) => text) : [],
    ),
  );
  const caps = file.caps.filter(
    ({ name }) => !file.fees.some(({ cap }) => cap === name) && !references.has(`capLeft.${name}`),
  );
  return [
    ...file.fees
      .filter(({ name }) => !paid.has(name))
      .map(({ name, place }): Finding => {
        const message = `no step pays the fee ${name}; write \`FEE … -> ${name}\``;
        return { code: "never-paid", name, place, message };
      }),
    ...caps.map((entry) => neverUsed(entry, `no fee has the cap ${entry.name}`)),
  ];
}

/** Names that an amount reads, through the named amounts above it too. */
function readsThrough(steps: readonly ParsedStep[], amount: unknown): Set<string> {
  const names = referencesIn(amount);
  for (const { operation, label, amount: named } of [...steps].toReversed()) {
    if (operation === "LET" && label !== null && names.has(label.text)) referencesIn(named, names);
  }
  return names;
}

/** A program that fills an account lets go of what is in it when the notes are repaid. */
function unreleasedIn({ name: program, steps }: ProgramEntry, file: DealFile): Finding[] {
  const all = flattenSteps(steps);
  return file.accounts.flatMap(({ name, place, retained, facilityLimitCents }) => {
    const isFilled = all.some(
      ({ operation, destination }) => operation === "FILL" && destination?.text === name,
    );
    const isReleased = all.some(
      ({ operation, source, amount }) =>
        source?.text === name &&
        (operation === "REST" || readsThrough(all, amount).has(`acct.${name}`)),
    );
    if (!retained || facilityLimitCents !== null || !isFilled || isReleased) return [];
    const message = `${program} fills ${name} and lets go of it only for a shortfall, so that its money stays when the notes are repaid; write \`MOVE ${name} -> … UPTO pos(acct.${name} - …)\` or \`REST ${name} -> …\` in an IF`;
    return [{ code: "never-released", name, place, message }];
  });
}

/** Every defined term that nothing reads and every claim that nothing pays, in the order of the file. */
export function checkUnused(file: DealFile): UnusedNote[] {
  const { series, triggers } = expandTriggers(file);
  const reading: Reading = {
    file,
    references: referencesIn({ ...file, series, triggers }),
    steps: file.programs.flatMap((program) => flattenSteps(program.steps)),
  };
  return [
    ...unusedConstants(reading),
    ...unusedFigures(reading),
    ...unusedState(reading),
    ...unusedLedgers(reading),
    ...file.programs.flatMap(unusedAmounts),
    ...file.programs.flatMap((program) => unreleasedIn(program, file)),
    ...file.classes.flatMap((entry) => unpaidParts(reading, entry)),
    ...unpaidFees(reading),
  ]
    .map(({ place: { line, column }, ...finding }) => ({ line, column, ...finding }))
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
}
