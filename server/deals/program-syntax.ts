/** The parsed form of program text: steps and expressions, each with its place in the file. */
import type { Place } from "./deal-source.ts";
import type { Mode, Operation } from "./terms-format.ts";

export interface NameNode extends Place {
  text: string;
}

/** `/` stands in the test of a trigger only. */
export type BinaryOperator =
  "+" | "-" | "*" | "/" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "and" | "or";

export type ExpressionNode =
  | (Place & { kind: "number"; text: string; value: bigint })
  | (Place & { kind: "reference"; text: string })
  /** 'EARLY' */
  | (Place & { kind: "text"; text: string })
  /** [A, B] */
  | (Place & { kind: "list"; items: ExpressionNode[] })
  | (Place & { kind: "call"; name: string; args: ExpressionNode[] })
  | (Place & {
      kind: "binary";
      operator: BinaryOperator;
      left: ExpressionNode;
      right: ExpressionNode;
    })
  | (Place & { kind: "not"; operand: ExpressionNode });

export interface ParsedStep extends Place {
  operation: Exclude<Operation, "ELSE">;
  clause: string;
  /** Defined term of a LET, or the name after AS. */
  label: NameNode | null;
  source: NameNode | null;
  /** Account, payee, ledger, trigger, phase or constant: whatever the step pays, tests or sets. */
  destination: NameNode | null;
  list: NameNode[];
  mode: Mode;
  weights: ExpressionNode[];
  amount: ExpressionNode | null;
  cap: ExpressionNode | null;
  /** CAP EACH: each fee within its own cap. */
  capEach: boolean;
  /** OF deferred, OF carryOver. */
  part: "deferred" | "carryOver" | null;
  /** Steps of an IF. */
  whenTrue: ParsedStep[];
  /** Steps after ELSE; null without one. */
  otherwise: ParsedStep[] | null;
  /** Where the ELSE stands. */
  elsePlace: Place | null;
}

/** Steps with those inside their IFs, in the order of the text. */
export function flattenSteps(steps: readonly ParsedStep[]): ParsedStep[] {
  return steps.flatMap((step) => [
    step,
    ...flattenSteps(step.whenTrue),
    ...flattenSteps(step.otherwise ?? []),
  ]);
}
