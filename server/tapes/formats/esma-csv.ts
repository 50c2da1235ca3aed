/**
 * An ESMA annex as the text files and workbooks that are passed around before the message is made: a row
 * an exposure, headed by field codes, by the workbook's field names, or by both.
 */
import { normaliseName } from "../reading/column-names.ts";
import { ESMA_SOURCE, readEsmaAnnex } from "./esma-annex.ts";
import type { EsmaAnnex } from "./esma-annex.ts";
import { describeEsmaFields } from "./esma-fields.ts";
import type { FileHead, TapeFormat } from "./tape-format.ts";

/** Fewer known names than this in a row make no header. */
const LEAST_NAMES = 6;

/** Of a file headed by names, which annexes share, at least this share of them must be the annex's. */
const LEAST_SHARE = 0.6;

export function buildEsmaCsv(annex: EsmaAnnex): TapeFormat {
  const shared = readEsmaAnnex(annex, (key) => key);
  const currency = annex.fields.find(({ name }) => name === "Currency Denomination");
  const otherNames = namesOf(annex);
  const header = {
    kind: "find",
    names: [...annex.fields.map(({ key }) => key), ...Object.keys(otherNames)],
    least: LEAST_NAMES,
  } as const;
  return {
    id: `${annex.id}-csv`,
    title: `ESMA ${annex.title}, text file or workbook`,
    assetClass: annex.assetClass,
    source: ESMA_SOURCE,
    framings: [
      { kind: "delimited", delimiter: "auto", header },
      { kind: "workbook", header },
    ],
    recognise: (head) => recogniseHeader(annex, head),
    ...shared,
    fields: {
      ...shared.fields,
      ...(currency === undefined ? {} : { currency: currency.key }),
    },
    otherNames,
    columns: annex.fields.map(({ key }) => key),
    ...describeEsmaFields(annex.fields, ({ key }) => key),
  };
}

/**
 * Field name -> code. A name that stands in several sections ("Unique Identifier") is the first one's.
 * Both in one cell are read too: "RREL30 Current Principal Balance", also with a hyphen or a colon.
 */
function namesOf({ fields }: EsmaAnnex): Record<string, string> {
  const names: Record<string, string> = {};
  for (const { key, name } of fields) {
    names[name] ??= key;
    for (const between of [" ", " - ", ": "]) names[`${key}${between}${name}`] = key;
  }
  return names;
}

function recogniseHeader(annex: EsmaAnnex, { kind, rows }: FileHead): number {
  if (kind === "xml") return 0;
  return Math.max(0, ...rows.map((row) => recogniseRow(annex, row)));
}

function recogniseRow({ fields, uses }: EsmaAnnex, row: readonly string[]): number {
  const cells = row.map(normaliseName).filter((cell) => cell !== "");
  const codes = new Set(fields.map(({ key }) => normaliseName(key)));
  const byCode = cells.filter((cell) => codes.has(cell.replace(/[ :].*$/, ""))).length;
  if (byCode >= LEAST_NAMES) return 1;
  const names = new Set(fields.map(({ name }) => normaliseName(name)));
  const needed = fields.filter(({ key }) =>
    [uses.originalId, uses.cutOff, uses.currentBalance, uses.accountStatus].includes(key),
  );
  if (!needed.every(({ name }) => cells.includes(normaliseName(name)))) return 0;
  const share = cells.filter((cell) => names.has(cell)).length / cells.length;
  return share < LEAST_SHARE ? 0 : share * 0.9;
}
