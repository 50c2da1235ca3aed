// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReportViews} from "./IReportViews.sol";

/// @title The register of attested servicer reports: one accepted report per deal and period.
/// @notice A report states pool facts and nothing else. It is signed by k of n attesters (EIP-712, ECDSA or ERC-1271),
///  accepted in strict period order, inside the bounds and identities of the deal, and committed by its hash, not copied:
///  whoever calls the distribution supplies the figures again. The acceptance event carries every figure.
///
///  Its life: published -> challenge window of the deal -> final, or rejected by the trustee and published anew -> used by a
///  distribution, once -> perhaps restated later: both versions stay, and what the flows of the period differ by is carried
///  into the next distribution. Silence lets a report stand: nobody stops money by doing nothing.
///  What the terms trust a trustee with is to say no, in time and in its name, as often as a report is wrong.
interface IReportRegistry is IReportViews {
    /// @notice A deal was registered; `code` holds its terms.
    event DealRegistered(uint64 indexed dealId, address indexed code, bytes32 indexed termsHash);

    /// @notice The deal's attesters changed to `attesters` (strictly ascending), `threshold` of whom must sign.
    event AttestersSet(uint64 indexed dealId, address[] attesters, uint8 threshold);

    /// @notice A report was accepted. Everything that an outsider needs to run the period again is in this event.
    event ReportPublished(
        uint64 indexed dealId,
        uint16 indexed period,
        uint16 version,
        bytes32 reportHash,
        bytes32 tapeRoot,
        bytes32 closeHash,
        bytes32 resultHash,
        int256[] figures,
        address[] signers
    );

    /// @notice The attesters who take over after a servicer default changed to `successors`.
    event SuccessorsSet(uint64 indexed dealId, address[] successors, uint8 threshold);

    /// @notice A used report was restated. Like {ReportPublished} it carries every figure.
    event ReportRestated(
        uint64 indexed dealId,
        uint16 indexed period,
        uint16 version,
        bytes32 reportHash,
        bytes32 tapeRoot,
        bytes32 closeHash,
        bytes32 resultHash,
        int256[] figures,
        address[] signers
    );

    /// @notice A version was challenged; unanswered it stands from `finalAt` on.
    /// @param by the verifier, the trustee, or who brought the holders' signatures
    /// @param backing current principal of the holders who challenge, cents; 0 when no holders do
    /// @param reason hash of the document that says why
    event ReportChallenged(
        uint64 indexed dealId,
        uint16 indexed period,
        uint16 version,
        address by,
        uint256 backing,
        bytes32 reason,
        uint40 finalAt
    );

    /// @notice The trustee has found nothing wrong: the version stands, and is final.
    event ChallengeDismissed(
        uint64 indexed dealId,
        uint16 indexed period,
        uint16 version,
        bytes32 reason
    );

    /// @notice A version was rejected: by the trustee for `reason`, or, with reason zero, because a change of the closing
    ///  balance before it left it without its opening balance.
    event ReportRejected(
        uint64 indexed dealId,
        uint16 indexed period,
        uint16 version,
        bytes32 reason
    );

    /// @notice The run of `period` takes these differences with it: its figures are those of the report plus these, one per
    ///  figure of the deal, each sum cut to int64.
    event DifferencesCarried(uint64 indexed dealId, uint16 indexed period, int256[] differences);

    /// @notice The report of `period` came too late, or came at last, or the servicer is in default because of it.
    event PunctualityChanged(uint64 indexed dealId, uint16 indexed period, Punctuality state);

    /// @notice No report of the deal is taken until it is unpaused. Distributions, claims and challenges go on.
    event ReportsPaused(uint64 indexed dealId);

    /// @notice Reports of the deal are taken again.
    event ReportsUnpaused(uint64 indexed dealId);

    /// @notice The caller is not the one contract that may call this function.
    error CallerNotAllowed(address caller, address allowed);
    /// @notice The registry was initialised with a zero address.
    error LinkMissing();
    /// @notice The deal is not registered.
    error DealUnknown(uint64 dealId);
    /// @notice The deal is registered already.
    error DealAlreadyRegistered(uint64 dealId);
    /// @notice The threshold is zero or above the number of attesters.
    error ThresholdInvalid(uint256 threshold, uint256 attesters);
    /// @notice Attesters must be strictly ascending addresses, none of them zero.
    error AttestersNotAscending(address previous, address attester);
    /// @notice More attesters than a deal may have.
    error AttestersTooMany(uint256 attesters, uint256 maximum);
    /// @notice The deal's terms hand over after a servicer default: somebody must be there to take over.
    error SuccessorsMissing(uint64 dealId);

