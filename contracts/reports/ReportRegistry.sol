// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IReportRegistry} from "../interfaces/IReportRegistry.sol";
import {IReportViews} from "../interfaces/IReportViews.sol";
import {DealTerms} from "../deals/DealTerms.sol";
import {Lateness} from "./Lateness.sol";
import {ReportBooks} from "./ReportBooks.sol";
import {RecordWord, ReportRecord} from "./ReportRecords.sol";
import {ReportWords} from "./ReportWords.sol";

/// @title The register of attested servicer reports.
/// @notice Factory and distributor are fixed addresses in the code: cheaper than a role lookup and out of
///  any administrator's reach. Everything that a person may do with privilege goes through the AccessManager; what verifier,
///  trustee and holders may do stands in the deal's terms.
contract ReportRegistry is Lateness, UUPSUpgradeable {
    uint256 private constant AVAILABLE_FUNDS = 3;

    /// @param factory the only one who registers deals
    /// @param distributor the only one who uses reports
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address factory, address distributor) ReportBooks(factory, distributor) {
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
    function registerDeal(uint64 dealId, address code, Attestation calldata attestation) external {
        RegistryStorage storage $ = _storage();
        require(msg.sender == FACTORY, CallerNotAllowed(msg.sender, FACTORY));
        DealReports storage deal = $.deals[dealId];
        require(deal.code == address(0), DealAlreadyRegistered(dealId));
        bytes32 termsHash = DealTerms.termsHash(code);
        deal.code = code;
        deal.termsHash = termsHash;
        emit DealRegistered(dealId, code, termsHash);
        _setAttesters(deal, dealId, attestation.attesters, attestation.threshold);
        _setSuccessors(deal, dealId, attestation.successors, attestation.successorThreshold);
    }

    /// @inheritdoc IReportRegistry
    function publishReport(
        Report calldata report,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external {
        DealReports storage deal = _storage().deals[report.dealId];
        if (deal.code == address(0)) revert DealUnknown(report.dealId);
        if (deal.paused) revert ReportsArePaused(report.dealId);
        uint256 lastClosing = _requireInOrder(deal, report);
        uint256 window = _requireFit(deal, report, lastClosing).window;
        bytes32 reportHash = ReportWords.structHashOf(report);
        _requireSigned(deal, _hashTypedDataV4(reportHash), signers, signatures);
        _accept(deal, report, reportHash, window);
        ReportWords.emitReport(ReportPublished.selector, report, reportHash, signers);
    }

    /// @inheritdoc IReportRegistry
    function useReport(Report calldata report) external returns (bytes32 reportHash, bool carries) {
        if (msg.sender != DISTRIBUTOR) revert CallerNotAllowed(msg.sender, DISTRIBUTOR);
        ReportRecord storage accepted;
        (accepted, reportHash, carries) = _requireUsable(report);
        accepted.word = accepted.word.withUsed();
    }

    /// @inheritdoc IReportViews
    function usableFunds(Report calldata report) external view returns (uint256 funds) {
        (, , bool carries) = _requireUsable(report);
        int256 reported = report.figures[AVAILABLE_FUNDS];
        // Accepted, so not negative.
        funds = uint256(reported);
        if (!carries) return funds;
        int256 more = _allDifferences(_deal(report.dealId))[AVAILABLE_FUNDS];
        return reported + more < 0 ? 0 : uint256(reported + more);
    }

    /// @inheritdoc IReportViews
    function acceptedReport(
        uint64 dealId,
        uint16 period
    ) external view returns (AcceptedReport memory) {
        return _accepted(dealId, period).told();
    }

    /// @inheritdoc IReportViews
    function latestPeriod(uint64 dealId) external view returns (uint16) {
        return _deal(dealId).latestPeriod;
    }

    /// @inheritdoc IReportViews
    function tapeCommitment(uint64 dealId, uint16 period) external view returns (bytes32) {
        return _accepted(dealId, period).tapeCommitment;
    }

    /// @inheritdoc IReportViews
    function poolBalance(
        uint64 dealId
    ) external view returns (uint16 period, uint64 balance, uint40 acceptedAt) {
        DealReports storage deal = _deal(dealId);
        period = deal.latestPeriod;
        // Only the last report can wait: the ones before it are used.
        if (period != 0 && !deal.accepted[period].word.isFinal()) --period;
        (balance, acceptedAt) = poolBalanceAt(dealId, period);
    }

    /// @inheritdoc IReportViews
    function poolBalanceAt(
        uint64 dealId,
        uint16 period
    ) public view returns (uint64 balance, uint40 acceptedAt) {
        DealReports storage deal = _deal(dealId);
        ReportRecord storage report = _standing(deal, period);
        if (!report.word.isFinal()) report = _settled(deal, period);
        require(
            report.reportHash != bytes32(0) && report.word.isFinal(),
            ReportUnknown(dealId, period)
        );
        return (report.word.poolClosing(), report.word.acceptedAt());
    }

    /// @inheritdoc IReportViews
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
            RecordWord word = deal.accepted[uint16(latest)].word;
            if (word.isUsed()) revert ReportAlreadyUsed(report.dealId, uint16(latest));
            expected = uint256(word.version()) + 1;
            --latest;
        } else if (period != latest + 1) {
            revert PeriodOutOfOrder(uint16(period), uint16(latest));
        }
        if (report.version != expected) revert VersionOutOfOrder(report.version, uint16(expected));
        if (latest == 0) return 0;
        RecordWord last = deal.accepted[uint16(latest)].word;
        if (!last.isUsed()) revert ReportNotUsed(report.dealId, uint16(latest));
        if (last.isRestated()) last = _standing(deal, uint16(latest)).word;
        return last.poolClosing();
    }

    /// @dev Accepted to the byte, not used, not rejected, and final, as is what its run would carry.
    function _requireUsable(
        Report calldata report
    ) private view returns (ReportRecord storage accepted, bytes32 reportHash, bool carries) {
        (uint64 dealId, uint16 period) = (report.dealId, report.period);
        DealReports storage deal = _storage().deals[dealId];
        accepted = deal.accepted[period];
        bytes32 acceptedHash = accepted.reportHash;
        if (acceptedHash == bytes32(0)) revert ReportUnknown(dealId, period);
        reportHash = ReportWords.structHashOf(report);
        if (reportHash != acceptedHash) revert ReportMismatch(reportHash, acceptedHash);
        RecordWord word = accepted.word;
        if (word.isUsed()) revert ReportAlreadyUsed(dealId, period);
        if (word.isRejected()) revert ReportNotStanding(dealId, period);
        if (!word.isFinal()) revert ReportNotFinal(dealId, period, word.finalAt());
        carries = word.carries();
        if (carries && deal.restating != 0) {
            word = deal.restated[deal.restating].word;
            if (!word.isFinal()) revert ReportNotFinal(dealId, deal.restating, word.finalAt());
        }
    }

    /// @dev A period's first report, or one in the place of another, whatever stood there.
    function _accept(
        DealReports storage deal,
        Report calldata report,
        bytes32 reportHash,
        uint256 window
    ) private {
        uint16 period = report.period;
        // One slot, read before the record is written.
        deal.latestPeriod = period;
        bool carries = deal.carries;
        bool wasLate = deal.latePeriod == period;
        ReportRecord storage record = deal.accepted[period];
        _keepRecord(record, report, reportHash, window);
        if (carries) record.word = record.word.withCarries(true);
        if (!wasLate) return;
        deal.latePeriod = 0;
        emit PunctualityChanged(report.dealId, period, Punctuality.OnTime);
    }

    function _authorizeUpgrade(address) internal override restricted {}
}
