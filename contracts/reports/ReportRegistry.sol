// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {EIP712Upgradeable} from "@openzeppelin/contracts-upgradeable/utils/cryptography/EIP712Upgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IReportRegistry} from "../interfaces/IReportRegistry.sol";
import {DealTerms} from "../deals/DealTerms.sol";
import {ReportTerms} from "./ReportTerms.sol";
import {ReportWords} from "./ReportWords.sol";

/// @title The register of attested servicer reports.
/// @notice Factory and distributor are fixed addresses set once at initialisation: cheaper than a role lookup and out of
///  any administrator's reach. Everything that a person may do with privilege goes through the AccessManager.
contract ReportRegistry is
    IReportRegistry,
    AccessManagedUpgradeable,
    EIP712Upgradeable,
    UUPSUpgradeable
{
    /// @dev An attester set is read one slot a signer; the cap only bounds {setAttesters}.
    uint256 private constant MAX_ATTESTERS = 32;

    /// @dev Figures 0..3 have the same meaning in every deal and none of them can be negative.
    uint256 private constant FIXED_FIGURES = 4;

    /// @dev The first three share a slot that every report reads and writes.
    struct DealReports {
        address code;
        uint16 latestPeriod;
        uint8 threshold;
        bytes32 termsHash;
        address[] attesters;
        mapping(address attester => bool) isAttester;
        mapping(uint16 period => AcceptedReport) accepted;
    }

    /// @custom:storage-location erc7201:penstock.ReportRegistry
    struct RegistryStorage {
        mapping(uint64 dealId => DealReports) deals;
    }

    // keccak256(abi.encode(uint256(keccak256("penstock.ReportRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION =
        0xe503b817223c481d26ee9d5246128991242b8233b1fdd1a36953d8771800be00;

    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address private immutable FACTORY;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address private immutable DISTRIBUTOR;

    /// @param factory the only one who registers deals
    /// @param distributor the only one who uses reports
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address factory, address distributor) {
        require(factory != address(0) && distributor != address(0), LinkMissing());
        (FACTORY, DISTRIBUTOR) = (factory, distributor);
        _disableInitializers();
    }

    /// @notice Sets the role book. Name and version of the EIP-712 domain are constants.
    /// @custom:oz-upgrades-unsafe-allow missing-initializer-call
    /// @param authority the AccessManager
    function initialize(address authority) external initializer {
        require(authority != address(0), LinkMissing());
        __AccessManaged_init(authority);
    }

    /// @inheritdoc IReportRegistry
    function registerDeal(
        uint64 dealId,
        address code,
        address[] calldata attesters,
        uint8 threshold
    ) external {
        RegistryStorage storage $ = _storage();
        require(msg.sender == FACTORY, CallerNotAllowed(msg.sender, FACTORY));
        DealReports storage deal = $.deals[dealId];
        require(deal.code == address(0), DealAlreadyRegistered(dealId));
        bytes32 termsHash = DealTerms.termsHash(code);
        deal.code = code;
        deal.termsHash = termsHash;
        emit DealRegistered(dealId, code, termsHash);
        _setAttesters(deal, dealId, attesters, threshold);
    }

    /// @inheritdoc IReportRegistry
    function setAttesters(
        uint64 dealId,
        address[] calldata attesters,
        uint8 threshold
    ) external restricted {
        _setAttesters(_deal(dealId), dealId, attesters, threshold);
    }

    /// @inheritdoc IReportRegistry
    function publishReport(
        Report calldata report,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external {
        DealReports storage deal = _storage().deals[report.dealId];
        address code = deal.code;
        if (code == address(0)) revert DealUnknown(report.dealId);
        uint256 lastClosing = _requireInOrder(deal, report);
        _requireFit(code, deal.termsHash, report, lastClosing);
        bytes32 reportHash = ReportWords.structHashOf(report);
        _requireSigned(deal, _hashTypedDataV4(reportHash), signers, signatures);
        _accept(deal, report, reportHash);
        ReportWords.emitPublished(report, reportHash, signers);
    }

    /// @inheritdoc IReportRegistry
    function useReport(Report calldata report) external returns (bytes32 reportHash) {
        RegistryStorage storage $ = _storage();
        if (msg.sender != DISTRIBUTOR) revert CallerNotAllowed(msg.sender, DISTRIBUTOR);
        AcceptedReport storage accepted = $.deals[report.dealId].accepted[report.period];
        bytes32 acceptedHash = accepted.reportHash;
        if (acceptedHash == bytes32(0)) revert ReportUnknown(report.dealId, report.period);
        reportHash = ReportWords.structHashOf(report);
        if (reportHash != acceptedHash) revert ReportMismatch(reportHash, acceptedHash);
        if (accepted.used) revert ReportAlreadyUsed(report.dealId, report.period);
        accepted.used = true;
    }

    /// @inheritdoc IReportRegistry
    function requireSigned(
        uint64 dealId,
        bytes32 digest,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external view {
        _requireSigned(_deal(dealId), digest, signers, signatures);
    }

    /// @inheritdoc IReportRegistry
    function acceptedReport(
        uint64 dealId,
        uint16 period
    ) external view returns (AcceptedReport memory) {
        return _accepted(dealId, period);
    }

    /// @inheritdoc IReportRegistry
    function latestPeriod(uint64 dealId) external view returns (uint16) {
        return _deal(dealId).latestPeriod;
    }

    /// @inheritdoc IReportRegistry
    function tapeCommitment(uint64 dealId, uint16 period) external view returns (bytes32) {
        return _accepted(dealId, period).tapeCommitment;
    }

    /// @inheritdoc IReportRegistry
    function poolBalance(
        uint64 dealId
    ) external view returns (uint16 period, uint64 balance, uint40 acceptedAt) {
        period = _deal(dealId).latestPeriod;
        AcceptedReport storage accepted = _accepted(dealId, period);
        return (period, accepted.poolClosing, accepted.acceptedAt);
    }

    /// @inheritdoc IReportRegistry
    function attestersOf(
        uint64 dealId
    ) external view returns (address[] memory attesters, uint8 threshold) {
        DealReports storage deal = _deal(dealId);
        return (deal.attesters, deal.threshold);
    }

    /// @inheritdoc IReportRegistry
    function reportDigest(Report calldata report) external view returns (bytes32) {
        return _hashTypedDataV4(ReportWords.structHashOf(report));
    }

    /// @dev The next version of the last report while it is unused, else the first report of the next period. Were the next
    ///  period's report accepted over an unused one, nobody could lower the figure of a period whose cash never came:
    ///  the deal would be stopped for ever. Waiting stops no money: a period is paid only after the one before.
    /// @return lastClosing where the period before closed; 0 in period 1, which opens at the cut-off balance
    function _requireInOrder(
        DealReports storage deal,
        Report calldata report
    ) private view returns (uint256 lastClosing) {
        uint256 period = report.period;
        uint256 latest = deal.latestPeriod;
        uint256 expected = 1;
        if (period == latest && latest != 0) {
            AcceptedReport storage accepted = deal.accepted[uint16(latest)];
            if (accepted.used) revert ReportAlreadyUsed(report.dealId, uint16(latest));
            expected = uint256(accepted.version) + 1;
            --latest;
        } else if (period != latest + 1) {
            revert PeriodOutOfOrder(uint16(period), uint16(latest));
        }
        if (report.version != expected) revert VersionOutOfOrder(report.version, uint16(expected));
        if (latest == 0) return 0;
        AcceptedReport storage last = deal.accepted[uint16(latest)];
        lastClosing = last.poolClosing;
        if (!last.used) revert ReportNotUsed(report.dealId, uint16(latest));
    }

    /// @dev Made for these terms, after the period's end, every figure inside its declared bounds, and the pool rolls on.
    ///  The opening balance is never the reporter's word: it is the closing balance that was accepted before.
    function _requireFit(
        address code,
        bytes32 termsHash,
        Report calldata report,
        uint256 lastClosing
    ) private view {
        if (report.termsHash != termsHash) revert TermsMismatch(report.termsHash, termsHash);
        uint16 period = report.period;
        ReportTerms.Facts memory facts = ReportTerms.read(code, period);
        if (period > facts.periods) revert PeriodAfterLast(period, facts.periods);
        if (block.timestamp < facts.determinationTime) {
            revert ReportTooEarly(block.timestamp, facts.determinationTime);
        }
        int256[] calldata figures = report.figures;
        if (figures.length != facts.figureCount) {
            revert FigureCountMismatch(figures.length, facts.figureCount);
        }
        if (!ReportTerms.allInBounds(facts, figures)) _revertOutOfBounds(facts, figures);
        (int256 opening, int256 closing, int256 loans, int256 available) = ReportTerms.fixedOf(
            figures
        );
        // One negative among them sets the sign bit of all.
        if (opening | closing | loans | available < 0) _revertNegative(figures);
        if (period == 1) lastClosing = facts.cutOffBalance;
        // Not negative, so the cast keeps the value.
        if (uint256(opening) != lastClosing) revert OpeningMismatch(opening, lastClosing);
    }

    /// @dev Names the first figure that is outside.
    function _revertOutOfBounds(
        ReportTerms.Facts memory facts,
        int256[] calldata figures
    ) private pure {
        for (uint256 i = 0; i < figures.length; ++i) {
            (int256 minimum, int256 maximum) = ReportTerms.boundsOf(facts, i);
            require(
                figures[i] >= minimum && figures[i] <= maximum,
                FigureOutOfBounds(i, figures[i], minimum, maximum)
            );
        }
    }

    function _revertNegative(int256[] calldata figures) private pure {
        for (uint256 i = 0; i < FIXED_FIGURES; ++i) {
            require(figures[i] >= 0, FigureNegative(i, figures[i]));
        }
    }

    /// @dev Order is what makes a signer count once.
    function _requireSigned(
        DealReports storage deal,
        bytes32 digest,
        address[] calldata signers,
        bytes[] calldata signatures
    ) private view {
        uint256 count = signers.length;
        if (count != signatures.length) revert SignatureCountMismatch(count, signatures.length);
        uint256 threshold = deal.threshold;
        if (count < threshold) revert SignaturesTooFew(count, threshold);
        address previous = address(0);
        for (uint256 i = 0; i < count; ++i) {
            address signer = signers[i];
            if (signer <= previous) revert SignersNotAscending(previous, signer);
            if (!deal.isAttester[signer]) revert SignerNotAttester(signer);
            _requireSignature(signer, digest, signatures[i]);
            previous = signer;
        }
    }

    function _requireSignature(
        address signer,
        bytes32 digest,
        bytes calldata signature
    ) private view {
        if (!SignatureChecker.isValidSignatureNowCalldata(signer, digest, signature)) {
            revert SignatureInvalid(signer);
        }
    }

    /// @dev Figures are at most int64 and those two are not negative: the casts keep their values.
    function _accept(DealReports storage deal, Report calldata report, bytes32 reportHash) private {
        (, int256 closing, int256 loans, ) = ReportTerms.fixedOf(report.figures);
        uint16 period = report.period;
        deal.latestPeriod = period;
        AcceptedReport storage accepted = deal.accepted[period];
        accepted.reportHash = reportHash;
        accepted.tapeCommitment = keccak256(abi.encode(report.tapeRoot, loans, closing));
        accepted.acceptedAt = uint40(block.timestamp);
        accepted.poolClosing = uint64(uint256(closing));
        accepted.loanCount = uint64(uint256(loans));
        accepted.version = report.version;
    }

    function _setAttesters(
        DealReports storage deal,
        uint64 dealId,
        address[] calldata attesters,
        uint8 threshold
    ) private {
        require(
            attesters.length <= MAX_ATTESTERS,
            AttestersTooMany(attesters.length, MAX_ATTESTERS)
        );
        require(
            threshold != 0 && threshold <= attesters.length,
            ThresholdInvalid(threshold, attesters.length)
        );
        address[] storage last = deal.attesters;
        for (uint256 i = 0; i < last.length; ++i) delete deal.isAttester[last[i]];
        address previous = address(0);
        for (uint256 i = 0; i < attesters.length; ++i) {
            address attester = attesters[i];
            require(attester > previous, AttestersNotAscending(previous, attester));
            deal.isAttester[attester] = true;
            previous = attester;
        }
        deal.attesters = attesters;
        deal.threshold = threshold;
        emit AttestersSet(dealId, attesters, threshold);
    }

    function _authorizeUpgrade(address) internal override restricted {}

    /// @dev A constant costs no storage read and no initialisation that an upgrade could forget.
    function _EIP712Name() internal pure override returns (string memory) {
        return "Penstock";
    }

    function _EIP712Version() internal pure override returns (string memory) {
        return "1";
    }

    function _deal(uint64 dealId) private view returns (DealReports storage deal) {
        deal = _storage().deals[dealId];
        require(deal.code != address(0), DealUnknown(dealId));
    }

    /// @dev Zero and "never set" are different: a period without a report reverts.
    function _accepted(
        uint64 dealId,
        uint16 period
    ) private view returns (AcceptedReport storage accepted) {
        accepted = _deal(dealId).accepted[period];
        require(accepted.reportHash != bytes32(0), ReportUnknown(dealId, period));
    }

    function _storage() private pure returns (RegistryStorage storage $) {
        assembly ("memory-safe") {
            $.slot := STORAGE_LOCATION
        }
    }
}