    /// @notice Reports of the deal are paused.
    error ReportsArePaused(uint64 dealId);
    /// @notice Reports of the deal are not paused.
    error ReportsNotPaused(uint64 dealId);

    /// @notice Fewer signatures than the deal's threshold.
    error SignaturesTooFew(uint256 have, uint256 need);
    /// @notice As many signatures as signers are needed.
    error SignatureCountMismatch(uint256 signers, uint256 signatures);
    /// @notice Signers must be strictly ascending: no signer counts twice.
    error SignersNotAscending(address previous, address signer);
    /// @notice The signer is not an attester of this deal (any more).
    error SignerNotAttester(address signer);
    /// @notice The signature is not this signer's over this report on this chain and registry.
    error SignatureInvalid(address signer);

    /// @notice The report was made for other terms.
    error TermsMismatch(bytes32 actual, bytes32 expected);
    /// @notice The deal has no such period.
    error PeriodAfterLast(uint256 period, uint256 periods);
    /// @notice Neither the next period nor the last accepted one.
    error PeriodOutOfOrder(uint16 period, uint16 latest);
    /// @notice The version is not the next one of this period.
    error VersionOutOfOrder(uint16 version, uint16 expected);
    /// @notice A distribution ran on the period's report: it cannot be replaced.
    error ReportAlreadyUsed(uint64 dealId, uint16 period);
    /// @notice The report of the period before waits for its distribution; until then it may be replaced, not followed.
    error ReportNotUsed(uint64 dealId, uint16 period);
    /// @notice The collection period has not ended yet.
    error ReportTooEarly(uint256 nowTime, uint256 determinationTime);
    /// @notice The deal declares another number of figures.
    error FigureCountMismatch(uint256 have, uint256 need);
    /// @notice The figure is outside the bounds that the deal declares for it.
    error FigureOutOfBounds(uint256 index, int256 value, int256 minimum, int256 maximum);
    /// @notice Pool balances, loan count and available funds cannot be below zero, whatever their declared bounds.
    error FigureNegative(uint256 index, int256 value);
    /// @notice The opening pool balance is not the closing balance of the period before (period 1: of the cut-off date).
    error OpeningMismatch(int256 opening, uint256 lastClosing);

    /// @notice The figures of one of the deal's identities do not sum to zero.
    error IdentityBroken(uint256 identity, int256 difference);

    /// @notice The report was rejected: nothing can be paid on it.
    error ReportNotStanding(uint64 dealId, uint16 period);
    /// @notice The report, or a restatement that the run would have to carry, can still be challenged or answered.
    error ReportNotFinal(uint64 dealId, uint16 period, uint256 finalAt);
    /// @notice Only a period that was distributed on is restated; before that a report is replaced.
    error PeriodNotUsed(uint64 dealId, uint16 period);

    /// @notice No such version of the period waits to become final: it was replaced, used, rejected, or never brought.
    error VersionNotOpen(uint64 dealId, uint16 period, uint16 version);
    /// @notice The time for it has passed: the version is final.
    error ChallengeTimeOver(uint256 nowTime, uint256 finalAt);
    /// @notice A version is challenged once.
    error ChallengedBefore(uint64 dealId, uint16 period, uint16 version);
    /// @notice There is no challenge to answer.
    error ChallengeMissing(uint64 dealId, uint16 period, uint16 version);
    /// @notice The caller is neither the deal's verifier nor its trustee.
    error CallerMayNotChallenge(address caller);
    /// @notice Only the deal's trustee answers.
    error CallerNotTrustee(address caller, address trustee);
    /// @notice The deal's terms give its holders no challenge.
    error HoldersMayNotChallenge(uint64 dealId);
    /// @notice Backers must be strictly ascending: no wallet counts twice.
    error BackersNotAscending(address previous, address wallet);
    /// @notice The holders who challenge have less of the deal's current principal than its terms ask for, in cents.
    error BackingTooSmall(uint256 backing, uint256 need);

    /// @notice The next report is not due yet, or is there, or nothing more is due.
    error ReportNotLate(uint64 dealId, uint256 dueAt);
    /// @notice The servicer is not in default yet, or the deal names no default.
    error ServicerNotInDefault(uint64 dealId, uint256 defaultAt);

    /// @notice No report of this period was accepted.
    error ReportUnknown(uint64 dealId, uint16 period);
    /// @notice The supplied report is not the accepted one.
    error ReportMismatch(bytes32 actual, bytes32 accepted);

