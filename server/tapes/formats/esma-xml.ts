/** An ESMA annex as ISO 20022 message auth.099: one record an exposure, values nested below it. */
import { ESMA_SOURCE, readEsmaAnnex } from "./esma-annex.ts";
import type { EsmaAnnex } from "./esma-annex.ts";
import { describeEsmaFields } from "./esma-fields.ts";
import type { EsmaField } from "./esma-fields.ts";
import type { TapeFormat } from "./tape-format.ts";

/** The version follows. */
const NAMESPACE = "urn:esma:xsd:DRAFT1auth.099.001.";

const RECORD = [
  "Document",
  "ScrtstnNonAsstBckdComrclPprUndrlygXpsrRpt",
  "NewCrrctn",
  "ScrtstnRpt",
  "UndrlygXpsrRcrd",
] as const;

export function buildEsmaXml(annex: EsmaAnnex): TapeFormat {
  const byKey = new Map(annex.fields.map((field) => [field.key, field]));
  const columnOf = (key: string): string => {
    const field = byKey.get(key);
    if (field === undefined || field.path === "") throw new Error(`no element of ${key}`);
    return elementOf(annex, field);
  };
  const shared = readEsmaAnnex(annex, columnOf);
  const currency = `${columnOf(annex.uses.currentBalance)}/@Ccy`;
  const elements = annex.fields.filter(({ path }) => path !== "");
  const described = describeEsmaFields(elements, (field) => elementOf(annex, field));
  const noData = elements.flatMap((field) => noDataElements(elementOf(annex, field)));
  return {
    id: `${annex.id}-xml`,
    title: `ESMA ${annex.title}, auth.099 message`,
    assetClass: annex.assetClass,
    source: `${ESMA_SOURCE}; DRAFT1auth.099.001.04, version 1.3.0`,
    framings: [
      { kind: "xml", namespace: NAMESPACE, path: RECORD, nested: "*", attributes: ["Ccy"] },
    ],
    recognise: ({ xml }) =>
      xml?.root === RECORD[0] &&
      xml.namespace.startsWith(NAMESPACE) &&
      xml.elements.has(annex.element)
        ? 1
        : 0,
    ...shared,
    fields: { ...shared.fields, currency },
    ...described,
    columns: [
      ...new Set([
        ...elements.map((field) => elementOf(annex, field)),
        ...elements.flatMap((field) => besideAmount(elementOf(annex, field))),
        ...noData.map(({ column }) => column),
      ]),
    ],
    codeLists: {
      ...described.codeLists,
      ...Object.fromEntries(
        noData.flatMap(({ column, codes }) => (codes === null ? [] : [[column, codes]])),
      ),
    },
  };
}

function elementOf({ element }: EsmaAnnex, { path }: EsmaField): string {
  if (path.startsWith("../") || path.startsWith("UndrlygXpsrId/")) return path;
  const below = path.startsWith("~/") ? `UndrlygXpsrCmonData/${path.slice(2)}` : path;
  return `UndrlygXpsrData/${element}/PrfrmgLn/${below}`;
}

function besideAmount(column: string): string[] {
  if (!column.endsWith("/Amt")) return [];
  return [column.replace(/Amt$/, "Sgn"), `${column}/@Ccy`];
}

/** The last element of a value that may be missing; its choice then has NoDataOptn instead. */
const CHOSEN = /^(.*)\/(?:Val\/Amt|Val|Cd|Dt|Rate|Ind|Nb|Yr|LEI|Lien|NbOfMnths|NbOfDays|Mnths)$/;

interface NoDataElement {
  column: string;
  codes: readonly string[] | null;
}

/** ND1 to ND3 and ND5 stand alone, ND4 with a date. */
function noDataElements(column: string): NoDataElement[] {
  const choice = CHOSEN.exec(column)?.[1];
  if (choice === undefined || column.startsWith("../")) return [];
  return [
    { column: `${choice}/NoDataOptn/NoData`, codes: ["ND1", "ND2", "ND3", "ND5"] },
    { column: `${choice}/NoDataOptn/NoData4/NoData`, codes: ["ND4"] },
    { column: `${choice}/NoDataOptn/NoData4/Dt`, codes: null },
  ];
}
