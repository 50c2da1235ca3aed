/** The parsed form of program text: steps and expressions, each with its place in the file. */
import type { Place } from "./deal-source.ts";
import type { Mode, Operation } from "./terms-format.ts";

export interface NameNode extends Place {
  text: string;
}

export type BinaryOperator = "+" | "-" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "and" | "or";

export type ExpressionNode =
  | (Place & { kind: "number"; text: string; value: bigint })
  | (Place & { kind: "reference"; text: string })
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
  /** Account of FILL and MOVE, account or payee of REST. */
  destination: NameNode | null;
  list: NameNode[];
  mode: Mode;
  weights: ExpressionNode[];
  amount: ExpressionNode | null;
  cap: ExpressionNode | null;
  /** Steps of an IF. */
  whenTrue: ParsedStep[];
  /** Steps after ELSE; null without one. */
  otherwise: ParsedStep[] | null;
  /** Where the ELSE stands. */
  elsePlace: Place | null;
}
