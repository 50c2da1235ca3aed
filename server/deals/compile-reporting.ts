/** The reporting terms with their names as positions. */
import type { DealFile } from "./deal-file.ts";
import type { ReportingTerms } from "./deal-terms.ts";
import { resolveName } from "./expression-scope.ts";
import type { DealScope } from "./expression-scope.ts";
import type { NameNode } from "./program-syntax.ts";

export function compileReporting(scope: DealScope, { reporting }: DealFile): ReportingTerms {
  const { payees, figures } = scope.names;
  const payee = (name: NameNode | null) =>
    name === null
      ? null
      : resolveName(scope, payees, { kind: "payee", name: name.text, place: name });
  return {
    dueLeadSeconds: reporting.dueLeadSeconds,
    defaultGraceSeconds: reporting.servicerDefault?.afterSeconds ?? null,
    challengeSeconds: reporting.challengeSeconds,
    answerSeconds: reporting.answerSeconds,
    holdersBps: reporting.holdersBps,
    verifier: payee(reporting.verifier),
    trustee: payee(reporting.trustee),
    successor: reporting.servicerDefault?.successor ?? false,
    identities: reporting.identities.map(({ addends }) =>
      addends.map(({ figure, subtracted }) => {
        const what = { kind: "reported figure", name: figure.text, place: figure };
        return { figure: resolveName(scope, figures, what), subtracted };
      }),
    ),
  };
}
