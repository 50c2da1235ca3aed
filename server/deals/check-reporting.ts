/** Reporting terms that could not do what they seem to say. */
import type { DealFile, IdentityEntry } from "./deal-file.ts";
import { complain } from "./deal-source.ts";
import type { DealSource, Place } from "./deal-source.ts";

type Doubt = (place: Place, code: string, value: string, message: string) => void;

const identityText = ({ addends }: IdentityEntry) =>
  addends.map(({ figure, subtracted }) => `${subtracted ? "-" : "+"} ${figure.text}`).join(" ");

/** The figures of an identity are of one unit, and their bounds let it hold. */
function checkIdentity(source: DealSource, file: DealFile, identity: IdentityEntry): void {
  const figures = identity.addends.map(({ figure, subtracted }) => {
    const entry = file.figures.find(({ name }) => name === figure.text);
    return { figure, subtracted, entry };
  });
  const first = figures[0]?.entry;
  const stranger = figures.find(({ entry }) => entry !== undefined && entry.unit !== first?.unit);
  if (first !== undefined && stranger?.entry !== undefined) {
    const { text, ...place } = stranger.figure;
    const message = `${text} is a ${stranger.entry.unit}, ${first.name} a ${first.unit}; an identity adds figures of one unit`;
    complain(source, place, { code: "wrong-unit", value: text, message });
    return;
  }
  let [low, high] = [0n, 0n];
  for (const { entry, subtracted } of figures) {
    if (entry === undefined) return; // an unknown figure is told where its name is resolved
    low += subtracted ? -entry.maximum : entry.minimum;
    high += subtracted ? -entry.minimum : entry.maximum;
  }
  if (low <= 0n && high >= 0n) return;
  source.problems.push({
    severity: "warning",
    ...identity.place,
    code: "never-holds",
    value: identityText(identity),
    message:
      "no report within the bounds of these figures meets this identity, so none can ever be accepted; check min and max",
  });
}

function checkWindow(reporting: DealFile["reporting"], doubt: Doubt): void {
  const { challengeSeconds, dueLeadSeconds, windowPlace, verifier, trustee, holdersBps } =
    reporting;
  if (challengeSeconds === 0) return;
  if (challengeSeconds > dueLeadSeconds) {
    const message =
      "a report accepted in the last moment is final only after the payment time, so that payments are late by design; lengthen due or shorten challengeWindow";
    doubt(windowPlace, "window-after-payment", "challengeWindow", message);
  }
  const isOwnVerifier = verifier !== null && verifier.text === trustee?.text;
  if ((verifier === null || isOwnVerifier) && holdersBps === null) {
    const message =
      "only the trustee can challenge, who then rejects at once; name another party as verifier, or a share of holders";
    doubt(windowPlace, "nobody-challenges", "challengeWindow", message);
  }
}

/** Adds errors and warnings about the reporting terms. */
export function checkReporting(source: DealSource, file: DealFile): void {
  for (const identity of file.reporting.identities) checkIdentity(source, file, identity);
  const doubt: Doubt = ({ line, column }, code, value, message) => {
    source.problems.push({ severity: "warning", line, column, code, value, message });
  };
  checkWindow(file.reporting, doubt);
  if (file.reporting.servicerDefault !== null) return;
  for (const { name, kind, place } of file.notices) {
    if (kind !== "servicer default") continue;
    const message = `the notice ${name} never comes into force, since reporting names no servicerDefault`;
    doubt(place, "never-runs", name, message);
  }
}
