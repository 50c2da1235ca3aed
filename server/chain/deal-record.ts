/**
 * Everything that the chain alone says about one deal: its code, its events in order, and what its
 * contracts hold at one block. The input of the replay; nothing in it comes from a server.
 */

import type { PunctualityChangesTable } from "../db/chain-tables.ts";

interface At {
  /** Block time, unix seconds. */
  at: number;
  block: number;
  transaction: string;
}

export interface ReportPublished extends At {
  name: "ReportPublished";
  period: number;
  version: number;
  reportHash: string;
  tapeRoot: string;
  closeHash: string;
  resultHash: string;
  figures: bigint[];
  signers: string[];
}
/** A version in the place of one that was distributed on; the same fields as a report. */
export interface ReportRestated extends Omit<ReportPublished, "name"> {
  name: "ReportRestated";
}
export interface ReportChallenged extends At {
  name: "ReportChallenged";
  period: number;
  version: number;
  /** From when on it stands without an answer, unix seconds. */
  finalAt: number;
}
/** The trustee's answer to a challenge, or its own rejection. */
export interface ChallengeAnswered extends At {
  name: "ChallengeDismissed" | "ReportRejected";
  period: number;
  version: number;
}
/** What a run takes of restatements beside its report, one per figure. */
export interface DifferencesCarried extends At {
  name: "DifferencesCarried";
  period: number;
  differences: bigint[];
}
export interface PunctualityChanged extends At {
  name: "PunctualityChanged";
  period: number;
  state: PunctualityChangesTable["state"];
}

/** What becomes of reports, and whether they are in time. */
export type ReportEvent =
  | ReportPublished
  | ReportRestated
  | ReportChallenged
  | ChallengeAnswered
  | DifferencesCarried
  | PunctualityChanged;

export interface CollectionsFunded extends At {
  name: "CollectionsFunded";
  from: string;
  cents: bigint;
  /** Collections of the deal after this funding, cents. */
  collections: bigint;
}
export interface WaterfallRun extends At {
  name: "WaterfallRun";
  period: number;
  reportHash: string;
  resultHash: string;
  words: bigint[];
}
export interface FaceMoved extends At {
  name: "Transfer";
  classIndex: number;
  from: string;
  to: string;
  /** Original face, cents. */
  face: bigint;
}
export interface EntitlementFunded extends At {
  name: "EntitlementFunded";
  classIndex: number;
  period: number;
  interestUnits: bigint;
  principalUnits: bigint;
}
export interface AccountRecovered extends At {
  name: "AccountRecovered";
  classIndex: number;
  lost: string;
  replacement: string;
}
export interface Claimed extends At {
  name: "Claimed";
  classIndex: number;
  holder: string;
  interestUnits: bigint;
  principalUnits: bigint;
}
/** The deal was closed: the accounts' initial deposits came in. */
export interface DealOpened extends At {
  name: "DealOpened";
  depositCents: bigint;
}
/** A push to a payee that failed: the amount waits for it. */
export interface PayeeBooked extends At {
  name: "PayeeBooked";
  payeeIndex: number;
  cents: bigint;
}
export interface PayeeWithdrawn extends At {
  name: "PayeeWithdrawn";
  payeeIndex: number;
  cents: bigint;
}
/** The fixing of a feed index for a period. */
export interface IndexFixed extends At {
  name: "IndexFixed";
  period: number;
  /** Among the deal's feed indices. */
  position: number;
  /** Annual rate, 1e18 = 100 %. */
  rateWad: bigint;
}
/** No round of the feed fixed the index: its IndexFixed of the same rate follows. */
export interface LastRateTaken extends Omit<IndexFixed, "name"> {
  name: "LastRateTaken";
  /** Its last round was shown to be too old; false: nobody had fixed it when the deal was late. */
  isProven: boolean;
}
/** A list of loans for a period, in the place of the one before. */
export interface LoansOffered extends At {
  name: "LoansOffered";
  period: number;
  version: number;
  priceCents: bigint;
}
export interface NoticeMoved extends At {
  name: "NoticeGiven" | "NoticeWithdrawn";
  /** Among the notices of the terms. */
  position: number;
}

/** What a run reads beside its report. */
export type InputEvent = IndexFixed | LastRateTaken | LoansOffered | NoticeMoved;

/** What an auditor needs of the log, in the order of the chain. */
export type DealEvent =
  | InputEvent
  | ReportEvent
  | CollectionsFunded
  | WaterfallRun
  | FaceMoved
  | EntitlementFunded
  | AccountRecovered
  | Claimed
  | DealOpened
  | PayeeBooked
  | PayeeWithdrawn;

/** The distributor's `cashOf`: the parts of the deal's held cash. */
export interface CashOf {
  collectionsCents: bigint;
  accountsCents: bigint;
  /** Funded to holders and not claimed, cash units. */
  unclaimedUnits: bigint;
  /** Not accepted by payees, cents. */
  payeeOwedCents: bigint;
  /** Class amounts that wait for a record window, cents. */
  carryCents: bigint;
}

/** What the contracts hold at one block. */
export interface DealBooks {
  block: number;
  phase: number;
  lastPeriod: number;
  collectionsCents: bigint;
  classWords: bigint[];
  laneWords: bigint[];
  /** Commits to every run and to their order; see hashHistory. */
  historyHash: string;
  cash: CashOf;
  tokens: { supplyCents: bigint; principalBalanceCents: bigint }[];
  /** Face and claimable cash of everyone who ever held. */
  holders: HolderBook[];
  /** Cash token units that the distributor holds, and what all deals of that token own of it. */
  distributorHeldUnits: bigint;
  allDealsUnits: bigint;
}

export interface HolderBook {
  classIndex: number;
  holder: string;
  faceCents: bigint;
  interestUnits: bigint;
  principalUnits: bigint;
}

export interface DealRecord {
  chainId: bigint;
  dealId: bigint;
  /** As the DealCreated event says. */
  created: {
    termsHash: string;
    cashToken: string;
    tokens: string[];
    payees: string[];
    feeds: string[];
  };
  /** The deal's contract code: terms and addresses. */
  code: Uint8Array;
  events: DealEvent[];
  books: DealBooks;
}