    /// @notice Registers a deal. Only the factory.
    /// @param dealId the deal
    /// @param code the contract whose code holds the deal
    /// @param attestation who attests, and who takes over
    function registerDeal(uint64 dealId, address code, Attestation calldata attestation) external;

    /// @notice Replaces the deal's attesters. Restricted (delayed). Accepted reports stand; signatures of an attester who
    ///  left no longer count for a report that is not accepted yet.
    function setAttesters(uint64 dealId, address[] calldata attesters, uint8 threshold) external;

    /// @notice Replaces those who become the attesters at a servicer default. Restricted (delayed).
    function setSuccessors(uint64 dealId, address[] calldata successors, uint8 threshold) external;

    /// @notice Takes no more report or restatement of the deal until {unpauseReports}. Restricted. Stops no challenge, no
    ///  distribution of a final report and no claim; nobody gets late or into default meanwhile.
    function pauseReports(uint64 dealId) external;

    /// @notice Takes reports of the deal again. Restricted. The times of lateness and default count from now at the earliest.
    function unpauseReports(uint64 dealId) external;

    /// @notice Accepts a report. Anyone may bring it: what counts are the signatures. The last report may be replaced until a
    ///  distribution has used it, and only then may the next period's follow: so a figure that the cash never matched can
    ///  always be corrected, and a deal can always go on.
    /// @param report the report
    /// @param signers who signed, strictly ascending
    /// @param signatures one per signer, over {reportDigest}
    function publishReport(
        Report calldata report,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external;

    /// @notice Restates a period that was distributed on: in the place of the version that stands comes another, signed like
    ///  a report. Both stay readable. Restated minus previous, of the figures that are flows, goes with the next run; while
    ///  the restatement is not final that run waits and no other restatement is taken. Where the closing balance of the
    ///  last used period changes, the next report opens there: one that was accepted already is rejected.
    /// @dev A version that was signed to replace an unused report, and came after the distribution, is a restatement: its
    ///  signers state the same figures either way.
    /// @param previous the version that stands
    /// @param restated the version that takes its place: the period's {nextVersion}
    /// @param signers who signed `restated`, strictly ascending
    /// @param signatures one per signer, over {reportDigest} of `restated`
    function restateReport(
        Report calldata previous,
        Report calldata restated,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external;

    /// @notice Challenges a report or a restatement that is not final. Only the deal's verifier or trustee. The verifier's
    ///  challenge gives the trustee the time of the terms to answer; the trustee's own is its answer: the version is
    ///  rejected at once. Nobody else may act for the two, and a payee who is both acts as trustee.
    /// @param reason hash of the document that says why
    function challengeReport(uint64 dealId, uint16 period, uint16 version, bytes32 reason) external;

    /// @notice Challenges as {challengeReport} in the name of holders. Anyone may bring their signatures. What counts is what
    ///  each wallet held of every class at the deal's last record time (before the first: now), at today's principal, so
    ///  that notes lent for a moment count nothing.
    /// @param backers wallets strictly ascending
    function challengeByHolders(
        uint64 dealId,
        uint16 period,
        uint16 version,
        bytes32 reason,
        Backer[] calldata backers
    ) external;

    /// @notice Answers a challenge. Only the deal's trustee, before the version is final by silence.
    /// @param uphold true: the version is rejected; false: it stands and is final now
    /// @param reason hash of the document that says why
    function answerChallenge(
        uint64 dealId,
        uint16 period,
        uint16 version,
        bool uphold,
        bytes32 reason
    ) external;

    /// @notice Makes it known that the deal's next report is late. Anyone may call; again changes nothing.
    function declareLate(uint64 dealId) external;

    /// @notice Puts the servicer into the default that the terms name, for good: its notice is in force from the next run
    ///  on, and where the terms hand over the successors become the attesters. Anyone may call; again changes nothing.
    function declareServicerDefault(uint64 dealId) external;

    /// @notice Marks the accepted report as used. Only the distributor, only a report that is final.
    /// @return reportHash the struct hash of the accepted report, which equals that of `report`
    /// @return carries whether the run must take differences with it: see {takeDifferences}
    function useReport(Report calldata report) external returns (bytes32 reportHash, bool carries);

    /// @notice Hands out the differences of restatements that wait for the run of `period`. Only the distributor, after
    ///  {useReport} has said so. The funds of a run can't be less than nothing: what is taken off available funds is at
    ///  most what is reported, and the rest waits for the next period.
    /// @param reportedFunds available funds of the report, cents
    /// @return differences one per figure of the deal, zero for those that are no flows
    function takeDifferences(
        uint64 dealId,
        uint16 period,
        uint256 reportedFunds
    ) external returns (int256[] memory differences);
}
