// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The register of attested servicer reports: one accepted report per deal and period.
/// @notice A report states pool facts and nothing else. It is signed by k of n attesters (EIP-712, ECDSA or ERC-1271),
///  accepted in strict period order, inside the bounds of the deal, and committed by its hash, not copied: whoever
///  calls the distribution supplies the figures again. The acceptance event carries every figure.
interface IReportRegistry {
    /// @notice What the attesters sign. EIP-712 domain: name "Penstock", version "1", chain id, this registry. Type:
    ///  "Report(uint64 dealId,uint16 period,uint16 version,bytes32 termsHash,bytes32 tapeRoot,bytes32 closeHash,bytes32 resultHash,int256[] figures)"
    /// @param dealId the deal, from 1
    /// @param period the period, from 1
    /// @param version 1, then rising by 1 with every report that takes the place of an unused one of the same period
    /// @param termsHash keccak256 of the deal's terms, so that a report made for other terms is refused
    /// @param tapeRoot node hash of the root of the tape's Merkle sum tree
    /// @param closeHash hash of the closed period that maker and checker agreed on
    /// @param resultHash hash of the previewed waterfall result, or zero; compared after the run, never a condition
    /// @param figures one per declared figure of the deal, in its order; money in cents; 0 poolOpening, 1 poolClosing,
    ///  2 loanCount, 3 availableFunds
    struct Report {
        uint64 dealId;
        uint16 period;
        uint16 version;
        bytes32 termsHash;
        bytes32 tapeRoot;
        bytes32 closeHash;
        bytes32 resultHash;
        int256[] figures;
    }

    /// @notice What is kept of an accepted report.
    /// @param reportHash EIP-712 struct hash of the report (without the domain)
    /// @param tapeCommitment keccak256(abi.encode(tapeRoot, loanCount, poolClosing)), the sums as int256 figures
    /// @param acceptedAt block time of acceptance, unix seconds
    /// @param poolClosing closing pool balance, cents
    /// @param loanCount loans in the closing pool
    /// @param version version of the report that stands
    /// @param used whether a distribution has run on it: from then on it is final
    struct AcceptedReport {
        bytes32 reportHash;
        bytes32 tapeCommitment;
        uint40 acceptedAt;
        uint64 poolClosing;
        uint64 loanCount;
        uint16 version;
        bool used;
    }

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

    /// @notice No report of this period was accepted.
    error ReportUnknown(uint64 dealId, uint16 period);
    /// @notice The supplied report is not the accepted one.
    error ReportMismatch(bytes32 actual, bytes32 accepted);

    /// @notice Registers a deal. Only the factory.
    /// @param dealId the deal
    /// @param code the contract whose code holds the deal
    /// @param attesters strictly ascending addresses (wallets or ERC-1271 contracts)
    /// @param threshold how many of them must sign a report
    function registerDeal(
        uint64 dealId,
        address code,
        address[] calldata attesters,
        uint8 threshold
    ) external;

    /// @notice Replaces the deal's attesters. Restricted (ATTESTER_ADMIN). Accepted reports stand; signatures of an
    ///  attester who left no longer count for a report that is not accepted yet.
    function setAttesters(uint64 dealId, address[] calldata attesters, uint8 threshold) external;

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

    /// @notice Marks the accepted report as used and so final. Only the distributor.
    /// @return reportHash the struct hash of the accepted report, which equals that of `report`
    function useReport(Report calldata report) external returns (bytes32 reportHash);

    /// @notice Reverts with the first thing that is wrong unless the deal's attesters have signed `digest`: signers strictly
    ///  ascending, each an attester of the deal, at least as many as its threshold. For what they sign beside reports.
    function requireSigned(
        uint64 dealId,
        bytes32 digest,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external view;

    /// @notice What is kept of the accepted report of a period. Reverts ReportUnknown when there is none.
    function acceptedReport(
        uint64 dealId,
        uint16 period
    ) external view returns (AcceptedReport memory);

    /// @notice The last period with an accepted report; 0 when there is none.
    function latestPeriod(uint64 dealId) external view returns (uint16);

    /// @notice The commitment to the tape of a period: keccak256(abi.encode(tapeRoot, loanCount, poolClosing)).
    function tapeCommitment(uint64 dealId, uint16 period) external view returns (bytes32);

    /// @notice The last accepted pool balance. Reverts ReportUnknown(dealId, 0) when there is none.
    /// @return period the period that it closes
    /// @return balance cents
    /// @return acceptedAt unix seconds
    function poolBalance(
        uint64 dealId
    ) external view returns (uint16 period, uint64 balance, uint40 acceptedAt);

    /// @notice The attesters of a deal, ascending, and how many must sign.
    function attestersOf(
        uint64 dealId
    ) external view returns (address[] memory attesters, uint8 threshold);

    /// @notice The EIP-712 digest that an attester signs.
    function reportDigest(Report calldata report) external view returns (bytes32);
}
