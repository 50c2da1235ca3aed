/**
 * The codes of the compiled terms, format 2: what each byte means. The chain's engine reads the same
 * bytes; a number here never changes once a deal has been closed with it.
 */

export const TERMS_FORMAT = 2;
export const HEADER_SIZE = 96;
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
export const LEDGER_SIZE = 4;
export const VARIABLE_SIZE = 16;
export const SERIES_SIZE = 16;
export const TRIGGER_SIZE = 32;
export const INDEX_SIZE = 16;
export const NOTICE_SIZE = 4;
/** The section of the reporting terms before its identities. */
export const REPORTING_HEAD = 24;
export const SCHEDULE_ENTRY_SIZE = 6;
export const SCHEDULE_ROW_SIZE = 18;
export const TOKEN_SIZE = 3;
export const CALENDAR_ROW_HEAD = 24;

/** Absent index (one byte), absent pointer or name (two bytes). */
export const NO_INDEX = 0xff;
export const NO_POINTER = 0xffff;

/** A servicer default that the deal does not name (four bytes). */
export const NO_DEFAULT = 0xffff_ffff;

/** Runtime code is the STOP byte, the terms, then 20 bytes an address; EIP-170 limits it. */
export const MAX_CODE_SIZE = 24_576;

export const LIMITS = {
  classes: 16,
  accounts: 8,
  fees: 16,
  payees: 16,
  caps: 16,
  figures: 32,
  constants: 255,
  phases: 8,
  transitions: 16,
  bases: 8,
  ledgers: 8,
  variables: 8,
  series: 16,
  seriesDepth: 24,
  triggers: 16,
  /** Tests that a trigger remembers. */
  testsRemembered: 48,
  indices: 4,
  notices: 8,
  identities: 8,
  /** Lead, challenge window and answer time of reports, and what follows lateness. */
  reportingSeconds: 60 * 86_400,
  defaultGraceSeconds: 366 * 86_400,
  schedules: 16,
  /** Accounts, fees, caps, ledgers, variables, own lanes of classes, triggers and series together. */
  lanes: 128,
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
  "BUY",
  "PIK",
  "BOOK",
  "TEST",
  "SET",
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Position = code of the mode. */
export const MODES = ["none", "SEQ", "PRORATA", "DR", "CR", "PHASE", "NOW", "VALUE"] as const;
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
export const COMPONENTS = [
  "interestOnShortfall",
  "shortfall",
  "current",
  "deferred",
  "carryOver",
] as const;
export type Component = (typeof COMPONENTS)[number];

/** Position + 1 = code. */
export const SENIORITIES = ["senior", "mezzanine", "junior"] as const;
export type Seniority = (typeof SENIORITIES)[number];

/** Position + 1 = code. */
export const FEE_KINDS = ["rate", "fixed", "expression"] as const;
export type FeeKind = (typeof FEE_KINDS)[number];

/** Position + 1 = code: the year over which a cap counts. */
export const CAP_YEARS = ["calendar year", "year from closing", "life of the deal"] as const;
export type CapYear = (typeof CAP_YEARS)[number];

/** Position + 1 = code: how a trigger compares its ratio with its threshold when it is breached. */
export const COMPARISONS = [">", ">=", "<", "<="] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** Position = code: when a series is recorded, a trigger tested, a transition looked at. */
export const MOMENTS = ["after", "before", "within"] as const;
export type Moment = (typeof MOMENTS)[number];

/** Position + 1 = code: how a feed states a rate. */
export const RATE_UNITS = ["fraction", "percent"] as const;
export type RateUnit = (typeof RATE_UNITS)[number];

/**
 * Position + 1 = code: a notice that counts for one run, or from then on; or one that nobody gives, in
 * force while the servicer is in default with its reports.
 */
export const NOTICE_KINDS = ["once", "standing", "servicer default"] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Cure of a trigger by its notice instead of by a number of passing tests. */
export const CURE_BY_NOTICE = 0xff;

/** Flags of a step record; UNMATCHED: the purchase list costs more than there is to pay for it. */
export const FLAG = { NEGATIVE: 1, DIVZERO: 2, OVERFLOW: 4, SKIPPED: 8, UNMATCHED: 16 } as const;

/** Flag of a REST or BUY step: the destination is a payee, not an account. */
export const STEP_TO_PAYEE = 1;
/** Flag of a FEE step: each fee is limited by what is left of its own cap. */
export const STEP_CAP_EACH = 2;
/** Flags of an INT step that pays one part of the claims only. */
export const STEP_OF_DEFERRED = 4;
export const STEP_OF_CARRY_OVER = 8;
/** Flag of an account that may hold a balance between periods. */
export const ACCOUNT_RETAINED = 1;
/** Flag of an account that is the undrawn part of a facility. */
export const ACCOUNT_FACILITY = 2;
/** Flags of a class. */
export const CLASS_FLAG = {
  INTEREST_ON_SHORTFALL: 1,
  DEFERRABLE: 2,
  INTEREST_ON_DEFERRED: 4,
  INTEREST_ON_CARRY_OVER: 8,
  DEFERRED_LANE: 16,
  CARRY_OVER_LANE: 32,
  PIK_LANE: 64,
} as const;
/** Flag of a figure: an amount of the period. */
export const FIGURE_FLOW = 1;
/** Flag of the reporting terms: a servicer default hands over to the successor. */
export const REPORTING_SUCCESSOR = 1;
/** Mark of a figure that an identity subtracts. */
export const IDENTITY_SUBTRACTED = 0x80;
/** Flag of the header: the deal buys collateral. */
export const DEAL_BUYS = 1;

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
  MUL: 42,
  SMULDIV: 43,
  PHASE: 44,
  TRIG: 45,
  LANE: 46,
  SLANE: 47,
  HIST: 48,
  HISTSUM: 49,
  HISTMAX: 50,
  HISTCOUNT: 51,
  DAYS: 52,
  PERIOD: 53,
  NOTICE: 54,
  CUREIC: 55,
  SCHED: 56,
  CURRENT: 57,
  MONTH: 58,
  RATE: 59,
} as const;

/** The figures that every report carries, at positions 0 to 3. */
export const FIXED_FIGURES = ["poolOpening", "poolClosing", "loanCount", "availableFunds"] as const;
export const AVAILABLE_FUNDS = 3;
