/**
 * The codes of the compiled terms, format 1: what each byte means. The chain's engine reads the same
 * bytes; a number here never changes once a deal has been closed with it.
 */

export const TERMS_FORMAT = 1;
export const HEADER_SIZE = 80;
export const CLASS_SIZE = 32;
export const FEE_SIZE = 32;
export const CAP_SIZE = 16;
export const ACCOUNT_SIZE = 16;
export const FIGURE_SIZE = 24;
export const CONSTANT_SIZE = 16;
export const BASIS_SIZE = 4;
export const PHASE_SIZE = 8;
export const TRANSITION_SIZE = 8;
export const STEP_SIZE = 32;
export const TOKEN_SIZE = 3;
export const CALENDAR_ROW_HEAD = 24;

/** Absent index (one byte), absent pointer or name (two bytes). */
export const NO_INDEX = 0xff;
export const NO_POINTER = 0xffff;

/** Runtime code is the STOP byte, the terms, then 20 bytes an address; EIP-170 limits it. */
export const MAX_CODE_SIZE = 24_576;

export const LIMITS = {
  classes: 16,
  accounts: 8,
  fees: 16,
  payees: 16,
  caps: 8,
  figures: 32,
  constants: 255,
  phases: 8,
  transitions: 16,
  bases: 8,
  stepsPerProgram: 64,
  tokensPerExpression: 255,
  nesting: 3,
} as const;

/** Position = opcode of a step. */
export const OPERATIONS = [
  "LET",
  "FEE",
  "INT",
  "PRIN",
  "FILL",
  "MOVE",
  "LOSS",
  "GAIN",
  "IF",
  "ELSE",
  "REST",
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Position = code of the mode. */
export const MODES = ["none", "SEQ", "PRORATA"] as const;
export type Mode = (typeof MODES)[number];

/** Position + 1 = code. */
export const SPLIT_ROUNDINGS = [
  "cumulative half-up",
  "floor, rest to first",
  "floor, rest to last",
] as const;
export type SplitRounding = (typeof SPLIT_ROUNDINGS)[number];

/** Position + 1 = code. */
export const ROUNDINGS = ["half-up", "floor", "ceil"] as const;

/** Position + 1 = code: the parts of a class's claim. */
export const COMPONENTS = ["interestOnShortfall", "shortfall", "current"] as const;
export type Component = (typeof COMPONENTS)[number];

/** Position + 1 = code. */
export const SENIORITIES = ["senior", "mezzanine", "junior"] as const;
export type Seniority = (typeof SENIORITIES)[number];

/** Position + 1 = code. */
export const FEE_KINDS = ["rate", "fixed"] as const;
export type FeeKind = (typeof FEE_KINDS)[number];

/** Position + 1 = code: the year over which a cap counts. */
export const CAP_YEARS = ["calendar year", "year from closing"] as const;
export type CapYear = (typeof CAP_YEARS)[number];

/** Flags of a step record. */
export const FLAG = { NEGATIVE: 1, DIVZERO: 2, OVERFLOW: 4, SKIPPED: 8 } as const;

/** Flag of a REST step: the destination is a payee, not an account. */
export const STEP_TO_PAYEE = 1;
/** Flag of an account that may hold a balance between periods. */
export const ACCOUNT_RETAINED = 1;

/** Tokens of a postfix expression. */
export const OPCODE = {
  END: 0,
  CONST: 1,
  FIGURE: 2,
  LET: 3,
  BAL: 4,
  BAL0: 5,
  DUE: 6,
  DUE0: 7,
  FDUE: 8,
  FDUE0: 9,
  ACCT: 10,
  ACCT0: 11,
  CAPLEFT: 12,
  PAID: 13,
  LOST: 14,
  WRITTEN: 15,
  FINAL: 16,
  PAYDAY: 17,
  SUMBAL: 18,
  SUMDUE: 19,
  ADD: 20,
  SUB: 21,
  MIN: 22,
  MAX: 23,
  POS: 24,
  PCT: 25,
  PCTUP: 26,
  MULDIV: 27,
  MULDIVUP: 28,
  EQ: 29,
  NE: 30,
  LT: 31,
  LE: 32,
  GT: 33,
  GE: 34,
  AND: 35,
  OR: 36,
  NOT: 37,
  JZ: 38,
  JMP: 39,
  SUMFDUE: 40,
  SUMWRITTEN: 41,
} as const;

/** The figures that every report carries, at positions 0 to 3. */
export const FIXED_FIGURES = ["poolOpening", "poolClosing", "loanCount", "availableFunds"] as const;
export const AVAILABLE_FUNDS = 3;
