/** What a contract's or a node's refusal means, in one sentence, for people at a terminal. */
import { formatUnits, isError } from "ethers";
import { formatCentsGrouped } from "../lib/money.ts";
import { decodeRevert, describeRevert, type Revert } from "./decode-revert.ts";

/** `{name}` is the error's argument as it stands; `:time`, `:cents` and `:units` say how to read it. */
const SENTENCES: Readonly<Record<string, string>> = {
  AccessManagedUnauthorized:
    "{caller} may not do this: it does not hold the role that the call needs",
  AccessManagerUnauthorizedAccount: "{msgsender} may not do this: it does not hold role {roleId}",
  AccessManagerUnauthorizedCall: "{caller} may not call {target}: it does not hold the role",
  AllocationMismatch:
    "class number {classIndex} is not allocated exactly: {allocated:cents} of a face of {face:cents}",
  AttestersNotAscending: "an attester stands twice: {attester}",
  AttestersTooMany: "there are {attesters} attesters; at most {maximum} fit",
  CashDecimalsMismatch:
    "the cash token has {actual} decimals, the deal file says {expected} (cashToken.decimals)",
  CashReceivedWrong:
    "the cash token moved {receivedUnits:units} instead of {expectedUnits:units}: a token that takes a fee cannot be used",
  ClassCountMismatch:
    "{symbols} symbols and {names} names for {classes} classes; each class needs one",
  ClassUnknown: "there is no class number {classIndex}: the deal has {classes}, counted from 0",
  ClosingTimePassed:
    "the deal's closing time {closingTime:time} has passed (the chain's clock says {nowTime:time}), and a deal " +
    "is created before it: move the dates of the deal file",
  CountryBlocked: "{account} may not hold: country {country} is blocked",
  CredentialMissing:
    "{account} has no valid credential of topic {topic} (1: KYC, see kycExpiry; 2: AML; 3: accreditation; 4: country)",
  DealAlreadyClosed: "deal {dealId} is closed already",
  DepositNotAgreed: "the originator {originator} has not agreed to the deposits of deal {dealId}",
  ERC20InsufficientAllowance:
    "{spender} is allowed {allowance:units} of the cash token and needs {needed:units}",
  ERC20InsufficientBalance:
    "{sender} has {balance:units} of the cash token and needs {needed:units}",
  ERC7943CannotReceive: "{account} may not hold notes: it belongs to no valid, unfrozen identity",
  FaceOutsideSubscription:
    "{investor} has subscribed for {least:cents} to {most:cents} of face, not for {face:cents}",
  FeedCountMismatch: "{have} feeds for {need} indices that a feed fixes",
  FeedInvalid:
    "{feed} does not answer as a feed with the decimals of index number {index}, counted from 0",
  HolderCapExceeded:
    "identity {identity} would hold {principalAfter:cents}, more than the deal's holder cap of {limit:cents}; " +
    "name it in capExempt or give it less",
  IdentityFrozen: "the identity of {account} is frozen",
  IdentityUnknown: "{account} belongs to no identity; add it to identities",
  OutsideClosingWindow:
    "the deal can be closed from {from:time} and before {until:time}, its first record time; the chain's clock says {nowTime:time}",
  PaymentFailed:
    "the cash token does not take {units:units} from {investor}: too little cash or approved to PrimaryIssuance, or a blocked address",
  PaymentReceivedWrong:
    "of {expectedUnits:units} that {investor} pays, the originator receives {receivedUnits:units}: such a token cannot be used",
  PayeeCountMismatch: "{have} payees for {need} that the deal pays",
  PayeeInvalid: "payee number {index} cannot be {payee}",
  ReserveGuardInvalid:
    "the reserve guard is not complete: a feed ({feed}), the age of its answer ({maxAge} s) and an advance rate up to 100 % ({advanceBps} bps)",
  ReserveNotPositive: "the reserve feed {feed} answers {answer}",
  ReserveShort:
    "the notes come to {faceCents:cents}, the reserve at its advance rate and the deposits to {coveredCents:cents}",
  ReserveStale:
    "the reserve feed {feed} answered at {updatedAt:time}: in the future, or longer ago than {maxAge} s",
  ReserveUnreadable: "the reserve feed {feed} does not answer",
  SubscriptionElsewhere:
    "the order of {investor} is for deal {dealId} with hash {dealHash}, which is not this one",
  SubscriptionExpired: "the order of {investor} was good until {deadline:time}",
  SubscriptionNotSigned:
    "{investor} has neither signed nor placed the order, or the signature is of another order, deal, chain or wallet",
  SubscriptionSpent: "the order of {investor} was filled (state 2) or cancelled (3): state {state}",
  ThresholdInvalid: "{threshold} of {attesters} attesters cannot be the threshold",
  WalletHoldsNotes: "{wallet} holds notes of deal {dealId} and cannot move to another identity",
};

type Units = (units: bigint) => string;

function fill(template: string, { args }: Revert, sayUnits: Units): string {
  return template.replaceAll(/\{(\w+)(?::(\w+))?\}/g, (_all, name: string, kind?: string) => {
    const value = args[name] ?? "?";
    if (kind === undefined || !/^\d+$/.test(value)) return value;
    if (kind === "time") return new Date(Number(value) * 1_000).toISOString().replace(".000Z", "Z");
    return kind === "cents" ? formatCentsGrouped(BigInt(value)) : sayUnits(BigInt(value));
  });
}

/** Units of a cash token as an amount and as they are: "2,400.00 (2400000000 units)". */
export function describeUnits(units: bigint, decimals: number): string {
  const [whole = "", fraction = ""] = formatUnits(units, decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${grouped}.${fraction.padEnd(2, "0")} (${units} units)`;
}

function explainRevert(revert: Revert, sayUnits: Units): string {
  const sentence = SENTENCES[revert.name];
  if (sentence !== undefined) return fill(sentence, revert, sayUnits);
  if (revert.name !== "UnknownError") return `a contract refused: ${describeRevert(revert)}`;
  const { data, reason } = revert.args;
  return data === undefined
    ? `the node refuses the transaction: ${reason ?? "it does not say why"}`
    : `a contract refused with an error that this program does not know (${data.slice(0, 10)})`;
}

/**
 * The sentence for a refusal by a contract or by the node; undefined for any other error. Times are
 * ISO dates, amounts have their decimals; `cashDecimals` is the cash token's (6 unless told).
 */
export function explainFailure(error: unknown, cashDecimals = 6): string | undefined {
  const revert = decodeRevert(error);
  if (revert !== undefined) {
    return explainRevert(revert, (units) => describeUnits(units, cashDecimals));
  }
  if (isError(error, "INSUFFICIENT_FUNDS")) {
    return "the sender has too little of the chain's own coin to pay for gas";
  }
  if (isError(error, "NONCE_EXPIRED") || isError(error, "REPLACEMENT_UNDERPRICED")) {
    return "another transaction of the same key was sent in between: run this again";
  }
  return undefined;
}
